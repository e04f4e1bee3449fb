// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::askedFor;
using tests::count;
using tests::EngineFixture;

/// What is pruned, what waits for a person, and what is never touched.
class TestApplicationDecision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prunesWhatGitDropped();
    void asksBeforeANamespaceGoes();
    void asksBeforeALargePrune();
    void asksOnceOverARestart();
    void asksAfterARewrittenHistory();
    void withoutItsRecordNothingIsPruned();
    void unknownKindsHoldPrunes();
    void movesObjectsBetweenApplications();
    void adoptTakesWhatGitGaveUp();
    void doesNotAskAboutWhatStays();
    void asksNobodyWhenUnattended();
    void aFailureIsOfItsRevision();
    void aFailureIsOfItsSpec();
    void takesOverWhatAGoneApplicationLeft_data();
    void takesOverWhatAGoneApplicationLeft();
    void leavesWhatAnotherOneHas_data();
    void leavesWhatAnotherOneHas();

private:
    /// The same object in "app", which has it, and in "other".
    static void shareOne(EngineFixture& f)
    {
        f.createNamespace("shop");
        f.commit({{"app/a.yaml", EngineFixture::configMap("a", "1")},
                  {"app/x.yaml", EngineFixture::configMap("x")},
                  {"other/a.yaml", EngineFixture::configMap("a", "2")},
                  {"other/b.yaml", EngineFixture::configMap("b")}});
        f.add(f.application());
        VERIFY_UNTIL(f, f.isSynced());
        f.add(f.application("other"));
        VERIFY_UNTIL(f, f.exists(map("b")));
        VERIFY_UNTIL(f, f.condition("SharedResourceWarning", "other"));
    }
    static std::string valueOfA(EngineFixture& f)
    {
        return std::string(core::stringAt(f.get(map("a")), {"data", "value"}));
    }
    static gitops::practice::Fault refused(int status)
    {
        gitops::practice::Fault fault;
        fault.answer = {.status = status,
                        .headers = {{"Content-Type", "application/json"}, {"Retry-After", "3"}},
                        .body = R"({"kind":"Status","reason":"Invalid","message":"a is odd"})"};
        return fault;
    }
    static constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps/";
    static std::string map(const std::string& name) { return kMaps + name; }
};

void TestApplicationDecision::prunesWhatGitDropped()
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

void TestApplicationDecision::asksBeforeANamespaceGoes()
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

void TestApplicationDecision::asksBeforeALargePrune()
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
void TestApplicationDecision::asksOnceOverARestart()
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

void TestApplicationDecision::asksAfterARewrittenHistory()
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

void TestApplicationDecision::withoutItsRecordNothingIsPruned()
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

void TestApplicationDecision::unknownKindsHoldPrunes()
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
        if (request.target.starts_with("/api/v1/serviceaccounts")
            || request.target.starts_with("/api/v1/namespaces/shop/serviceaccounts?"))
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
    QVERIFY2(f.condition("UnknownError")->message.find("ServiceAccount cannot be listed in ") == 0,
             f.condition("UnknownError")->message.c_str());
    f.fault = nullptr;
    QVERIFY(f.runUntil([&] { return !f.exists(map("b")); }, 1h));
}

void TestApplicationDecision::movesObjectsBetweenApplications()
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

/// It was there before us: it stays until a person gives it to us, also after Git gave it up.
void TestApplicationDecision::adoptTakesWhatGitGaveUp()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.request("POST", std::string("/api/v1/namespaces/shop/configmaps"),
              R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}})");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.run(1min);
    QVERIFY(f.exists(map("b")));
    QVERIFY(f.submit(core::command::Adopt {"app"}));
    VERIFY_UNTIL(f, !f.exists(map("b")) && f.isSynced());
}

/// What no yes would prune is in no question, and makes no prune a large one.
void TestApplicationDecision::doesNotAskAboutWhatStays()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string keep = "  annotations: {argocd.argoproj.io/sync-options: Prune=false}\n";
    EngineFixture::Files files {{"app/a.yaml", EngineFixture::configMap("a")}};
    for (int i = 0; i < 7; ++i)
        files.push_back({"app/m" + std::to_string(i) + ".yaml",
                         EngineFixture::configMap("m" + std::to_string(i), "1", keep)});
    files.push_back(
        {"app/n.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n" + keep});
    files.push_back({"app/z.yaml", EngineFixture::configMap("z")});
    f.commit(files);
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    files.resize(1);
    f.commit(files);
    VERIFY_UNTIL(f, !f.exists(map("z"))); // a small prune, and nobody is asked
    f.run(1min);
    QVERIFY(f.exists(map("m0")) && f.exists("/api/v1/namespaces/extra"));
    QVERIFY(f.resource("ConfigMap", "m0")->requiresPrune);
    QVERIFY(f.state()->awaitingConfirmation.empty());
    QVERIFY(!f.condition("PruneHeld"));
    QCOMPARE(askedFor(f), std::string());
}

