// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace std::chrono_literals;
using tests::EngineFixture;

/// What was taken away comes back as it came: in waves, where order matters.
class TestApplicationHeal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneObjectComesBackAtOnce();
    void anEmptiedNamespaceComesBackInWaves();
    void aHealInWavesSurvivesARestart();
    void waitsForANamespaceThatIsGoing();
    void aNamespaceThatIsCreatedComesBackToo();
    void aSecretIsNotSaidToBeOurDoing();
    void slowsDownAgainstOneWhoKeepsDeleting();
    void aFightIsOverWhenNobodyComesBack();
    void aFightEndsWithItsObject();
    void countsFromWhenTheDriftWasSeen();
    void keepsHealingFieldsMeanwhile();
    void aHealThatWaitsKeepsNobodyElseAway();

private:
    static std::string map(const std::string& name)
    {
        return "/api/v1/namespaces/shop/configmaps/" + name;
    }
};

namespace {

std::string wave(int number)
{
    return "  annotations:\n    argocd.argoproj.io/sync-wave: \"" + std::to_string(number) + "\"\n";
}

std::string shopNamespace()
{
    return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n" + wave(-1);
}

/// A namespace, and a ConfigMap in each of three waves.
void syncShop(EngineFixture& f)
{
    f.commit({{"app/namespace.yaml", shopNamespace()},
              {"app/a.yaml", EngineFixture::configMap("a", "1", wave(2))},
              {"app/b.yaml", EngineFixture::configMap("b", "1", wave(1))},
              {"app/c.yaml", EngineFixture::configMap("c", "1", wave(0))}});
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.run(1s);
    f.takeWrites();
    f.events.clear();
}

/// The objects of the namespace that were written, in order.
std::vector<std::string> writtenObjects(EngineFixture& f)
{
    std::vector<std::string> names;
    for (const std::string& write : f.takeWrites())
        if (const auto at = write.find("/namespaces/shop"); at != std::string::npos)
            names.push_back(write.substr(at + 12));
    return names;
}

template<class What>
int count(const EngineFixture& f)
{
    return int(std::ranges::count_if(f.events, [](const core::Event& event) {
        return std::holds_alternative<What>(event.what);
    }));
}

/// Somebody changes a field, and it comes back, now or later.
bool isPutBack(EngineFixture& f)
{
    const std::string c = "/api/v1/namespaces/shop/configmaps/c";
    f.request("PATCH", c + "?fieldManager=kubectl-edit", R"({"data":{"value":"other"}})",
              "application/merge-patch+json");
    return f.runUntil([&] { return core::stringAt(f.get(c), {"data", "value"}) == "1"; });
}

const std::vector<std::string> kInWaves {"shop", "shop/configmaps/c", "shop/configmaps/b",
                                         "shop/configmaps/a"};

} // namespace

void TestApplicationHeal::oneObjectComesBackAtOnce()
{
    EngineFixture f;
    syncShop(f);
    f.request("DELETE", map("b"));
    f.executor.runUntilIdle(); // no time passes
    QVERIFY(f.exists(map("b")));
    QCOMPARE(count<core::event::OperationStarted>(f), 0);
    QCOMPARE(count<core::event::DriftFound>(f), 1);
    QCOMPARE(count<core::event::DriftHealed>(f), 1);
}

void TestApplicationHeal::anEmptiedNamespaceComesBackInWaves()
{
    EngineFixture f;
    syncShop(f);
    f.request("DELETE", "/api/v1/namespaces/shop");
    QVERIFY(f.runUntil([&] { return f.exists(map("a")); }));
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QCOMPARE(writtenObjects(f), kInWaves);
    QVERIFY(!f.condition("SelfHealError"));
    QVERIFY(f.state()->operation->trigger == core::Operation::Trigger::SelfHeal);
    QVERIFY(f.state()->operation->phase == core::OperationPhase::Succeeded);
    QCOMPARE(count<core::event::DriftHealed>(f), 4);
    const std::size_t before = f.writes.size();
    f.run(1h); // and nothing is done twice
    QCOMPARE(f.writes.size(), before);
}

