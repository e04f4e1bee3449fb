// SPDX-License-Identifier: GPL-3.0-or-later
// What an engine does whose user may look into some namespaces only.
#include "core/base/strings.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using gitops::practice::Fault;
using tests::EngineFixture;

namespace {

std::string map(const std::string& name, const std::string& space = "shop")
{
    return "/api/v1/namespaces/" + space + "/configmaps/" + name;
}

/// A ConfigMap in a namespace that its manifest names.
std::string mapIn(const std::string& space, const std::string& name, const std::string& value = "1")
{
    return EngineFixture::configMap(name, value, "  namespace: " + space + "\n");
}

/// An engine whose user has a Role in some namespaces and no right beyond: the practice cluster
/// knows no rights of its own, so that they are refused before it.
struct Narrow : EngineFixture
{
    std::set<std::string> spaces {"shop", "dev", "wavewright"};
    std::set<std::string> clusterKinds; ///< plurals that may be listed everywhere
    bool mayAll = false;

    Narrow()
    {
        for (const char* space : {"shop", "dev", "wavewright", "prod"})
            createNamespace(space);
        fault = [this](const core::HttpRequest& request) -> std::optional<Fault> {
            if (mayAll || mayDo(request.target.substr(0, request.target.find('?'))))
                return std::nullopt;
            return Fault {.answer = {.status = 403,
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = core::toText(core::JsonObject {
                                         {"kind", "Status"},
                                         {"reason", "Forbidden"},
                                         {"code", 403},
                                         {"message", "User \"narrow\" cannot do this"}})}};
        };
        restart(); // the first one met no refusals
    }
    bool mayDo(const std::string& path) const
    {
        std::vector<std::string_view> parts = core::split(std::string_view(path).substr(1), '/');
        const std::size_t root = parts.front() == "apis" ? 3 : 2; // "apis", group, version
        if (parts.size() <= root || (parts.front() != "api" && parts.front() != "apis"))
            return true; // discovery
        if (parts[root] != "namespaces" || parts.size() < root + 3)
            return clusterKinds.contains(std::string(parts[root]));
        return spaces.contains(std::string(parts[root + 1]));
    }
    std::string said(const std::string& type)
    {
        const core::Condition* found = condition(type);
        return found ? found->message : std::string();
    }
    std::string value(const std::string& name, const std::string& space)
    {
        return std::string(core::stringAt(get(map(name, space)), {"data", "value"}));
    }
    const std::string& clusterSays() { return engine().snapshot()->cluster.message; }
    std::vector<std::string> changed() // events of connections
    {
        std::vector<std::string> texts;
        for (const core::Event& event : events)
            if (const auto* change = std::get_if<core::event::ConnectionChanged>(&event.what))
                texts.push_back(change->cluster.message);
        return texts;
    }
};

} // namespace

class TestClusterKnowledge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reconcilesWhereItMay();
    void whatIsMissingIsNamedOnce();
    void elsewhereIsUnknown();
    void leftoversOfANamespaceThatGitGaveUp();
    void leftoversWhereWeMayNotLookHoldPrunes();
    void rightsThatGoMidWay();
    void aRemovalWaitsForWhatItCannotSee();
    void namespacesThatMayNotBeRead();
    void anotherControlNamespace();
    void theContextsNamespaceIsLookedAt();
};

void TestClusterKnowledge::reconcilesWhereItMay()
{
    Narrow f;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", mapIn("dev", "b")},
              {"app/c.yaml", mapIn("dev", "c")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.exists(map("a")) && f.exists(map("b", "dev")));
    QCOMPARE(f.said("UnknownError"), std::string());
    QCOMPARE(f.said("PruneHeld"), std::string());
    // Drift is healed in both, whatever it is.
    f.request("PATCH", map("b", "dev"), R"({"data":{"value":"drift"}})",
              "application/merge-patch+json");
    f.request("DELETE", map("a"));
    VERIFY_UNTIL(f, f.exists(map("a")) && f.value("b", "dev") == "1" && f.isSynced());
    // What Git gives up goes, in the one and in the other.
    f.commit(
        {{"app/a.yaml", EngineFixture::configMap("a")}, {"app/b.yaml", mapIn("dev", "b", "2")}});
    VERIFY_UNTIL(f, !f.exists(map("c", "dev")) && f.value("b", "dev") == "2" && f.isSynced());
    // Rights to the whole cluster take over without a word.
    f.mayAll = true;
    f.takeWrites();
    f.run(7min);
    QVERIFY(f.isSynced());
    QCOMPARE(f.clusterSays(), std::string());
    QVERIFY(f.takeWrites().empty());
}

