// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/conditions.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestConditions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsChangesOnly();
};

void TestConditions::tellsChangesOnly()
{
    tests::ManualClock clock;
    gitops::EventStream events(clock);
    int raised = 0;
    int cleared = 0;
    const auto subscription = events.subscribe([&](const core::Event& event) {
        raised += std::holds_alternative<core::event::ConditionRaised>(event.what);
        cleared += std::holds_alternative<core::event::ConditionCleared>(event.what);
    });
    gitops::Conditions conditions("shop", events, clock);
    conditions.set("SyncError", "");
    QCOMPARE(cleared, 0);
    conditions.raise("SyncError", "one");
    const auto since = conditions.all().front().since;
    clock.advance(std::chrono::seconds(5));
    conditions.raise("SyncError", "one");
    QCOMPARE(raised, 1);
    conditions.raise("SyncError", "two", {.file = "a.yaml", .line = 3});
    QCOMPARE(raised, 2);
    QVERIFY(conditions.all().front().since == since);
    QCOMPARE(conditions.all().front().place.line, 3);
    conditions.set("SyncError", "");
    QCOMPARE(cleared, 1);
    QVERIFY(conditions.all().empty());
}

WW_TEST_CLASS(TestConditions)
#include "tst_conditions.moc"
