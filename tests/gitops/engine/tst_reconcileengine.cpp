// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace std::chrono_literals;
using tests::EngineFixture;

/// The engine as a whole, against the practice cluster.
class TestReconcileEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void syncsAPlainFolder();
    void sendsNothingInASteadyState();
    void healsWithinOneRoundTrip();
    void healsWhatWasDeleted();
    void manualOnly();
    void pausesHoldHeals();
    void namesAFight();
    void keepsTheLastGoodRender();
    void prunesWhatGitDropped();
    void asksBeforeANamespaceGoes();
    void asksBeforeALargePrune();
    void asksOnceOverARestart();
    void asksAfterARewrittenHistory();
    void marksWhatExistedBefore();
    void leavesArgoCdsObjectsAlone();
    void neverWritesAForeignDefinition();
    void waitsForTheListOfANewKind();
    void withoutItsRecordNothingIsPruned();
    void unknownKindsHoldPrunes();
    void sharesNothingBetweenApplications();
    void movesObjectsBetweenApplications();
    void masksSecrets();
    void goesOnAfterARestart();
    void letsIgnoredFieldsBe();
    void writesNothingThatWouldBeRefused();

private:
    static constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps/";
    static std::string map(const std::string& name) { return kMaps + name; }
};

namespace {

template<class What>
int count(const std::vector<core::Event>& events)
{
    return int(std::ranges::count_if(
        events, [](const core::Event& event) { return std::holds_alternative<What>(event.what); }));
}

std::string dump(EngineFixture& f, const std::string& name = "app")
{
    const core::ApplicationState* state = f.state(name);
    if (!state)
        return "no such application";
    std::string text = std::string(core::toString(state->sync)) + " "
        + std::string(core::toString(state->health)) + " " + state->activity;
    if (state->operation)
        text += " operation " + std::string(core::toString(state->operation->phase)) + ": "
            + state->operation->message;
    for (const core::Condition& condition : state->conditions)
        text += "; " + condition.type + ": " + condition.message;
    for (const core::ResourceState& resource : state->resources)
        text += "; " + resource.key.text() + " " + std::string(core::toString(resource.sync));
    return text;
}

/// The objects that a person was asked about.
std::string askedFor(EngineFixture& f)
{
    std::string text;
    for (const core::Event& event : f.events)
        if (const auto* asked = std::get_if<core::event::ConfirmationNeeded>(&event.what))
            for (const core::ObjectKey& key : asked->keys)
                text += key.name + " ";
    return text;
}

} // namespace

#define VERIFY_UNTIL(f, condition)                                                                 \
    QVERIFY2((f).runUntil([&] { return bool(condition); }), dump(f).c_str())

void TestReconcileEngine::syncsAPlainFolder()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.exists(map("a")));
    QVERIFY(f.exists(map("b")));
    QCOMPARE(f.state()->health, core::Health::Healthy);
    QCOMPARE(count<core::event::OperationFinished>(f.events), 1);
    QVERIFY(f.state()->operation->phase == core::OperationPhase::Succeeded);
    const core::Json record = f.get("/api/v1/namespaces/wavewright/configmaps/wavewright-app");
    QCOMPARE(std::string(core::stringAt(record, {"data", "kinds"})), std::string("/ConfigMap"));
    // The record came before the first object.
    QCOMPARE(f.writes.front(),
             std::string("PATCH /api/v1/namespaces/wavewright/configmaps/wavewright-app"));
    QCOMPARE(f.resource("ConfigMap", "a")->origin.file, std::string("app/a.yaml"));
}

void TestReconcileEngine::sendsNothingInASteadyState()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.run(1min);
    f.takeWrites();
    f.reads = 0;
    f.run(30min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(f.reads, std::size_t(0));
}

