// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/namespacesummary.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

std::vector<NamespaceSummary> summariesOf(PlatformFixture& f, bool hasLive)
{
    const PlatformModel model(f.build());
    return namespaceSummaries(namespaceViews(model), tenantViews(model), findings(model), hasLive);
}

const NamespaceSummary& named(const std::vector<NamespaceSummary>& all, const char* name)
{
    return *std::ranges::find(all, name, &NamespaceSummary::name);
}

} // namespace

class TestNamespaceSummary : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groups_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("group");
        QTest::newRow("by label") << "red" << "tenant";
        QTest::newRow("by name") << "user-a" << "tenant";
        QTest::newRow("an application's") << "kafka" << "platform";
        QTest::newRow("nobody's") << "default" << "system";
        QTest::newRow("system that is used") << "kube-system" << "platform";
    }
    void groups()
    {
        QFETCH(QString, name);
        QFETCH(QString, group);
        PlatformFixture f;
        f.declare(space("red", "{platform.wavewright.dev/tenant: red}") + space("user-a")
                  + deployment("kafka", "broker") + deployment("kube-system", "dns"));
        f.live(space("default"));
        const auto all = summariesOf(f, true);
        QCOMPARE(QString::fromUtf8(toString(named(all, qPrintable(name)).group).data()), group);
    }
    void countsAndFindings()
    {
        PlatformFixture f;
        f.declare(space("user-a") + deployment("user-a", "web"));
        f.live(space("user-a"));
        f.live(object("v1", "ConfigMap", "user-a", "by-hand"));
        f.live(object("v1", "ConfigMap", "user-a", "old"), std::nullopt, "app");
        const auto all = summariesOf(f, true);
        const NamespaceSummary& one = named(all, "user-a");
        QCOMPARE(one.tenant, std::string("user-a"));
        QCOMPARE(one.objects, 3);
        QCOMPARE(one.undeclared, 1);
        QCOMPARE(one.leftOver, 1);
        QCOMPARE(one.livePods, std::optional<std::int64_t>(0));
        QVERIFY(one.findings.errors > 0); // no default deny, no quota
        QVERIFY(!one.quota);
        PlatformFixture alone;
        alone.declare(space("user-a"));
        QVERIFY(!named(summariesOf(alone, false), "user-a").livePods);
    }
    void acceptedFindingsDoNotCount()
    {
        const auto errors = [](const char* annotation) {
            PlatformFixture f;
            f.declare(std::string("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: user-a\n")
                      + annotation + "---\n");
            const auto all = summariesOf(f, false);
            return named(all, "user-a").findings.errors;
        };
        const int before = errors("");
        QVERIFY(before > 0);
        QCOMPARE(errors("  annotations: {wavewright.dev/accept: tenant-no-quota}\n"), before - 1);
    }
    void shares_data()
    {
        QTest::addColumn<QString>("amount");
        QTest::addColumn<QString>("hard");
        QTest::addColumn<double>("share");
        QTest::newRow("half") << "500m" << "1" << 0.5;
        QTest::newRow("over") << "3Gi" << "2Gi" << 1.5;
        QTest::newRow("nothing of nothing") << "0" << "0" << 0.0;
        QTest::newRow("something of nothing") << "1" << "0" << 1.0;
        QTest::newRow("negative") << "-1" << "2" << 0.0;
    }
    void shares()
    {
        QFETCH(QString, amount);
        QFETCH(QString, hard);
        QFETCH(double, share);
        QCOMPARE(
            shareOf(*Quantity::parse(amount.toStdString()), *Quantity::parse(hard.toStdString())),
            share);
    }
    void theFullestLine()
    {
        PlatformFixture f;
        f.declare(space("user-a") + deployment("user-a", "web")
                  + object("v1", "ResourceQuota", "user-a", "q",
                           "spec: {hard: {pods: '2', count/secrets: '100'}}\n"));
        const PlatformModel model(f.build());
        const auto fullest = fullestLine(namespaceView(model, "user-a").quotas);
        QVERIFY(fullest);
        QCOMPARE(fullest->resource, std::string("pods"));
        QCOMPARE(fullest->pending, 0.5);
        QVERIFY(!fullestLine({}));
    }
    void standings()
    {
        PlatformFixture f;
        f.declare(deployment("shop", "web") + deployment("shop", "gone"));
        f.live(deployment("shop", "web"), Health::Healthy, "app");
        f.live(object("v1", "ConfigMap", "shop", "by-hand"));
        f.live(object("v1", "ConfigMap", "shop", "kube-root-ca.crt"));
        f.live(object("v1", "ConfigMap", "shop", "old"), std::nullopt, "app");
        const PlatformInputPtr input = f.build();
        const PlatformModel model(input);
        std::vector<const PlatformObject*> objects;
        for (const PlatformObject& each : input->objects)
            objects.push_back(&each);
        const NamespaceView view = namespaceView(model, "shop");
        const auto standings = standingsOf(view, objects, true);
        const std::map<std::string, ObjectStanding> expected {
            {"web", ObjectStanding::Present},
            {"gone", ObjectStanding::Absent},
            {"by-hand", ObjectStanding::Undeclared},
            {"kube-root-ca.crt", ObjectStanding::System},
            {"old", ObjectStanding::LeftOver}};
        for (std::size_t i = 0; i < objects.size(); ++i)
            QCOMPARE(standings[i], expected.at(objects[i]->key.name));
        QCOMPARE(standingsOf(view, {objects.back()}, false).size(), std::size_t(1));
    }
};

WW_TEST_CLASS(TestNamespaceSummary)
#include "tst_namespacesummary.moc"
