// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageview.h"

#include <QGraphicsScene>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace widgets {

class ArrowItem;
class BoxItem;
struct Colours;

/// Boxes and arrows of a view, where the layout put them. One box may be chosen: what comes before
/// and after it stands out. Words that are searched for let all else fade.
class LineageScene : public QGraphicsScene
{
    Q_OBJECT

public:
    explicit LineageScene(const Colours& colours, QObject* parent = nullptr);

    /// Lays out again only when boxes or arrows are others than before; true then.
    bool setView(core::LineageView view);
    const core::LineageView& view() const { return m_view; }
    const core::LineageLayout& layout() const { return m_layout; }
    void setColours(const Colours& colours);
    /// How large the picture would be with its chains folded at a width (0: not folded), and which
    /// part of the links would run back then.
    struct Folded
    {
        QSizeF size;
        double runBack = 0;
    };
    Folded folded(double width) const;
    /// Lays out again, folded at a width, where it is another than before.
    void fold(double width);
    /// Puts rates where they cover neither boxes, lines nor each other, seen at a scale. Arrows of
    /// the chosen box go first; those that are looked at may stand upon others' lines.
    void placeRates(double scale);

    void choose(const std::string& box); ///< "" for none; not there: none
    std::optional<std::uint32_t> chosen() const { return m_chosen; }
    void setHovered(std::optional<std::uint32_t> box);
    void setMatches(std::optional<std::set<std::uint32_t>> matches); ///< nullopt: nothing searched
    BoxItem* item(std::uint32_t box) const { return m_boxes[box]; }
    std::optional<std::uint32_t> boxAt(const QPointF& point) const;

    /// Where an arrow key leads from a box: along an edge to the nearest on that side, up and down
    /// within the column, as far as the picture goes.
    std::optional<std::uint32_t> neighbour(std::uint32_t box, Qt::Key key) const;
    /// The uppermost box in the first column.
    std::optional<std::uint32_t> first() const;

private:
    core::LineageLayout layOut(double foldWidth, const core::LineageLayout* before) const;
    void build();
    void emphasise();
    bool placeRate(ArrowItem& arrow, bool overLines, std::vector<QRectF>& taken) const;
    std::set<std::uint32_t> reached(std::uint32_t from, bool forwards) const;

    const Colours* m_colours;
    core::LineageView m_view;
    core::LineageLayout m_layout;
    bool m_wide = false; ///< there is room for figures between columns
    double m_fold = 0;
    double m_rateScale = 1;
    std::vector<BoxItem*> m_boxes;
    std::vector<ArrowItem*> m_arrows;
    std::optional<std::uint32_t> m_chosen;
    std::optional<std::uint32_t> m_hovered;
    std::optional<std::set<std::uint32_t>> m_matches;
};

} // namespace widgets
