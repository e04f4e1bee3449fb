// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/delegates/sparkline.h"

#include <QColor>
#include <QPainter>
#include <QPolygonF>

#include <cmath>

namespace widgets {

namespace {

void paintPiece(QPainter& painter, const QRectF& rect, const QPolygonF& piece, const QColor& colour)
{
    if (piece.isEmpty())
        return;
    if (piece.size() == 1) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(piece.front(), 1.2, 1.2);
        return;
    }
    QPolygonF area = piece;
    area << QPointF(piece.back().x(), rect.bottom()) << QPointF(piece.front().x(), rect.bottom());
    QColor fill = colour;
    fill.setAlpha(40);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(area);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 1.2));
    painter.drawPolyline(piece);
}

} // namespace

void paintSparkline(QPainter& painter, const QRectF& rect, const std::vector<double>& values,
                    const QColor& colour)
{
    if (values.size() < 2 || rect.width() < 8)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPolygonF piece;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            paintPiece(painter, rect, piece, colour);
            piece.clear();
            continue;
        }
        piece << QPointF(rect.left() + rect.width() * double(i) / double(values.size() - 1),
                         rect.bottom() - rect.height() * values[i]);
    }
    paintPiece(painter, rect, piece, colour);
    painter.restore();
}

} // namespace widgets
