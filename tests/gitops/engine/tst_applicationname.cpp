// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationorigin.h"
#include "tests/gitops/engine/engineverify.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;
using tests::askedFor;
using tests::EngineFixture;

namespace {

constexpr const char* kMaps = "/api/v1/namespaces/shop/configmaps/";
constexpr const char* kRecord = "/api/v1/namespaces/wavewright/configmaps/wavewright-app";

std::string kid()
{
    return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: kid\n"
           "  namespace: argocd\n  finalizers: [resources-finalizer.argocd.argoproj.io]\n"
           "spec:\n  project: default\n"
           "  source: {repoURL: /repositories/all, path: kid, targetRevision: HEAD}\n"
           "  destination: {server: \"https://kubernetes.default.svc\", namespace: shop}\n"
           "  syncPolicy: {automated: {prune: true, selfHeal: true}}\n";
}

/// Two applications called "app": their folders, repositories and namespaces differ.
struct TwoOfAName : EngineFixture
{
    TwoOfAName()
    {
        createNamespace("shop");
        createNamespace("other");
        commit({{"one/a.yaml", configMap("a")},
                {"one/b.yaml", configMap("b")},
                {"two/c.yaml", configMap("c")}});
    }
    core::Application from(const std::string& repository, const std::string& path) const
    {
        core::Application made = application();
        made.source.repoUrl = repository;
        made.source.path = path;
        return made;
    }
    void begin()
    {
        add(from("https://host/shop", "one"));
        QVERIFY2(runUntil([this] { return isSynced() && !recorded().empty(); }),
                 tests::dump(*this).c_str());
    }
    /// As another machine would: the cluster is the same, the state folder is not.
    void restartElsewhere()
    {
        stop();
        store.remove("application/app", executor, [](core::Result<void>) { });
        executor.runUntilIdle();
        restart();
    }
    std::string recorded() { return std::string(core::stringAt(get(kRecord), {"data", "origin"})); }
    bool exists(const std::string& map) { return EngineFixture::exists(kMaps + map); }
    bool isHeld() { return condition("PruneHeld") != nullptr; }
};

} // namespace

class TestApplicationName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhoseTheLeftoversAre_data();
    void tellsWhoseTheLeftoversAre();
    void asksAPersonBeforeItTakesTheName();
    void theFirstOneHoldsItsPrunesToo();
    void adoptingTakesTheName();
    void aManualSyncDoesNotPrune();
    void anEditIsFollowedWhileItRuns();
    void aRecordWithoutAnOriginGetsOurs();
    void readsTheRecordAgainAfterAnothersLease();
    void aRemovalLeavesAnothersObjects();
};

void TestApplicationName::tellsWhoseTheLeftoversAre_data()
{
    QTest::addColumn<QString>("repository");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("destination");
    QTest::addColumn<bool>("elsewhere");
    QTest::addColumn<bool>("isPruned");
    const QString shop = "https://host/shop";
    QTest::newRow("an edited path") << shop << "two" << "shop" << false << true;
    QTest::newRow("an edited path, seen by another") << shop << "two" << "shop" << true << false;
    QTest::newRow("another's repository and path")
        << "https://host/x" << "two" << "shop" << true << false;
    QTest::newRow("the same, in one state folder")
        << "https://host/x" << "two" << "shop" << false << false;
    QTest::newRow("another namespace, in one state folder")
        << shop << "two" << "other" << false << false;
    QTest::newRow("a folder, in one state folder")
        << "dir:///shop" << "two" << "shop" << false << false;
}

void TestApplicationName::tellsWhoseTheLeftoversAre()
{
    QFETCH(const QString, repository);
    QFETCH(const QString, path);
    QFETCH(const QString, destination);
    QFETCH(const bool, elsewhere);
    QFETCH(const bool, isPruned);
    TwoOfAName f;
    f.begin();
    elsewhere ? f.restartElsewhere() : f.restart();
    core::Application next = f.from(repository.toStdString(), path.toStdString());
    next.destinationNamespace = destination.toStdString();
    f.add(next);
    const std::string mine = "/api/v1/namespaces/" + next.destinationNamespace + "/configmaps/c";
    VERIFY_UNTIL(f, f.get(mine).is_object() && (isPruned ? f.isSynced() : f.isHeld()));
    f.run(25min); // also with every clock's look at what is left over
    QCOMPARE(f.exists("a"), !isPruned);
    QCOMPARE(f.exists("b"), !isPruned);
    QCOMPARE(f.isHeld(), !isPruned);
    QCOMPARE(f.recorded().find("two") != std::string::npos, isPruned);
}

