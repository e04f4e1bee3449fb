// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outcome.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <functional>
#include <string>
#include <vector>

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
    /// Synced once; Git has some objects no longer.
    static core::ApplicationState withLeftovers(int objects, bool pruned, bool automated,
                                                const QString& kept)
    {
        auto state = settled("root");
        state.sync = core::SyncState::OutOfSync;
        state.lastReconciled = core::WallTime {};
        state.spec.automated = state.spec.prune = automated;
        state.operation.emplace();
        state.operation->phase = core::OperationPhase::Succeeded;
        state.operation->prune = pruned;
        std::vector<core::ResourceState> rows;
        std::vector<core::ResourceResult> results;
        for (int i = 0; i < objects; ++i) {
            core::ResourceState row;
            row.key = {"", "ConfigMap", "default", "df" + std::to_string(i)};
            row.requiresPrune = true;
            row.sync = core::SyncState::OutOfSync;
            rows.push_back(row);
            if (!kept.isEmpty()) {
                core::ResourceResult result;
                result.key = row.key;
                result.code = core::ResultCode::PruneSkipped;
                result.message = kept.toStdString();
                results.push_back(std::move(result));
            }
        }
        state.resources = core::SharedList<core::ResourceState>(std::move(rows));
        state.operation->results = core::SharedList<core::ResourceResult>(std::move(results));
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
        QCOMPARE(outcome.reasons.size(), std::size_t(2)); // why, and what to do
        QCOMPARE(outcome.reasons.front(), std::string("root: another one of this name"));
        QVERIFY(outcome.reasons.back().find("wavewright confirm root") != std::string::npos);
    }
    void leftoversThatNothingPrunes_data()
    {
        QTest::addColumn<int>("objects");
        QTest::addColumn<bool>("pruned");
        QTest::addColumn<bool>("automated");
        QTest::addColumn<QString>("kept");
        QTest::addColumn<QString>("reason"); ///< "" while it may still go
        QTest::newRow("one")
            << 1 << false << false << ""
            << "root: ConfigMap default/df0 is no longer in Git; --prune removes it";
        QTest::newRow("two") << 2 << false << false << ""
                             << "root: ConfigMap default/df0, ConfigMap default/df1 are no longer "
                                "in Git; --prune removes them";
        QTest::newRow("being pruned") << 1 << true << false << "" << "";
        QTest::newRow("kept") << 1 << true << false << "ignored (no prune)"
                              << "root: ConfigMap default/df0 is no longer in Git and stays: "
                                 "ignored (no prune)";
        QTest::newRow("automation may prune it") << 1 << false << true << "" << "";
    }
    void leftoversThatNothingPrunes()
    {
        QFETCH(int, objects);
        QFETCH(bool, pruned);
        QFETCH(bool, automated);
        QFETCH(QString, kept);
        QFETCH(QString, reason);
        const auto snapshot = snapshotOf({withLeftovers(objects, pruned, automated, kept)});
        const Outcome outcome = outcomeOf(snapshot, {"root"});
        QCOMPARE(outcome.state == Outcome::State::Failed, !reason.isEmpty());
        QCOMPARE(outcome.reasons,
                 reason.isEmpty() ? std::vector<std::string> {}
                                  : std::vector<std::string> {reason.toStdString()});
    }
    void aDryRunLeavesAllWhereItIs()
    {
        auto root = withLeftovers(1, false, false, {});
        root.operation->dryRun = true;
        QVERIFY(outcomeOf(snapshotOf({root}), {"root"}).reasons.empty());
    }
    /// What is being deleted or was asked about goes by itself, or waits for a person.
    void leftoversOnTheirWay()
    {
        auto root = withLeftovers(1, false, false, {});
        root.awaitingConfirmation.push_back({"", "ConfigMap", "default", "df0"});
        const Outcome asked = outcomeOf(snapshotOf({root}), {"root"});
        QVERIFY(asked.state == Outcome::State::NeedsPerson);
        QCOMPARE(asked.reasons.size(), std::size_t(1));
        QVERIFY(asked.reasons.front().find("wavewright confirm root") != std::string::npos);
        root = withLeftovers(1, false, false, {});
        auto deleting = root.resources[0];
        deleting.deleting = true;
        root.resources = core::SharedList<core::ResourceState>({deleting});
        QVERIFY(outcomeOf(snapshotOf({root}), {"root"}).state == Outcome::State::Waiting);
    }
    void theHolderIsNamed()
    {
        auto root = settled("root");
        root.sync = core::SyncState::OutOfSync;
        root.holder = "wavewright@elsewhere/1";
        QCOMPARE(outcomeOf(snapshotOf({root}), {"root"}).reasons,
                 std::vector<std::string> {"root is reconciled by wavewright@elsewhere/1"});
    }
    void aSyncRestsForAPerson()
    {
        auto root = settled("root");
        QVERIFY(!isHeldByPerson(root));
        root.awaitingConfirmation.push_back({"", "Namespace", "", "user-carol"});
        root.operation.emplace();
        root.operation->message = "waiting for pruning confirmation of /Namespace/user-carol";
        QVERIFY(!isHeldByPerson(root)); // a message decides nothing
        root.operation->heldByPerson = true;
        QVERIFY(isHeldByPerson(root));
        root.operation->phase = core::OperationPhase::Succeeded;
        QVERIFY(!isHeldByPerson(root));
    }
    void refusedCredentialsAreTold_data()
    {
        QTest::addColumn<bool>("connected");
        QTest::addColumn<bool>("isRefused");
        QTest::addColumn<QString>("message");
        QTest::addColumn<bool>("refused");
        QTest::newRow("a wrong token") << false << true << "/api: 401" << true;
        QTest::newRow("no way to it") << false << false << "Connection refused" << false;
        QTest::newRow("words alone") << false << false << "proxy: Unauthorized" << false;
        QTest::newRow("connected") << true << false << "" << false;
    }
    void refusedCredentialsAreTold()
    {
        QFETCH(bool, connected);
        QFETCH(bool, isRefused);
        QFETCH(QString, message);
        QFETCH(bool, refused);
        core::ClusterState cluster;
        cluster.refused = isRefused;
        using Connection = core::ClusterState::Connection;
        cluster.connection = connected ? Connection::Connected : Connection::Disconnected;
        cluster.server = "https://shop.example";
        cluster.message = message.toStdString();
        const std::string why = refusedCredentials(cluster);
        QCOMPARE(!why.empty(), refused);
        QVERIFY(why.empty() || why.find("https://shop.example") != std::string::npos);
    }
    void whatIsWaitedFor()
    {
        auto root = settled("root");
        root.health = core::Health::Progressing;
        root.healthMessage = "Deployment shop/web: 1 of 3 ready";
        root.conditions.push_back({"SourceStale", "no answer", {"app.yaml", 3, 1, ""}, {}});
        auto snapshot = snapshotOf({root, settled("fine")});
        QCOMPARE(waitedFor(snapshot, {"root", "fine", "unseen"}),
                 (std::vector<std::string> {
                     "root is Synced and Progressing: Deployment shop/web: 1 of 3 ready",
                     "root: SourceStale: app.yaml:3:1: no answer",
                     "unseen is not known to the engine yet"}));
        snapshot.cluster.connection = core::ClusterState::Connection::Disconnected;
        snapshot.cluster.server = "https://shop.example";
        snapshot.cluster.message = "Connection refused";
        QCOMPARE(
            waitedFor(snapshot, {"fine"}),
            std::vector<std::string> {"no connection to https://shop.example: Connection refused"});
    }
    void standstill()
    {
        auto root = withLeftovers(1, true, false, "ignored (no prune)");
        auto snapshot = snapshotOf({root});
        QVERIFY(!isStandstill(snapshot, {"root"})); // no connection yet
        snapshot.cluster.connection = core::ClusterState::Connection::Connected;
        QVERIFY(isStandstill(snapshot, {"root"}));
        for (const auto& change : std::vector<std::function<void(core::ApplicationState&)>> {
                 [](auto& state) { state.activity = "Rendering"; },
                 [](auto& state) { state.health = core::Health::Progressing; },
                 [](auto& state) { state.sync = core::SyncState::Synced; },
                 [](auto& state) { state.operation->nextRetryAt = core::WallTime {}; },
                 [](auto& state) { state.operation->phase = core::OperationPhase::Running; }}) {
            auto moving = root;
            change(moving);
            auto other = snapshotOf({moving});
            other.cluster.connection = core::ClusterState::Connection::Connected;
            QVERIFY(!isStandstill(other, {"root"}));
        }
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