void TestClusterKnowledge::whatIsMissingIsNamedOnce()
{
    Narrow f;
    f.spaces = {"shop", "wavewright"};
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}, {"app/b.yaml", mapIn("dev", "b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, !f.said("UnknownError").empty());
    QVERIFY2(f.said("UnknownError")
                 == "ConfigMap cannot be listed in the namespace dev: User \"narrow\" cannot do "
                    "this",
             f.said("UnknownError").c_str());
    f.run(1min);
    const std::string text = f.clusterSays();
    QVERIFY2(text.starts_with("Not everything may be listed."), text.c_str());
    QVERIFY2(text.find("Seen only in shop: ConfigMap") != std::string::npos, text.c_str());
    QVERIFY2(text.find("Not seen at all: CustomResourceDefinition.apiextensions.k8s.io")
                 != std::string::npos,
             text.c_str());
    QVERIFY(f.engine().snapshot()->cluster.connection == core::ClusterState::Connection::Connected);
    f.events.clear();
    f.run(1h); // it is asked for again and again, and not told again
    QCOMPARE(f.clusterSays(), text);
    QVERIFY(f.changed().empty());
    QCOMPARE(tests::count<core::event::ConditionRaised>(f.events), 0);
}

void TestClusterKnowledge::elsewhereIsUnknown()
{
    Narrow f;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}, {"app/p.yaml", mapIn("prod", "p")}});
    f.add(f.application());
    f.run(5min);
    const core::ResourceState* there = f.resource("ConfigMap", "p");
    QVERIFY(there);
    QVERIFY(there->sync == core::SyncState::Unknown);
    QVERIFY(there->health == core::Health::Unknown); // never Missing
    QVERIFY(f.state()->sync != core::SyncState::Synced);
    QVERIFY(!f.exists(map("p", "prod")));
    // A sync that a person asks for says what stands against it.
    QVERIFY(f.submit(core::command::Sync {.application = "app"}));
    VERIFY_UNTIL(f, f.state()->operation && core::isCompleted(f.state()->operation->phase));
    QVERIFY(f.state()->operation->phase != core::OperationPhase::Succeeded);
    bool isNamed = f.state()->operation->message.find("narrow") != std::string::npos;
    for (const core::ResourceResult& result : f.state()->operation->results)
        isNamed = isNamed || result.message.find("in the namespace prod") != std::string::npos;
    QVERIFY2(isNamed, f.state()->operation->message.c_str());
    // The right comes: all of it is reconciled.
    f.spaces.insert("prod");
    VERIFY_UNTIL(f, f.isSynced() && f.exists(map("p", "prod")));
}

void TestClusterKnowledge::leftoversOfANamespaceThatGitGaveUp()
{
    Narrow f;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}, {"app/b.yaml", mapIn("dev", "b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.stop();
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced() && !f.exists(map("b", "dev")));
}

void TestClusterKnowledge::leftoversWhereWeMayNotLookHoldPrunes()
{
    Narrow f;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", mapIn("dev", "b")},
              {"app/c.yaml", EngineFixture::configMap("c")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.stop();
    f.spaces.erase("dev");
    f.commit({{"app/a.yaml", EngineFixture::configMap("a", "2")}});
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, f.value("a", "shop") == "2");
    f.run(15min);
    QVERIFY(f.exists(map("b", "dev")));
    QVERIFY(f.exists(map("c")));
    QVERIFY2(f.said("PruneHeld").find("in the namespace dev") != std::string::npos,
             f.said("PruneHeld").c_str());
    QVERIFY2(f.said("UnknownError").find("in the namespace dev") != std::string::npos,
             f.said("UnknownError").c_str());
    f.spaces.insert("dev");
    VERIFY_UNTIL(f, !f.exists(map("b", "dev")) && !f.exists(map("c")) && f.isSynced());
}