void TestApplicationName::asksAPersonBeforeItTakesTheName()
{
    TwoOfAName f;
    f.begin();
    f.restartElsewhere();
    f.add(f.from("https://anna:s3cret@host/x.git", "two"));
    VERIFY_UNTIL(f, f.isHeld() && f.exists("c") && f.state()->awaitingConfirmation.size() == 2);
    const std::string why = f.condition("PruneHeld")->message;
    for (const char* part : {"\"app\"", "https://host/shop, path one", "https://host/x, path two"})
        QVERIFY2(why.find(part) != std::string::npos, why.c_str());
    QVERIFY2(why.find("s3cret") == std::string::npos, why.c_str());
    QCOMPARE(askedFor(f), std::string("a b "));
    const core::ObjectKey one {"", "ConfigMap", "shop", "a"};
    QVERIFY(!f.submit(core::command::Confirm {"app", {one}}).has_value());
    f.restart(); // what the person did not say is not said by a restart
    f.add(f.from("https://host/x", "two"));
    VERIFY_UNTIL(f, f.isHeld());
    f.run(15min);
    QVERIFY(f.exists("a") && f.exists("b"));
    QVERIFY(f.recorded().find("host/shop") != std::string::npos);
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists("a") && !f.exists("b") && f.isSynced());
    VERIFY_UNTIL(f, f.recorded().find("host/x") != std::string::npos && !f.isHeld());
    // Now the first one is the other.
    f.restartElsewhere();
    f.add(f.from("https://host/shop", "one"));
    VERIFY_UNTIL(f, f.isHeld() && f.exists("a"));
    f.run(15min);
    QVERIFY(f.exists("c"));
}

void TestApplicationName::theFirstOneHoldsItsPrunesToo()
{
    TwoOfAName f;
    f.begin();
    f.restartElsewhere();
    f.add(f.from("https://host/x", "two"));
    VERIFY_UNTIL(f, f.isHeld() && f.exists("c"));
    f.restartElsewhere(); // the first one again: the record is its own, what was applied is not
    f.add(f.from("https://host/shop", "one"));
    VERIFY_UNTIL(f, f.isHeld());
    f.run(15min);
    QVERIFY(f.exists("a") && f.exists("b") && f.exists("c"));
    const std::string why = f.condition("PruneHeld")->message;
    QVERIFY2(why.find("of https://host/x, path two") != std::string::npos, why.c_str());
    QVERIFY(f.submit(core::command::Confirm {"app", {}}).has_value());
    VERIFY_UNTIL(f, !f.exists("c") && !f.isHeld() && f.isSynced());
    VERIFY_UNTIL(f, core::stringAt(f.get(kRecord), {"data", "rival"}).empty());
    QVERIFY(f.recorded().find("host/shop") != std::string::npos);
}

void TestApplicationName::adoptingTakesTheName()
{
    TwoOfAName f;
    f.begin();
    f.restartElsewhere();
    f.add(f.from("https://host/x", "two"));
    VERIFY_UNTIL(f, f.isHeld() && f.state()->awaitingConfirmation.size() == 2);
    QVERIFY(f.submit(core::command::Adopt {"app"}).has_value());
    VERIFY_UNTIL(f, f.recorded().find("host/x") != std::string::npos && !f.isHeld());
    f.run(15min);
    QVERIFY(f.exists("a")); // what was asked is still to be answered
    QVERIFY(f.submit(core::command::Confirm {"app", {{"", "ConfigMap", "shop", "a"}}}).has_value());
    VERIFY_UNTIL(f, !f.exists("a"));
    QVERIFY(f.exists("b"));
}

void TestApplicationName::aManualSyncDoesNotPrune()
{
    TwoOfAName f;
    f.begin();
    f.restartElsewhere();
    core::Application next = f.from("dir:///srv/other", "two");
    next.automated = next.selfHeal = false;
    f.add(next);
    VERIFY_UNTIL(f, f.isHeld() && f.state()->lastReconciled);
    QVERIFY(f.submit(core::command::Sync {.application = "app", .prune = true}).has_value());
    VERIFY_UNTIL(
        f, f.exists("c") && f.state()->operation && core::isCompleted(f.state()->operation->phase));
    QVERIFY(f.exists("a") && f.exists("b"));
    QCOMPARE(f.state()->awaitingConfirmation.size(), 2U);
    for (const core::ResourceResult& result : f.state()->operation->results)
        if (result.key.name == "a")
            QVERIFY(result.message.find("https://host/shop, path one") != std::string::npos);
    QVERIFY(f.recorded().find("host/shop") != std::string::npos);
}

