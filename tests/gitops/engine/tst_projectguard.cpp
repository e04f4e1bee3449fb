// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/yamlreader.h"
#include "gitops/application/projectreader.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::EngineFixture;

namespace {

constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps/";
const std::string kAll = "sourceRepos: ['*'], destinations: [{server: '*', namespace: '*'}]";

gitops::Project projectOf(const std::string& spec)
{
    const std::string text = "metadata: {name: team, namespace: argocd}\nspec: {" + spec + "}\n";
    return gitops::readProject(core::parseYaml(text, "p.yaml").value()).value();
}

std::string projectManifest(const std::string& spec)
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: team, namespace: "
           "argocd}\nspec: {"
        + spec + "}\n";
}

/// An application "app" of two ConfigMaps in the project "team".
struct Setup
{
    explicit Setup(const std::string& spec, const std::string& extra = {})
    {
        f.createNamespace("shop");
        gitops::EngineOptions options = f.options;
        if (!spec.empty())
            options.projects = {projectOf(spec)};
        f.restart(options);
        EngineFixture::Files files {{"app/a.yaml", EngineFixture::configMap("a")},
                                    {"app/b.yaml", EngineFixture::configMap("b")}};
        if (!extra.empty())
            files.push_back({"app/extra.yaml", extra});
        f.commit(files);
        app = f.application();
        app.project = "team";
    }
    void start() { f.add(app); }
    bool hasWritten() { return f.exists(std::string(kMaps) + "a"); }
    std::string message(const std::string& type)
    {
        const core::Condition* found = f.condition(type);
        return found ? found->message : std::string();
    }

    EngineFixture f;
    core::Application app;
};

/// Minutes from now on, as a schedule.
std::string scheduleIn(const EngineFixture& f, std::chrono::minutes delay)
{
    const auto when =
        std::chrono::floor<std::chrono::minutes>(f.executor.clock().wallNow()) + delay;
    const std::chrono::hh_mm_ss time(when - std::chrono::floor<std::chrono::days>(when));
    return std::to_string(time.minutes().count()) + " " + std::to_string(time.hours().count())
        + " * * *";
}

std::string windowText(const std::string& kind, const std::string& schedule,
                       const std::string& more = {})
{
    return kAll + ", syncWindows: [{kind: " + kind + ", schedule: '" + schedule
        + "', duration: 1h, applications: ['*']" + more + "}]";
}

} // namespace

