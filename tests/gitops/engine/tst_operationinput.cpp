// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/engineoptions.h"
#include "gitops/engine/operationinput.h"
#include "tests/gitops/engine/fakeoperationhost.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono_literals;

class TestOperationInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void takesEverythingIn();
    void looksAgainOnlyWhereTouched();
    void statusGrace_data();
    void statusGrace();
    void degradedSettlesInTime();
    void wordsOfWrites_data();
    void wordsOfWrites();
    void knowsItsResults();
    void clearForgets();

private:
    gitops::OperationInput& input() { return *m_input; }
    gitops::SyncAction apply(const std::string& name) const
    {
        gitops::SyncAction action;
        action.key = tests::FakeOperationHost::configMap(name);
        return action;
    }

    std::unique_ptr<tests::ManualExecutor> m_executor;
    std::unique_ptr<tests::FakeOperationHost> m_host;
    std::unique_ptr<gitops::OperationInput> m_input;
    gitops::EngineOptions m_options;
    core::Operation m_operation;
};

void TestOperationInput::init()
{
    m_executor = std::make_unique<tests::ManualExecutor>();
    m_host = std::make_unique<tests::FakeOperationHost>();
    m_host->declare("a");
    m_host->declare("b");
    m_input = std::make_unique<gitops::OperationInput>(*m_host, m_executor->clock(), m_options);
    m_operation = {};
}

void TestOperationInput::takesEverythingIn()
{
    const auto old = tests::FakeOperationHost::configMap("old");
    m_host->live(tests::FakeOperationHost::configMap("a"));
    m_host->live(old);
    m_host->trackedKeys = {old};
    m_host->live({"", "Namespace", "", "shop"});
    m_host->application.syncOptions = {"CreateNamespace=true", "Prune=confirm",
                                       "PrunePropagationPolicy=orphan"};
    m_operation.prune = true;
    m_operation.results = {{.key = old, .code = core::ResultCode::Pruned}};
    QVERIFY(!input().isFilled());
    input().fill(m_operation, true);
    QVERIFY(input().isFilled());
    const gitops::SyncInput& value = input().value();
    QCOMPARE(value.live.size(), std::size_t(3));
    QCOMPARE(value.desired.size(), std::size_t(2));
    QCOMPARE(value.results, m_operation.results.rows());
    QVERIFY(value.options.prune && value.options.force && value.options.createNamespace);
    QCOMPARE(value.options.pruneOption, std::string("confirm"));
    QCOMPARE(value.options.prunePropagationPolicy, std::string("orphan"));
    QVERIFY(!input().find(tests::FakeOperationHost::configMap("b")));
}

void TestOperationInput::looksAgainOnlyWhereTouched()
{
    const auto a = tests::FakeOperationHost::configMap("a");
    input().touch(a); // before it is filled: nothing to remember
    input().fill(m_operation, false);
    m_host->looks = 0;
    m_host->live(a);
    m_host->noPrune = "because";
    input().refresh();
    QCOMPARE(m_host->looks, 0);
    QVERIFY(!input().find(a));
    QCOMPARE(input().value().pruneHeldBecause, std::string("because"));
    input().touch(a);
    input().refresh();
    QCOMPARE(m_host->looks, 1);
    QVERIFY(input().find(a));
    m_host->objects.clear();
    input().touchAll();
    input().refresh();
    QVERIFY(!input().find(a));
}

void TestOperationInput::statusGrace_data()
{
    QTest::addColumn<qint64>("observedGeneration"); // -1: the kind has none
    QTest::addColumn<bool>("judgedBySpec");
    QTest::addColumn<bool>("observedAtOnce");
    QTest::addColumn<bool>("observedLater");
    QTest::newRow("no generation: grace") << qint64(-1) << false << false << true;
    QTest::newRow("old generation") << qint64(1) << false << false << false;
    QTest::newRow("our generation") << qint64(2) << false << true << true;
    QTest::newRow("its spec says it all") << qint64(-1) << true << true << true;
}

