// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::count;
using tests::dump;
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
    void marksWhatExistedBefore();
    void leavesArgoCdsObjectsAlone();
    void neverWritesAForeignDefinition();
    void waitsForTheListOfANewKind();
    void sharesNothingBetweenApplications();
    void failsOnWhatIsShared();
    void masksSecrets();
    void goesOnAfterARestart();
    void letsIgnoredFieldsBe();
    void writesNothingThatWouldBeRefused();

private:
    static constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps/";
    static std::string map(const std::string& name) { return kMaps + name; }
};

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
/// The new kind is served, and not listed yet, while the record of the next writes is being saved.
void TestReconcileEngine::waitsForTheListOfANewKind()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.store.delay = 5s;
    bool isSilent = false;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (isSilent || !request.target.starts_with("/apis/example.com/v1/widgets"))
            return std::nullopt;
        isSilent = true;
        return gitops::practice::Fault {.kind = gitops::practice::Fault::Kind::Silence};
    };
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
    QVERIFY(isSilent);
}

void TestReconcileEngine::failsOnWhatIsShared()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "1")},
              {"other/a.yaml", EngineFixture::configMap("a", "2")},
              {"other/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.takeWrites();
    core::Application strict = f.application("other");
    strict.syncOptions = {"FailOnSharedResource=true"};
    f.add(strict);
    const auto hasFailed = [&] {
        const auto& operation = f.state("other")->operation;
        return operation
            && operation->message.find("belongs to another application") != std::string::npos;
    };
    VERIFY_UNTIL(f, f.state("other") && hasFailed());
    f.run(1min);
    QVERIFY(!f.exists(map("b"))); // nothing of it begins
    QCOMPARE(std::string(core::stringAt(f.get(map("a")), {"data", "value"})), std::string("1"));
    QVERIFY(f.isSynced("app"));
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
