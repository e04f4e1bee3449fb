// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/charts/sharedtimerange.h"

#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using widgets::SharedTimeRange;
using namespace std::chrono_literals;

namespace {

core::WallTime second(int s)
{
    return core::WallTime(std::chrono::seconds(100'000 + s));
}

int secondsOf(core::WallTime at)
{
    return int(std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count())
        - 100'000;
}

} // namespace

class TestSharedTimeRange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheClockUntilSomebodyZooms()
    {
        SharedTimeRange range;
        range.setUsualSpan(100s);
        range.setNow(second(0));
        QCOMPARE(secondsOf(range.from()), -100);
        range.setNow(second(5));
        QCOMPARE(secondsOf(range.to()), 5);
        range.zoom(0.5, second(-45));
        QVERIFY(!range.isFollowing());
        QCOMPARE(secondsOf(range.from()), -70);
        QCOMPARE(secondsOf(range.to()), -20);
        range.setNow(second(50));
        QCOMPARE(secondsOf(range.to()), -20);
        range.reset();
        QCOMPARE(secondsOf(range.from()), -50);
        QVERIFY(range.isFollowing());
    }

    void staysWithinBounds()
    {
        SharedTimeRange range;
        range.setUsualSpan(100s);
        range.setNow(second(0));
        range.move(0.5);
        QCOMPARE(secondsOf(range.to()), 0);
        range.move(-0.5);
        QCOMPARE(secondsOf(range.to()), -50);
        range.zoom(1e-6, second(-60));
        QVERIFY(range.span() == SharedTimeRange::kNarrowest);
        range.zoom(1e9, second(-60));
        QVERIFY(range.span() == SharedTimeRange::kWidest);
        QVERIFY(range.to() <= second(0));
    }

    void drawsFourTimesASecondAtMost()
    {
        SharedTimeRange range;
        QWidget chart;
        chart.show();
        QSignalSpy drawn(&range, &SharedTimeRange::redraw);
        for (int i = 0; i < 20; ++i)
            range.schedule(&chart);
        QCOMPARE(drawn.count(), 1);
        QVERIFY(range.isDrawing());
        QTRY_COMPARE(drawn.count(), 2);
        QTRY_VERIFY(!range.isDrawing());
        QCOMPARE(drawn.count(), 2);
    }

    void aHiddenChartIsNotDrawn()
    {
        SharedTimeRange range;
        QWidget chart;
        QSignalSpy drawn(&range, &SharedTimeRange::redraw);
        range.schedule(&chart);
        QCOMPARE(drawn.count(), 0);
        {
            QWidget other;
            range.schedule(&other);
        }
        QTRY_VERIFY(!range.isDrawing());
    }
};

WW_TEST_CLASS(TestSharedTimeRange)
#include "tst_sharedtimerange.moc"
