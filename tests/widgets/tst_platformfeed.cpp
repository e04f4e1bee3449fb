// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fakeengine.h"
#include "tests/support/reconciledplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/enginebridge.h"
#include "widgets/bridge/platformfeed.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using widgets::EngineBridge;
using widgets::PlatformFeed;
using Platform = core::query::Platform;
using Telemetry = core::query::Telemetry;

namespace {

core::SnapshotPtr numbered(std::uint64_t sequence)
{
    core::Snapshot snapshot;
    snapshot.sequence = sequence;
    return std::make_shared<const core::Snapshot>(snapshot);
}

core::PlatformInputPtr withGap(const std::string& gap)
{
    core::PlatformInput input;
    input.gaps = {gap};
    return std::make_shared<const core::PlatformInput>(input);
}

} // namespace

class TestPlatformFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksOnlyWhileSomebodyLooks()
    {
        tests::FakeEngine engine;
        engine.setPlatform(withGap("a"));
        EngineBridge bridge(engine, 5ms);
        PlatformFeed feed(bridge, 10ms);
        engine.publish(numbered(1));
        bridge.deliverNow();
        QCOMPARE(engine.asked<Platform>(), 0);
        QVERIFY(!feed.isBusy());
        feed.setWatched(true);
        QTRY_VERIFY(feed.hasAnswer());
        QCOMPARE(feed.views()->input->gaps.size(), std::size_t(1));
        feed.setWatched(false);
        const int before = engine.asked<Platform>();
        for (std::uint64_t i = 2; i < 8; ++i) {
            engine.publish(numbered(i));
            bridge.deliverNow();
            QTest::qWait(5);
        }
        QCOMPARE(engine.asked<Platform>(), before);
        feed.setWatched(true); // what changed meanwhile is asked for at once
        QTRY_VERIFY(engine.asked<Platform>() > before);
    }

    void asksAtMostOncePerInterval()
    {
        tests::FakeEngine engine;
        engine.setPlatform(withGap("a"));
        engine.setTelemetry(std::make_shared<const core::Telemetry>());
        EngineBridge bridge(engine, 1ms);
        PlatformFeed feed(bridge, 40ms);
        QElapsedTimer timer;
        timer.start();
        feed.setWatched(true);
        for (std::uint64_t i = 1; engine.asked<Platform>() < 5; ++i) {
            engine.publish(numbered(i));
            QTest::qWait(1);
            QVERIFY(timer.elapsed() < 20'000);
        }
        const qint64 passed = timer.elapsed();
        QVERIFY2(passed >= 4 * 40, qPrintable(QString::number(passed)));
        QVERIFY(engine.asked<Telemetry>() <= passed / 40 + 1);
    }

    void sameInputMakesNoNews()
    {
        tests::FakeEngine engine;
        engine.setPlatform(withGap("a"));
        EngineBridge bridge(engine, 1ms);
        PlatformFeed feed(bridge, 5ms);
        QSignalSpy changed(&feed, &PlatformFeed::changed);
        feed.setWatched(true);
        QTRY_VERIFY(feed.hasAnswer() && !feed.isBusy());
        const auto views = feed.views();
        const int count = int(changed.size());
        engine.setPlatform(withGap("a")); // another one that says the same
        const int asked = engine.asked<Platform>();
        for (std::uint64_t i = 1; engine.asked<Platform>() < asked + 3; ++i) {
            engine.publish(numbered(i));
            QTest::qWait(2);
        }
        QTRY_VERIFY(!feed.isBusy());
        QCOMPARE(feed.views(), views);
        QCOMPARE(int(changed.size()), count);
        engine.setPlatform(withGap("b"));
        engine.publish(numbered(1'000));
        QTRY_COMPARE(feed.views()->input->gaps, std::vector<std::string> {"b"});
    }

    void figuresComeWithoutNewViews()
    {
        const auto& platform = tests::reconciledPlatform("event-driven");
        tests::FakeEngine engine;
        engine.setPlatform(platform.input);
        EngineBridge bridge(engine, 1ms);
        PlatformFeed feed(bridge, 5ms);
        feed.setWatched(true);
        QTRY_VERIFY(feed.hasAnswer() && !feed.views()->noTelemetry.empty());
        const auto before = feed.views();
        QVERIFY(before->telemetry == nullptr);
        QVERIFY(before->lineage->nodes().size() > 10);
        QCOMPARE(before->namespaces->size(), before->summaries->size());
        const auto measured = std::make_shared<const core::Telemetry>();
        engine.setTelemetry(measured);
        QTRY_COMPARE(feed.views()->telemetry, measured);
        QCOMPARE(feed.views()->namespaces, before->namespaces);
        QVERIFY(feed.views()->noTelemetry.empty());
    }

    void refusalsKeepWhatWasThere()
    {
        tests::FakeEngine engine;
        engine.setPlatform(withGap("a"));
        EngineBridge bridge(engine, 1ms);
        PlatformFeed feed(bridge, 5ms);
        feed.setWatched(true);
        QTRY_VERIFY(feed.hasAnswer());
        engine.setPlatform(nullptr);
        engine.publish(numbered(1));
        QTRY_COMPARE(feed.failure(), QString("The object is not known."));
        QCOMPARE(feed.views()->input->gaps.size(), std::size_t(1));
        engine.setPlatform(withGap("a"));
        engine.publish(numbered(2));
        QTRY_VERIFY(feed.failure().isEmpty());
    }

    void endsWhileItComputes()
    {
        const auto& platform = tests::reconciledPlatform("event-driven");
        tests::FakeEngine engine;
        engine.setPlatform(platform.input);
        EngineBridge bridge(engine, 1ms);
        for (int i = 0; i < 5; ++i) {
            PlatformFeed feed(bridge, 5ms);
            feed.setWatched(true);
            QCoreApplication::processEvents();
        }
        QCoreApplication::processEvents(); // nothing is delivered to what is gone
    }
};

WW_TEST_CLASS(TestPlatformFeed)
#include "tst_platformfeed.moc"
