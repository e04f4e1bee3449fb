// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/arrowitem.h"

#include "widgets/delegates/paint.h"
#include "widgets/graph/graphlook.h"
#include "widgets/theme/colours.h"
#include "widgets/theme/fonts.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>
#include <utility>

namespace widgets {

namespace {

constexpr double kCurved = 0.2; // from this scale on lines bend and have ends
constexpr double kFigures = 0.5; // from this scale on rates are written
constexpr double kHead = 9;
constexpr double kTurn = 26;
constexpr double kRoomForLabel = 40; // at least, between two columns

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
        if (a == b)
            continue;
        if (a.x() == b.x()) { // a turn, away from where the way came
            const double far = std::min(kTurn, 8 + std::abs(b.y() - a.y()) / 4);
            int before = i - 1;
            while (before > 0 && m_straight[before].x() == a.x())
                --before;
            const double side = m_straight[before].x() > a.x() ? -far : far;
            m_path.cubicTo(a + QPointF(side, 0), b + QPointF(side, 0), b);
            continue;
        }
        const double middle = (a.x() + b.x()) / 2;
        m_path.cubicTo(QPointF(middle, a.y()), QPointF(middle, b.y()), b);
    }
    for (const QPolygonF& piece : m_path.toSubpathPolygons())
        m_pieces << piece;
    m_piecesBounds = m_pieces.boundingRect();
    if (const auto places = labelPlaces(); m_arrow.rate && !places.empty())
        m_label = places.front();
    updateBounds();
}

void ArrowItem::setColours(const Colours& colours)
{
    m_colours = &colours;
    update();
}

void ArrowItem::setArrow(core::LineageArrow arrow)
{
    m_arrow = std::move(arrow);
    updateBounds();
    update();
}

/// Large enough for the figure at any scale at which it stands, wherever it stands.
void ArrowItem::updateBounds()
{
    prepareGeometryChange();
    m_bounds = m_path.boundingRect().adjusted(-10, -14, 10, 14);
    if (m_arrow.rate)
        for (const RatePlace& each : labelPlaces())
            m_bounds = m_bounds.united(labelRect(each, kFigures));
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

std::vector<ArrowItem::RatePlace> ArrowItem::labelPlaces() const
{
    std::vector<QPointF> bends;
    std::vector<QPointF> others;
    for (int i = 1; i < int(m_straight.size()); ++i) {
        const QPointF& a = m_straight[i - 1];
        const QPointF& b = m_straight[i];
        const double room = std::abs(a.x() - b.x());
        if (room < kRoomForLabel)
            continue;
        const bool isBend = i % 2 == 1;
        if (isBend)
            for (const double at : {0.5, 0.3, 0.7}) {
                // As the curve goes: level at its ends, steep in its middle.
                const double down = at * at * (3 - 2 * at);
                bends.push_back({a.x() + at * (b.x() - a.x()), a.y() + down * (b.y() - a.y())});
            }
        else if (room >= 2 * kRoomForLabel)
            for (const double from : {50.0, room / 2, room - 50, room / 4, room * 3 / 4})
                others.push_back({std::max(a.x(), b.x()) - from, a.y()});
    }
    bends.insert(bends.end(), others.begin(), others.end());
    std::vector<RatePlace> out;
    for (const bool on : {false, true})
        for (const QPointF& at : bends)
            out.push_back({at, on});
    return out;
}

bool ArrowItem::crosses(const QRectF& rect) const
{
    if (!m_piecesBounds.adjusted(0, 0, 1, 1).intersects(rect)) // a level line has no height
        return false;
    for (int i = 1; i < int(m_pieces.size()); ++i) {
        const QPointF& a = m_pieces[i - 1];
        const QPointF& b = m_pieces[i];
        if (std::max(a.x(), b.x()) < rect.left() || std::min(a.x(), b.x()) > rect.right()
            || std::max(a.y(), b.y()) < rect.top() || std::min(a.y(), b.y()) > rect.bottom())
            continue;
        // Both its ends are not beyond one side: it crosses unless all corners are on one side.
        const auto side = [&](const QPointF& corner) {
            return (b.x() - a.x()) * (corner.y() - a.y()) - (b.y() - a.y()) * (corner.x() - a.x())
                > 0;
        };
        const bool first = side(rect.topLeft());
        if (side(rect.topRight()) != first || side(rect.bottomLeft()) != first
            || side(rect.bottomRight()) != first)
            return true;
    }
    return false;
}

namespace {

QFont labelFont(double scale)
{
    QFont font = textFont(kTinySize, QFont::Medium);
    font.setPixelSize(qRound(font.pixelSize() / std::min(1.0, scale)));
    return font;
}

} // namespace

QRectF ArrowItem::labelRect(const RatePlace& place, double scale) const
{
    const QSizeF size =
        QFontMetricsF(labelFont(scale)).size(0, shortRateText(m_arrow)) + QSizeF(6, 0);
    QRectF rect(QPointF(), size);
    rect.moveCenter(place.at);
    if (!place.on)
        rect.moveBottom(place.at.y() - 3 - penOf(m_arrow, *m_colours).widthF() / 2);
    return rect;
}

void ArrowItem::setLabel(std::optional<RatePlace> place)
{
    if (m_label == place)
        return;
    m_label = place;
    update();
}

/// At least as large on screen as small words are elsewhere, however small the picture is.
void ArrowItem::paintRate(QPainter& painter, double detail) const
{
    const Colours& c = *m_colours;
    const QRectF rect = labelRect(*m_label, detail);
    QColor behind = c.surface;
    behind.setAlphaF(m_label->on ? 1 : 0.85F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(behind);
    painter.drawRoundedRect(rect, 4, 4);
    painter.setFont(labelFont(detail));
    painter.setPen(m_arrow.simulated ? c.practice : c.text);
    painter.drawText(rect, Qt::AlignCenter, shortRateText(m_arrow));
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
    if (m_arrow.rate && detail >= kFigures && m_label)
        paintRate(*painter, detail);
}

} // namespace widgets
