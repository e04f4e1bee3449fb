// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/arrowitem.h"

#include "widgets/delegates/paint.h"
#include "widgets/graph/graphlook.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <utility>

namespace widgets {

namespace {

constexpr double kCurved = 0.2; // from this scale on lines bend and have ends
constexpr double kFigures = 0.55; // from this scale on rates are written
constexpr double kHead = 9;

} // namespace

ArrowItem::ArrowItem(core::LineageArrow arrow, const core::LineageLayout::Link& way,
                     const Colours& colours)
    : m_arrow(std::move(arrow))
    , m_back(way.back)
    , m_colours(&colours)
{
    setZValue(1);
    setAcceptedMouseButtons(Qt::NoButton);
    for (const auto& point : way.points)
        m_straight << QPointF(point.x, point.y);
    if (m_straight.isEmpty())
        return;
    m_path.moveTo(m_straight.front());
    for (int i = 1; i < int(m_straight.size()); ++i) {
        const QPointF& a = m_straight[i - 1];
        const QPointF& b = m_straight[i];
        if (i % 2 == 0) {
            m_path.lineTo(b);
            continue;
        }
        const double middle = (a.x() + b.x()) / 2;
        m_path.cubicTo(QPointF(middle, a.y()), QPointF(middle, b.y()), b);
    }
    m_bounds = m_path.boundingRect().adjusted(-10, -14, 10, 14).united(rateRect());
}

void ArrowItem::setColours(const Colours& colours)
{
    m_colours = &colours;
    update();
}

void ArrowItem::setArrow(core::LineageArrow arrow)
{
    m_arrow = std::move(arrow);
    update();
}

void ArrowItem::setEmphasis(Emphasis emphasis)
{
    if (std::exchange(m_emphasis, emphasis) == emphasis)
        return;
    setZValue(emphasis == Emphasis::Near || emphasis == Emphasis::Chosen ? 1.5 : 1);
    update();
}

QPainterPath ArrowItem::shape() const
{
    QPainterPathStroker stroker;
    stroker.setWidth(10);
    return stroker.createStroke(m_path);
}

void ArrowItem::paintEnd(QPainter& painter, const QPointF& at, bool toLeft, const QPen& pen) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(pen.color());
    if (m_arrow.bothWays) {
        painter.drawEllipse(at, 3.2, 3.2);
        return;
    }
    const double way = toLeft ? 1 : -1;
    const double half = 3.4 + pen.widthF() / 2;
    painter.drawPolygon(
        QPolygonF {at, at + QPointF(way * kHead, -half), at + QPointF(way * kHead, half)});
}

/// In the middle of the first bend, or where it would be.
QRectF ArrowItem::rateRect() const
{
    if (m_straight.size() < 2)
        return {};
    const QPointF at = m_path.pointAtPercent(m_straight.size() > 2 ? 0.25 : 0.5);
    return QRectF(at.x() - 60, at.y() - 18, 120, 36);
}

void ArrowItem::paintRate(QPainter& painter) const
{
    const Colours& c = *m_colours;
    const QString words = shortRateText(m_arrow);
    const QFont font = textFont(kTinySize, QFont::Medium);
    const QSizeF size = QFontMetricsF(font).size(0, words) + QSizeF(4, 0);
    QRectF rect(QPointF(), size);
    rect.moveCenter(rateRect().center());
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.surface);
    painter.drawRoundedRect(rect, 4, 4);
    painter.setFont(font);
    painter.setPen(m_arrow.simulated ? c.practice : c.text);
    painter.drawText(rect, Qt::AlignCenter, words);
}

void ArrowItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*)
{
    if (m_straight.size() < 2)
        return;
    const Colours& c = *m_colours;
    const double detail =
        QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    QPen pen = penOf(m_arrow, c);
    if (m_emphasis == Emphasis::Dim)
        painter->setOpacity(0.22);
    else if (m_emphasis != Emphasis::Normal)
        pen.setColor(c.accent);
    if (m_emphasis == Emphasis::Chosen)
        pen.setWidthF(pen.widthF() + 0.8);
    if (detail < kCurved) {
        pen.setCosmetic(true);
        pen.setStyle(Qt::SolidLine);
        pen.setWidthF(1);
        painter->setPen(pen);
        painter->drawPolyline(m_straight);
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(m_path);
    if (m_arrow.relation != core::LineageRelation::Contains) {
        paintEnd(*painter, m_straight.back(), m_back, pen);
        if (m_arrow.bothWays)
            paintEnd(*painter, m_straight.front(), m_back, pen);
    }
    if (m_arrow.rate && detail >= kFigures)
        paintRate(*painter);
}

} // namespace widgets
