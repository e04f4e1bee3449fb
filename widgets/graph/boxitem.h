// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QGraphicsItem>
#include <QString>

namespace widgets {

struct Colours;

/// How much an item stands out.
enum class Emphasis
{
    Normal,
    Dim, ///< something else is looked at
    Near, ///< before or after what is looked at
    Chosen,
};

/// A node, or a group of nodes, as a box: its shape tells the type, a band the layer, a glyph the
/// health. Far away only the shape is left.
class BoxItem : public QGraphicsItem
{
public:
    enum
    {
        Type = UserType + 1
    };

    BoxItem(core::LineageBox box, const QSizeF& size, const Colours& colours);
    void setColours(const Colours& colours);
    void setEmphasis(Emphasis emphasis);
    void setHovered(bool hovered);
    const core::LineageBox& box() const { return m_box; }
    void setBox(core::LineageBox box); ///< the same node with other figures
    /// What flows through a dataset, where no single arrow can have it; in place of what it is. ""
    /// for none.
    void setRate(const QString& rate, bool simulated);
    QSizeF size() const { return m_size; }
    QRectF boundingRect() const override;
    int type() const override { return Type; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) override;

private:
    QPainterPath outline(const QRectF& rect) const;
    void paintFrame(QPainter& painter, double detail) const;
    void paintTexts(QPainter& painter, double detail) const;

    core::LineageBox m_box;
    QSizeF m_size;
    const Colours* m_colours;
    QString m_rate;
    bool m_isSimulated = false;
    Emphasis m_emphasis = Emphasis::Normal;
    bool m_hovered = false;
};

/// How wide the texts of a box are, for the layout.
double textWidthOf(const core::LineageBox& box);

} // namespace widgets
