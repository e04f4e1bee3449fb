// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/models/objectlabels.h"

#include <QTest>

using core::LiveRecord;
using core::PlatformInput;
using Labels = widgets::FilterRow::Labels;

namespace {

core::ManifestPtr manifest(const char* labels)
{
    const std::string text =
        std::string("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\","
                    "\"namespace\":\"shop\",\"labels\":")
        + labels + "}}";
    return core::Manifest::make(core::parseJson(text).value()).value();
}

core::PlatformInputPtr input(const core::ManifestPtr& declared, const char* live)
{
    core::PlatformInputBuilder builder;
    if (declared)
        builder.declare({declared, "app", 0, {}});
    if (live) {
        auto record = std::make_shared<LiveRecord>();
        if (*live)
            record->text = std::make_shared<const std::string>(manifest(live)->text());
        builder.live(manifest("{}")->key(), record);
    }
    return std::move(builder).build();
}

} // namespace

class TestObjectLabels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gitAndTheCluster_data()
    {
        QTest::addColumn<QByteArray>("declared");
        QTest::addColumn<QByteArray>("live"); // "-": not there, "": only its record
        QTest::addColumn<QString>("labels");
        QTest::newRow("declared") << QByteArray("{\"app\":\"web\"}") << QByteArray("-")
                                  << "app=web ";
        QTest::newRow("declared, little known of the live one")
            << QByteArray("{\"app\":\"web\"}") << QByteArray("") << "app=web ";
        QTest::newRow("the cluster's count")
            << QByteArray("{\"app\":\"web\",\"tier\":\"front\"}")
            << QByteArray("{\"app\":\"other\",\"by\":\"hand\"}") << "app=other by=hand tier=front ";
        QTest::newRow("undeclared")
            << QByteArray() << QByteArray("{\"app\":\"web\"}") << "app=web ";
        QTest::newRow("not there") << QByteArray() << QByteArray("-") << "";
    }
    void gitAndTheCluster()
    {
        QFETCH(QByteArray, declared);
        QFETCH(QByteArray, live);
        QFETCH(QString, labels);
        const widgets::ObjectLabels known(
            input(declared.isEmpty() ? nullptr : manifest(declared.constData()),
                  live == "-" ? nullptr : live.constData()));
        const Labels* found = known.of(manifest("{}")->key());
        QString text;
        for (const auto& [key, value] : *found)
            text += QString::fromStdString(key + "=" + value + " ");
        QCOMPARE(text, labels);
        QCOMPARE(known.of(manifest("{}")->key()), found); // read once
    }
};

WW_TEST_CLASS(TestObjectLabels)
#include "tst_objectlabels.moc"
