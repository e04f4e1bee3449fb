// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/offsethistory.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;

namespace {

core::SteadyTime at(int seconds)
{
    return core::SteadyTime(1h) + std::chrono::seconds(seconds);
}

} // namespace

class TestOffsetHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writtenAt_data()
    {
        // Looks at 0, 10, 20 s; the partition ended at 0, 100, 200.
        QTest::addColumn<int>("offset");
        QTest::addColumn<int>("second");
        QTest::newRow("older than what is kept") << -5 << -1;
        QTest::newRow("at once") << 0 << 0;
        QTest::newRow("half way") << 49 << 5;
        QTest::newRow("in the next look") << 149 << 15;
        QTest::newRow("the last") << 199 << 20;
        QTest::newRow("not written yet") << 200 << -1;
    }

    void writtenAt()
    {
        QFETCH(int, offset);
        QFETCH(int, second);
        OffsetHistory history;
        for (int i = 0; i < 3; ++i)
            history.add(at(10 * i), {100 * i});
        const auto written = history.writtenAt(0, offset);
        QCOMPARE(written ? int(std::round(std::chrono::duration<double>(*written - at(0)).count()))
                         : -1,
                 second);
    }

    void whatIsNotKnownTellsNothing()
    {
        OffsetHistory history;
        QVERIFY(!history.writtenAt(0, 0));
        history.add(at(0), {5});
        QVERIFY(!history.writtenAt(0, 1)); // written before the first look
        QVERIFY(!history.writtenAt(7, 1));
        history.add(at(10), {-1001}); // no answer
        history.add(at(20), {9});
        QVERIFY(history.writtenAt(0, 6));
    }

    void partitionsMayMove()
    {
        OffsetHistory history;
        history.add(at(0), {0, 0});
        history.add(at(10), {0, 50});
        history.renumber({-1, 1, 0}); // a new one before them, the two exchanged
        QVERIFY(history.writtenAt(1, 20));
        QVERIFY(!history.writtenAt(0, 20));
        QVERIFY(!history.writtenAt(2, 20));
    }

    void isBounded()
    {
        OffsetHistory history;
        for (int i = 0; i < 5000; ++i)
            history.add(at(5 * i), {i});
        QVERIFY2(history.size() < 200, qPrintable(QString::number(history.size())));
        QVERIFY(history.writtenAt(0, 4990)); // seconds ago
        QVERIFY(history.writtenAt(0, 4000)); // more than an hour ago
        QVERIFY(!history.writtenAt(0, 100)); // long gone
    }
};

WW_TEST_CLASS(TestOffsetHistory)
#include "tst_offsethistory.moc"
