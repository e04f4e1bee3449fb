// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screenshots/imagecomparison.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace tests {

namespace {

bool differs(QRgb a, QRgb b)
{
    auto off = [](int x, int y) { return std::abs(x - y) > ImageComparison::kTolerance; };
    return qAlpha(a) != qAlpha(b) || off(qRed(a), qRed(b)) || off(qGreen(a), qGreen(b))
        || off(qBlue(a), qBlue(b));
}

QRgb paled(QRgb pixel)
{
    auto pale = [](int channel) { return 200 + channel / 5; };
    return qRgb(pale(qRed(pixel)), pale(qGreen(pixel)), pale(qBlue(pixel)));
}

struct WorstBlock
{
    double share = 0;
    QRect place;
};

WorstBlock worstBlock(const std::vector<bool>& failing, int width, int height)
{
    constexpr int size = ImageComparison::kBlock;
    WorstBlock worst;
    for (int top = 0; top < height; top += size)
        for (int left = 0; left < width; left += size) {
            const QRect block(left, top, std::min(size, width - left),
                              std::min(size, height - top));
            int count = 0;
            for (int y = block.top(); y <= block.bottom(); ++y)
                for (int x = block.left(); x <= block.right(); ++x)
                    count += failing[std::size_t(y) * std::size_t(width) + std::size_t(x)];
            const double share = double(count) / (block.width() * block.height());
            if (share > worst.share)
                worst = {share, block};
        }
    return worst;
}

} // namespace

ImageComparison compareImages(const QImage& actualImage, const QImage& expectedImage)
{
    ImageComparison result;
    const QImage actual = actualImage.convertToFormat(QImage::Format_ARGB32);
    const QImage expected = expectedImage.convertToFormat(QImage::Format_ARGB32);
    if (actual.size() != expected.size()) {
        result.message = QStringLiteral("it is %1 by %2, expected %3 by %4")
                             .arg(actual.width())
                             .arg(actual.height())
                             .arg(expected.width())
                             .arg(expected.height());
        return result;
    }
    const int width = actual.width();
    const int height = actual.height();
    std::vector<bool> failing(std::size_t(width) * std::size_t(height));
    qint64 count = 0;
    result.difference = QImage(actual.size(), QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const bool off = differs(actual.pixel(x, y), expected.pixel(x, y));
            failing[std::size_t(y) * std::size_t(width) + std::size_t(x)] = off;
            count += off;
            result.difference.setPixel(x, y, off ? qRgb(220, 0, 0) : paled(expected.pixel(x, y)));
        }
    }
    const WorstBlock worst = worstBlock(failing, width, height);
    result.passed = count <= double(failing.size()) * ImageComparison::kMostFailing
        && worst.share <= ImageComparison::kMostFailingInBlock;
    if (!result.passed)
        result.message = QStringLiteral("%1 of %2 pixels are off; the worst block is %3 by %4 at "
                                        "(%5, %6) with %7 % off")
                             .arg(count)
                             .arg(failing.size())
                             .arg(worst.place.width())
                             .arg(worst.place.height())
                             .arg(worst.place.x())
                             .arg(worst.place.y())
                             .arg(int(worst.share * 100));
    return result;
}

} // namespace tests
