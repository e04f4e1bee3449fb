// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace std::chrono_literals;
using tests::EngineFixture;

/// What a look at what is known already costs, and what it must still see.
class TestApplicationController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refreshOfNothingNew_data();
    void refreshOfNothingNew();
    void refreshAfterACommit();
    void oneChangedObjectChangesItsRow();
    void timesAloneAreShownNowAndThen();
    void refreshSeesAMissingKind();
    void healsWhileAnOperationWrites();
    void whatWasNeverComparedIsNotSynced();
    void isSilentUntilListsAreComplete();
    void tellsWhyGitIsNotRead_data();
    void tellsWhyGitIsNotRead();

private:
    static EngineFixture::Files objects(int count)
    {
        EngineFixture::Files files;
        for (int i = 0; i < count; ++i)
            files.push_back({"app/c" + std::to_string(i) + ".yaml",
                             EngineFixture::configMap("c" + std::to_string(i))});
        return files;
    }
};

void TestApplicationController::refreshOfNothingNew_data()
{
    QTest::addColumn<bool>("hard");
    QTest::newRow("soft: nothing is asked") << false;
    QTest::newRow("hard: what the server serves is asked") << true;
}

void TestApplicationController::refreshOfNothingNew()
{
    QFETCH(bool, hard);
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(40));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.run(5s);
    const auto before = f.state()->lastReconciled;
    const auto resources = f.state()->resources;
    f.takeWrites();
    f.reads = 0;
    f.events.clear();
    QVERIFY(f.submit(core::command::Refresh {"app", hard}).has_value());
    QVERIFY(f.runUntil([&] { return f.state()->lastReconciled != before; }));
    f.run(2s);
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(f.reads > 0, hard);
    QCOMPARE(f.state()->resources.size(), resources.size());
    QVERIFY(hard || f.state()->resources.isSharedWith(resources));
    QVERIFY(f.isSynced());
    QVERIFY(std::ranges::none_of(f.events, [](const core::Event& event) {
        return std::holds_alternative<core::event::OperationStarted>(event.what);
    }));
}

void TestApplicationController::oneChangedObjectChangesItsRow()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(40));
    core::Application application = f.application();
    application.selfHeal = false;
    f.add(application);
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.submit(core::command::Refresh {"app", false}); // all is found as it was
    f.run(5s);
    const auto before = f.state();
    f.request("DELETE", "/api/v1/namespaces/shop/configmaps/c7");
    QVERIFY(f.runUntil([&] { return f.state()->sync == core::SyncState::OutOfSync; }));
    const auto after = f.state();
    std::size_t same = 0;
    for (std::size_t i = 0; i < after->resources.size(); ++i) {
        same += &after->resources[i] == &before->resources[i] ? 1 : 0;
        const bool isGone = after->resources[i].key.name == "c7";
        QCOMPARE(after->resources[i].uid.empty(), isGone);
        QVERIFY(!before->resources[i].uid.empty());
    }
    QVERIFY(same > 0);
    QVERIFY(after->operation->results.isSharedWith(before->operation->results));
}

void TestApplicationController::refreshAfterACommit()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(3));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    EngineFixture::Files files = objects(3);
    files[1].second = EngineFixture::configMap("c1", "2");
    f.commit(files);
    f.takeWrites();
    QVERIFY(f.submit(core::command::Refresh {"app"}).has_value());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    const auto writes = f.takeWrites();
    QCOMPARE(std::ranges::count(writes, "PATCH /api/v1/namespaces/shop/configmaps/c1"), 1);
    QCOMPARE(core::stringAt(f.get("/api/v1/namespaces/shop/configmaps/c1"), {"data", "value"}),
             "2");
}

/// Git is looked at every two seconds; that nothing moved is no reason to publish everything.
void TestApplicationController::timesAloneAreShownNowAndThen()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(3));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.run(10s);
    f.events.clear();
    const auto before = f.state()->lastFetched;
    f.run(60s);
    const auto pictures = std::ranges::count_if(f.events, [](const core::Event& event) {
        return std::holds_alternative<core::event::SnapshotPublished>(event.what);
    });
    QVERIFY2(pictures >= 3 && pictures <= 7, qPrintable(QString::number(pictures)));
    QVERIFY(f.state()->lastFetched && *f.state()->lastFetched >= *before + 40s);
}

/// A kind that is wanted and not served is asked for at once, not only at the next poll.
void TestApplicationController::refreshSeesAMissingKind()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit({{"app/w.yaml", "apiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: w\n"}});
    f.add(f.application());
    f.run(1s);
    f.reads = 0;
    QVERIFY(f.submit(core::command::Refresh {"app"}).has_value());
    f.run(100ms);
    QVERIFY(f.reads > 0);
}

