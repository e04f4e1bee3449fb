// SPDX-License-Identifier: GPL-3.0-or-later
// argocd-cm in the cluster, or given with the applications: health by script, differences to
// ignore. The scripts are run by a fake; tst_scriptchild has the real child.
#include "gitops/engine/scriptrunner.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::EngineFixture;

namespace {

constexpr const char* kSettings = "/api/v1/namespaces/argocd/configmaps/argocd-cm";
constexpr const char* kMapA = "/api/v1/namespaces/shop/configmaps/a";

/// A script is the name of a status; an expression is a pointer.
class FakeScripts : public gitops::ScriptRunner
{
public:
    core::Result<std::vector<std::string>> select(const std::string& expression,
                                                  const core::Json&) override
    {
        ++selections;
        if (expression == "broken |")
            return core::failure(core::ErrorCode::Invalid, "it is no jq");
        return std::vector<std::string> {expression.substr(expression.find('/'))};
    }
    core::Result<core::HealthAssessment> judge(const std::string& script, bool,
                                               const core::Json& object) override
    {
        if (script == "broken")
            return core::failure(core::ErrorCode::Invalid, "health.lua:1: oh");
        return core::HealthAssessment {
            core::healthFromString(script),
            "by script: " + std::string(core::stringAt(object, {"metadata", "name"}))};
    }
    int selections = 0;
};

struct Fixture : EngineFixture
{
    Fixture()
    {
        createNamespace("shop");
        createNamespace("argocd");
        gitops::EngineOptions next = options;
        next.scripts = &scripts;
        restart(next);
        commit({{"app/a.yaml", configMap("a")}});
    }
    void set(const std::string& key, const std::string& text)
    {
        const core::Json map = core::JsonObject {
            {"apiVersion", "v1"},
            {"kind", "ConfigMap"},
            {"metadata", core::JsonObject {{"name", "argocd-cm"}, {"namespace", "argocd"}}},
            {"data", core::JsonObject {{key, text}}}};
        request("DELETE", kSettings);
        request("POST", "/api/v1/namespaces/argocd/configmaps", core::toText(map));
    }
    std::optional<core::Health> healthOfA()
    {
        const core::ResourceState* found = resource("ConfigMap", "a");
        return found ? found->health : std::nullopt;
    }
    FakeScripts scripts;
};

} // namespace

class TestKindCustomizations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void healthByScript();
    void aScriptThatFailsSaysSo();
    void scriptsMayChange();
    void differencesAreIgnoredEverywhere();
    void anExpressionThatFailsHealsNothing();
    void nothingIsWrittenBeforeTheyAreKnown();
    void withoutTheRightToReadThem();
    void givenOnesGoBeforeTheClusters();
    void problemsAreShown();
};

void TestKindCustomizations::healthByScript()
{
    Fixture f;
    f.set("resource.customizations.health.ConfigMap", "Degraded");
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.healthOfA() == core::Health::Degraded; }));
    QCOMPARE(f.resource("ConfigMap", "a")->healthMessage, std::string("by script: a"));
    QVERIFY(f.runUntil([&] { return f.state()->health == core::Health::Degraded; }));
}

void TestKindCustomizations::aScriptThatFailsSaysSo()
{
    Fixture f;
    f.set("resource.customizations.health.ConfigMap", "broken");
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.healthOfA() == core::Health::Unknown; }));
    QCOMPARE(f.resource("ConfigMap", "a")->healthMessage, std::string("health.lua:1: oh"));
}

/// The objects are judged anew though none of them has changed.
void TestKindCustomizations::scriptsMayChange()
{
    Fixture f;
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QVERIFY(!f.healthOfA());
    f.takeWrites();
    f.set("resource.customizations.health.ConfigMap", "Progressing");
    QVERIFY(f.runUntil([&] { return f.healthOfA() == core::Health::Progressing; }));
    f.set("resource.customizations.health.ConfigMap", "Healthy");
    QVERIFY(f.runUntil([&] { return f.healthOfA() == core::Health::Healthy; }));
    f.request("DELETE", kSettings);
    QVERIFY(f.runUntil([&] { return !f.healthOfA(); }));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
}

void TestKindCustomizations::differencesAreIgnoredEverywhere()
{
    Fixture f;
    f.set("resource.customizations.ignoreDifferences.ConfigMap",
          "jqPathExpressions: [\"select(.kind) | /data/value\"]\n");
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.takeWrites();
    f.request("PATCH", kMapA, "{\"data\":{\"value\":\"theirs\"}}", "application/merge-patch+json");
    f.run(1min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QVERIFY(f.isSynced());
    QVERIFY(f.scripts.selections > 0);
    f.request("DELETE", kSettings); // and no longer
    QVERIFY(f.runUntil(
        [&] { return core::stringAt(f.get(kMapA), {"data", "value"}) == "1" && f.isSynced(); }));
}

void TestKindCustomizations::anExpressionThatFailsHealsNothing()
{
    Fixture f;
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.set("resource.customizations.ignoreDifferences.ConfigMap",
          "jqPathExpressions: [\"broken |\"]\n");
    f.run(10s);
    f.takeWrites();
    f.request("PATCH", kMapA, "{\"data\":{\"value\":\"theirs\"}}", "application/merge-patch+json");
    f.run(1min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0)); // could not tell is not "different"
    const core::ResourceState* a = f.resource("ConfigMap", "a");
    QVERIFY(a && a->sync != core::SyncState::Synced);
}

void TestKindCustomizations::nothingIsWrittenBeforeTheyAreKnown()
{
    Fixture f;
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.target.find("argocd-cm") == std::string::npos)
            return std::nullopt;
        return gitops::practice::Fault {.answer = {.status = 500, .body = "{}"}};
    };
    f.restart();
    f.takeWrites();
    f.add(f.application());
    f.run(1min);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    f.fault = {};
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
}

void TestKindCustomizations::withoutTheRightToReadThem()
{
    Fixture f;
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.target.find("argocd-cm") == std::string::npos)
            return std::nullopt;
        return gitops::practice::Fault {.answer = {.status = 403, .body = "{}"}};
    };
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
}

void TestKindCustomizations::givenOnesGoBeforeTheClusters()
{
    Fixture f;
    f.set("resource.customizations.health.ConfigMap", "Degraded");
    gitops::EngineOptions next = f.options;
    next.customizations.emplace();
    next.customizations->health.push_back({"", "ConfigMap", "Suspended", false});
    f.restart(next);
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.healthOfA() == core::Health::Suspended; }));
    f.set("resource.customizations.health.ConfigMap", "Healthy");
    f.run(30s);
    QVERIFY(f.healthOfA() == core::Health::Suspended);
}

void TestKindCustomizations::problemsAreShown()
{
    Fixture f;
    f.set("resource.customizations.ignoreDifferences.ConfigMap", "a: [");
    f.restart();
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.condition("CustomizationWarning") != nullptr; }));
    QVERIFY(f.condition("CustomizationWarning")->message.find("argocd-cm, resource.customizations")
            != std::string::npos);
}

WW_TEST_CLASS(TestKindCustomizations)
#include "tst_kindcustomizations.moc"
