// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeengine.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/enginebridge.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>
#include <memory>
#include <thread>

using namespace std::chrono_literals;
using widgets::EngineBridge;

namespace {

core::SnapshotPtr numbered(std::uint64_t sequence)
{
    core::Snapshot snapshot;
    snapshot.sequence = sequence;
    return std::make_shared<const core::Snapshot>(snapshot);
}

core::event::OperationProgressed progress(int wave, int ready)
{
    core::event::OperationProgressed event {"kafka", "op", {}};
    event.wave.wave = wave;
    event.wave.ready = ready;
    return event;
}

} // namespace

class TestEngineBridge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newestSnapshotWins()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 20ms);
        std::vector<std::uint64_t> seen;
        connect(&bridge, &EngineBridge::snapshotChanged, this,
                [&](const core::SnapshotPtr& snapshot) { seen.push_back(snapshot->sequence); });
        for (std::uint64_t i = 1; i <= 50; ++i)
            engine.publish(numbered(i));
        QTRY_VERIFY(!seen.empty());
        QCOMPARE(seen, std::vector<std::uint64_t> {50});
        QCOMPARE(bridge.snapshot()->sequence, 50U);
    }

    void startsWithWhatTheEngineKnows()
    {
        tests::FakeEngine engine;
        engine.publish(numbered(7));
        EngineBridge bridge(engine);
        QCOMPARE(bridge.snapshot()->sequence, 7U);
    }

    void progressOfOneWaveIsJoined()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 20ms);
        std::vector<core::Event> seen;
        connect(&bridge, &EngineBridge::eventsArrived, this,
                [&](const std::vector<core::Event>& events) {
                    seen.insert(seen.end(), events.begin(), events.end());
                });
        engine.emitEvent(progress(0, 1), {});
        engine.emitEvent(core::event::ConditionCleared {"kafka", "SyncError"}, {});
        engine.emitEvent(progress(1, 1), {});
        engine.emitEvent(progress(0, 2), {});
        bridge.deliverNow();
        QCOMPARE(int(seen.size()), 3);
        QVERIFY(std::holds_alternative<core::event::ConditionCleared>(seen[0].what));
        QCOMPARE(std::get<core::event::OperationProgressed>(seen[1].what).wave.wave, 1);
        QCOMPARE(std::get<core::event::OperationProgressed>(seen[2].what).wave.ready, 2);
    }

    void deliversAtMostOncePerInterval()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 50ms);
        int deliveries = 0;
        connect(&bridge, &EngineBridge::snapshotChanged, this, [&] { ++deliveries; });
        std::atomic<bool> stop = false;
        std::thread busy([&] {
            for (std::uint64_t i = 1; !stop; ++i) {
                engine.publish(numbered(i));
                std::this_thread::sleep_for(1ms);
            }
        });
        QElapsedTimer timer;
        timer.start();
        QTRY_VERIFY(deliveries >= 6);
        const qint64 passed = timer.elapsed();
        stop = true;
        busy.join();
        QVERIFY2(passed >= 4 * 50, qPrintable(QString::number(passed)));
    }

    void signalsComeInTheGuiThread()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 10ms);
        QThread* seen = nullptr;
        connect(&bridge, &EngineBridge::snapshotChanged, this,
                [&] { seen = QThread::currentThread(); });
        std::thread([&] { engine.publish(numbered(1)); }).join();
        QTRY_VERIFY(seen);
        QCOMPARE(seen, thread());
    }

    void repliesGoToTheirContextOnly()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 10ms);
        int answered = 0;
        auto gone = std::make_unique<QObject>();
        QObject stays;
        bridge.submit(core::command::Refresh {"kafka", false}, gone.get(),
                      [&](const auto&) { answered += 100; });
        bridge.submit(core::command::Refresh {"kafka", true}, &stays,
                      [&](const core::Result<void>& result) { answered += result ? 1 : 1000; });
        gone.reset();
        QTRY_COMPARE(answered, 1);
        QCOMPARE(int(engine.commands().size()), 2);
    }

    void outlivedByItsEngine()
    {
        tests::FakeEngine engine;
        {
            EngineBridge bridge(engine, 10ms);
            QCOMPARE(engine.sinkCount(), 1);
            engine.publish(numbered(1));
        }
        QCOMPARE(engine.sinkCount(), 0);
        engine.publish(numbered(2));
        QCoreApplication::processEvents();
    }

    void floodIsBounded()
    {
        tests::FakeEngine engine;
        EngineBridge bridge(engine, 10ms);
        std::size_t seen = 0;
        connect(&bridge, &EngineBridge::eventsArrived, this,
                [&](const std::vector<core::Event>& events) { seen += events.size(); });
        const std::size_t sent = EngineBridge::kMaxPending + 5;
        for (std::size_t i = 0; i < sent; ++i)
            engine.emitEvent(core::event::ConditionCleared {"kafka", "SyncError"}, {});
        bridge.deliverNow();
        QCOMPARE(seen, EngineBridge::kMaxPending);
        QCOMPARE(bridge.droppedEvents(), 5U);
    }
};

WW_TEST_CLASS(TestEngineBridge)
#include "tst_enginebridge.moc"
