// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time.h"
#include "gitops/application/cronschedule.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::CronSchedule;

namespace {

CronSchedule::Time timeOf(const QByteArray& text)
{
    return std::chrono::floor<std::chrono::seconds>(core::parseRfc3339(text.toStdString()).value());
}

} // namespace

class TestCronSchedule : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void next_data()
    {
        QTest::addColumn<QByteArray>("schedule");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("expected"); ///< "": never
        const auto row = [](const char* schedule, const char* after, const char* expected) {
            QTest::addRow("%s after %s", schedule, after)
                << QByteArray(schedule) << QByteArray(after) << QByteArray(expected);
        };
        row("* * * * *", "2026-08-22T10:15:30Z", "2026-08-22T10:16:00Z");
        row("* * * * *", "2026-08-22T10:15:00Z", "2026-08-22T10:16:00Z"); // strictly after
        row("0 22 * * *", "2026-08-22T10:15:00Z", "2026-08-22T22:00:00Z");
        row("0 22 * * *", "2026-08-22T22:00:00Z", "2026-08-23T22:00:00Z");
        row("*/15 * * * *", "2026-08-22T10:46:00Z", "2026-08-22T11:00:00Z");
        row("5/20 8 * * *", "2026-08-22T08:26:00Z", "2026-08-22T08:45:00Z");
        row("30 9-17 * * *", "2026-08-22T17:31:00Z", "2026-08-23T09:30:00Z");
        row("0 0,12 * * *", "2026-08-22T00:00:00Z", "2026-08-22T12:00:00Z");
        row("0 10-20/5 * * *", "2026-08-22T15:00:00Z", "2026-08-22T20:00:00Z");
        row("59 23 31 12 *", "2026-08-22T10:15:00Z", "2026-12-31T23:59:00Z");
        row("0 0 1 jan *", "2026-08-22T10:15:00Z", "2027-01-01T00:00:00Z");
        row("0 0 29 2 *", "2026-08-22T10:15:00Z", "2028-02-29T00:00:00Z");
        row("0 0 30 2 *", "2026-08-22T10:15:00Z", "");
        row("0 8 * * MON-FRI", "2026-08-21T09:00:00Z", "2026-08-24T08:00:00Z");
        row("0 8 * * 0", "2026-08-22T09:00:00Z", "2026-08-23T08:00:00Z");
        // Both days given: either will do.
        row("0 0 15 * 1", "2026-08-11T00:00:00Z", "2026-08-15T00:00:00Z");
        row("0 0 15 * 1", "2026-08-15T00:00:00Z", "2026-08-17T00:00:00Z");
        // A star with a step says something about the day.
        row("0 0 */2 * *", "2026-08-22T00:00:00Z", "2026-08-23T00:00:00Z");
        row("0 0 ? * 3", "2026-08-22T00:00:00Z", "2026-08-26T00:00:00Z");
        row("@hourly", "2026-08-22T10:15:00Z", "2026-08-22T11:00:00Z");
        row("@daily", "2026-08-22T10:15:00Z", "2026-08-23T00:00:00Z");
        row("@weekly", "2026-08-22T10:15:00Z", "2026-08-23T00:00:00Z");
        row("@monthly", "2026-08-22T10:15:00Z", "2026-09-01T00:00:00Z");
        row("@yearly", "2026-08-22T10:15:00Z", "2027-01-01T00:00:00Z");
        row("  0   22 * *\t* ", "2026-08-22T10:15:00Z", "2026-08-22T22:00:00Z");
    }
    void next()
    {
        QFETCH(QByteArray, schedule);
        QFETCH(QByteArray, after);
        QFETCH(QByteArray, expected);
        const auto parsed = CronSchedule::parse(schedule.toStdString());
        QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().message.c_str());
        const auto found = parsed->next(timeOf(after));
        QCOMPARE(found.has_value(), !expected.isEmpty());
        if (found)
            QCOMPARE(QByteArray::fromStdString(core::formatRfc3339(*found)), expected);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("schedule");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* schedule, const char* named) {
            QTest::newRow(schedule) << QByteArray(schedule) << QByteArray(named);
        };
        row("", "five fields");
        row("* * * *", "five fields");
        row("* * * * * *", "five fields");
        row("@every 1h", "five fields");
        row("@never", "five fields");
        row("TZ=UTC * * * * *", "five fields");
        row("60 * * * *", "\"60\" is no minute");
        row("-1 * * * *", "\"-1\" is no minute");
        row("* 24 * * *", "\"24\" is no hour");
        row("* * 0 * *", "\"0\" is no day of the month");
        row("* * * 13 *", "\"13\" is no month");
        row("* * * foo *", "\"foo\" is no month");
        row("* * * * 7", "\"7\" is no day of the week");
        row("5-2 * * * *", "\"5-2\" is no minute");
        row("*/0 * * * *", "\"*/0\" is no minute");
        row("1,,2 * * * *", "\"\" is no minute");
        row("1- * * * *", "\"1-\" is no minute");
        row("1/99999999999 * * * *", "is no minute");
    }
    void refused()
    {
        QFETCH(QByteArray, schedule);
        QFETCH(QByteArray, named);
        const auto parsed = CronSchedule::parse(schedule.toStdString());
        QVERIFY(!parsed.has_value());
        QVERIFY2(parsed.error().message.find(named.toStdString()) != std::string::npos,
                 parsed.error().message.c_str());
    }
};

WW_TEST_CLASS(TestCronSchedule)
#include "tst_cronschedule.moc"
