// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/editlist.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/wavelanesmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using widgets::WaveLanesModel;
using Step = WaveLanesModel::Step;

namespace {

struct Fixture
{
    widgets::WallClock clock {tests::sampleTime()};
    WaveLanesModel model {clock};
    QAbstractItemModelTester tester {&model,
                                     QAbstractItemModelTester::FailureReportingMode::QtTest};
    core::Snapshot snapshot = tests::samplePlatform();

    explicit Fixture(const char* name = "kafka")
    {
        model.setApplication(snapshot.applications.at(name));
    }
    template<class Change>
    void change(Change apply)
    {
        tests::changeApplication(snapshot, "kafka", apply);
        model.setApplication(snapshot.applications.at("kafka"));
    }
    QStringList titles() const
    {
        QStringList list;
        for (int lane = 0; lane < model.rowCount(); ++lane)
            list << model.title(lane);
        return list;
    }
    Step step(int lane, const char* name) const
    {
        const QModelIndex parent = model.index(lane, 0);
        for (int row = 0; row < model.rowCount(parent); ++row)
            if (model.index(row, 0, parent).data().toString() == QLatin1String(name))
                return Step(model.index(row, 0, parent).data(WaveLanesModel::StepRole).toInt());
        return Step::Skipped;
    }
};

} // namespace

class TestWaveLanesModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lanesFollowTheOperation()
    {
        Fixture fixture;
        QCOMPARE(fixture.titles(),
                 (QStringList {"PreSync", "Wave 0", "Wave 1", "Wave 2", "PostSync"}));
        QCOMPARE(fixture.model.rowCount(fixture.model.index(1, 0)), 3);
        QCOMPARE(fixture.step(0, "storage-class-check"), Step::Ready);
        QCOMPARE(fixture.step(1, "kafka"), Step::Ready);
        QCOMPARE(fixture.step(2, "event-cluster"), Step::Waited);
        QCOMPARE(fixture.step(3, "events"), Step::Pending);
        QCOMPARE(fixture.step(4, "topic-smoke-test"), Step::Pending);
    }

    void resultsMoveObjectsOnWithoutReset()
    {
        Fixture fixture;
        QSignalSpy resets(&fixture.model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex lane = fixture.model.index(3, 0);
        fixture.change([](core::ApplicationState& state) {
            core::ResourceResult result;
            result.key = {"kafka.strimzi.io", "KafkaTopic", "kafka", "events"};
            result.wave = 2;
            result.code = core::ResultCode::SyncFailed;
            result.message = "admission webhook refused it";
            tests::append(state.operation->results, result);
            state.operation->waves[3].state = core::WaveProgress::State::Failed;
        });
        QCOMPARE(fixture.step(3, "events"), Step::Failed);
        QCOMPARE(fixture.step(3, "commands"), Step::Pending);
        QVERIFY(fixture.model.progress(lane.row()).state == core::WaveProgress::State::Failed);
        // A prune in a wave of its own, before the others.
        fixture.change([](core::ApplicationState& state) {
            core::WaveProgress prune;
            prune.wave = -1;
            prune.total = 1;
            state.operation->waves.insert(state.operation->waves.begin() + 1, prune);
            core::ResourceResult result;
            result.key = {"", "ConfigMap", "kafka", "old"};
            result.wave = -1;
            result.code = core::ResultCode::Pruned;
            tests::append(state.operation->results, result);
        });
        QCOMPARE(lane.row(), 4);
        QCOMPARE(fixture.step(1, "old"), Step::Pruned);
        QCOMPARE(resets.count(), 0);
    }

    void withoutOperationTheWavesAheadAreShown()
    {
        Fixture fixture;
        fixture.change([](core::ApplicationState& state) { state.operation.reset(); });
        QCOMPARE(fixture.titles(), (QStringList {"Wave 0", "Wave 1", "Wave 2", "PostSync"}));
        QCOMPARE(fixture.model.progress(2).total, 4);
        QCOMPARE(fixture.model.progress(2).ready, 0);
        QVERIFY(!fixture.model.elapsed(2));
    }

    void timesAreOnlyWhatWasSeen()
    {
        Fixture fixture;
        QVERIFY(!fixture.model.elapsed(2));
        fixture.model.noteEvents(tests::sampleEvents());
        QCOMPARE(fixture.model.elapsed(2).value(), std::chrono::milliseconds(84s));
        QVERIFY(!fixture.model.elapsed(1)); // its end was seen, its beginning was not
    }

    void aFinishedOperationHasNoPendingObjects()
    {
        Fixture fixture("backstage");
        QCOMPARE(fixture.titles(), QStringList {"Wave 2"});
        QCOMPARE(fixture.model.rowCount(fixture.model.index(0, 0)), 6);
        QCOMPARE(fixture.step(0, "postgresql"), Step::Ready);
    }

    /// Nothing waits when it is over: the last wave's objects are as they are now.
    void aFinishedOperationShowsWhatIsNow()
    {
        Fixture fixture;
        fixture.change([](core::ApplicationState& state) {
            state.operation->phase = core::OperationPhase::Succeeded;
            core::WaveProgress& last = state.operation->waves[1];
            last.state = core::WaveProgress::State::Done;
            last.ready = 0;
            tests::edit(state.operation->results, [](auto& results) {
                for (core::ResourceResult& result : results)
                    if (result.hook.empty())
                        result.hookPhase = core::OperationPhase::Running;
            });
        });
        QCOMPARE(fixture.step(1, "kafka"), Step::Ready);
        QCOMPARE(fixture.model.progress(1).ready,
                 fixture.model.rowCount(fixture.model.index(1, 0)));
        fixture.change([](core::ApplicationState& state) {
            state.operation->phase = core::OperationPhase::Running;
        });
        QCOMPARE(fixture.step(1, "kafka"), Step::Waited);
        QCOMPARE(fixture.model.progress(1).ready, 0);
    }
    void objectsHaveAName()
    {
        Fixture fixture;
        const QModelIndex item = fixture.model.index(1, 0, fixture.model.index(2, 0));
        QCOMPARE(item.data(Qt::AccessibleTextRole).toString(),
                 QString("Kafka kafka/event-cluster, waited for: 2 of 3 brokers are ready"));
        QCOMPARE(QString::fromStdString(fixture.model.objectKey(item).kind), QString("Kafka"));
    }
};

WW_TEST_CLASS(TestWaveLanesModel)
#include "tst_wavelanesmodel.moc"
