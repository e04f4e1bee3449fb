// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace std::chrono;

class TestTime : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rfc3339RoundTrip()
    {
        const auto time = core::parseRfc3339("2026-08-22T10:15:00Z");
        QVERIFY(time);
        QCOMPARE(core::formatRfc3339(*time), std::string("2026-08-22T10:15:00Z"));
        const auto micro = core::parseRfc3339("2026-08-22T12:15:00.000123+02:00");
        QVERIFY(micro);
        QCOMPARE(core::formatRfc3339(*micro, true), std::string("2026-08-22T10:15:00.000123Z"));
    }
    void rfc3339Refuses()
    {
        for (const char* bad :
             {"", "2026-08-22", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
              "2026-08-22T25:00:00Z", "2026-08-22T10:15:00", "2026-08-22T10:15:00+0200x",
              "4052-08-22T10:00:00Z", "0001-01-01T00:00:00Z"})
            QVERIFY2(!core::parseRfc3339(bad), bad);
    }
    void durations()
    {
        QCOMPARE(core::parseDuration("3m").value(), milliseconds(180'000));
        QCOMPARE(core::parseDuration("1h30m").value(), milliseconds(5'400'000));
        QCOMPARE(core::parseDuration("1.5s").value(), milliseconds(1500));
        QCOMPARE(core::parseDuration("-2s").value(), milliseconds(-2000));
        QCOMPARE(core::parseDuration("0").value(), milliseconds(0));
        for (const char* bad : {"", "3", "3x", "m", "1h-3m", "9999999999999h", "nans", "infs"})
            QVERIFY2(!core::parseDuration(bad), bad);
    }
    void words()
    {
        QCOMPARE(core::describeDuration(850ms), std::string("850 ms"));
        QCOMPARE(core::describeDuration(185s), std::string("3 min 5 s"));
        QCOMPARE(core::describeDuration(2h + 4min), std::string("2 h 4 min"));
        QCOMPARE(core::describeAge(90s), std::string("90s"));
        QCOMPARE(core::describeAge(300s), std::string("5m"));
        QCOMPARE(core::describeAge(3h + 10min), std::string("3h10m"));
        QCOMPARE(core::describeAge(hours(24 * 12)), std::string("12d"));
    }
};

WW_TEST_CLASS(TestTime)
#include "tst_time.moc"