void TestReconcileEngine::healsWithinOneRoundTrip()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.run(1s);
    f.takeWrites();
    f.request("PATCH", map("a") + "?fieldManager=kubectl-edit", R"({"data":{"value":"other"}})",
              "application/merge-patch+json");
    f.executor.runUntilIdle(); // no time passes
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "value"})), std::string("1"));
    QCOMPARE(f.takeWrites().size(), std::size_t(1));
    QCOMPARE(count<core::event::DriftFound>(f.events), 1);
    QCOMPARE(count<core::event::DriftHealed>(f.events), 1);
}

void TestReconcileEngine::healsWhatWasDeleted()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.request("DELETE", map("a"));
    f.executor.runUntilIdle();
    QVERIFY(f.exists(map("a")));
}

void TestReconcileEngine::manualOnly()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    core::Application app = f.application();
    app.automated = false;
    f.add(app);
    f.run(1min);
    QVERIFY(!f.exists(map("a")));
    QCOMPARE(f.state()->sync, core::SyncState::OutOfSync);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QVERIFY(f.submit(core::command::Sync {.application = "app", .dryRun = true}).has_value());
    f.run(10s);
    QVERIFY(!f.exists(map("a")));
    QVERIFY(f.submit(core::command::Sync {.application = "app"}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.submit(core::command::Sync {.application = "nobody"}).has_value());
    f.request("DELETE", map("a"));
    f.run(1min);
    QVERIFY(!f.exists(map("a")));
}

void TestReconcileEngine::pausesHoldHeals()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    const core::ObjectKey a {"", "ConfigMap", "shop", "a"};
    QVERIFY(f.submit(core::command::SetPause {"app", {a, "looking", std::nullopt}}).has_value());
    f.request("DELETE", map("a"));
    f.request("DELETE", map("b"));
    f.run(5s);
    QVERIFY(!f.exists(map("a")));
    QVERIFY(f.exists(map("b")));
    f.restart(f.options); // a pause outlives the process
    f.add(f.application());
    f.run(5s);
    QVERIFY(!f.exists(map("a")));
    QVERIFY(f.submit(core::command::Resume {"app", a}).has_value());
    VERIFY_UNTIL(f, f.exists(map("a")));
    const auto until = f.executor.clock().wallNow() + 10min;
    QVERIFY(f.submit(core::command::SetPause {"app", {std::nullopt, "", until}}).has_value());
    f.request("DELETE", map("a"));
    f.run(9min);
    QVERIFY(!f.exists(map("a")));
    VERIFY_UNTIL(f, f.exists(map("a")));
}

void TestReconcileEngine::namesAFight()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.takeWrites();
    for (int i = 0; i < 600; ++i) {
        f.request("PATCH", map("a") + "?fieldManager=other-tool", R"({"data":{"value":"other"}})",
                  "application/merge-patch+json");
        f.run(1s);
    }
    const auto heals = f.takeWrites().size();
    QVERIFY2(heals >= 4 && heals <= 12, std::to_string(heals).c_str());
    const core::Condition* fight = f.condition("FightWarning");
    QVERIFY(fight);
    QVERIFY2(fight->message.find("other-tool") != std::string::npos, fight->message.c_str());
    QVERIFY2(fight->message.find("value") != std::string::npos, fight->message.c_str());
    VERIFY_UNTIL(f, core::stringAt(f.get(map("a")), {"data", "value"}) == "1");
}

void TestReconcileEngine::keepsTheLastGoodRender()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.takeWrites();
    f.commit({{"app/a.yaml", "apiVersion: v1\nkind: [broken\n"}});
    VERIFY_UNTIL(f, f.condition("ComparisonError"));
    f.run(15min);
    QVERIFY(f.exists(map("a")));
    QVERIFY(f.exists(map("b")));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(f.condition("ComparisonError")->place.file, std::string("app/a.yaml"));
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}});
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.exists(map("b")));
    QVERIFY(!f.condition("ComparisonError"));
}