/// A watch goes on when its right goes; it is met by the next one, and by nothing that is told as
/// gone.
void TestClusterKnowledge::rightsThatGoMidWay()
{
    Narrow f;
    f.mayAll = true;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}, {"app/b.yaml", mapIn("dev", "b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    f.takeWrites();
    f.mayAll = false;
    f.spaces = {"shop", "wavewright"};
    QVERIFY(f.runUntil([&] { return !f.said("UnknownError").empty(); }, 1h));
    QVERIFY(f.state()->sync == core::SyncState::Unknown);
    QVERIFY(f.resource("ConfigMap", "a")->sync == core::SyncState::Synced);
    QVERIFY(f.resource("ConfigMap", "b")->sync == core::SyncState::Unknown);
    QVERIFY(f.resource("ConfigMap", "b")->health == core::Health::Unknown);
    f.run(15min);
    QVERIFY(f.takeWrites().empty());
    f.spaces.insert("dev");
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY(f.takeWrites().empty());
}

void TestClusterKnowledge::aRemovalWaitsForWhatItCannotSee()
{
    Narrow f;
    f.mayAll = true;
    const std::string child =
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: child\n"
        "  finalizers: [resources-finalizer.argocd.argoproj.io]\nspec:\n  project: default\n"
        "  source: {repoURL: /repositories/child, path: child}\n"
        "  destination: {server: \"https://kubernetes.default.svc\", namespace: dev}\n  "
        "syncPolicy: {automated: {prune: true}}\n";
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/child.yaml", child},
              {"child/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced() && f.state("child") && f.isSynced("child"));
    f.stop();
    f.mayAll = false;
    f.spaces.erase("dev");
    f.restart();
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"child/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    f.run(15min);
    QVERIFY(f.exists(map("b", "dev")));
    QVERIFY(f.state("child")); // it is not done with
    f.spaces.insert("dev");
    VERIFY_UNTIL(f, !f.exists(map("b", "dev")) && !f.state("child"));
}

void TestClusterKnowledge::namespacesThatMayNotBeRead()
{
    Narrow f;
    core::Application application = f.application();
    application.syncOptions = {"CreateNamespace=true"};
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(application);
    VERIFY_UNTIL(f, f.isSynced());
    QVERIFY2(f.said("NamespaceWarning")
                 .starts_with("CreateNamespace=true is not followed: Namespace "
                              "cannot be listed"),
             f.said("NamespaceWarning").c_str());
    f.clusterKinds = {"namespaces"};
    VERIFY_UNTIL(f, f.said("NamespaceWarning").empty());
}

void TestClusterKnowledge::anotherControlNamespace()
{
    Narrow f;
    f.stop();
    f.spaces = {"shop", "dev"};
    f.options.leases = true;
    f.restart();
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"app/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced()); // without a record, and so without prunes
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.run(5min);
    QVERIFY(f.exists(map("b")));
    for (const char* type : {"PruneHeld", "LeaseWarning"}) {
        const std::string text = f.said(type);
        QVERIFY2(text.find("User \"narrow\" cannot do this") != std::string::npos, text.c_str());
        QVERIFY2(text.find("the namespace \"wavewright\"") != std::string::npos, text.c_str());
        QVERIFY2(text.find("--control-namespace") != std::string::npos, text.c_str());
    }
    f.options.controlNamespace = "shop";
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced() && f.said("LeaseWarning").empty());
    f.commit({{"app/c.yaml", EngineFixture::configMap("c")}});
    VERIFY_UNTIL(f, f.isSynced() && !f.exists(map("a")) && !f.exists(map("b")));
}

void TestClusterKnowledge::theContextsNamespaceIsLookedAt()
{
    Narrow f;
    f.stop();
    f.options.defaultNamespace = "dev";
    f.restart();
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.isSynced());
    VERIFY_UNTIL(f, f.clusterSays().find("Seen only in dev, shop: ConfigMap") != std::string::npos);
}

WW_TEST_CLASS(TestClusterKnowledge)
#include "tst_clusterknowledge.moc"
