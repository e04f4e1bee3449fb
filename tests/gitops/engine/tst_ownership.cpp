// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"
#include "gitops/engine/ownership.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestOwnership : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void proof_data();
    void proof();
    void annotationsAreSet();
    void preexisting_data();
    void preexisting();
};

namespace {

gitops::LiveObject object(const std::string& tracking, const std::string& managers, bool owned)
{
    gitops::LiveObject live;
    live.key = {"", "ConfigMap", "shop", "settings"};
    live.kind = {"", "v1", "ConfigMap"};
    live.uid = "u1";
    live.tracking = tracking;
    if (owned)
        live.owners.push_back({{"apps", "Deployment"}, "web", "u0", true});
    live.manifest = std::make_shared<const std::string>(
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop",)"
        R"("annotations":{"argocd.argoproj.io/sync-wave":"3"},"managedFields":[)"
        + managers + R"(]},"status":{"observedGeneration":7}})");
    return live;
}

constexpr const char* kOurs = R"({"manager":"wavewright","operation":"Apply"})";

} // namespace

void TestOwnership::proof_data()
{
    QTest::addColumn<QString>("tracking");
    QTest::addColumn<QString>("managers");
    QTest::addColumn<bool>("owned");
    QTest::addColumn<bool>("ours");
    const char* itself = "shop:/ConfigMap:shop/settings";
    QTest::newRow("names itself, applied by us") << itself << kOurs << false << true;
    QTest::newRow("never applied by us")
        << itself << R"({"manager":"kubectl","operation":"Apply"})" << false << false;
    QTest::newRow("our manager, but an update")
        << itself << R"({"manager":"wavewright","operation":"Update"})" << false << false;
    QTest::newRow("our manager, but of the status")
        << itself << R"({"manager":"wavewright","operation":"Apply","subresource":"status"})"
        << false << false;
    QTest::newRow("has an owner") << itself << kOurs << true << false;
    QTest::newRow("copied from another object")
        << "shop:/ConfigMap:shop/other" << kOurs << false << false;
    QTest::newRow("of another namespace")
        << "shop:/ConfigMap:team/settings" << kOurs << false << false;
    QTest::newRow("of another application")
        << "team:/ConfigMap:shop/settings" << kOurs << false << false;
    QTest::newRow("no tracking") << "" << kOurs << false << false;
    QTest::newRow("garbage") << ":::///" << kOurs << false << false;
}

void TestOwnership::proof()
{
    QFETCH(QString, tracking);
    QFETCH(QString, managers);
    QFETCH(bool, owned);
    QFETCH(bool, ours);
    const auto facts =
        gitops::readFacts(object(tracking.toStdString(), managers.toStdString(), owned), "shop");
    QCOMPARE(facts.view.ours, ours);
    QCOMPARE(facts.view.wave, 3);
    QCOMPARE(facts.observedGeneration.value_or(0), std::int64_t(7));
    auto bare = object(tracking.toStdString(), managers.toStdString(), owned);
    bare.manifest.reset();
    QVERIFY(!gitops::readFacts(bare, "shop").view.ours);
}

void TestOwnership::annotationsAreSet()
{
    const auto made = core::Manifest::make(
        *core::parseJson(R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole",)"
                         R"("metadata":{"name":"reader","namespace":"wrong","annotations":null}})"),
        {{"", {.file = "role.yaml", .line = 2}}});
    QVERIFY(made.has_value());
    const auto owned = gitops::withOwnership(**made, "shop", "", true);
    QVERIFY(owned.has_value());
    QCOMPARE((*owned)->key().namespaceName, std::string());
    QCOMPARE((*owned)->origin().file, std::string("role.yaml"));
    const auto annotations = core::annotationsOf((*owned)->value());
    QVERIFY(gitops::tracksItself(annotations.at("wavewright.dev/tracking-id"), "shop",
                                 (*owned)->key()));
    QCOMPARE(annotations.at("wavewright.dev/preexisting"), std::string("true"));
}

void TestOwnership::preexisting_data()
{
    QTest::addColumn<QString>("tracking");
    QTest::addColumn<QString>("managers");
    QTest::addColumn<bool>("marked");
    QTest::addColumn<bool>("adopted");
    QTest::addColumn<bool>("expected");
    const char* itself = "shop:/ConfigMap:shop/settings";
    QTest::newRow("somebody else's") << "" << "" << false << false << true;
    QTest::newRow("ours") << itself << kOurs << false << false << false;
    QTest::newRow("ours, tracking removed by hand") << "" << kOurs << false << false << false;
    QTest::newRow("marked before") << itself << kOurs << true << false << true;
    QTest::newRow("marked, then adopted") << itself << kOurs << true << true << false;
    QTest::newRow("somebody else's, adopted") << "" << "" << false << true << false;
}

void TestOwnership::preexisting()
{
    QFETCH(QString, tracking);
    QFETCH(QString, managers);
    QFETCH(bool, marked);
    QFETCH(bool, adopted);
    QFETCH(bool, expected);
    auto live = object(tracking.toStdString(), managers.toStdString(), false);
    live.preexisting = marked;
    const auto facts = gitops::readFacts(live, "shop");
    const std::set<std::string> uids =
        adopted ? std::set<std::string> {"u1"} : std::set<std::string> {};
    QCOMPARE(gitops::isPreexisting(facts, live, uids), expected);
}

WW_TEST_CLASS(TestOwnership)
#include "tst_ownership.moc"
