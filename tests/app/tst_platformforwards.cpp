// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformforwards.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>

namespace {

core::ManifestPtr service(const std::string& name, const std::string& annotation)
{
    core::JsonObject metadata {{"name", name}, {"namespace", "n"}};
    if (!annotation.empty())
        metadata["annotations"] = core::JsonObject {{gitops::kPortForwardAnnotation, annotation}};
    return *core::Manifest::make(
        core::JsonObject {{"apiVersion", "v1"}, {"kind", "Service"}, {"metadata", metadata}});
}

core::PlatformInputPtr input(const std::vector<std::pair<std::string, core::ManifestPtr>>& objects)
{
    core::PlatformInputBuilder builder;
    const std::pair<const char*, const char*> family[] {
        {"root", ""}, {"child", "root"}, {"grandchild", "child"}, {"stranger", ""}};
    for (const auto& [name, parent] : family) {
        core::PlatformApplication application;
        application.name = name;
        application.parent = parent;
        builder.input().applications.push_back(std::move(application));
    }
    for (const auto& [application, manifest] : objects) {
        core::Declaration declaration;
        declaration.manifest = manifest;
        declaration.application = application;
        builder.declare(std::move(declaration));
    }
    return std::move(builder).build();
}

QString text(const std::vector<gitops::PortForward>& forwards)
{
    QStringList out;
    for (const gitops::PortForward& each : forwards)
        out += QString("%1 %2/%3 %4")
                   .arg(each.localPort)
                   .arg(QString::fromStdString(each.namespaceName),
                        QString::fromStdString(each.name), QString::fromStdString(each.remotePort));
    return out.join(", ");
}

} // namespace

class TestPlatformForwards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesThoseOfTheFamily();
    void refuses_data();
    void refuses();
    void platforms_data();
    void platforms();
    void saysWhatItLookedFor();
};

void TestPlatformForwards::takesThoseOfTheFamily()
{
    const auto forwards = app::portForwardsOf(*input({{"grandchild", service("b", "20:2,10:1")},
                                                      {"child", service("a", "15:x")},
                                                      {"root", service("quiet", "")},
                                                      {"stranger", service("s", "1:1")}}),
                                              "root");
    QVERIFY2(forwards, forwards ? "" : forwards.error().text().c_str());
    QCOMPARE(text(*forwards), "10 n/b 1, 15 n/a x, 20 n/b 2");
}

void TestPlatformForwards::refuses_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown") << "nobody" << "1:1" << "there is root, stranger";
    QTest::newRow("wrong") << "root" << "nonsense" << "Service n/a";
    QTest::newRow("one port twice") << "root" << "7:1" << "local port 7";
}

void TestPlatformForwards::refuses()
{
    QFETCH(QString, platform);
    QFETCH(QString, first);
    QFETCH(QString, words);
    const auto forwards = app::portForwardsOf(
        *input({{"child", service("a", first.toStdString())}, {"child", service("b", "7:2")}}),
        platform.toStdString());
    QVERIFY(!forwards);
    QVERIFY2(QString::fromStdString(forwards.error().text()).contains(words),
             forwards.error().text().c_str());
}

/// What the five platforms' documents forward, or name as the way in.
void TestPlatformForwards::platforms_data()
{
    QTest::addColumn<QString>("expected");
    QTest::newRow("lambda-education")
        << "8000 default/serving-layer 8000, 8501 default/serving-layer 8501, "
           "9000 minio/minio 9000, 9001 minio/minio 9001, 9042 default/cassandra 9042, "
           "9092 kafka/kafka-cluster-kafka-bootstrap 9092";
    for (const char* name : {"lakehouse", "greenfield", "ml-two-layer", "event-driven"})
        QTest::newRow(name) << "";
}

void TestPlatformForwards::platforms()
{
    QFETCH(QString, expected);
    QTemporaryDir folder;
    app::Options options;
    options.stateFolder = folder.path().toStdString();
    options.configFile = folder.filePath("none.yaml").toStdString();
    options.platform = std::filesystem::path(TEST_DATA_DIR).parent_path().parent_path()
        / "manifests" / QTest::currentDataTag();
    const auto forwards = app::loadPortForwards(options);
    QVERIFY2(forwards, forwards ? "" : forwards.error().text().c_str());
    QVERIFY(forwards->size() >= 4);
    if (!expected.isEmpty())
        QCOMPARE(text(*forwards), expected);
}

void TestPlatformForwards::saysWhatItLookedFor()
{
    QTemporaryDir folder;
    app::Options options;
    options.configFile = folder.filePath("none.yaml").toStdString();
    options.platform = "no-such-platform";
    const auto forwards = app::loadPortForwards(options);
    QVERIFY(!forwards);
    QCOMPARE(forwards.error().code, core::ErrorCode::NotFound);
    QVERIFY(forwards.error().message.find("no-such-platform") != std::string::npos);
}

WW_TEST_CLASS(TestPlatformForwards)
#include "tst_platformforwards.moc"
