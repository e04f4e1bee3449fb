// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QRectF>
#include <QString>

class QPainter;

namespace widgets {

/// Paints resources/icons/<name>.svg in one colour, sharp at every device pixel ratio.
void paintIcon(QPainter& painter, const QString& name, const QRectF& rect, const QColor& colour);

/// An icon that takes its colour from the palette each time it is painted: button text, faint when
/// disabled. So a change of theme needs nothing.
QIcon themedIcon(const QString& name);
/// The same in a fixed colour.
QIcon colouredIcon(const QString& name, const QColor& colour);

} // namespace widgets