void TestApplicationHeal::aHealInWavesSurvivesARestart()
{
    EngineFixture f;
    syncShop(f);
    int seen = 0;
    f.fault = [&seen](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        const bool ours = request.method == "PATCH"
            && request.target.find("/namespaces/shop/configmaps/b") != std::string::npos;
        seen += ours;
        return std::nullopt;
    };
    f.request("DELETE", "/api/v1/namespaces/shop");
    QVERIFY(f.runUntil([&] { return seen > 0; }));
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced() && f.exists(map("a")); }));
    const std::vector<std::string> written = writtenObjects(f);
    QCOMPARE(written.back(), kInWaves.back());
}

void TestApplicationHeal::waitsForANamespaceThatIsGoing()
{
    EngineFixture f;
    syncShop(f);
    // An object with a finalizer keeps the namespace terminating.
    f.request("POST", "/api/v1/namespaces/shop/configmaps",
              R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held",)"
              R"("finalizers":["example.com/hold"]}})");
    f.request("DELETE", "/api/v1/namespaces/shop");
    f.run(1min);
    QCOMPARE(writtenObjects(f), std::vector<std::string> {});
    QVERIFY(!f.condition("SelfHealError"));
    f.request("PATCH", map("held"), R"({"metadata":{"finalizers":null}})",
              "application/merge-patch+json");
    QVERIFY(f.runUntil([&] { return f.isSynced() && f.exists(map("a")); }));
    QCOMPARE(writtenObjects(f), kInWaves);
}

/// CreateNamespace=true is for the heal of what was in it as well.
void TestApplicationHeal::aNamespaceThatIsCreatedComesBackToo()
{
    EngineFixture f;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    core::Application application = f.application();
    application.syncOptions = {"CreateNamespace=true"};
    f.add(application);
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    const auto uid = [&] {
        return std::string(core::stringAt(f.get(map("a")), {"metadata", "uid"}));
    };
    const std::string before = uid();
    f.request("DELETE", "/api/v1/namespaces/shop");
    QVERIFY(f.runUntil([&] { return !uid().empty() && uid() != before && f.isSynced(); }, 5s));
}

/// Git has stringData, the server keeps data: who wrote that is the author.
void TestApplicationHeal::aSecretIsNotSaidToBeOurDoing()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/s.yaml",
               "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: shop\n"
               "stringData: {password: first}\n"}});
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.run(1s);
    f.events.clear();
    f.request("PATCH", "/api/v1/namespaces/shop/secrets/s?fieldManager=kubectl-patch",
              R"({"data":{"password":"aGFja2Vk"}})", "application/merge-patch+json");
    std::string author;
    QVERIFY(f.runUntil([&] {
        for (const core::Event& event : f.events)
            if (const auto* found = std::get_if<core::event::DriftFound>(&event.what))
                for (const core::FieldChange& change : found->diff.changes)
                    if (change.type == core::FieldChange::Type::Different && change.author)
                        author = change.author->manager;
        return !author.empty();
    }));
    QCOMPARE(author, std::string("kubectl-patch"));
}

void TestApplicationHeal::slowsDownAgainstOneWhoKeepsDeleting()
{
    EngineFixture f;
    syncShop(f);
    for (int i = 0; i < 60; ++i) {
        f.request("DELETE", map("a"));
        f.request("DELETE", map("b"));
        f.run(5s);
    }
    const auto written = writtenObjects(f).size();
    QVERIFY2(written >= 8 && written <= 30, std::to_string(written).c_str());
    QVERIFY(f.condition("FightWarning"));
}

void TestApplicationHeal::aFightIsOverWhenNobodyComesBack()
{
    EngineFixture f;
    syncShop(f);
    for (int i = 0; i < 4; ++i)
        QVERIFY(isPutBack(f));
    QVERIFY(f.condition("FightWarning"));
    f.run(30s);
    QVERIFY(f.condition("FightWarning")); // it may go on
    f.events.clear();
    f.run(1min);
    QVERIFY(!f.condition("FightWarning"));
    QCOMPARE(count<core::event::ConditionCleared>(f), 1);
    QVERIFY(isPutBack(f)); // and it does go on
    QVERIFY(f.condition("FightWarning"));
}

