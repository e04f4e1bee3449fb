// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "gitops/engine/objectrouter.h"
#include "gitops/health/health.h"
#include "gitops/practice/apiserver.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/memorytransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using Names = std::set<std::string>;

namespace {

core::ObjectKey mapKey(const std::string& name)
{
    return {"", "ConfigMap", "default", name};
}

/// ConfigMaps of a practice cluster, watched, that own each other.
struct Fixture
{
    tests::ManualExecutor executor;
    std::unique_ptr<gitops::practice::ApiServer> server = *gitops::practice::ApiServer::make(
        std::make_unique<gitops::practice::MemoryStorage>(), executor.clock(), {.seed = 3});
    tests::MemoryTransport transport {*server, executor};
    gitops::ApiClient api {transport, executor};
    gitops::LiveState live {api, executor, &gitops::assessHealth};
    gitops::ObjectRouter router {live};

    Fixture()
    {
        api.discover([this](core::Result<gitops::Discovery> found) {
            live.watch(*found->find(core::GroupKind {"", "ConfigMap"}));
        });
        executor.runUntilIdle();
    }
    gitops::LiveObjectPtr make(const std::string& name, const std::vector<std::string>& owners = {},
                               const std::string& annotations = "{}")
    {
        std::string references;
        for (const std::string& owner : owners) {
            const bool isController = &owner == &owners.back();
            references += std::string(references.empty() ? "" : ",")
                + R"({"apiVersion":"v1","kind":"ConfigMap","name":")" + owner + R"(","uid":")"
                + live.find(mapKey(owner))->uid + R"(","controller":)"
                + (isController ? "true" : "false") + "}";
        }
        server->handle({"POST",
                        "/api/v1/namespaces/default/configmaps",
                        {{"Content-Type", "application/json"}},
                        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name
                            + R"(","annotations":)" + annotations + R"(,"ownerReferences":[)"
                            + references + "]}}"});
        executor.runUntilIdle();
        return live.find(mapKey(name));
    }
};

} // namespace

class TestObjectRouter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void declaredByApplications()
    {
        Fixture f;
        f.router.declare("a", {mapKey("x"), mapKey("y")});
        f.router.declare("b", {mapKey("y")});
        const auto x = f.make("x");
        const auto y = f.make("y");
        QCOMPARE(f.router.directly({nullptr, x}), (Names {"a"}));
        QCOMPARE(f.router.directly({y, nullptr}), (Names {"a", "b"}));
        QCOMPARE(f.router.directly({nullptr, f.make("z")}), Names());
        QVERIFY(!f.router.isDeclaredElsewhere(mapKey("x"), "a"));
        QVERIFY(f.router.isDeclaredElsewhere(mapKey("x"), "b"));
        QVERIFY(f.router.isDeclaredElsewhere(mapKey("y"), "a"));
    }
    void anotherDeclarationReplaces()
    {
        Fixture f;
        const auto x = f.make("x");
        const auto y = f.make("y");
        f.router.declare("a", {mapKey("x"), mapKey("y")});
        f.router.declare("a", {mapKey("y")});
        QCOMPARE(f.router.directly({nullptr, x}), Names());
        QCOMPARE(f.router.directly({nullptr, y}), (Names {"a"}));
        f.router.declare("a", {});
        QCOMPARE(f.router.directly({nullptr, y}), Names());
        QVERIFY(!f.router.isDeclaredElsewhere(mapKey("y"), "b"));
        f.router.declare("a", {mapKey("x")});
        QCOMPARE(f.router.directly({nullptr, x}), (Names {"a"}));
    }
    /// What left Git is still the business of the application that it says it belongs to.
    void trackedBeforeAndAfter()
    {
        Fixture f;
        const auto ours =
            f.make("ours", {}, R"({"wavewright.dev/tracking-id":"a:/ConfigMap:default/ours"})");
        const auto argo =
            f.make("argo", {}, R"({"argocd.argoproj.io/tracking-id":"b:/ConfigMap:default/argo"})");
        const auto copy =
            f.make("copy", {}, R"({"wavewright.dev/tracking-id":"a:/ConfigMap:default/ours"})");
        QCOMPARE(f.router.directly({nullptr, ours}), (Names {"a"}));
        QCOMPARE(f.router.directly({nullptr, argo}), (Names {"b"}));
        QCOMPARE(f.router.directly({nullptr, copy}), Names()); // the id of another object
        QCOMPARE(f.router.directly({ours, copy}), (Names {"a"})); // it lost its id
    }
    void ownedOverSeveralSteps()
    {
        Fixture f;
        f.router.declare("a", {mapKey("top")});
        f.make("top");
        f.make("middle", {"top"});
        const auto low = f.make("low", {"middle"});
        QCOMPARE(f.router.byOwner({nullptr, low}), (Names {"a"}));
        QCOMPARE(f.router.byOwner({low, nullptr}), (Names {"a"}));
        QCOMPARE(f.router.byOwner({nullptr, f.live.find(mapKey("top"))}), Names()); // itself
    }
    void theControllerCounts()
    {
        Fixture f;
        f.router.declare("a", {mapKey("one")});
        f.router.declare("b", {mapKey("two")});
        f.make("one");
        f.make("two");
        QCOMPARE(f.router.byOwner({nullptr, f.make("both", {"one", "two"})}), (Names {"b"}));
        QCOMPARE(f.router.byOwner({nullptr, f.make("again", {"two", "one"})}), (Names {"a"}));
    }
    void anOwnerThatIsNotThere()
    {
        Fixture f;
        f.router.declare("a", {mapKey("top")});
        const auto top = f.make("top");
        const auto low = f.make("low", {"top"});
        f.server->handle({"DELETE",
                          "/api/v1/namespaces/default/configmaps/top",
                          {},
                          R"({"propagationPolicy":"Orphan"})"});
        f.executor.runUntilIdle();
        QVERIFY(!f.live.find(mapKey("top")));
        QCOMPARE(f.router.byOwner({nullptr, low}), Names());
    }
};

WW_TEST_CLASS(TestObjectRouter)
#include "tst_objectrouter.moc"