void TestApplicationName::anEditIsFollowedWhileItRuns()
{
    TwoOfAName f;
    f.begin();
    f.add(f.from("https://host/shop", "two")); // a commit of its parent
    VERIFY_UNTIL(f, !f.exists("a") && !f.exists("b") && f.exists("c") && f.isSynced());
    QVERIFY(f.recorded().find("two") != std::string::npos);
    f.add(f.from("https://host/shop", "one")); // and back
    VERIFY_UNTIL(f, f.exists("a") && !f.exists("c") && f.isSynced());
    QVERIFY(!f.isHeld());
}

void TestApplicationName::aRecordWithoutAnOriginGetsOurs()
{
    TwoOfAName f;
    f.begin();
    f.stop();
    QCOMPARE(
        f.request("PATCH", kRecord, "{\"data\":{\"origin\":null}}", "application/merge-patch+json")
            .status,
        200);
    QVERIFY(f.recorded().empty());
    f.restart();
    f.add(f.from("https://host/shop", "one"));
    VERIFY_UNTIL(f, f.recorded().find("host/shop") != std::string::npos);
    QVERIFY(!f.isHeld());
}

void TestApplicationName::readsTheRecordAgainAfterAnothersLease()
{
    TwoOfAName f;
    gitops::EngineOptions options = f.options;
    options.leases = true;
    f.restart(options);
    f.begin();
    // Another one has the Lease when we begin, and changes the record before it lets go.
    f.stop();
    const std::string lease =
        "/apis/coordination.k8s.io/v1/namespaces/wavewright/leases/wavewright-app";
    QCOMPARE(f.request("PATCH", lease, "{\"spec\":{\"holderIdentity\":\"second\"}}",
                       "application/merge-patch+json")
                 .status,
             200);
    f.restart();
    f.add(f.from("https://host/shop", "two"));
    VERIFY_UNTIL(f, f.state() && f.state()->holder == "second");
    const std::string foreign =
        gitops::toText(gitops::ApplicationOrigin {"https://host/x", "two", "other", "argocd"});
    QCOMPARE(
        f.request("PATCH", kRecord,
                  core::toText(core::JsonObject {{"data", core::JsonObject {{"origin", foreign}}}}),
                  "application/merge-patch+json")
            .status,
        200);
    VERIFY_UNTIL(f, f.state()->holder.empty() && f.exists("c"));
    VERIFY_UNTIL(f, f.isHeld());
    f.run(15min);
    QVERIFY(f.exists("a") && f.exists("b"));
}

void TestApplicationName::aRemovalLeavesAnothersObjects()
{
    EngineFixture f;
    f.createNamespace("shop");
    const std::string record = "/api/v1/namespaces/wavewright/configmaps/wavewright-kid";
    f.commit({{"app/kid.yaml", kid()}, {"kid/b.yaml", EngineFixture::configMap("b")}});
    f.add(f.application());
    VERIFY_UNTIL(f, f.EngineFixture::exists(std::string(kMaps) + "b") && f.isSynced("kid"));
    f.stop();
    const std::string foreign = gitops::toText({"https://host/x", "two", "other", "argocd"});
    const core::Json patch = core::JsonObject {{"data", core::JsonObject {{"origin", foreign}}}};
    QCOMPARE(f.request("PATCH", record, core::toText(patch), "application/merge-patch+json").status,
             200);
    f.restart();
    f.add(f.application());
    VERIFY_UNTIL(f, f.state("kid") && f.condition("PruneHeld", "kid"));
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")},
              {"kid/b.yaml", EngineFixture::configMap("b")}});
    VERIFY_UNTIL(f, f.state("kid") && f.state("kid")->awaitingConfirmation.size() == 1);
    f.run(25min);
    QVERIFY(f.EngineFixture::exists(std::string(kMaps) + "b"));
    QVERIFY(f.get(record).is_object());
    QVERIFY(f.submit(core::command::Confirm {"kid", {}}).has_value());
    VERIFY_UNTIL(f, !f.EngineFixture::exists(std::string(kMaps) + "b") && !f.state("kid"));
}

WW_TEST_CLASS(TestApplicationName)
#include "tst_applicationname.moc"
