// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/handover.h"
#include "app/outcome.h"
#include "core/model/event.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <memory>

class TestHandover : public QObject
{
    Q_OBJECT

private:
    static core::ApplicationState shop()
    {
        core::ApplicationState state;
        state.spec.name = "shop";
        state.spec.parent = "root";
        state.sync = core::SyncState::OutOfSync;
        state.health = core::Health::Healthy;
        state.lastReconciled = core::WallTime {std::chrono::seconds(1'700'000'000)};
        state.conditions.push_back({"SyncWindow", "closed", {"app.yaml", 3, 2, ""}, {}});
        state.operation.emplace();
        state.operation->id = "7";
        state.operation->phase = core::OperationPhase::Succeeded;
        state.operation->message = "successfully synced";
        core::ResourceState left;
        left.key = {"", "ConfigMap", "default", "df3"};
        left.requiresPrune = true;
        left.sync = core::SyncState::OutOfSync;
        state.resources = core::SharedList<core::ResourceState>({left});
        return state;
    }
    static std::vector<std::string> reasonsOf(const core::ApplicationState& state)
    {
        core::Snapshot snapshot;
        snapshot.applications["shop"] = std::make_shared<const core::ApplicationState>(state);
        return app::outcomeOf(snapshot, {"shop"}).reasons;
    }

private Q_SLOTS:
    /// What a running process answers is judged as if the engine were here.
    void judgedAlike_data()
    {
        QTest::addColumn<int>("which");
        for (int which = 0; which < 6; ++which)
            QTest::newRow(std::to_string(which).c_str()) << which;
    }
    void judgedAlike()
    {
        QFETCH(int, which);
        core::ApplicationState state = shop();
        if (which == 1)
            state.holder = "wavewright@elsewhere/1";
        if (which == 2)
            state.awaitingConfirmation.push_back({"", "ConfigMap", "default", "df3"});
        if (which == 3)
            state.operation->phase = core::OperationPhase::Failed;
        if (which == 4)
            state.conditions.push_back({"ComparisonError", "no kind", {"b.yaml", 1, 1, ""}, {}});
        if (which == 5) {
            core::ResourceResult kept;
            kept.key = {"", "ConfigMap", "default", "df3"};
            kept.code = core::ResultCode::PruneSkipped;
            kept.message = "ignored (no prune)";
            state.operation->prune = true;
            state.operation->results = core::SharedList<core::ResourceResult>({kept});
        }
        const core::ApplicationState read = app::stateFrom(core::toJson(state));
        QCOMPARE(read.spec.name, std::string("shop"));
        QCOMPARE(read.spec.parent, std::string("root"));
        QCOMPARE(read.operation->id, std::string("7"));
        QVERIFY(!reasonsOf(state).empty());
        QCOMPARE(reasonsOf(read), reasonsOf(state));
    }
    void aSyncThatRestsForAPerson()
    {
        core::ApplicationState state = shop();
        state.awaitingConfirmation.push_back({"", "ConfigMap", "default", "df3"});
        state.operation->phase = core::OperationPhase::Running;
        QVERIFY(!app::isHeldByPerson(app::stateFrom(core::toJson(state))));
        state.operation->heldByPerson = true;
        QVERIFY(app::isHeldByPerson(app::stateFrom(core::toJson(state))));
    }
    void whatIsMissingIsUnknown()
    {
        const core::ApplicationState read =
            app::stateFrom(core::JsonObject {{"name", "shop"}, {"health", "Splendid"}});
        QCOMPARE(read.sync, core::SyncState::Unknown);
        QCOMPARE(read.health, core::Health::Unknown);
        QVERIFY(!read.operation && !read.lastReconciled && read.resources.empty());
    }
    void nobodyRuns()
    {
        app::Options options;
        options.stateFolder = "/nonexistent";
        QVERIFY(!app::isForRunning(options));
    }
};

WW_TEST_CLASS(TestHandover)
#include "tst_handover.moc"
