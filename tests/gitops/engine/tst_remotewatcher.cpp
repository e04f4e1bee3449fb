// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/remotewatcher.h"
#include "tests/gitops/engine/enginefixture.h"
#include "tests/gitops/engine/engineverify.h"
#include "tests/gitops/engine/fakeremotes.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;
using Kind = RemoteAddress::Kind;
using tests::FakeRemotes;

namespace {

RemoteAddress at(const std::string& url)
{
    return {Kind::Repository, url, {}};
}

struct Setup
{
    tests::ManualExecutor executor;
    FakeRemotes remotes;
    EngineOptions options;
    std::unique_ptr<RemoteWatcher> watcher;
    std::map<std::string, int> changes;

    Setup()
    {
        options.remoteJitter = {};
        watcher = std::make_unique<RemoteWatcher>(&remotes, executor, options);
    }
    void want(const std::string& application, const std::vector<std::string>& urls)
    {
        std::vector<RemoteAddress> addresses;
        for (const std::string& url : urls)
            addresses.push_back(at(url));
        watcher->want(application, addresses, [this, application] { ++changes[application]; });
        executor.runUntilIdle();
    }
    std::string idOf(const std::string& application, const std::string& url)
    {
        const auto contents = watcher->contents(application);
        if (!contents || !contents->contains(at(url)))
            return "unknown";
        const auto& found = contents->at(at(url));
        return found ? (*found)->id : found.error().message;
    }
};

} // namespace

class TestRemoteWatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void polls_data()
    {
        QTest::addColumn<bool>("isSettled");
        QTest::addColumn<int>("looks"); // in an hour
        QTest::newRow("a branch: every two minutes") << false << 31;
        QTest::newRow("a tag or a commit: never again") << true << 1;
    }
    void polls()
    {
        QFETCH(bool, isSettled);
        QFETCH(int, looks);
        Setup setup;
        setup.remotes.set("https://a", {}, "1", isSettled);
        setup.want("app", {"https://a"});
        QCOMPARE(setup.changes["app"], 1);
        QCOMPARE(setup.idOf("app", "https://a"), std::string("1"));
        setup.executor.advance(1h);
        QCOMPARE(setup.remotes.looks["https://a"], looks);
        QCOMPARE(setup.changes["app"], 1); // nothing moved
        setup.remotes.set("https://a", {}, "2", isSettled);
        setup.executor.advance(130s);
        QCOMPARE(setup.changes["app"], isSettled ? 1 : 2);
        QCOMPARE(setup.idOf("app", "https://a"), std::string(isSettled ? "1" : "2"));
        setup.watcher->refresh("app");
        setup.executor.runUntilIdle();
        QCOMPARE(setup.remotes.looks["https://a"], looks + (isSettled ? 0 : 2));
    }

    void sharesLooks()
    {
        Setup setup;
        setup.remotes.set("https://a", {}, "1");
        setup.want("one", {"https://a"});
        setup.want("two", {"https://a"});
        QCOMPARE(setup.remotes.looks["https://a"], 1);
        QCOMPARE(setup.changes["two"], 1); // told though nothing was fetched
        setup.remotes.set("https://a", {}, "2");
        setup.executor.advance(121s);
        QCOMPARE(setup.remotes.looks["https://a"], 2);
        QCOMPARE(setup.changes["one"], 2);
        QCOMPARE(setup.changes["two"], 2);
        setup.watcher->drop("one");
        setup.executor.advance(121s);
        QCOMPARE(setup.remotes.looks["https://a"], 3);
        setup.watcher->drop("two");
        setup.executor.advance(1h);
        QCOMPARE(setup.remotes.looks["https://a"], 3);
        QVERIFY(!setup.watcher->contents("two"));
    }

    /// Told when all is known, not for each part of it; then for each that changes.
    void waitsForAll()
    {
        Setup setup;
        setup.remotes.set("https://a", {}, "1");
        setup.want("app", {"https://a", "https://silent"});
        QCOMPARE(setup.changes["app"], 0);
        QCOMPARE(setup.watcher->waitingFor("app"), std::string("https://silent"));
        setup.remotes.giveUp();
        setup.executor.runUntilIdle();
        QCOMPARE(setup.changes["app"], 1);
        QCOMPARE(setup.watcher->waitingFor("app"), std::string());
        QCOMPARE(setup.idOf("app", "https://silent"), std::string("It is silent."));
        setup.remotes.set("https://silent", {}, "2");
        setup.executor.advance(6s); // failures are repeated sooner than the poll
        QCOMPARE(setup.changes["app"], 2);
        QCOMPARE(setup.idOf("app", "https://silent"), std::string("2"));
    }

    void whatWasFoundStays()
    {
        Setup setup;
        setup.remotes.set("https://a", {}, "1");
        setup.want("app", {"https://a"});
        setup.remotes.fail("https://a", "down");
        setup.executor.advance(121s);
        QCOMPARE(setup.idOf("app", "https://a"), std::string("1"));
        QCOMPARE(setup.watcher->staleness("app")->message, std::string("down"));
        QCOMPARE(setup.changes["app"], 2);
        setup.executor.advance(1h);
        QCOMPARE(setup.changes["app"], 2); // told once
        setup.remotes.set("https://a", {}, "1");
        setup.executor.advance(200s);
        QVERIFY(!setup.watcher->staleness("app"));
        QCOMPARE(setup.changes["app"], 3);
        QCOMPARE(setup.remotes.lastKnown->id, std::string("1"));
    }

    /// Twenty silent servers of one application take four places, and none of another's.
    void oneHoldsUpNoOther()
    {
        Setup setup;
        std::vector<std::string> urls;
        for (int i = 0; i < 20; ++i)
            urls.push_back("https://silent" + std::to_string(i));
        setup.want("greedy", urls);
        QCOMPARE(setup.remotes.mostUnderWay, 4);
        setup.remotes.set("https://a", {}, "1");
        setup.want("modest", {"https://a"});
        QCOMPARE(setup.changes["modest"], 1);
        for (int i = 0; i < 5; ++i) {
            setup.remotes.giveUp();
            setup.executor.runUntilIdle();
        }
        QCOMPARE(setup.changes["greedy"], 1);
        QCOMPARE(setup.watcher->contents("greedy")->size(), std::size_t(20));
        QCOMPARE(setup.remotes.mostUnderWay, 5);
    }

    void keepsWhatTheRenderUsed()
    {
        Setup setup;
        for (const char* url : {"https://a", "https://b"})
            setup.remotes.set(url, {}, "1");
        setup.want("app", {"https://a", "https://b"});
        setup.watcher->keep("app", {{at("https://b"), "1"}});
        QCOMPARE(setup.idOf("app", "https://a"), std::string("unknown"));
        QCOMPARE(setup.idOf("app", "https://b"), std::string("1"));
        setup.executor.advance(121s);
        QCOMPARE(setup.remotes.looks["https://a"], 1);
        QCOMPARE(setup.remotes.looks["https://b"], 2);
        setup.want("app", {"https://silent"});
        setup.watcher->drop("app"); // while it is asked
        setup.remotes.giveUp();
        setup.executor.runUntilIdle();
        QVERIFY(!setup.watcher->contents("app"));
    }

    /// The engine: a remote base is fetched, followed, and never half applied.
    void engineFollowsBases()
    {
        FakeRemotes remotes;
        tests::EngineFixture fixture;
        fixture.remotes = &remotes;
        fixture.restart();
        fixture.createNamespace("shop");
        fixture.commit({{"app/kustomization.yaml", "resources: [https://host/o/r//base]\n"},
                        {"other/a.yaml", tests::EngineFixture::configMap("other")}});
        fixture.add(fixture.application("app")); // its base is silent
        fixture.add(fixture.application("other"));
        QVERIFY(fixture.runUntil([&] { return fixture.isSynced("other"); }));
        QCOMPARE(fixture.state("app")->activity, std::string("Fetching https://host/o/r"));
        QVERIFY(!fixture.condition("ComparisonError"));
        const auto serve = [&](const std::string& value, const std::string& id) {
            remotes.set("https://host/o/r",
                        {{"base/kustomization.yaml", "resources: [a.yaml, b.yaml]\n"},
                         {"base/a.yaml", tests::EngineFixture::configMap("a", value)},
                         {"base/b.yaml", tests::EngineFixture::configMap("b", value)}},
                        id);
        };
        remotes.giveUp();
        QVERIFY(fixture.runUntil([&] { return fixture.condition("ComparisonError") != nullptr; }));
        QCOMPARE(fixture.condition("ComparisonError")->place.file,
                 std::string("app/kustomization.yaml"));
        serve("1", "one");
        QVERIFY(fixture.runUntil([&] { return fixture.isSynced("app"); }));
        QVERIFY(!fixture.condition("ComparisonError"));

        // It moves at its own place, with no commit of ours.
        serve("2", "two");
        const auto value = [&] {
            const core::Json object = fixture.get("/api/v1/namespaces/shop/configmaps/a");
            return std::string(core::stringAt(object, {"data", "value"}));
        };
        const std::string before = value();
        QVERIFY(fixture.runUntil([&] { return value() != before; }));

        // A look that fails leaves all as it is, and says so; nothing is pruned.
        fixture.takeWrites();
        remotes.fail("https://host/o/r", "down");
        QVERIFY(
            fixture.runUntil([&] { return fixture.condition("RemoteSourceStale") != nullptr; }));
        fixture.run(10min);
        QVERIFY(fixture.isSynced("app"));
        QVERIFY2(fixture.writes.empty(), fixture.writes.empty() ? "" : fixture.writes[0].c_str());

        // A base that is gone for good renders nothing, and nothing is pruned for it.
        fixture.commit({{"app/kustomization.yaml", "resources: [https://host/o/none//base]\n"},
                        {"other/a.yaml", tests::EngineFixture::configMap("other")}});
        remotes.fail("https://host/o/none", "no such repository");
        QVERIFY(fixture.runUntil([&] { return fixture.condition("ComparisonError") != nullptr; }));
        fixture.run(10min);
        QVERIFY(fixture.exists("/api/v1/namespaces/shop/configmaps/b"));
        QVERIFY(fixture.writes.empty());

        // Without the base there is nothing to fetch.
        fixture.commit({{"app/kustomization.yaml", "resources: [a.yaml]\n"},
                        {"app/a.yaml", tests::EngineFixture::configMap("a", "3")},
                        {"other/a.yaml", tests::EngineFixture::configMap("other")}});
        QVERIFY(fixture.runUntil(
            [&] { return !fixture.exists("/api/v1/namespaces/shop/configmaps/b"); }));
        QVERIFY(fixture.runUntil([&] { return !fixture.condition("RemoteSourceStale"); }));
        const int looks = remotes.looks["https://host/o/r"];
        fixture.run(10min);
        QCOMPARE(remotes.looks["https://host/o/r"], looks);
    }
};

WW_TEST_CLASS(TestRemoteWatcher)
#include "tst_remotewatcher.moc"
