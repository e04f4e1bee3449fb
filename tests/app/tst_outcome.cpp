// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outcome.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace app;

class TestOutcome : public QObject
{
    Q_OBJECT
private:
    static core::ApplicationState settled(const std::string& name, const std::string& parent = "")
    {
        core::ApplicationState state;
        state.spec.name = name;
        state.spec.parent = parent;
        state.sync = core::SyncState::Synced;
        state.health = core::Health::Healthy;
        return state;
    }
    static core::Snapshot snapshotOf(const std::vector<core::ApplicationState>& states)
    {
        core::Snapshot snapshot;
        for (const auto& state : states)
            snapshot.applications[state.spec.name] =
                std::make_shared<const core::ApplicationState>(state);
        return snapshot;
    }

private Q_SLOTS:
    void allSettled()
    {
        const auto snapshot =
            snapshotOf({settled("root"), settled("child", "root"), settled("leaf", "child")});
        QCOMPARE(familyOf(snapshot, "root"), (std::vector<std::string> {"root", "child", "leaf"}));
        QVERIFY(outcomeOf(snapshot, {"root"}).state == Outcome::State::Settled);
        QVERIFY(outcomeOf(snapshot, {}).state == Outcome::State::Waiting);
        QVERIFY(outcomeOf(snapshot, {"other"}).state == Outcome::State::Waiting);
    }
    void aChildHoldsTheRoot()
    {
        auto child = settled("child", "root");
        child.health = core::Health::Progressing;
        QVERIFY(outcomeOf(snapshotOf({settled("root"), child}), {"root"}).state
                == Outcome::State::Waiting);
    }
    void aRunningOperationIsNoEnd()
    {
        auto root = settled("root");
        root.operation.emplace();
        QVERIFY(outcomeOf(snapshotOf({root}), {"root"}).state == Outcome::State::Waiting);
        root.operation->phase = core::OperationPhase::Succeeded;
        QVERIFY(outcomeOf(snapshotOf({root}), {"root"}).state == Outcome::State::Settled);
    }
    void aFailureIsNamedUnlessItWillBeRetried()
    {
        auto root = settled("root");
        root.sync = core::SyncState::OutOfSync;
        root.operation.emplace();
        root.operation->phase = core::OperationPhase::Failed;
        root.operation->message = "Deployment shop/web: refused";
        const Outcome failed = outcomeOf(snapshotOf({root}), {"root"});
        QVERIFY(failed.state == Outcome::State::Failed);
        QCOMPARE(failed.reasons, std::vector<std::string> {"root: Deployment shop/web: refused"});
        root.operation->nextRetryAt = core::WallTime {};
        QVERIFY(outcomeOf(snapshotOf({root}), {"root"}).state == Outcome::State::Waiting);
    }
    void aPruneThatWaitsNeedsAPerson()
    {
        auto root = settled("root");
        root.sync = core::SyncState::OutOfSync;
        root.awaitingConfirmation.push_back({"", "Namespace", "", "user-carol"});
        root.conditions.push_back({.type = "PruneHeld", .message = "another one of this name"});
        const Outcome outcome = outcomeOf(snapshotOf({root}), {"root"});
        QVERIFY(outcome.state == Outcome::State::NeedsPerson);
        QCOMPARE(outcome.reasons, std::vector<std::string> {"root: another one of this name"});
    }
    void comparedMeansComparedOrExplained()
    {
        core::ApplicationState fresh;
        fresh.spec.name = "root";
        QVERIFY(!isCompared(snapshotOf({fresh}), {"root"}));
        fresh.conditions.push_back({"ComparisonError", "no such branch", {}, {}});
        QVERIFY(isCompared(snapshotOf({fresh}), {"root"}));
        auto done = settled("root");
        done.lastReconciled = core::WallTime {};
        QVERIFY(isCompared(snapshotOf({done}), {"root"}));
    }
};

WW_TEST_CLASS(TestOutcome)
#include "tst_outcome.moc"