void TestReconcileEngine::prunesWhatGitDropped()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    core::Application app = f.application();
    app.prune = false;
    f.add(app);
    VERIFY_UNTIL(f, f.isSynced());
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.run(1min);
    QVERIFY(f.exists(map("b"))); // automated, but without prune
    QVERIFY(f.resource("ConfigMap", "b")->requiresPrune);
    QCOMPARE(f.state()->sync, core::SyncState::OutOfSync);
    QVERIFY(f.submit(core::command::Sync {.application = "app", .prune = true}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.exists(map("b")));
}

void TestReconcileEngine::asksBeforeANamespaceGoes()
{
    EngineFixture f;
    const std::string space = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n";
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}, {"app/n.yaml", space}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    VERIFY_UNTIL(f, f.state()->awaitingConfirmation.size() == 1);
    f.run(15min);
    QVERIFY(f.exists("/api/v1/namespaces/extra"));
    QVERIFY(count<core::event::ConfirmationNeeded>(f.events) >= 1);
    QVERIFY(
        !f.submit(core::command::Confirm {"app", {{"", "ConfigMap", "shop", "a"}}}).has_value());
    QVERIFY(f.submit(core::command::Confirm {"app", {{"", "Namespace", "", "extra"}}}).has_value());
    VERIFY_UNTIL(f, !f.exists("/api/v1/namespaces/extra"));
}

void TestReconcileEngine::asksBeforeALargePrune()
{
    EngineFixture f;
    f.createNamespace("shop");
    EngineFixture::Files files;
    for (int i = 0; i < 10; ++i)
        files.push_back({"app/" + std::to_string(i) + ".yaml",
                         EngineFixture::configMap("m" + std::to_string(i))});
    f.commit(files);
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    files.resize(3);
    f.commit(files);
    VERIFY_UNTIL(f, f.state()->awaitingConfirmation.size() == 7);
    f.run(15min);
    for (int i = 0; i < 10; ++i)
        QVERIFY(f.exists(map("m" + std::to_string(i))));
    // A part of them agreed to does not let the rest go.
    QVERIFY(f.submit(core::command::Confirm {"app",
                                             {{"", "ConfigMap", "shop", "m5"},
                                              {"", "ConfigMap", "shop", "m6"},
                                              {"", "ConfigMap", "shop", "m7"}}})
                .has_value());
    VERIFY_UNTIL(f, !f.exists(map("m7")));
    f.run(15min);
    QVERIFY(f.exists(map("m9")));
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.exists(map("m9")));
    QVERIFY(f.exists(map("m2")));
}

/// What was asked, and what was answered, is known after a kill: what is left of a large prune is
/// no small one.
void TestReconcileEngine::asksOnceOverARestart()
{
    EngineFixture f;
    f.createNamespace("shop");
    EngineFixture::Files files;
    for (int i = 0; i < 10; ++i)
        files.push_back({"app/" + std::to_string(i) + ".yaml",
                         EngineFixture::configMap("m" + std::to_string(i))});
    f.commit(files);
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    files.resize(3);
    f.commit(files);
    VERIFY_UNTIL(f, f.state()->awaitingConfirmation.size() == 7);
    f.run(1min);
    QCOMPARE(count<core::event::ConfirmationNeeded>(f.events), 1);
    f.events.clear();
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, f.state() && f.state()->awaitingConfirmation.size() == 7);
    f.run(1min);
    QCOMPARE(count<core::event::ConfirmationNeeded>(f.events), 0);
    // Three are agreed to; the process dies at once.
    QVERIFY(f.submit(core::command::Confirm {"app",
                                             {{"", "ConfigMap", "shop", "m5"},
                                              {"", "ConfigMap", "shop", "m6"},
                                              {"", "ConfigMap", "shop", "m7"}}})
                .has_value());
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, !f.exists(map("m7")) && !f.exists(map("m6")) && !f.exists(map("m5")));
    QVERIFY2(askedFor(f).empty(), askedFor(f).c_str());
    // Four are left, which alone would need nobody.
    f.restart();
    f.add(f.application());
    f.run(15min);
    QVERIFY2(askedFor(f).empty(), askedFor(f).c_str());
    for (const char* name : {"m3", "m4", "m8", "m9"})
        QVERIFY2(f.exists(map(name)), name);
    // Nor does the next commit let them go, or fail for them.
    files[0].second = EngineFixture::configMap("m0", "2");
    f.commit(files);
    VERIFY_UNTIL(f, core::stringAt(f.get(map("m0")), {"data", "value"}) == "2");
    f.run(1min);
    QVERIFY(f.exists(map("m9")));
    QCOMPARE(f.state()->operation->phase, core::OperationPhase::Succeeded);
    QCOMPARE(f.state()->awaitingConfirmation.size(), std::size_t(4));
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.exists(map("m9")));
}

