// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/graph/boxitem.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QImage>
#include <QPainter>
#include <QStyleOptionGraphicsItem>
#include <QTest>

using namespace widgets;
using core::LineageNodeType;

namespace {

const QSizeF kSize(180, 46);

core::LineageBox boxOf(LineageNodeType type)
{
    return {.id = "kafka://k/events", .title = "events", .detail = "topic · kafka", .type = type};
}

QImage paint(BoxItem& item, double scale = 1)
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

int pixelsOf(const QImage& image, const QColor& colour)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, y) == colour.rgb() ? 1 : 0;
    return count;
}

} // namespace

class TestBoxItem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { loadFonts().value(); }

    /// A dataset's rate stands in place of what it is; in a small picture as well.
    void theRateIsWritten_data()
    {
        QTest::addColumn<double>("scale");
        QTest::newRow("as it is") << 1.0;
        QTest::newRow("small") << 0.55;
    }
    void theRateIsWritten()
    {
        QFETCH(double, scale);
        BoxItem item(boxOf(LineageNodeType::Dataset), kSize, lightColours());
        const QImage without = paint(item, scale);
        item.setRate("in 272/s", true);
        const QImage simulated = paint(item, scale);
        QVERIFY(simulated != without);
        item.setRate("in 272/s", false);
        QVERIFY(paint(item, scale) != simulated); // made-up figures have a colour of their own
        item.setRate({}, false);
        QCOMPARE(paint(item, scale), without);
    }

    void paintsWithinItsBounds_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<bool>("group");
        for (int type = 0; type < 6; ++type)
            QTest::addRow("%s", std::string(toString(LineageNodeType(type))).c_str())
                << type << false;
        QTest::newRow("a group") << 0 << true;
    }
    void paintsWithinItsBounds()
    {
        QFETCH(int, type);
        QFETCH(bool, group);
        core::LineageBox box = boxOf(LineageNodeType(type));
        box.isGroup = group;
        box.health = core::Health::Degraded;
        box.layer = "gold";
        BoxItem item(box, kSize, lightColours());
        item.setEmphasis(Emphasis::Chosen);
        const QRectF bounds = item.boundingRect();
        QVERIFY(bounds.contains(QRectF(QPointF(0, 0), kSize)));
        // Round it there is nothing, with a margin to see it.
        constexpr int kRoom = 20;
        QImage image((bounds.size()).toSize() + QSize(2 * kRoom, 2 * kRoom), QImage::Format_RGB32);
        image.fill(Qt::magenta);
        QPainter painter(&image);
        painter.translate(kRoom - bounds.left(), kRoom - bounds.top());
        QStyleOptionGraphicsItem option;
        item.paint(&painter, &option, nullptr);
        painter.end();
        const QRect inside = QRectF(QPointF(kRoom, kRoom), bounds.size()).toAlignedRect();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const bool isPainted = image.pixel(x, y) != QColor(Qt::magenta).rgb();
                QVERIFY2(!isPainted || inside.contains(x, y),
                         qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
                painted += isPainted ? 1 : 0;
            }
        QVERIFY(painted > 2000);
    }

    void typesHaveShapesOfTheirOwn()
    {
        QList<QImage> shapes;
        for (const LineageNodeType type : {LineageNodeType::Dataset, LineageNodeType::Job,
                                           LineageNodeType::Service, LineageNodeType::Store}) {
            core::LineageBox box = boxOf(type);
            BoxItem item(box, kSize, lightColours());
            const QImage shape = paint(item, 0.3); // without words and glyphs
            QVERIFY(!shapes.contains(shape));
            shapes << shape;
        }
    }

    void whatIsLookedAtStandsOut()
    {
        BoxItem item(boxOf(LineageNodeType::Job), kSize, lightColours());
        const QColor accent = lightColours().accent;
        QCOMPARE(pixelsOf(paint(item), accent), 0);
        item.setEmphasis(Emphasis::Chosen);
        QVERIFY(pixelsOf(paint(item), accent) > 100);
        item.setEmphasis(Emphasis::Normal);
        const QImage normal = paint(item);
        item.setHovered(true);
        QVERIFY(paint(item) != normal);
        item.setHovered(false);
        QCOMPARE(paint(item), normal);
        item.setEmphasis(Emphasis::Dim);
        QVERIFY(paint(item) != normal);
    }

    void nobodysIsDashedInTheColourOfWarnings()
    {
        core::LineageBox box = boxOf(LineageNodeType::Job);
        BoxItem item(box, kSize, lightColours());
        const QColor warning = lightColours().outOfSync;
        QCOMPARE(pixelsOf(paint(item), warning), 0);
        box.undeclared = true;
        item.setBox(box);
        QVERIFY(pixelsOf(paint(item), warning) > 40);
    }

    void farAwayIllHealthIsWhatIsLeft()
    {
        core::LineageBox box = boxOf(LineageNodeType::Job);
        box.health = core::Health::Degraded;
        BoxItem item(box, kSize, lightColours());
        QVERIFY(pixelsOf(paint(item, 0.1), lightColours().degraded) > 20);
        box.health = core::Health::Healthy;
        item.setBox(box);
        QCOMPARE(pixelsOf(paint(item, 0.1), lightColours().degraded), 0);
    }

    void otherColoursPaintOtherwise()
    {
        BoxItem item(boxOf(LineageNodeType::Dataset), kSize, lightColours());
        const QImage light = paint(item);
        item.setColours(darkColours());
        QVERIFY(paint(item) != light);
    }

    void longTextsAreCutAndWidthsFollowTexts()
    {
        core::LineageBox box = boxOf(LineageNodeType::Job);
        const double narrow = textWidthOf(box);
        box.title = std::string(200, 'w');
        QVERIFY(textWidthOf(box) > narrow);
        box.health = core::Health::Healthy;
        const double withHealth = textWidthOf(box);
        box.health.reset();
        QVERIFY(withHealth > textWidthOf(box));
        BoxItem item(box, kSize, lightColours());
        (void)paint(item); // elided: paintsWithinItsBounds would see more
        QCOMPARE(item.size(), kSize);
    }
};

WW_TEST_CLASS(TestBoxItem)
#include "tst_boxitem.moc"
