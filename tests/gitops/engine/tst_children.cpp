// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::EngineFixture;

/// App of Apps, in a cluster that does not serve Argo CD's kinds and in one that does.
class TestChildren : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void childrenFollowTheirManifests_data();
    void childrenFollowTheirManifests();
    void aWaveWaitsForItsChildren_data();
    void aWaveWaitsForItsChildren();
    void aWaveGoesOnWhenAChildHasBeenCompared_data();
    void aWaveGoesOnWhenAChildHasBeenCompared();
    void removedWithFinalizerTakesItsObjectsAlong_data();
    void removedWithFinalizerTakesItsObjectsAlong();
    void removedWithoutFinalizerLeavesThem_data();
    void removedWithoutFinalizerLeavesThem();
    void survivesARestart();
    void twoParentsOfOneChild();
    void itsOwnParent();
};

namespace {

constexpr const char* kDefinition =
    R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
    R"("metadata":{"name":"applications.argoproj.io"},"spec":{"group":"argoproj.io",)"
    R"("scope":"Namespaced","names":{"plural":"applications","kind":"Application"},"versions":[)"
    R"({"name":"v1alpha1","served":true,"storage":true,"schema":{"openAPIV3Schema":)"
    R"({"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}})";

std::string child(const std::string& name, int wave, bool finalizer = false)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: " + name
        + "\n  namespace: argocd\n  annotations: {argocd.argoproj.io/sync-wave: \""
        + std::to_string(wave) + "\"}\n"
        + (finalizer ? "  finalizers: [resources-finalizer.argocd.argoproj.io]\n" : "")
        + "spec:\n  project: default\n  source: {repoURL: /repositories/all, path: " + name
        + ", targetRevision: HEAD}\n  destination: {server: \"https://kubernetes.default.svc\", "
          "namespace: shop}\n  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
}

const char* kWeb = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.com/web:1"}]}
)";

std::string map(const std::string& name)
{
    return "/api/v1/namespaces/shop/configmaps/" + name;
}

void served()
{
    QTest::addColumn<bool>("isServed");
    QTest::newRow("the cluster does not know Argo CD's kinds") << false;
    QTest::newRow("the cluster serves Application") << true;
}

void prepare(EngineFixture& f, bool isServed)
{
    f.createNamespace("shop");
    f.createNamespace("argocd");
    if (isServed)
        QCOMPARE(f.request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                           kDefinition)
                     .status,
                 201);
    f.run(1s);
    f.restart(f.options);
}

core::Application root(const EngineFixture& f)
{
    core::Application app = f.application("root");
    app.destinationNamespace = "argocd";
    return app;
}

std::string dump(EngineFixture& f)
{
    std::string text;
    for (const auto& [name, state] : f.engine().snapshot()->applications) {
        if (state->operation)
            text += std::string(core::toString(state->operation->phase)) + " \""
                + state->operation->message + "\" ";
        text += name + ": " + std::string(core::toString(state->sync)) + " "
            + std::string(core::toString(state->health)) + " " + state->activity + "; ";
        for (const core::Condition& condition : state->conditions)
            text += condition.type + ": " + condition.message + "; ";
        for (const core::ResourceState& resource : state->resources)
            text += resource.key.text() + " " + std::string(core::toString(resource.sync)) + " "
                + resource.healthMessage + "; ";
    }
    return text;
}

} // namespace

#define VERIFY_UNTIL(f, condition)                                                                 \
    QVERIFY2((f).runUntil([&] { return bool(condition); }), dump(f).c_str())

void TestChildren::childrenFollowTheirManifests_data()
{
    served();
}

