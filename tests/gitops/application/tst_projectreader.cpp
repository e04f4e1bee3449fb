// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/projectreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <fstream>
#include <iterator>

using namespace gitops;

class TestProjectReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyField()
    {
        std::ifstream file(std::string(TEST_DATA_DIR) + "/application/project.yaml");
        const std::string text((std::istreambuf_iterator<char>(file)), {});
        std::vector<std::string> warnings;
        const auto project =
            readProject(core::parseYaml(text, "p.yaml").value(), {.file = "p.yaml"}, &warnings);
        QVERIFY2(project.has_value(), project ? "" : project.error().text().c_str());
        QCOMPARE(project->name, std::string("tenants"));
        QCOMPARE(project->sourceRepos.size(), std::size_t(2));
        QCOMPARE(project->destinations[1].name, std::string("in-cluster"));
        QCOMPARE(project->clusterResourceWhitelist[0].kind, std::string("Namespace"));
        QCOMPARE(project->clusterResourceBlacklist[0].name, std::string("x"));
        QVERIFY(project->namespaceResourceWhitelist.has_value());
        QVERIFY(project->namespaceResourceWhitelist->empty());
        QVERIFY(!project->syncWindows[0].allow && project->syncWindows[0].manualSync);
        QCOMPARE(warnings.size(), std::size_t(1)); // roles
    }

    void absentWhitelistIsEverything()
    {
        const auto project =
            readProject(core::parseYaml("metadata: {name: p}\nspec: {}\n", "p.yaml").value());
        QVERIFY(project.has_value());
        QVERIFY(!project->namespaceResourceWhitelist.has_value());
    }

    void problems_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("named");
        QTest::addColumn<bool>("unsupported");
        QTest::newRow("name") << QByteArray("spec: {}") << QByteArray("metadata.name") << false;
        QTest::newRow("spec") << QByteArray("metadata: {name: p}") << QByteArray("spec") << false;
        QTest::newRow("repos") << QByteArray("metadata: {name: p}\nspec: {sourceRepos: x}")
                               << QByteArray("spec.sourceRepos") << false;
        QTest::newRow("kind") << QByteArray(
            "metadata: {name: p}\nspec: {clusterResourceWhitelist: [{group: a}]}")
                              << QByteArray("spec.clusterResourceWhitelist[0].kind") << false;
        QTest::newRow("window") << QByteArray(
            "metadata: {name: p}\nspec: {syncWindows: [{kind: x, schedule: a, duration: b}]}")
                                << QByteArray("spec.syncWindows[0].kind") << false;
        const auto window = [](const char* name, const char* fields, const char* named) {
            QTest::newRow(name) << QByteArray("metadata: {name: p}\nspec: {syncWindows: [{kind: "
                                              "deny, ")
                    + fields + "}]}"
                                << QByteArray("spec.syncWindows[0].") + named << false;
        };
        window("schedule", "schedule: 61 * * * *, duration: 1h", "schedule");
        window("duration", "schedule: '@daily', duration: soon", "duration");
        window("zone", "schedule: '@daily', duration: 1h, timeZone: Nowhere/Land", "timeZone");
        QTest::newRow("repository glob")
            << QByteArray("metadata: {name: p}\nspec: {sourceRepos: ['a', '![']}")
            << QByteArray("spec.sourceRepos") << false;
        QTest::newRow("destination glob")
            << QByteArray("metadata: {name: p}\nspec: {destinations: [{namespace: '{a'}]}")
            << QByteArray("spec.destinations[0].namespace") << false;
        QTest::newRow("orphans") << QByteArray(
            "metadata: {name: p}\nspec: {orphanedResources: {warn: maybe}}")
                                 << QByteArray("spec.orphanedResources.warn") << false;
        QTest::newRow("signatures")
            << QByteArray("metadata: {name: p}\nspec: {signatureKeys: [{keyID: a}]}")
            << QByteArray("spec.signatureKeys") << true;
        QTest::newRow("impersonation")
            << QByteArray("metadata: {name: p}\nspec: {destinationServiceAccounts: [{}]}")
            << QByteArray("spec.destinationServiceAccounts") << true;
    }
    void problems()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, named);
        QFETCH(bool, unsupported);
        const auto project = readProject(core::parseYaml(yaml.toStdString(), "p.yaml").value());
        QVERIFY(!project.has_value());
        QCOMPARE(project.error().code,
                 unsupported ? core::ErrorCode::Unsupported : core::ErrorCode::Invalid);
        QVERIFY2(project.error().message.starts_with(named.toStdString() + ' '),
                 project.error().message.c_str());
    }
};

WW_TEST_CLASS(TestProjectReader)
#include "tst_projectreader.moc"
