// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/graph/arrowitem.h"
#include "widgets/graph/graphlook.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QImage>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <QTest>

#include <algorithm>

using namespace widgets;
using Link = core::LineageLayout::Link;

namespace {

/// From one column to the next.
const Link kShort {{{0, 20}, {90, 60}}, false};
/// Over a column between them.
const Link kLong {{{0, 20}, {60, 40}, {200, 40}, {260, 80}}, false};
/// To the beginning of the next band: right, down, back to the left, down, right.
const Link kFolded {
    {{500, 20}, {516, 20}, {516, 20}, {516, 70}, {20, 70}, {20, 120}, {20, 120}, {40, 120}}, false};

core::LineageArrow arrow(std::optional<double> rate = {}, bool simulated = false)
{
    return {.evidence = core::LineageEvidence::Declared, .rate = rate, .simulated = simulated};
}

Link turnedRound(Link link)
{
    std::ranges::reverse(link.points);
    link.back = true;
    return link;
}

QImage paint(ArrowItem& item, double scale = 1)
{
    const QRectF bounds = item.boundingRect();
    QImage image((bounds.size() * scale).toSize() + QSize(2, 2), QImage::Format_RGB32);
    image.fill(lightColours().surface);
    QPainter painter(&image);
    painter.scale(scale, scale);
    painter.translate(-bounds.topLeft());
    QStyleOptionGraphicsItem option;
    item.paint(&painter, &option, nullptr);
    return image;
}

int painted(const QImage& image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == lightColours().surface.rgb() ? 0 : 1;
    return count;
}

} // namespace