/// wavewright.dev/prune: unattended is the application's word that no person has to agree.
void TestApplicationDecision::asksNobodyWhenUnattended()
{
    EngineFixture f;
    f.createNamespace("shop");
    EngineFixture::Files files {{"app/a.yaml", EngineFixture::configMap("a")}};
    for (int i = 0; i < 7; ++i)
        files.push_back({"app/m" + std::to_string(i) + ".yaml",
                         EngineFixture::configMap("m" + std::to_string(i))});
    files.push_back({"app/n.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: extra\n"});
    f.commit(files);
    core::Application application = f.application();
    application.annotations["wavewright.dev/prune"] = "unattended";
    f.add(application);
    VERIFY_UNTIL(f, f.isSynced());
    files.resize(1);
    f.commit(files);
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(!f.exists(map("m0")) && !f.exists("/api/v1/namespaces/extra"));
    QVERIFY(f.exists(map("a")));
    QCOMPARE(askedFor(f), std::string());
}

/// What is said of a failed sync is about the revision that is shown, never about an older one.
void TestApplicationDecision::aFailureIsOfItsRevision()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method != "PATCH" || request.target.find("/configmaps/a") == std::string::npos)
            return std::nullopt;
        return refused(422);
    };
    core::Application application = f.application();
    application.retry.limit = 0;
    f.add(application);
    VERIFY_UNTIL(f, f.condition("SyncError"));
    f.run(10s);
    QVERIFY(f.condition("SyncError"));
    QCOMPARE(count<core::event::ConditionRaised>(f.events), 1); // the same is told once
    QVERIFY(f.submit(core::command::SetPause {"app", {std::nullopt, "", {}}}).has_value());
    f.events.clear();
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}});
    f.run(1min);
    for (const core::Event& event : f.events)
        if (const auto* shown = std::get_if<core::event::SnapshotPublished>(&event.what)) {
            const core::ApplicationState& state = *shown->snapshot->applications.at("app");
            const bool isNew = state.revision && state.revision->id.ends_with('2');
            const bool hasError = std::ranges::any_of(
                state.conditions, [](const auto& each) { return each.type == "SyncError"; });
            QCOMPARE(hasError, !isNew);
        }
    QVERIFY(f.state()->revision->id.ends_with('2'));
    QVERIFY(!f.condition("SyncError"));
    f.fault = nullptr;
    QVERIFY(f.submit(core::command::Resume {"app", std::nullopt}).has_value());
    VERIFY_UNTIL(f, f.isSynced());
}

/// The application was changed while its sync ran: that the sync failed says nothing of it now.
void TestApplicationDecision::aFailureIsOfItsSpec()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    int asked = 0;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method != "PATCH" || request.target.find("/configmaps/a") == std::string::npos)
            return std::nullopt;
        ++asked;
        return asked > 2 ? std::nullopt : std::optional(refused(asked == 1 ? 429 : 422));
    };
    core::Application application = f.application();
    application.retry.limit = 0;
    f.add(application);
    VERIFY_UNTIL(f, asked == 1);
    application.syncOptions = {"ApplyOutOfSyncOnly=true"};
    f.add(application);
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.exists(map("a")));
    QVERIFY(!f.condition("SyncError"));
}

void TestApplicationDecision::takesOverWhatAGoneApplicationLeft_data()
{
    QTest::addColumn<bool>("isRemoved");
    QTest::newRow("it is reconciled here no more") << true;
    QTest::newRow("it declares the object no more") << false;
}

void TestApplicationDecision::takesOverWhatAGoneApplicationLeft()
{
    QFETCH(bool, isRemoved);
    EngineFixture f;
    shareOne(f);
    if (isRemoved)
        QVERIFY(f.submit(core::command::RemoveApplication {"app"}).has_value());
    else
        f.commit({{"app/x.yaml", EngineFixture::configMap("x")},
                  {"other/a.yaml", EngineFixture::configMap("a", "2")},
                  {"other/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, !f.condition("SharedResourceWarning", "other"));
    VERIFY_UNTIL(f, f.isSynced("other"));
    QCOMPARE(valueOfA(f), std::string("2"));
}

void TestApplicationDecision::leavesWhatAnotherOneHas_data()
{
    QTest::addColumn<bool>("isHere");
    QTest::addColumn<QString>("word");
    QTest::newRow("reconciled elsewhere, perhaps") << false << "which is not reconciled here";
    QTest::newRow("here, and not rendered yet") << true << "has not been rendered yet";
}

void TestApplicationDecision::leavesWhatAnotherOneHas()
{
    QFETCH(bool, isHere);
    QFETCH(QString, word);
    EngineFixture f;
    shareOne(f);
    f.commit({{"app/a.yaml", "kind: [broken\n"},
              {"other/a.yaml", EngineFixture::configMap("a", "3")},
              {"other/b.yaml", EngineFixture::configMap("b", "3")}});
    f.restart();
    if (isHere)
        f.add(f.application());
    f.add(f.application("other"));
    VERIFY_UNTIL(f, core::stringAt(f.get(map("b")), {"data", "value"}) == "3");
    f.run(1min);
    QCOMPARE(valueOfA(f), std::string("1"));
    const core::Condition* warning = f.condition("SharedResourceWarning", "other");
    QVERIFY(warning);
    QVERIFY2(warning->message.find(word.toStdString()) != std::string::npos,
             warning->message.c_str());
}

WW_TEST_CLASS(TestApplicationDecision)
#include "tst_applicationdecision.moc"