void TestReconcileEngine::asksAfterARewrittenHistory()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}}, false);
    VERIFY_UNTIL(f, core::stringAt(f.get(map("a")), {"data", "value"}) == "2");
    f.run(15min);
    QVERIFY(f.exists(map("b")));
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists(map("b")));
}

void TestReconcileEngine::marksWhatExistedBefore()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.request(
        "POST", "/api/v1/namespaces/shop/configmaps",
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"old":"x"}})");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    const auto mark = [&](const std::string& name) {
        return std::string(core::stringAt(
            f.get(map(name)), {"metadata", "annotations", core::kPreexistingAnnotation}));
    };
    QCOMPARE(mark("a"), std::string("true"));
    QCOMPARE(mark("b"), std::string());
    f.commit({{"app/c.yaml", EngineFixture::configMap("c")}});
    VERIFY_UNTIL(f, !f.exists(map("b")));
    f.run(15min);
    QVERIFY(f.exists(map("a")));
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/c.yaml", EngineFixture::configMap("c")}});
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.submit(core::command::Adopt {"app"}).has_value());
    VERIFY_UNTIL(f, mark("a").empty());
    f.commit({{"app/c.yaml", EngineFixture::configMap("c")}});
    VERIFY_UNTIL(f, !f.exists(map("a")));
}

void TestReconcileEngine::leavesArgoCdsObjectsAlone()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.request(
        "POST", "/api/v1/namespaces/shop/configmaps",
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","annotations":)"
        R"({"argocd.argoproj.io/tracking-id":"app:/ConfigMap:shop/a"}},"data":{"value":"0"}})");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.state() && !f.state()->holder.empty());
    f.run(10min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QVERIFY(f.condition("ReadOnly")->message.find("Argo CD") != std::string::npos);
    QVERIFY(f.submit(core::command::Adopt {"app"}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "value"})), std::string("1"));
}

void TestReconcileEngine::neverWritesAForeignDefinition()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string definition =
        R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
        R"("metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com",)"
        R"("scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[)"
        R"({"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}})";
    const char* target = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    QCOMPARE(f.request("POST", target, definition).status, 201);
    std::string changed = definition;
    changed.replace(changed.find("\"widgets\""), 9, "\"widgets\",\"shortNames\":[\"wd\"]");
    f.commit({{"app/crd.yaml", changed}, {"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.exists(map("a")));
    f.run(10min);
    for (const std::string& write : f.takeWrites())
        QVERIFY2(write.find("customresourcedefinitions") == std::string::npos, write.c_str());
    QVERIFY(f.condition("SharedResourceWarning"));
}

/// A definition is applied; from then on the list of its kind is missing, whenever that is noticed:
/// what is next waits for it, and nothing fails.
void TestReconcileEngine::waitsForTheListOfANewKind()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(
        {{"app/crd.yaml",
          R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
          R"("metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com",)"
          R"("scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[)"
          R"({"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":)"
          R"("object"}}}]}})"},
         {"app/role.yaml",
          "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\n"},
         {"app/service.yaml",
          "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n"
          "  ports:\n  - port: 80\n"},
         {"app/widget.yaml", "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n"}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    for (const core::Event& event : f.events)
        if (const auto* applied = std::get_if<core::event::ResourceApplied>(&event.what))
            QVERIFY2(applied->result.code != core::ResultCode::SyncFailed,
                     applied->result.message.c_str());
    QVERIFY(f.exists("/apis/example.com/v1/namespaces/shop/widgets/w"));
}

void TestReconcileEngine::withoutItsRecordNothingIsPruned()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method != "GET"
            && request.target.find("/namespaces/wavewright") != std::string::npos)
            return gitops::practice::Fault {
                .answer = {
                    .status = 403,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = R"({"kind":"Status","reason":"Forbidden","message":"no","code":403})"}};
        return std::nullopt;
    };
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}});
    VERIFY_UNTIL(f, core::stringAt(f.get(map("a")), {"data", "value"}) == "2");
    f.run(15min);
    QVERIFY(f.exists(map("b")));
    QVERIFY(f.condition("PruneHeld"));
}

