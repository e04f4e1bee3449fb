// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

namespace tests {

/// Whether a picture is the one that was accepted. Equal bytes pass at once; else a channel may be
/// off by 2 (alpha by nothing), 0.05 % of the pixels may be off by more, and no block of 8 by 8 may
/// have more than a quarter of them, so that a missing icon cannot hide in the allowance.
struct ImageComparison
{
    static constexpr int kTolerance = 2;
    static constexpr double kMostFailing = 0.0005;
    static constexpr int kBlock = 8;
    static constexpr double kMostFailingInBlock = 0.25;

    bool passed = false;
    QString message; ///< what failed, with the worst block's place
    QImage difference; ///< failing pixels in red over the paled expectation
};

ImageComparison compareImages(const QImage& actual, const QImage& expected);

} // namespace tests
