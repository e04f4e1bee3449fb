// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/pauses.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestPauses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsInTime();
    void objectAndApplication();
    void savedOneThatIsOver();
};

void TestPauses::endsInTime()
{
    tests::ManualExecutor executor;
    int changes = 0;
    gitops::Pauses pauses(executor, {}, [&] { ++changes; });
    executor.runUntilIdle();
    pauses.set({std::nullopt, "work", executor.clock().wallNow() + std::chrono::minutes(90)});
    QCOMPARE(changes, 1);
    QVERIFY(pauses.isPaused());
    executor.advance(std::chrono::minutes(89));
    QVERIFY(pauses.isPaused());
    QCOMPARE(changes, 1);
    executor.advance(std::chrono::minutes(2));
    QVERIFY(!pauses.isPaused());
    QVERIFY(pauses.all().empty());
    QCOMPARE(changes, 2);
}

void TestPauses::objectAndApplication()
{
    tests::ManualExecutor executor;
    gitops::Pauses pauses(executor, {}, [] { });
    const core::ObjectKey web {"apps", "Deployment", "shop", "web"};
    const core::ObjectKey other {"apps", "Deployment", "shop", "other"};
    pauses.set({web, "one", std::nullopt});
    QVERIFY(pauses.isPaused(web));
    QVERIFY(!pauses.isPaused(other));
    QVERIFY(!pauses.isPaused());
    pauses.set({web, "two", std::nullopt});
    QCOMPARE(pauses.all().size(), std::size_t(1));
    QCOMPARE(pauses.find(web)->reason, std::string("two"));
    QVERIFY(!pauses.resume(std::nullopt));
    QVERIFY(pauses.resume(web));
    QVERIFY(!pauses.isPaused(web));
}

void TestPauses::savedOneThatIsOver()
{
    tests::ManualExecutor executor;
    int changes = 0;
    gitops::Pauses pauses(
        executor, {{std::nullopt, "", executor.clock().wallNow() - std::chrono::seconds(1)}},
        [&] { ++changes; });
    QVERIFY(!pauses.isPaused());
    executor.runUntilIdle();
    QVERIFY(pauses.all().empty());
    QCOMPARE(changes, 1);
}

WW_TEST_CLASS(TestPauses)
#include "tst_pauses.moc"