class TestArrowItem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { loadFonts().value(); }

    void theWayIsWithinItsBounds_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("back");
        const char* names[] = {"short", "long", "folded"};
        for (int which = 0; which < 3; ++which)
            for (const bool back : {false, true})
                QTest::addRow("%s%s", names[which], back ? ", back" : "") << which << back;
    }
    void theWayIsWithinItsBounds()
    {
        QFETCH(int, which);
        QFETCH(bool, back);
        const Link links[] = {kShort, kLong, kFolded};
        const Link link = back ? turnedRound(links[which]) : links[which];
        ArrowItem item(arrow(12, true), link, lightColours());
        QVERIFY(item.boundingRect().contains(item.path().boundingRect()));
        QVERIFY(item.label() && item.boundingRect().contains(item.label()->at));
        QCOMPARE(item.path().elementAt(0).x, link.points.front().x);
        QCOMPARE(item.path().currentPosition(),
                 QPointF(link.points.back().x, link.points.back().y));
        QVERIFY(item.shape().contains(item.path().pointAtPercent(0.5)));
        for (const double scale : {1.0, 0.6, 0.3, 0.1})
            QVERIFY(painted(paint(item, scale)) > 3);
    }

    void turnsStayOutsideTheColumns()
    {
        for (const bool back : {false, true}) {
            const Link link = back ? turnedRound(kFolded) : kFolded;
            const ArrowItem item(arrow(), link, lightColours());
            const QRectF way = item.path().boundingRect();
            // To the right of the last column and to the left of the first, never through boxes.
            QVERIFY2(way.right() > 516 && way.right() < 545,
                     qPrintable(QString::number(way.right())));
            QVERIFY2(way.left() < 20 && way.left() > -10, qPrintable(QString::number(way.left())));
        }
    }

    void theRateStandsWhereThereIsRoom()
    {
        const ArrowItem item(arrow(5), kShort, lightColours());
        QCOMPARE(item.label()->at, QPointF(45, 40));
        const ArrowItem folded(arrow(5), kFolded, lightColours());
        QCOMPARE(folded.label()->at.y(), 70.0); // on the piece that runs back
    }

    void aRateWithoutRoomIsNotWritten()
    {
        ArrowItem item(arrow(128.4), kShort, lightColours());
        const int written = painted(paint(item));
        item.setLabel(std::nullopt);
        QVERIFY(painted(paint(item)) < written - 40);
    }

    void aRateStandsAboveTheLineOrUponIt()
    {
        const ArrowItem item(arrow(5), kLong, lightColours());
        bool wasOn = false;
        for (const auto& place : item.labelPlaces()) {
            const QRectF rect = item.labelRect(place, 1);
            QVERIFY(place.on || !wasOn); // those above go first
            wasOn = place.on;
            if (place.on)
                QVERIFY(rect.contains(place.at) && item.crosses(rect));
            else
                QVERIFY(rect.bottom() < place.at.y());
        }
        QVERIFY(wasOn);
    }

    void crosses_data()
    {
        QTest::addColumn<QRectF>("rect");
        QTest::addColumn<bool>("crosses");
        QTest::newRow("upon its level piece") << QRectF(100, 35, 40, 10) << true;
        QTest::newRow("touching neither end") << QRectF(120, 39, 4, 2) << true;
        QTest::newRow("above") << QRectF(100, 20, 40, 12) << false;
        QTest::newRow("below") << QRectF(100, 45, 40, 12) << false;
        QTest::newRow("beside its beginning") << QRectF(-30, 10, 20, 20) << false;
        QTest::newRow("within its bounds, not on the way") << QRectF(2, 60, 20, 15) << false;
        QTest::newRow("across its bend") << QRectF(200, 50, 60, 20) << true;
    }
    void crosses()
    {
        QFETCH(QRectF, rect);
        QFETCH(bool, crosses);
        const ArrowItem item(arrow(), kLong, lightColours());
        QCOMPARE(item.crosses(rect), crosses);
    }

    void placesLieOnTheWay()
    {
        for (const Link& link : {kShort, kLong, kFolded}) {
            const ArrowItem item(arrow(5), link, lightColours());
            QVERIFY(!item.labelPlaces().empty());
            for (const auto& place : item.labelPlaces())
                QVERIFY(item.shape().intersects(QRectF(place.at - QPointF(6, 6), QSizeF(12, 12))));
        }
    }

    void theRateIsWritten()
    {
        ArrowItem without(arrow(), kShort, lightColours());
        ArrowItem with(arrow(128.4), kShort, lightColours());
        QVERIFY(painted(paint(with)) > painted(paint(without)) + 40);
        QVERIFY(penOf(with.arrow(), lightColours()).widthF()
                > penOf(without.arrow(), lightColours()).widthF());
    }

    void simulatedRatesSaySo()
    {
        QVERIFY(shortRateText(arrow(128.4, true)).contains("simulated"));
        QVERIFY(!shortRateText(arrow(128.4)).contains("simulated"));
        ArrowItem real(arrow(128.4), kShort, lightColours());
        ArrowItem simulated(arrow(128.4, true), kShort, lightColours());
        QVERIFY(paint(real) != paint(simulated));
    }

    void wordsKeepTheirSizeWhenThePictureBecomesSmaller()
    {
        // Seen from further away the words take more of the picture, so that they can be read.
        ArrowItem with(arrow(128.4), kShort, lightColours());
        ArrowItem without(arrow(), kShort, lightColours());
        const auto share = [&](double scale) {
            return double(painted(paint(with, scale)) - painted(paint(without, scale)))
                / (scale * scale);
        };
        QVERIFY2(share(0.55) > share(1) * 1.5,
                 qPrintable(QStringLiteral("%1, %2").arg(share(0.55)).arg(share(1))));
    }

    void emphasis()
    {
        ArrowItem item(arrow(), kLong, lightColours());
        const QImage normal = paint(item);
        for (const Emphasis each : {Emphasis::Dim, Emphasis::Near, Emphasis::Chosen}) {
            item.setEmphasis(each);
            QVERIFY(paint(item) != normal);
            QCOMPARE(item.zValue() > 1, each != Emphasis::Dim);
        }
        item.setEmphasis(Emphasis::Normal);
        QCOMPARE(paint(item), normal);
    }

    void evidenceIsTheLine()
    {
        QList<QImage> looks;
        for (int i = 0; i < 4; ++i) {
            core::LineageArrow shown = arrow();
            shown.evidence = core::LineageEvidence(i);
            ArrowItem item(shown, kLong, lightColours());
            QVERIFY(!looks.contains(paint(item)));
            looks << paint(item);
        }
    }

    void bothWaysHasDotsAtBothEnds()
    {
        core::LineageArrow shown = arrow();
        ArrowItem oneWay(shown, kLong, lightColours());
        shown.bothWays = true;
        ArrowItem both(shown, kLong, lightColours());
        QVERIFY(paint(oneWay) != paint(both));
    }

    void aLinkToItselfHasNoWay()
    {
        ArrowItem item(arrow(5), Link {}, lightColours());
        QVERIFY(item.path().isEmpty());
        QCOMPARE(painted(paint(item)), 0);
    }
};

WW_TEST_CLASS(TestArrowItem)
#include "tst_arrowitem.moc"