void TestOperationInput::statusGrace()
{
    QFETCH(qint64, observedGeneration);
    QFETCH(bool, judgedBySpec);
    const auto a = tests::FakeOperationHost::configMap("a");
    input().fill(m_operation, false);
    gitops::LiveFacts& facts = m_host->live(a);
    facts.view.health.status = core::Health::Healthy;
    facts.isJudgedBySpec = judgedBySpec;
    if (observedGeneration >= 0)
        facts.observedGeneration = observedGeneration;
    input().wrote(apply("a"), {.uid = "uid-a", .generation = 2});
    input().touch(a);
    input().refresh();
    QTEST(input().find(a)->observed, "observedAtOnce");
    const bool waits = observedGeneration < 0 && !judgedBySpec;
    QCOMPARE(input().nextLook().has_value(), waits);
    if (waits)
        QVERIFY(*input().nextLook() == m_executor->clock().steadyNow() + m_options.statusGrace);
    m_executor->advance(m_options.statusGrace);
    input().refresh(); // touched or not: its time has come
    QTEST(input().find(a)->observed, "observedLater");
    QVERIFY(!input().nextLook());
}

void TestOperationInput::degradedSettlesInTime()
{
    const auto a = tests::FakeOperationHost::configMap("a");
    m_host->live(a).view.health.status = core::Health::Degraded;
    input().fill(m_operation, false);
    input().refresh();
    QVERIFY(!input().find(a)->settled);
    m_executor->advance(m_options.degradedGrace / 2);
    m_host->objects[a].view.health.status = core::Health::Progressing;
    input().touch(a);
    input().refresh();
    QVERIFY(input().find(a)->settled);
    m_host->objects[a].view.health.status = core::Health::Degraded;
    input().touch(a);
    input().refresh(); // counts anew
    m_executor->advance(m_options.degradedGrace / 2);
    input().refresh();
    QVERIFY(!input().find(a)->settled);
    m_executor->advance(m_options.degradedGrace / 2);
    input().refresh();
    QVERIFY(input().find(a)->settled);
}

void TestOperationInput::wordsOfWrites_data()
{
    QTest::addColumn<bool>("created");
    QTest::addColumn<qint64>("before"); // generation, 0: was not there
    QTest::addColumn<qint64>("after");
    QTest::addColumn<std::string>("message");
    QTest::newRow("new") << true << qint64(0) << qint64(1) << std::string("created");
    QTest::newRow("same") << false << qint64(3) << qint64(3) << std::string("unchanged");
    QTest::newRow("changed") << false << qint64(3) << qint64(4) << std::string("configured");
    QTest::newRow("kind without generations")
        << false << qint64(0) << qint64(0) << std::string("configured");
}

void TestOperationInput::wordsOfWrites()
{
    QFETCH(bool, created);
    QFETCH(qint64, before);
    QFETCH(qint64, after);
    if (before > 0)
        m_host->live(tests::FakeOperationHost::configMap("a")).view.generation = before;
    input().fill(m_operation, false);
    const gitops::WriteOutcome outcome =
        input().wrote(apply("a"), {.uid = "u", .generation = after, .created = created});
    QTEST(outcome.message, "message");
    QCOMPARE(outcome.uid, std::string("u"));
    QCOMPARE(qint64(outcome.generation), after);
}

void TestOperationInput::knowsItsResults()
{
    const auto a = tests::FakeOperationHost::configMap("a");
    input().fill(m_operation, false);
    QVERIFY(!input().isSynced(a));
    core::ResourceResult result {.key = a, .code = core::ResultCode::SyncFailed};
    input().add(result);
    QVERIFY(!input().isSynced(a));
    result.code = core::ResultCode::Synced;
    input().add(result);
    QVERIFY(input().isSynced(a));
    QCOMPARE(input().value().results.size(), std::size_t(1));
    result.phase = core::SyncPhase::PostSync;
    input().add(result);
    QCOMPARE(input().value().results.size(), std::size_t(2));
    input().setInFlight(a, true);
    QVERIFY(input().value().inFlight.contains(a));
    input().setInFlight(a, false);
    QVERIFY(input().value().inFlight.empty());
}

void TestOperationInput::clearForgets()
{
    m_host->live(tests::FakeOperationHost::configMap("a"));
    input().fill(m_operation, false);
    input().setTerminating();
    QVERIFY(input().value().terminate);
    input().add({.key = tests::FakeOperationHost::configMap("a")});
    input().clear();
    QVERIFY(!input().isFilled());
    QVERIFY(input().value().live.empty() && input().value().results.empty());
    QVERIFY(!input().isSynced(tests::FakeOperationHost::configMap("a")));
}

WW_TEST_CLASS(TestOperationInput)
#include "tst_operationinput.moc"
