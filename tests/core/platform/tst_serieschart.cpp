// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/serieschart.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>

using namespace core;

namespace {

WallTime second(int s)
{
    return WallTime(std::chrono::seconds(s));
}

/// "0:1 10:3 | 30:5": a bar stands for a gap.
Series seriesOf(const QString& text)
{
    Series out;
    bool gap = false;
    for (const QString& part : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        if (part == QLatin1String("|")) {
            gap = true;
            continue;
        }
        const auto pair = part.split(QLatin1Char(':'));
        out.samples.push_back({second(pair[0].toInt()), pair[1].toDouble(), gap});
        gap = false;
    }
    return out;
}

QString textOf(const std::vector<double>& values)
{
    QStringList out;
    for (const double value : values)
        out << (std::isnan(value) ? QStringLiteral("-") : QString::number(value));
    return out.join(QLatin1Char(' '));
}

} // namespace

class TestSeriesChart : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void gapsBreakTheLine_data()
    {
        QTest::addColumn<QString>("samples");
        QTest::addColumn<QString>("seconds");
        QTest::addColumn<QString>("values");
        QTest::newRow("nothing") << "" << "" << "";
        QTest::newRow("a line") << "0:1 10:3" << "0 10" << "1 3";
        QTest::newRow("a gap") << "0:1 10:3 | 30:5" << "0 10 20 30" << "1 3 - 5";
        QTest::newRow("a gap before the first") << "| 30:5" << "30" << "5";
    }
    void gapsBreakTheLine()
    {
        QFETCH(QString, samples);
        QFETCH(QString, seconds);
        QFETCH(QString, values);
        const auto line = lineOf(seriesOf(samples));
        QCOMPARE(textOf(line.seconds), seconds);
        QCOMPARE(textOf(line.values), values);
    }

    void statistics_data()
    {
        QTest::addColumn<QString>("samples");
        QTest::addColumn<QString>("expected"); // last, least, most, mean
        QTest::newRow("one") << "10:4" << "4 4 4 4";
        QTest::newRow("by time") << "0:0 10:0 20:10" << "10 0 10 2.5";
        QTest::newRow("a gap counts for nothing") << "0:2 10:2 | 100:8 110:8" << "8 2 8 5";
        QTest::newRow("beyond the span") << "-10:99 0:1 10:1 200:50" << "1 1 1 1";
    }
    void statistics()
    {
        QFETCH(QString, samples);
        QFETCH(QString, expected);
        const auto all = statisticsOf(seriesOf(samples), second(0), second(150));
        QCOMPARE(textOf({all.last, all.least, all.most, all.mean}), expected);
    }
    void statisticsOfNothing()
    {
        QCOMPARE(statisticsOf({}, second(0), second(10)).count, std::size_t(0));
    }

    void values_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<double>("value"); // below 0: none
        QTest::newRow("before") << -1 << -1.0;
        QTest::newRow("on a sample") << 10 << 3.0;
        QTest::newRow("after one") << 14 << 3.0;
        QTest::newRow("in a gap") << 25 << -1.0;
        QTest::newRow("after the gap") << 31 << 5.0;
        QTest::newRow("long after the last") << 95 << -1.0;
    }
    void values()
    {
        QFETCH(int, at);
        QFETCH(double, value);
        const auto found = valueAt(seriesOf(QStringLiteral("0:1 10:3 20:4 | 30:5")), second(at),
                                   std::chrono::seconds(100));
        QCOMPARE(found.value_or(-1), value);
    }

    void numbers_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("measure");
        QTest::addColumn<QString>("text");
        const auto row = [](double value, Measure measure, const char* text) {
            QTest::newRow(text) << value << int(measure) << text;
        };
        row(0, Measure::RecordsIn, "0 records/s");
        row(0.25, Measure::RecordsIn, "0.25 records/s");
        row(12.44, Measure::RecordsIn, "12.4 records/s");
        row(1234, Measure::RecordsIn, "1.23 k records/s");
        row(1234567, Measure::Lag, "1.23 M records");
        row(999, Measure::Depth, "999 messages");
        row(2048, Measure::BytesIn, "2 KiB/s");
        row(12, Measure::LagSeconds, "12 s");
        row(185, Measure::LagSeconds, "3 min 5 s");
    }
    void numbers()
    {
        QFETCH(double, value);
        QFETCH(int, measure);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(withUnit(value, Measure(measure))), text);
    }

    void sparklines_data()
    {
        QTest::addColumn<QString>("samples");
        QTest::addColumn<QString>("line");
        QTest::newRow("nothing") << "" << "- - - - -";
        QTest::newRow("of the greatest") << "0:1 20:2 40:4 60:2 80:1" << "0.25 0.5 1 0.5 0.25";
        QTest::newRow("a mean of each part") << "0:1 10:3 90:4" << "0.5 0.5 0.5 0.5 1";
        QTest::newRow("a gap stays") << "0:4 | 80:4" << "1 - - - 1";
        QTest::newRow("all zero") << "0:0 90:0" << "0 0 0 0 0";
    }
    void sparklines()
    {
        QFETCH(QString, samples);
        QFETCH(QString, line);
        QCOMPARE(textOf(sparkline(seriesOf(samples), 5, second(0), second(100))), line);
    }
};

WW_TEST_CLASS(TestSeriesChart)
#include "tst_serieschart.moc"
