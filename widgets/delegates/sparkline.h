// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <vector>

class QColor;
class QPainter;

namespace widgets {

/// A small line without axes: values from 0 to 1, oldest first, NaN for gaps.
void paintSparkline(QPainter& painter, const QRectF& rect, const std::vector<double>& values,
                    const QColor& colour);

} // namespace widgets