void TestReconcileEngine::unknownKindsHoldPrunes()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")},
              {"app/s.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: s\n"}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.stop();
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.target.starts_with("/api/v1/serviceaccounts"))
            return gitops::practice::Fault {
                .answer = {
                    .status = 403,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = R"({"kind":"Status","reason":"Forbidden","message":"no","code":403})"}};
        return std::nullopt;
    };
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}});
    f.restart(f.options);
    f.add(f.application());
    VERIFY_UNTIL(f, core::stringAt(f.get(map("a")), {"data", "value"}) == "2");
    f.run(15min);
    QVERIFY(f.exists(map("b")));
    QVERIFY(f.exists("/api/v1/namespaces/shop/serviceaccounts/s"));
    QVERIFY(f.condition("PruneHeld"));
    QVERIFY(f.condition("UnknownError"));
    QVERIFY2(f.condition("UnknownError")->message.find("ServiceAccount cannot be listed: ") == 0,
             f.condition("UnknownError")->message.c_str());
    f.fault = nullptr;
    QVERIFY(f.runUntil([&] { return !f.exists(map("b")); }, 1h));
}

void TestReconcileEngine::sharesNothingBetweenApplications()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "1")},
              {"other/a.yaml", EngineFixture::configMap("a", "2")},
              {"other/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.add(f.application("other"));
    VERIFY_UNTIL(f, f.exists(map("b")));
    f.takeWrites();
    f.run(10min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0)); // no war over it
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "value"})), std::string("1"));
    QVERIFY(f.condition("SharedResourceWarning", "other"));
    QVERIFY(f.isSynced("app"));
}

void TestReconcileEngine::movesObjectsBetweenApplications()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/x.yaml", EngineFixture::configMap("x")},
              {"other/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    f.add(f.application("other"));
    VERIFY_UNTIL(f, f.isSynced() && f.isSynced("other"));
    const std::string uid(core::stringAt(f.get(map("a")), {"metadata", "uid"}));
    f.commit({{"app/x.yaml", EngineFixture::configMap("x")},
              {"other/a.yaml", EngineFixture::configMap("a")},
              {"other/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, f.isSynced() && f.isSynced("other"));
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"metadata", "uid"})), uid);
    QVERIFY(std::string(core::stringAt(f.get(map("a")),
                                       {"metadata", "annotations", core::kTrackingAnnotation}))
                .starts_with("other:"));
}

void TestReconcileEngine::masksSecrets()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/s.yaml",
               "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  password: "
               "Y2FuYXJ5LXZhbHVl\n"}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    for (const core::Query& query :
         {core::Query(core::query::Manifests {"app", {"", "Secret", "shop", "s"}, true}),
          core::Query(core::query::RenderedText {"app"})}) {
        std::string text = "no answer";
        f.engine().ask(query, [&](core::Result<core::Answer> answer) {
            if (!answer)
                text = answer.error().text();
            else if (auto* rendered = std::get_if<core::TextAnswer>(&*answer))
                text = rendered->text;
            else
                text = std::get<core::ManifestsAnswer>(*answer).desired
                    + std::get<core::ManifestsAnswer>(*answer).live;
        });
        f.executor.runUntilIdle();
        QVERIFY2(text.find("name: s") != std::string::npos, text.c_str());
        QVERIFY2(text.find("Y2FuYXJ5") == std::string::npos, text.c_str());
    }
}

