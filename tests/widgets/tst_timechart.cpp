// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/charts/sharedtimerange.h"
#include "widgets/charts/timechart.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QTest>

#include <cmath>

using widgets::SharedTimeRange;
using widgets::TimeChart;
using namespace std::chrono_literals;

namespace {

core::WallTime second(int s)
{
    return core::WallTime(std::chrono::seconds(1'700'000'000 + s));
}

TimeChart::Line line(const QString& name, double value, bool simulated = false)
{
    TimeChart::Line out {name, {}};
    out.series.simulated = simulated;
    for (int i = -60; i <= 0; i += 5)
        out.series.samples.push_back({second(i), value + i / 60.0, i == -30});
    return out;
}

int pixelsLike(const QImage& image, const QColor& colour)
{
    int out = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            out += std::abs(pixel.red() - colour.red()) < 12
                && std::abs(pixel.green() - colour.green()) < 12
                && std::abs(pixel.blue() - colour.blue()) < 12;
        }
    return out;
}

struct Shown
{
    SharedTimeRange range;
    TimeChart chart {QStringLiteral("Records in"), core::Measure::RecordsIn, range};
    Shown()
    {
        widgets::loadFonts().value();
        chart.setPalette(widgets::paletteOf(widgets::lightColours()));
        range.setUsualSpan(60s);
        range.setNow(second(0));
        chart.resize(500, 220);
        chart.show();
    }
};

} // namespace

class TestTimeChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhyItIsEmpty()
    {
        Shown shown;
        shown.chart.setLines({}, QStringLiteral("No source: add a Prometheus."));
        QCOMPARE(shown.chart.spoken(), QStringLiteral("Records in: No source: add a Prometheus."));
    }

    void isReadAsText()
    {
        Shown shown;
        shown.chart.setLines(
            {line(QStringLiteral("all"), 10), line(QStringLiteral("app"), 5, true)}, {});
        const QString spoken = shown.chart.accessibleDescription();
        QVERIFY2(spoken.contains(QStringLiteral("all: 10 records/s, least 9, most 10, mean 9.5")),
                 qPrintable(spoken));
        QVERIFY(spoken.contains(QStringLiteral("app: 5 records/s")));
        QVERIFY(spoken.contains(QStringLiteral("simulated")));
    }

    void theCursorAsksEachLine()
    {
        Shown shown;
        shown.chart.setLines({line(QStringLiteral("all"), 10)}, {});
        shown.range.setCursor(second(-32));
        QVERIFY2(shown.chart.spoken().contains(QStringLiteral("nothing known")),
                 qPrintable(shown.chart.spoken())); // within the gap
        shown.range.setCursor(second(-20));
        QVERIFY(shown.chart.spoken().contains(QStringLiteral("9.67 records/s")));
    }

    void markersAndLinesAreDrawn()
    {
        Shown shown;
        shown.chart.setLines({line(QStringLiteral("all"), 10)}, {});
        QTRY_VERIFY(!shown.range.isDrawing());
        const QImage plain = shown.chart.grab().toImage();
        shown.chart.setMarkers({{second(-20), QStringLiteral("kafka")}});
        QTRY_VERIFY(!shown.range.isDrawing());
        const QImage marked = shown.chart.grab().toImage();
        const QColor accent = widgets::lightColours().accent;
        QVERIFY(pixelsLike(marked, accent) > pixelsLike(plain, accent) + 10);
        QVERIFY(pixelsLike(plain, QColor(0x00, 0x72, 0xb2)) > 60);
    }

    void keysMoveTheSharedRange_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::newRow("nearer") << int(Qt::Key_Plus) << -51 << -9;
        QTest::newRow("earlier") << int(Qt::Key_Left) << -72 << -12;
        QTest::newRow("back") << int(Qt::Key_0) << -60 << 0;
    }
    void keysMoveTheSharedRange()
    {
        QFETCH(int, key);
        QFETCH(int, from);
        QFETCH(int, to);
        Shown shown;
        QTest::keyClick(&shown.chart, Qt::Key(key));
        const auto rounded = [](core::WallTime at) {
            return int(std::lround(std::chrono::duration<double>(at - second(0)).count()));
        };
        QCOMPARE(rounded(shown.range.from()), from);
        QCOMPARE(rounded(shown.range.to()), to);
    }
};

WW_TEST_CLASS(TestTimeChart)
#include "tst_timechart.moc"
