// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/platformview.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <variant>

class TestPlatformView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bothSidesOfAPlatform();
    void undeclaredObjectsKeepTheirManifest();
    void recordsOfLiveObjects();
    void layersBelowStandInEveryAnswer();
};

namespace {

core::PlatformInputPtr ask(tests::EngineFixture& f, std::vector<core::GroupKind> kinds = {})
{
    core::PlatformInputPtr input;
    f.engine().ask(core::query::Platform {std::move(kinds)},
                   [&](core::Result<core::Answer> answer) {
                       input = std::get<core::PlatformInputPtr>(answer.value());
                   });
    f.executor.runUntilIdle();
    return input;
}

} // namespace

void TestPlatformView::bothSidesOfAPlatform()
{
    tests::EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/map.yaml", f.configMap("colours")}});
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    const auto input = ask(f);
    QVERIFY(input && input->hasLive);
    const core::PlatformObject* map = input->find({"", "ConfigMap", "shop", "colours"});
    QVERIFY(map && map->isDeclared() && map->live && map->live->text);
    QCOMPARE(map->live->application, std::string("app"));
    QCOMPARE(map->declared.front().application, std::string("app"));
    QVERIFY(input->application("app"));
    QCOMPARE(input->application("app")->sync, std::optional(core::SyncState::Synced));
}

void TestPlatformView::undeclaredObjectsKeepTheirManifest()
{
    tests::EngineFixture f;
    f.createNamespace("shop");
    f.request("POST", "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
              R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",)"
              R"("metadata":{"name":"by-hand"},"spec":{"podSelector":{}}})");
    f.request("POST", "/api/v1/namespaces/shop/configmaps",
              R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"by-hand"}})");
    f.commit({{"app/map.yaml", f.configMap("colours")}});
    QVERIFY(!ask(f)->unknownKinds.empty()); // it only begins to look
    f.add(f.application());
    const auto isKnown = [&] { return f.isSynced() && ask(f)->unknownKinds.empty(); };
    QVERIFY(f.runUntil(isKnown, std::chrono::seconds(30)));
    const auto input = ask(f);
    const auto* policy = input->find({"networking.k8s.io", "NetworkPolicy", "shop", "by-hand"});
    QVERIFY(policy && !policy->isDeclared() && policy->live && policy->live->text);
    const auto* map = input->find({"", "ConfigMap", "shop", "by-hand"});
    QVERIFY(map && map->live && !map->live->text); // of other kinds little is kept
}

void TestPlatformView::layersBelowStandInEveryAnswer()
{
    tests::EngineFixture f;
    QVERIFY(!core::hasTerraform(*ask(f)));
    const auto layer = core::readTerraform(
        R"({"format_version":"1.0","terraform_version":"1.5.0","values":{"outputs":{},)"
        R"("root_module":{"resources":[{"address":"aws_s3_bucket.data","mode":"managed",)"
        R"("type":"aws_s3_bucket","name":"data","values":{"bucket":"data","id":"data"}}]}}})",
        "state.json");
    QVERIFY2(layer, layer ? "" : layer.error().text().c_str());
    QVERIFY(!layer->services.empty());
    gitops::EngineOptions options = f.options;
    options.terraform = {*layer};
    f.restart(options);
    const auto first = ask(f);
    QVERIFY(core::hasTerraform(*first));
    // The same manifests each time: an answer that says the same is no news to a page.
    const auto* bucket = first->find(layer->services.front()->key());
    QVERIFY(bucket && ask(f)->find(bucket->key)->manifest() == bucket->manifest());
}

void TestPlatformView::recordsOfLiveObjects()
{
    gitops::LiveObject object;
    object.key = {"", "Pod", "shop", "web-1"};
    object.kind = {"", "v1", "Pod"};
    object.uid = "u1";
    object.owners.push_back({{"apps", "ReplicaSet"}, "web", "u0", true});
    object.tracking = "shop:apps/Deployment:shop/web";
    object.argoTracking = "other:apps/Deployment:shop/web";
    object.health = {core::Health::Degraded, "it crashes"};
    const auto record = gitops::liveRecordOf(object);
    QCOMPARE(record->version, std::string("v1"));
    QCOMPARE(record->application, std::string("shop"));
    QCOMPARE(record->owners.size(), std::size_t(1));
    QCOMPARE(record->owners[0].name, std::string("web"));
    QCOMPARE(record->health.status, std::optional(core::Health::Degraded));
    object.tracking.clear();
    QCOMPARE(gitops::liveRecordOf(object)->application, std::string("other"));
    object.argoTracking.clear();
    QVERIFY(gitops::liveRecordOf(object)->application.empty());
}

WW_TEST_CLASS(TestPlatformView)
#include "tst_platformview.moc"
