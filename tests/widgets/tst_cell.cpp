// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/delegates/celldelegate.h"
#include "widgets/models/cell.h"
#include "widgets/theme/colours.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <set>

using namespace widgets;

namespace {

constexpr int kWidth = 100;

/// How many pixels of a bar's middle line have a colour.
int painted(const QuotaBar& bar, const QColor& colour)
{
    QImage image(kWidth, 20, QImage::Format_RGB32);
    image.fill(lightColours().surface);
    QPainter painter(&image);
    paintQuotaBar(painter, QRect(0, 6, kWidth, 8), bar, lightColours());
    painter.end();
    int count = 0;
    for (int x = 0; x < kWidth; ++x)
        count += image.pixelColor(x, 10) == colour ? 1 : 0;
    return count;
}

} // namespace

class TestCell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyHealthHasItsShape()
    {
        std::set<QString> icons;
        for (auto health :
             {core::Health::Healthy, core::Health::Suspended, core::Health::Progressing,
              core::Health::Missing, core::Health::Degraded, core::Health::Unknown}) {
            const Cell cell = healthCell(health);
            icons.insert(cell.icon);
            QCOMPARE(cell.order.toInt(), int(health)); // the worst sorts last
        }
        QCOMPARE(icons.size(), std::size_t(6));
        QVERIFY(healthCell(std::nullopt).icon.isEmpty());
    }

    void nothingIsADash()
    {
        QCOMPARE(countCell(3).text, QString("3"));
        QCOMPARE(countCell(0).text, QString("–"));
        QCOMPARE(countCell(0).spoken, QString("0"));
        QCOMPARE(countCell(0).order.toInt(), 0);
    }

    void places_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("text");
        QTest::newRow("nowhere") << "" << 0 << "";
        QTest::newRow("a file") << "base/a.yaml" << 0 << "base/a.yaml";
        QTest::newRow("a line") << "base/a.yaml" << 12 << "base/a.yaml:12";
    }
    void places()
    {
        QFETCH(QString, file);
        QFETCH(int, line);
        QFETCH(QString, text);
        core::Place place;
        place.file = file.toStdString();
        place.line = line;
        place.object = "Deployment shop/web";
        QCOMPARE(placeText(place), text);
    }

    void barsAreAsLongAsTheirShare()
    {
        const Colours& c = lightColours();
        const int half = painted({0.5, 0, 0.5}, c.accent);
        QVERIFY2(qAbs(half - kWidth / 2) <= 2, qPrintable(QString::number(half)));
        QCOMPARE(painted({std::nullopt, 0.5, 0}, c.accent), 0); // nobody counted
        QVERIFY(painted({0.9, 0, 0.9}, c.outOfSync) > 80); // nearly full
        const int over = painted({1.0, 0, 2.0}, c.degraded);
        QVERIFY2(over >= kWidth / 2 - 3, qPrintable(QString::number(over))); // and the hatched rest
        QCOMPARE(painted({0.0, 0, 0.0}, c.accent), 0);
    }
};

WW_TEST_CLASS(TestCell)
#include "tst_cell.moc"