void TestReconcileEngine::goesOnAfterARestart()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string web = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.com/web:1"}]}
)";
    f.commit({{"app/web.yaml", web},
              {"app/late.yaml",
               EngineFixture::configMap(
                   "late", "1", "  annotations: {argocd.argoproj.io/sync-wave: \"1\"}\n")}});
    f.add(f.application());
    const char* target = "/apis/apps/v1/namespaces/shop/deployments/web";
    VERIFY_UNTIL(f, f.exists(target));
    f.run(1min);
    QVERIFY(!f.exists(map("late"))); // its wave waits for the Deployment
    const std::string id = f.state()->operation->id;
    f.restart(f.options);
    f.add(f.application());
    f.run(10s);
    QVERIFY(!f.exists(map("late")));
    f.request("PATCH", std::string(target) + "/status",
              R"({"status":{"observedGeneration":1,"replicas":1,"updatedReplicas":1,)"
              R"("readyReplicas":1,"availableReplicas":1}})",
              "application/merge-patch+json");
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.exists(map("late")));
    QCOMPARE(f.state()->operation->id, id);
}

void TestReconcileEngine::letsIgnoredFieldsBe()
{
    EngineFixture f;
    f.createNamespace("shop");
    const auto two = [](const char* value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  value: \""
            + std::string(value) + "\"\n  theirs: \"0\"\n";
    };
    f.commit({{"app/a.yaml", two("1")}});
    core::Application app = f.application();
    app.ignoreDifferences = {{.kind = "ConfigMap", .jsonPointers = {"/data/theirs"}}};
    f.add(app);
    VERIFY_UNTIL(f, f.isSynced());
    f.request("PATCH", map("a") + "?fieldManager=controller", R"({"data":{"theirs":"5"}})",
              "application/merge-patch+json");
    f.run(10s);
    QVERIFY(f.isSynced());
    f.commit({{"app/a.yaml", two("2")}}); // an apply with force, over the same object
    VERIFY_UNTIL(f, core::stringAt(f.get(map("a")), {"data", "value"}) == "2");
    VERIFY_UNTIL(f, f.isSynced());
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "theirs"})), std::string("5"));
}

/// A refusal in the last wave is known before the first is written.
void TestReconcileEngine::writesNothingThatWouldBeRefused()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string late = "  annotations: {argocd.argoproj.io/sync-wave: \"5\"}\n";
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b", "1", late)}});
    bool isRefused = true;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (!isRefused || request.method != "PATCH"
            || request.target.find("/b?") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault refused;
        refused.answer = {.status = 422,
                          .body = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":"
                                  "\"Failure\",\"reason\":\"Invalid\",\"code\":422,"
                                  "\"message\":\"ConfigMap b is odd\"}"};
        return refused;
    };
    core::Application application = f.application();
    application.retry.limit = 0;
    f.add(application);
    VERIFY_UNTIL(f, f.condition("SyncError"));
    QVERIFY2(f.condition("SyncError")->message.find("the server would refuse 1 of 2")
                 != std::string::npos,
             dump(f).c_str());
    QVERIFY2(f.condition("SyncError")->message.find("ConfigMap b is odd") != std::string::npos,
             dump(f).c_str());
    QVERIFY(!f.exists(map("a")));
    for (const std::string& write : f.takeWrites())
        QVERIFY2(write.ends_with("(dry run)") || write.find("/namespaces/wavewright") != write.npos,
                 write.c_str());
    isRefused = false;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")},
              {"app/b.yaml", EngineFixture::configMap("b", "2", late)}});
    VERIFY_UNTIL(f, f.isSynced());
}

WW_TEST_CLASS(TestReconcileEngine)
#include "tst_reconcileengine.moc"
