// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/imagecomparison.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"

#include <QPainter>
#include <QTest>

namespace {

QImage shot()
{
    tests::Stage stage(widgets::ThemeChoice::Light, tests::samplePlatform());
    QImage image = stage.window.grab().toImage().convertToFormat(QImage::Format_RGB32);
    image.setDevicePixelRatio(1);
    return image;
}

} // namespace

/// The rule that decides over pictures must let the same pass and catch small harm.
class TestImageComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSamePasses()
    {
        const QImage image = shot();
        QVERIFY(tests::compareImages(image, image).passed);
        QVERIFY(tests::compareImages(shot(), image).passed);
    }

    void anotherSizeFails()
    {
        const QImage image = shot();
        QVERIFY(!tests::compareImages(image.copy(0, 0, image.width() - 1, image.height()), image)
                     .passed);
    }

    void aMissingIconFails()
    {
        const QImage image = shot();
        QImage changed = image;
        QPainter painter(&changed);
        // The glyph of the first application's health, in the colour of its row.
        painter.fillRect(QRect(334, 112, 18, 18), image.pixelColor(212, 112));
        painter.end();
        const auto compared = tests::compareImages(changed, image);
        QVERIFY(!compared.passed);
        QVERIFY(compared.message.contains("worst block"));
    }

    void anotherColourFails()
    {
        const QImage image = shot();
        QImage changed = image;
        const QRgb from = image.pixel(5, 5);
        const QRgb to = qRgb(qRed(from) - 12, qGreen(from), qBlue(from));
        for (int y = 0; y < changed.height(); ++y)
            for (int x = 0; x < changed.width(); ++x)
                if (changed.pixel(x, y) == from)
                    changed.setPixel(x, y, to);
        QVERIFY(!tests::compareImages(changed, image).passed);
    }

    void textMovedByAPixelFails()
    {
        const QImage image = shot();
        QImage changed = image;
        QPainter painter(&changed);
        painter.drawImage(QPoint(11, 112), image.copy(10, 112, 60, 18));
        painter.end();
        QVERIFY(!tests::compareImages(changed, image).passed);
    }

    void noiseWithinTheTolerancePasses()
    {
        const QImage image = shot();
        QImage changed = image;
        for (int y = 0; y < changed.height(); ++y)
            for (int x = 0; x < changed.width(); x += 3) {
                const QRgb p = changed.pixel(x, y);
                changed.setPixel(x, y, qRgb(std::max(qRed(p) - 2, 0), qGreen(p), qBlue(p)));
            }
        QVERIFY(tests::compareImages(changed, image).passed);
    }
};

WW_TEST_CLASS(TestImageComparison)
#include "tst_imagecomparison.moc"
