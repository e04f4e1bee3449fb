// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/engine/enginefixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using tests::EngineFixture;

class TestOperationRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesEachObjectOnce();
    void aFailureAmongMany();
    void endsWhenTerminated();
    void terminateDropsWhatWaits();
    void aRetryKeepsItsTimeWhenTheClockJumps();
    void aRetrySaysWhyTheAttemptBeforeFailed();

private:
    static constexpr int kMany = 120;
    static EngineFixture::Files manyObjects()
    {
        EngineFixture::Files files;
        for (int i = 0; i < kMany; ++i)
            files.push_back({"app/c" + std::to_string(i) + ".yaml",
                             EngineFixture::configMap("c" + std::to_string(i))});
        return files;
    }
};

void TestOperationRunner::writesEachObjectOnce()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.commit(manyObjects());
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.isSynced(); }));
    const auto& operation = f.state()->operation;
    QVERIFY(operation && operation->phase == core::OperationPhase::Succeeded);
    QCOMPARE(operation->results.size(), std::size_t(kMany));
    std::set<core::ObjectKey> keys;
    for (const core::ResourceResult& result : operation->results) {
        QVERIFY(keys.insert(result.key).second);
        QVERIFY(result.code == core::ResultCode::Synced);
        QCOMPARE(result.message, std::string("created"));
        QVERIFY(!result.uid.empty());
    }
    const auto writes = f.takeWrites();
    QCOMPARE(std::ranges::count_if(writes,
                                   [](const std::string& write) {
                                       return write.find("/shop/configmaps/c") != write.npos;
                                   }),
             kMany);
}

void TestOperationRunner::aFailureAmongMany()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method == "GET" || request.target.find("/configmaps/c7?") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault refused;
        refused.answer = {.status = 422, .body = R"({"kind":"Status","message":"no"})"};
        return refused;
    };
    f.commit(manyObjects());
    core::Application application = f.application();
    application.retry.limit = 0;
    f.add(application);
    QVERIFY(f.runUntil([&] {
        return f.state() && f.state()->operation
            && f.state()->operation->phase == core::OperationPhase::Failed;
    }));
    const auto& results = f.state()->operation->results;
    QCOMPARE(results.size(), std::size_t(kMany));
    for (const core::ResourceResult& result : results)
        QCOMPARE(result.code == core::ResultCode::SyncFailed, result.key.name == "c7");
}

/// Plans are rarer while writes are under way; a person's word is not forgotten over it.
void TestOperationRunner::endsWhenTerminated()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method == "GET" || request.target.find("/shop/configmaps") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault slow;
        slow.answer = {.status = 429, .headers = {{"Retry-After", "1"}}, .body = "{}"};
        return slow;
    };
    f.commit(manyObjects());
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.state() && f.state()->operation; }));
    f.run(200ms);
    QVERIFY(!core::isCompleted(f.state()->operation->phase));
    QVERIFY(f.submit(core::command::Terminate {"app"}).has_value());
    f.fault = {}; // what was sent already is still answered
    QVERIFY(f.runUntil([&] { return core::isCompleted(f.state()->operation->phase); }));
    QVERIFY(f.state()->operation->phase == core::OperationPhase::Failed);
}

/// The server holds all off for an hour: neither what waits for its turn nor what waits to be sent
/// again keeps the operation, and nothing more is sent.
void TestOperationRunner::terminateDropsWhatWaits()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = [](const core::HttpRequest& request) -> std::optional<gitops::practice::Fault> {
        if (request.method == "GET" || request.target.find("/shop/configmaps") == std::string::npos)
            return std::nullopt;
        gitops::practice::Fault busy;
        busy.answer = {.status = 429, .headers = {{"Retry-After", "3600"}}, .body = "{}"};
        return busy;
    };
    f.commit(manyObjects());
    f.add(f.application());
    QVERIFY(f.runUntil([&] { return f.writes.size() > 5; }));
    f.run(2s);
    QVERIFY(!core::isCompleted(f.state()->operation->phase));
    f.fault = {};
    f.takeWrites();
    QVERIFY(f.submit(core::command::Terminate {"app"}).has_value());
    QVERIFY(f.runUntil([&] { return core::isCompleted(f.state()->operation->phase); }, 1s));
    const core::Operation ended = *f.state()->operation;
    QVERIFY(ended.phase == core::OperationPhase::Failed);
    QCOMPARE(ended.message, std::string("Operation terminated"));
    QCOMPARE(f.takeWrites().size(), std::size_t(0));
    QCOMPARE(ended.results.size(), std::size_t(kMany));
    for (const core::ResourceResult& result : ended.results)
        QCOMPARE(result.message, std::string("The operation was terminated before this was sent."));
}

/// Answers every write below shop's configmaps with a refusal that says "no".
std::optional<gitops::practice::Fault> refuseConfigMaps(const core::HttpRequest& request)
{
    if (request.method == "GET" || request.target.find("/shop/configmaps") == std::string::npos)
        return std::nullopt;
    gitops::practice::Fault refused;
    refused.answer = {.status = 422, .body = R"({"kind":"Status","message":"no"})"};
    return refused;
}

/// nextRetryAt is what people are shown; what counts does not jump.
void TestOperationRunner::aRetryKeepsItsTimeWhenTheClockJumps()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = refuseConfigMaps;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    QVERIFY(f.runUntil(
        [&] { return f.state() && f.state()->operation && f.state()->operation->nextRetryAt; }));
    f.fault = {};
    f.executor.manualClock().stepWall(-1h);
    QVERIFY(f.runUntil([&] { return f.isSynced(); }, 20s));
}

/// What is being done now does not hide what went wrong before.
void TestOperationRunner::aRetrySaysWhyTheAttemptBeforeFailed()
{
    EngineFixture f;
    f.createNamespace("shop");
    f.fault = refuseConfigMaps;
    f.commit({{"app/a.yaml", EngineFixture::configMap("a")}});
    f.add(f.application());
    std::string seen;
    QVERIFY(f.runUntil([&] {
        const auto state = f.state();
        if (!state || !state->operation || state->operation->nextRetryAt
            || state->operation->attempt == 0)
            return false;
        seen = state->operation->message;
        return seen.starts_with("one or more tasks are running");
    }));
    QVERIFY2(seen.find("Attempt #1; the one before failed: ") != std::string::npos, seen.c_str());
    QVERIFY2(seen.find("no") > seen.find("failed: "), seen.c_str());
    f.fault = {};
    QVERIFY(f.runUntil([&] { return f.isSynced(); }, 20s));
    QCOMPARE(f.state()->operation->message.find("the one before"), std::string::npos);
}

WW_TEST_CLASS(TestOperationRunner)
#include "tst_operationrunner.moc"
