// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/graph/boxitem.h"

#include <QGraphicsItem>
#include <QPainterPath>

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
    const core::LineageArrow& arrow() const { return m_arrow; }
    const QPainterPath& path() const { return m_path; }
    /// Where the rate may stand, the best place first; above each of them.
    std::vector<QPointF> labelPlaces() const;
    /// What it covers there, drawn at a scale.
    QRectF labelRect(const QPointF& place, double scale) const;
    /// nullopt: there is no room; it shows when the arrow is looked at.
    void setLabel(std::optional<QPointF> place);
    std::optional<QPointF> label() const { return m_label; }
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
    std::optional<QPointF> m_label; ///< the rate stands above it
    QRectF m_bounds;
    const Colours* m_colours;
    Emphasis m_emphasis = Emphasis::Normal;
};

} // namespace widgets