void TestApplicationHeal::aFightEndsWithItsObject()
{
    EngineFixture f;
    syncShop(f);
    for (int i = 0; i < 4; ++i)
        QVERIFY(isPutBack(f));
    QVERIFY(f.condition("FightWarning"));
    f.commit({{"app/namespace.yaml", shopNamespace()},
              {"app/a.yaml", EngineFixture::configMap("a", "1", wave(2))},
              {"app/b.yaml", EngineFixture::configMap("b", "1", wave(1))}});
    QVERIFY(f.runUntil([&] { return f.isSynced() && !f.exists(map("c")); }));
    QVERIFY(!f.condition("FightWarning"));
}

/// A heal that waits in back-off took as long as the drift lasted.
void TestApplicationHeal::countsFromWhenTheDriftWasSeen()
{
    EngineFixture f;
    syncShop(f);
    const auto lastTook = [&f] {
        std::chrono::microseconds took {0};
        for (const core::Event& event : f.events)
            if (const auto* healed = std::get_if<core::event::DriftHealed>(&event.what))
                took = healed->took;
        return took;
    };
    for (int i = 0; i < 3; ++i)
        QVERIFY(isPutBack(f));
    QVERIFY2(lastTook() < 100ms, std::to_string(lastTook().count()).c_str());
    const auto before = f.executor.clock().steadyNow();
    QVERIFY(isPutBack(f));
    const auto passed = f.executor.clock().steadyNow() - before;
    QVERIFY(passed > 1s); // it had to wait
    f.run(1s);
    QCOMPARE(count<core::event::DriftHealed>(f), 4);
    QVERIFY2(lastTook() > 1s && lastTook() <= passed, std::to_string(lastTook().count()).c_str());
    f.run(1h);
    f.request("PATCH", map("b") + "?fieldManager=kubectl-edit", R"({"data":{"value":"other"}})",
              "application/merge-patch+json");
    f.run(1s);
    QVERIFY2(lastTook() < 100ms, std::to_string(lastTook().count()).c_str());
}

void TestApplicationHeal::keepsHealingFieldsMeanwhile()
{
    EngineFixture f;
    syncShop(f);
    f.request("DELETE", map("a"));
    f.request("DELETE", map("b"));
    f.request("PATCH", map("c") + "?fieldManager=kubectl-edit", R"({"data":{"value":"other"}})",
              "application/merge-patch+json");
    f.executor.runUntilIdle();
    QCOMPARE(std::string(core::stringAt(f.get(map("c")), {"data", "value"})), std::string("1"));
    QVERIFY(f.runUntil([&] { return f.isSynced() && f.exists(map("a")) && f.exists(map("b")); }));
}

/// A heal in waves waits for a Deployment; what it waits for has gone meanwhile, and comes back.
void TestApplicationHeal::aHealThatWaitsKeepsNobodyElseAway()
{
    EngineFixture f;
    const std::string target = "/apis/apps/v1/namespaces/shop/deployments/web";
    const auto becomeReady = [&] {
        f.request("PATCH", target + "/status",
                  R"({"status":{"observedGeneration":1,"replicas":1,"updatedReplicas":1,)"
                  R"("availableReplicas":1}})",
                  "application/merge-patch+json");
    };
    f.commit(
        {{"app/namespace.yaml", shopNamespace()},
         {"app/a.yaml", EngineFixture::configMap("a", "1", wave(0))},
         {"app/b.yaml", EngineFixture::configMap("b", "1", wave(0))},
         {"app/late.yaml", EngineFixture::configMap("late", "1", wave(2))},
         {"app/web.yaml",
          "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\n"
              + wave(1)
              + "spec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: "
                "{labels: {app: web}}\n    spec: {containers: [{name: web, image: web:1}]}\n"}});
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.exists(target); }));
    becomeReady();
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.run(1s);
    f.request("DELETE", target);
    f.request("DELETE", map("late"));
    QVERIFY(f.runUntil([&] { return f.exists(target); }));
    f.run(1s);
    QVERIFY(!f.exists(map("late"))); // waits for the Deployment
    f.request("DELETE", map("a"));
    f.request("DELETE", map("b"));
    QVERIFY(f.runUntil([&] { return f.exists(map("a")) && f.exists(map("b")); }));
    QVERIFY(!f.exists(map("late")));
    becomeReady();
    QVERIFY(f.runUntil([&] { return f.exists(map("late")) && f.isSynced(); }));
}

WW_TEST_CLASS(TestApplicationHeal)
#include "tst_applicationheal.moc"