/// Turns are rarer while writes are under way; drift is healed all the same.
void TestApplicationController::healsWhileAnOperationWrites()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(2));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    EngineFixture::Files files = objects(30);
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method == "GET" || request.target.find("/configmaps/c29") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault slow;
        slow.answer = {.status = 429, .headers = {{"Retry-After", "3"}}, .body = "{}"};
        return slow;
    };
    f.commit(files);
    QVERIFY(f.runUntil([&] { return f.exists("/api/v1/namespaces/shop/configmaps/c28"); }));
    f.request("PATCH", "/api/v1/namespaces/shop/configmaps/c0", R"({"data":{"value":"drift"}})",
              "application/merge-patch+json");
    QVERIFY(f.runUntil(
        [&] {
            return core::stringAt(f.get("/api/v1/namespaces/shop/configmaps/c0"), {"data", "value"})
                == "1";
        },
        1s));
    QVERIFY(!f.exists("/api/v1/namespaces/shop/configmaps/c29"));
    f.fault = {};
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    QVERIFY(f.exists("/api/v1/namespaces/shop/configmaps/c29"));
}

/// After a start: rendered and listed, not yet compared, and one of the objects has drifted.
void TestApplicationController::whatWasNeverComparedIsNotSynced()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(40));
    core::Application application = f.application();
    application.selfHeal = false;
    f.add(application);
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.stop();
    f.request("PATCH", "/api/v1/namespaces/shop/configmaps/c3", R"({"data":{"value":"theirs"}})",
              "application/merge-patch+json");
    f.pool.hold();
    f.restart(f.options);
    f.add(application);
    QVERIFY(f.runUntil([&] { return f.pool.waiting() == 1; })); // the rendering
    f.pool.runFirst();
    QVERIFY(f.runUntil([&] { return f.pool.waiting() == 1; })); // the comparison
    f.run(5s);
    QVERIFY(f.resource("ConfigMap", "c3"));
    QCOMPARE(f.resource("ConfigMap", "c3")->sync, core::SyncState::Unknown);
    QCOMPARE(f.state()->sync, core::SyncState::Unknown);
    f.pool.release();
    QVERIFY(f.runUntil([&] { return f.state()->sync == core::SyncState::OutOfSync; }));
    QCOMPARE(f.resource("ConfigMap", "c4")->sync, core::SyncState::Synced);
}

/// What has not been listed yet is unknown, not missing, and a connection is told once.
void TestApplicationController::isSilentUntilListsAreComplete()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(3));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.stop();
    f.events.clear();
    bool isLate = true;
    f.fault = [&](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (!isLate || !request.target.starts_with("/api/v1/configmaps"))
            return std::nullopt;
        gitops::practice::Fault later;
        later.answer = {.status = 429, .headers = {{"Retry-After", "1"}}, .body = "{}"};
        return later;
    };
    f.restart();
    f.add(f.application());
    f.run(5s);
    QVERIFY(f.state());
    QCOMPARE(f.state()->health, core::Health::Unknown);
    QCOMPARE(f.state()->sync, core::SyncState::Unknown);
    for (const core::ResourceState& resource : f.state()->resources)
        QCOMPARE(resource.health, std::optional(core::Health::Unknown));
    isLate = false;
    QVERIFY(f.runUntil([&] { return f.state()->health == core::Health::Healthy; }));
    std::string told;
    for (const core::Event& event : f.events)
        if (std::holds_alternative<core::event::HealthChanged>(event.what)
            || std::holds_alternative<core::event::ConnectionChanged>(event.what)
            || std::holds_alternative<core::event::SyncStateChanged>(event.what))
            told += core::describe(event) + "\n";
    const std::string version = f.engine().snapshot()->cluster.version;
    QVERIFY(!version.empty());
    QCOMPARE(told,
             "connected to  (, Kubernetes " + version
                 + ")\napp: Unknown -> Synced\napp: health Unknown -> Healthy\n");
}

void TestApplicationController::tellsWhyGitIsNotRead_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("type");
    QTest::newRow("the branch is gone") << int(core::ErrorCode::NotFound) << "SourceError";
    QTest::newRow("credentials are refused") << int(core::ErrorCode::Unauthorized) << "SourceError";
    QTest::newRow("the server is away") << int(core::ErrorCode::Network) << "SourceStale";
}

void TestApplicationController::tellsWhyGitIsNotRead()
{
    QFETCH(int, code);
    QFETCH(QString, type);
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(objects(1));
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    f.loseGit(core::Error {core::ErrorCode::Network, "away", {}, core::Fault::Git, {}});
    QVERIFY(f.runUntil([&] { return f.condition("SourceStale"); }));
    f.loseGit(core::Error {core::ErrorCode(code), "no main", {}, core::Fault::Git, {}});
    const auto isTold = [&] {
        const core::Condition* found = f.condition(type.toStdString());
        return found && found->message.starts_with("no main");
    };
    QVERIFY(f.runUntil(isTold));
    int told = 0;
    for (const core::Condition& condition : f.state()->conditions)
        told += condition.type.starts_with("Source") ? 1 : 0;
    QCOMPARE(told, 1);
    // What was read last is still kept as it is.
    f.request("DELETE", "/api/v1/namespaces/shop/configmaps/c0");
    QVERIFY(f.runUntil([&] { return f.exists("/api/v1/namespaces/shop/configmaps/c0"); }));
    f.loseGit(std::nullopt);
    QVERIFY(f.runUntil([&] { return f.state()->conditions.empty(); }));
}

WW_TEST_CLASS(TestApplicationController)
#include "tst_applicationcontroller.moc"
