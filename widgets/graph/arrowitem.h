// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/graph/boxitem.h"

#include <QGraphicsItem>
#include <QPainterPath>
#include <QPolygonF>

#include <optional>
#include <vector>

namespace widgets {

/// The edges between two boxes: the line tells the evidence, its weight the rate; dots at both ends
/// where the manifests do not tell the direction.
class ArrowItem : public QGraphicsItem
{
public:
    enum
    {
        Type = UserType + 2
    };

    ArrowItem(core::LineageArrow arrow, const core::LineageLayout::Link& way,
              const Colours& colours);
    void setColours(const Colours& colours);
    void setArrow(core::LineageArrow arrow);
    void setEmphasis(Emphasis emphasis);
    Emphasis emphasis() const { return m_emphasis; }
    const core::LineageArrow& arrow() const { return m_arrow; }
    const QPainterPath& path() const { return m_path; }
    /// The way in straight pieces, in the scene.
    const QPolygonF& pieces() const { return m_pieces; }
    /// Whether the line goes through a rectangle of the scene.
    bool crosses(const QRectF& rect) const;

    /// A point of the way where the rate may stand.
    struct RatePlace
    {
        QPointF at;
        bool on = false; ///< upon the line, which goes on at both sides; else above it
        bool operator==(const RatePlace&) const = default;
    };
    /// The best first; those above the line before those upon it.
    std::vector<RatePlace> labelPlaces() const;
    /// What it covers there, drawn at a scale.
    QRectF labelRect(const RatePlace& place, double scale) const;
    /// nullopt: there is no room for it.
    void setLabel(std::optional<RatePlace> place);
    std::optional<RatePlace> label() const { return m_label; }
    QRectF boundingRect() const override { return m_bounds; }
    QPainterPath shape() const override;
    int type() const override { return Type; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) override;

private:
    void paintEnd(QPainter& painter, const QPointF& at, bool toLeft, const QPen& pen) const;
    void updateBounds();
    void paintRate(QPainter& painter, double detail) const;

    core::LineageArrow m_arrow;
    bool m_back;
    QPainterPath m_path;
    QPolygonF m_straight; ///< what is drawn from far away
    QPolygonF m_pieces;
    QRectF m_piecesBounds;
    std::optional<RatePlace> m_label;
    QRectF m_bounds;
    const Colours* m_colours;
    Emphasis m_emphasis = Emphasis::Normal;
};

} // namespace widgets
