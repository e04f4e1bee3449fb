// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/handover.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

namespace {

/// "manager Operation version time fields…", one entry a line; * before the operation: of status.
core::ManagedFields managed(const QString& text)
{
    core::ManagedFields out;
    for (const QString& line : text.split('\n', Qt::SkipEmptyParts)) {
        const QStringList words = line.split(' ', Qt::SkipEmptyParts);
        core::ManagedFieldsEntry entry;
        entry.manager = words[0].toStdString();
        entry.subresource = words[1].startsWith('*') ? "status" : "";
        entry.operation = words[1].endsWith("Apply") ? core::ManagedFieldsEntry::Operation::Apply
                                                     : core::ManagedFieldsEntry::Operation::Update;
        entry.apiVersion = words[2].toStdString();
        entry.time = core::WallTime(std::chrono::seconds(words[3].toInt()));
        for (const QString& field : words.mid(4)) {
            core::FieldPath path;
            for (const QString& step : field.split('.'))
                path.push_back(core::PathElement::field(step.toStdString()));
            entry.fields.insert(path);
        }
        out.entries().push_back(std::move(entry));
    }
    return out;
}

QString text(const core::ManagedFields& fields)
{
    QStringList lines;
    for (const core::ManagedFieldsEntry& entry : fields.entries()) {
        QStringList words {
            QString::fromStdString(entry.manager),
            QString(entry.subresource.empty() ? "" : "*")
                + (entry.operation == core::ManagedFieldsEntry::Operation::Apply ? "Apply"
                                                                                 : "Update"),
            QString::fromStdString(entry.apiVersion),
            QString::number(entry.time->time_since_epoch() / std::chrono::seconds(1))};
        for (const core::FieldPath& path : entry.fields.paths()) {
            QStringList steps;
            for (const core::PathElement& step : path)
                steps << QString::fromStdString(step.text);
            words << steps.join('.');
        }
        lines << words.join(' ');
    }
    return lines.join('\n');
}

} // namespace

class TestHandOver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gives_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after"); // "": nothing to give
        QTest::newRow("nobody") << "" << "";
        QTest::newRow("somebody else's") << "hpa Update apps/v1 5 spec.replicas" << "";
        QTest::newRow("ours alone") << "us Apply apps/v1 5 spec.a" << "";
        QTest::newRow("becomes ours")
            << "csa Update apps/v1 5 spec.a" << "us Apply apps/v1 5 spec.a";
        QTest::newRow("joins ours, with the later time")
            << "us Apply apps/v1 5 spec.a spec.b\ncsa Update apps/v1 7 spec.b spec.c"
            << "us Apply apps/v1 7 spec.a spec.b spec.c";
        QTest::newRow("an apply's too") << "old Apply apps/v1 5 spec.a"
                                        << "us Apply apps/v1 5 spec.a";
        QTest::newRow("several at once")
            << "old Apply apps/v1 5 spec.a\ncsa Update apps/v1 6 spec.b\nhpa Update apps/v1 7 "
               "spec.c"
            << "us Apply apps/v1 6 spec.a spec.b\nhpa Update apps/v1 7 spec.c";
        QTest::newRow("a subresource's stays")
            << "csa Update apps/v1 5 spec.a\ncsa *Update apps/v1 6 status.x"
            << "us Apply apps/v1 5 spec.a\ncsa *Update apps/v1 6 status.x";
        QTest::newRow("only a subresource's") << "csa *Update apps/v1 6 status.x" << "";
        QTest::newRow("another version stays")
            << "us Apply apps/v1 5 spec.a\ncsa Update apps/v1beta1 6 spec.b" << "";
        QTest::newRow("the newest version counts")
            << "csa Update apps/v1beta1 5 spec.a\nold Update apps/v1 6 spec.b"
            << "us Apply apps/v1 6 spec.b\ncsa Update apps/v1beta1 5 spec.a";
        QTest::newRow("our own update is no apply")
            << "us Update apps/v1 5 spec.z\ncsa Update apps/v1 6 spec.a"
            << "us Apply apps/v1 6 spec.a\nus Update apps/v1 5 spec.z";
    }
    void gives()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        const auto given = core::handedOver(managed(before), {"csa", "old", "us"}, "us");
        QCOMPARE(given.has_value(), !after.isEmpty());
        if (given)
            QCOMPARE(text(*given), after);
    }
    void againThereIsNothing()
    {
        const auto once = core::handedOver(managed("csa Update v1 5 data.a\nus Apply v1 4 data.b"),
                                           {"csa"}, "us");
        QVERIFY(once);
        QVERIFY(!core::handedOver(*once, {"csa"}, "us"));
    }
};

WW_TEST_CLASS(TestHandOver)
#include "tst_handover.moc"