/// What a project forbids is not done, and said.
class TestProjectGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spec_data()
    {
        QTest::addColumn<QByteArray>("project"); ///< "": there is none
        QTest::addColumn<QByteArray>("message"); ///< of InvalidSpecError, "": permitted
        const auto row = [](const char* name, const std::string& project, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(project) << QByteArray(message);
        };
        row("everything", kAll, "");
        row("another repository",
            "sourceRepos: ['https://host/*'], destinations: [{server: '*', namespace: '*'}]",
            "application repo /repositories/app is not permitted in project 'team'");
        row("another namespace",
            "sourceRepos: ['*'], destinations: [{server: '*', namespace: 'team-*'}]",
            "do not match any of the allowed destinations in project 'team'");
        row("a namespace that is excluded",
            "sourceRepos: ['*'], destinations: [{server: '*', namespace: '!shop'}, {server: '*', "
            "namespace: '*'}]",
            "do not match any of the allowed destinations in project 'team'");
        row("no such project", "", "\"team\", which is neither declared here nor in the cluster");
    }
    void spec()
    {
        QFETCH(QByteArray, project);
        QFETCH(QByteArray, message);
        Setup s(project.toStdString());
        s.app.destinationServer = "https://kubernetes.default.svc";
        s.start();
        if (message.isEmpty()) {
            QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
            QVERIFY(s.message("InvalidSpecError").empty());
            return;
        }
        QVERIFY(s.f.runUntil([&] { return !s.message("InvalidSpecError").empty(); }));
        QVERIFY2(s.message("InvalidSpecError").find(message.toStdString()) != std::string::npos,
                 s.message("InvalidSpecError").c_str());
        s.f.run(1min);
        QVERIFY(!s.hasWritten());
        QVERIFY(s.f.takeWrites().empty());
    }

    void forbiddenKindsStopTheSync()
    {
        Setup s(kAll + ", namespaceResourceBlacklist: [{group: '', kind: Secret}]",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n");
        s.start();
        QVERIFY(s.f.runUntil([&] {
            return s.f.state() && s.f.state()->operation && !s.f.state()->operation->message.empty()
                && !s.f.state()->operation->results.empty();
        }));
        const std::string why = "resource :Secret is not permitted in project 'team'";
        QVERIFY2(s.f.state()->operation->message.find(why) != std::string::npos,
                 s.f.state()->operation->message.c_str());
        QCOMPARE(s.message("PermissionError"), "Secret shop/s: " + why);
        QVERIFY(!s.hasWritten());
        // Without it the sync goes on.
        s.f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        QVERIFY(s.message("PermissionError").empty());
    }

    /// Objects of a kind that the project takes away are out of sight: never pruned.
    void forbiddenKindsAreNotPruned()
    {
        Setup s(kAll);
        s.start();
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        gitops::EngineOptions options = s.f.options;
        options.projects = {
            projectOf(kAll + ", namespaceResourceBlacklist: [{group: '', kind: ConfigMap}]")};
        s.f.commit({{"app/c.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: c}\n"}});
        s.f.restart(options);
        s.start();
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        QVERIFY(s.hasWritten());
        QVERIFY(s.f.exists("/api/v1/namespaces/shop/serviceaccounts/c"));
    }

    void aClosedWindowHoldsAutomatedSyncsAndHeals()
    {
        Setup s("x: y");
        gitops::EngineOptions options = s.f.options;
        options.projects = {projectOf(windowText("allow", scheduleIn(s.f, 10min)))};
        s.f.restart(options);
        s.start();
        QVERIFY(s.f.runUntil([&] { return !s.message("SyncWindow").empty(); }));
        s.f.run(5min);
        QVERIFY(!s.hasWritten());
        const auto refused = s.f.submit(core::command::Sync {"app"});
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().message.starts_with("No sync window is open: allow"),
                 refused.error().message.c_str());
        QVERIFY(s.f.submit(core::command::Sync {.application = "app", .dryRun = true}).has_value());
        // It opens.
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }, 10min));
        QVERIFY(s.message("SyncWindow").empty());
        // It closes: a drift stays.
        s.f.run(61min);
        QVERIFY(!s.message("SyncWindow").empty());
        s.f.request("DELETE", std::string(kMaps) + "a");
        s.f.run(5min);
        QVERIFY(!s.hasWritten());
    }

    void aDenyingWindow_data()
    {
        QTest::addColumn<bool>("isManualAllowed");
        QTest::newRow("nobody") << false;
        QTest::newRow("by hand") << true;
    }
    void aDenyingWindow()
    {
        QFETCH(bool, isManualAllowed);
        Setup s(windowText("deny", "* * * * *", isManualAllowed ? ", manualSync: true" : ""));
        s.start();
        QVERIFY(s.f.runUntil([&] { return !s.message("SyncWindow").empty(); }));
        s.f.run(2min);
        QVERIFY(!s.hasWritten());
        QCOMPARE(s.f.submit(core::command::Sync {"app"}).has_value(), isManualAllowed);
        s.f.run(1min);
        QCOMPARE(s.hasWritten(), isManualAllowed);
    }

    void orphansAreNamed()
    {
        Setup s(kAll
                + ", orphanedResources: {warn: true, ignore: [{kind: ConfigMap, group: '', "
                  "name: 'tmp-*'}]}");
        for (const char* name : {"lost", "tmp-1", "kube-root-ca.crt"})
            s.f.request("POST", "/api/v1/namespaces/shop/configmaps",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
                        "\"name\":\""
                            + std::string(name) + "\"}}");
        s.start();
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        QVERIFY(s.f.runUntil([&] { return !s.message("OrphanedResourceWarning").empty(); }, 11min));
        QCOMPARE(s.message("OrphanedResourceWarning"),
                 std::string("Application has 1 orphaned resource: ConfigMap shop/lost."));
    }

    /// App of Apps: the project comes with another application, and may go on to change.
    void declaredByAnotherApplication()
    {
        Setup s("");
        s.start();
        QVERIFY(s.f.runUntil([&] { return !s.message("InvalidSpecError").empty(); }));
        s.f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
                    {"root/project.yaml", projectManifest(kAll)}});
        s.f.add(s.f.application("root"));
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        QVERIFY(s.message("InvalidSpecError").empty());
        s.f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")},
                    {"root/project.yaml", projectManifest("sourceRepos: []")}});
        QVERIFY(s.f.runUntil([&] { return !s.message("InvalidSpecError").empty(); }));
    }

    void ofTheCluster()
    {
        Setup s("");
        const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        s.f.request("POST", definitions,
                    R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
                    R"("metadata":{"name":"appprojects.argoproj.io"},"spec":{"group":)"
                    R"("argoproj.io","scope":"Namespaced","names":{"plural":"appprojects",)"
                    R"("singular":"appproject","kind":"AppProject","listKind":"AppProjectList"},)"
                    R"("versions":[{"name":"v1alpha1","served":true,"storage":true,"schema":)"
                    R"({"openAPIV3Schema":{"type":"object",)"
                    R"("x-kubernetes-preserve-unknown-fields":true}}}]}})");
        s.f.createNamespace("argocd");
        const std::string projects = "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects";
        QVERIFY(s.f.runUntil([&] { return s.f.exists(projects); }));
        const auto put = [&](const std::string& spec) {
            return s.f.request("PATCH", projects + "/team?fieldManager=admin&force=true",
                               projectManifest(spec), "application/apply-patch+yaml");
        };
        put("sourceRepos: []");
        s.start();
        QVERIFY(s.f.runUntil([&] { return !s.message("InvalidSpecError").empty(); }));
        QVERIFY(!s.hasWritten());
        put(kAll);
        QVERIFY(s.f.runUntil([&] { return s.f.isSynced(); }));
        put(windowText("deny", "* * * * *"));
        QVERIFY(s.f.runUntil([&] { return !s.message("SyncWindow").empty(); }));
        // One that may no longer be looked at stays as it was: what it denies stays denied.
        bool isMet = false;
        s.f.fault =
            [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
            if (request.target.find("/appprojects") == std::string::npos)
                return std::nullopt;
            isMet = true;
            return gitops::practice::Fault {.answer = {.status = 403, .body = "{}"}};
        };
        s.f.run(30min);
        QVERIFY(isMet);
        QVERIFY(!s.message("SyncWindow").empty());
        QVERIFY2(s.message("InvalidSpecError").empty(), s.message("InvalidSpecError").c_str());
    }
};

WW_TEST_CLASS(TestProjectGuard)
#include "tst_projectguard.moc"