void TestChildren::childrenFollowTheirManifests()
{
    QFETCH(bool, isServed);
    EngineFixture f;
    prepare(f, isServed);
    f.commit({{"root/one.yaml", child("one", 0)}, {"one/a.yaml", EngineFixture::configMap("a")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one"));
    QVERIFY(f.exists(map("a")));
    QCOMPARE(f.state("one")->spec.parent, std::string("root"));
    QCOMPARE(f.state("root")->health, core::Health::Healthy);
    QCOMPARE(f.exists("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/one"), isServed);
    QVERIFY(f.resource("Application", "one", "root"));
    // A change of the child's manifest reaches the child.
    std::string moved = child("one", 0);
    moved.replace(moved.find("path: one"), 9, "path: two");
    f.commit({{"root/one.yaml", moved},
              {"one/a.yaml", EngineFixture::configMap("a")},
              {"two/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, f.exists(map("b")));
    VERIFY_UNTIL(f, !f.exists(map("a")));
}

void TestChildren::aWaveWaitsForItsChildren_data()
{
    served();
}

void TestChildren::aWaveWaitsForItsChildren()
{
    QFETCH(bool, isServed);
    EngineFixture f;
    prepare(f, isServed);
    f.commit({{"root/one.yaml", child("one", 0)},
              {"root/two.yaml", child("two", 1)},
              {"one/web.yaml", kWeb},
              {"two/b.yaml", EngineFixture::configMap("b")}});
    f.add(root(f));
    const char* web = "/apis/apps/v1/namespaces/shop/deployments/web";
    VERIFY_UNTIL(f, f.exists(web));
    f.run(1min);
    QVERIFY(!f.state("two")); // its wave has not come
    QVERIFY(!f.exists(map("b")));
    QVERIFY(f.state("root")->operation->phase == core::OperationPhase::Running);
    f.request("PATCH", std::string(web) + "/status",
              R"({"status":{"observedGeneration":1,"replicas":1,"updatedReplicas":1,)"
              R"("readyReplicas":1,"availableReplicas":1}})",
              "application/merge-patch+json");
    VERIFY_UNTIL(f, f.exists(map("b")));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
}

void TestChildren::aWaveGoesOnWhenAChildHasBeenCompared_data()
{
    served();
}

/// The end of a comparison that changes neither sync nor health opens the gate, too.
void TestChildren::aWaveGoesOnWhenAChildHasBeenCompared()
{
    QFETCH(bool, isServed);
    EngineFixture f;
    prepare(f, isServed);
    EngineFixture::Files files {{"root/one.yaml", child("one", 0)},
                                {"root/two.yaml", child("two", 1)},
                                {"two/b.yaml", EngineFixture::configMap("b")}};
    for (int i = 0; i < 20; ++i) { // so many are compared in the pool
        const std::string name = "a" + std::to_string(i);
        files.push_back({"one/" + name + ".yaml", EngineFixture::configMap(name)});
    }
    f.commit(files);
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
    f.run(1min);
    f.pool.hold();
    for (int i = 0; i < 20; ++i)
        QCOMPARE(f.request("PATCH", map("a" + std::to_string(i)) + "?fieldManager=x",
                           R"({"metadata":{"labels":{"theirs":"1"}}})",
                           "application/merge-patch+json")
                     .status,
                 200);
    VERIFY_UNTIL(f, f.pool.waiting() > 0);
    QVERIFY(f.submit(core::command::Sync {"root"}).has_value());
    f.run(5s);
    QCOMPARE(f.state("one")->sync, core::SyncState::Synced); // as it was
    QVERIFY2(f.state("root")->operation->phase == core::OperationPhase::Running, dump(f).c_str());
    f.pool.release();
    QVERIFY2(
        f.runUntil(
            [&] { return f.state("root")->operation->phase == core::OperationPhase::Succeeded; },
            1min),
        dump(f).c_str());
}

void TestChildren::removedWithFinalizerTakesItsObjectsAlong_data()
{
    served();
}

void TestChildren::removedWithFinalizerTakesItsObjectsAlong()
{
    QFETCH(bool, isServed);
    EngineFixture f;
    prepare(f, isServed);
    const std::string space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra}\n";
    f.commit({{"root/one.yaml", child("one", 0, true)},
              {"root/two.yaml", child("two", 0)},
              {"one/a.yaml", EngineFixture::configMap("a")},
              {"one/space.yaml", space},
              {"two/b.yaml", EngineFixture::configMap("b")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
    f.commit({{"root/two.yaml", child("two", 0)}, {"two/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, !f.exists(map("a")));
    // The rules of a prune hold: a Namespace waits for a person.
    VERIFY_UNTIL(f, f.state("one") && f.state("one")->awaitingConfirmation.size() == 1);
    f.run(15min);
    QVERIFY(f.exists("/api/v1/namespaces/extra"));
    QVERIFY(f.submit(core::command::Confirm {"one", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists("/api/v1/namespaces/extra"));
    VERIFY_UNTIL(f, !f.state("one"));
    VERIFY_UNTIL(f, f.isSynced("root"));
    QVERIFY(!f.exists("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/one"));
    QVERIFY(f.exists(map("b")));
}

void TestChildren::removedWithoutFinalizerLeavesThem_data()
{
    served();
}

void TestChildren::removedWithoutFinalizerLeavesThem()
{
    QFETCH(bool, isServed);
    EngineFixture f;
    prepare(f, isServed);
    f.commit({{"root/one.yaml", child("one", 0)},
              {"root/two.yaml", child("two", 0)},
              {"one/a.yaml", EngineFixture::configMap("a")},
              {"two/b.yaml", EngineFixture::configMap("b")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one") && f.isSynced("two"));
    f.commit({{"root/two.yaml", child("two", 0)}, {"two/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, !f.state("one"));
    VERIFY_UNTIL(f, f.isSynced("root"));
    f.request("PATCH", map("a") + "?fieldManager=x", R"({"data":{"value":"theirs now"}})",
              "application/merge-patch+json");
    f.run(15min);
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "value"})),
             std::string("theirs now"));
}

void TestChildren::survivesARestart()
{
    EngineFixture f;
    prepare(f, false);
    f.commit({{"root/one.yaml", child("one", 0)}, {"one/a.yaml", EngineFixture::configMap("a")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one"));
    f.takeWrites();
    f.restart(f.options);
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one"));
    f.run(1min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QVERIFY(f.exists(map("a")));
}

void TestChildren::twoParentsOfOneChild()
{
    EngineFixture f;
    prepare(f, false);
    f.commit({{"root/one.yaml", child("one", 0)},
              {"other/one.yaml", child("one", 0)},
              {"one/a.yaml", EngineFixture::configMap("a")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root") && f.isSynced("one"));
    core::Application other = f.application("other");
    f.add(other);
    f.run(1min);
    QCOMPARE(f.state("one")->spec.parent, std::string("root"));
    QVERIFY2(f.state("other")->sync != core::SyncState::Synced, dump(f).c_str());
    QVERIFY(f.exists(map("a")));
}

void TestChildren::itsOwnParent()
{
    EngineFixture f;
    prepare(f, false);
    f.commit(
        {{"root/root.yaml", child("root", 0)}, {"root/a.yaml", EngineFixture::configMap("a")}});
    f.add(root(f));
    VERIFY_UNTIL(f, f.isSynced("root"));
    QCOMPARE(f.engine().snapshot()->applications.size(), std::size_t(1));
    QVERIFY(f.exists("/api/v1/namespaces/argocd/configmaps/a"));
}

WW_TEST_CLASS(TestChildren)
#include "tst_children.moc"
