// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/graph/lineagescene.h"

#include "widgets/graph/arrowitem.h"
#include "widgets/graph/boxitem.h"
#include "widgets/graph/graphlook.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace widgets {

namespace {

constexpr double kMargin = 28;
constexpr std::size_t kMostRates = 600; // beyond that they show when an arrow is looked at
constexpr double kGapWithRates = 92; // between columns, where figures stand there

/// One of which a figure may be told.
bool isDataset(const core::LineageBox& box)
{
    return box.type == core::LineageNodeType::Dataset && !box.isGroup;
}

bool isSameDrawing(const core::LineageView& a, const core::LineageView& b)
{
    return std::ranges::equal(a.boxes, b.boxes,
                              [](const core::LineageBox& x, const core::LineageBox& y) {
                                  return x.id == y.id && x.title == y.title && x.detail == y.detail
                                      && x.health.has_value() == y.health.has_value();
                              })
        && std::ranges::equal(a.arrows, b.arrows,
                              [](const core::LineageArrow& x, const core::LineageArrow& y) {
                                  return x.from == y.from && x.to == y.to;
                              });
}

} // namespace

LineageScene::LineageScene(const Colours& colours, QObject* parent)
    : QGraphicsScene(parent)
    , m_colours(&colours)
{
}

bool LineageScene::setView(core::LineageView view)
{
    // The first figure widens the room between columns; it stays when figures go and come.
    const bool isMeasured = std::ranges::any_of(
        view.arrows, [](const core::LineageArrow& arrow) { return arrow.rate.has_value(); });
    const bool widens = isMeasured && !std::exchange(m_wide, m_wide || isMeasured);
    if (!m_view.boxes.empty() && !widens && isSameDrawing(m_view, view)) {
        m_view = std::move(view);
        for (std::size_t i = 0; i < m_boxes.size(); ++i)
            m_boxes[i]->setBox(m_view.boxes[i]);
        for (std::size_t i = 0; i < m_arrows.size(); ++i)
            m_arrows[i]->setArrow(m_view.arrows[i]);
        placeRates(m_rateScale);
        return false;
    }
    const std::string kept = m_chosen ? m_view.boxes[*m_chosen].id : std::string();
    m_view = std::move(view);
    m_hovered.reset();
    m_matches.reset();
    m_chosen = kept.empty() ? std::nullopt : m_view.find(kept);
    m_fold = 0;
    const core::LineageLayout before = std::exchange(m_layout, {});
    m_layout = layOut(0, &before);
    build();
    return true;
}

core::LineageLayout LineageScene::layOut(double foldWidth, const core::LineageLayout* before) const
{
    const auto drawing = core::drawingOf(m_view, textWidthOf);
    core::LayoutOptions options {.foldWidth = foldWidth};
    if (m_wide)
        options.columnGap = kGapWithRates;
    const std::vector<bool> left = toldByName(m_view);
    std::vector<core::LayoutLink> drawn;
    for (std::size_t i = 0; i < drawing.links.size(); ++i)
        if (!left[i])
            drawn.push_back(drawing.links[i]);
    core::LineageLayout out = core::layoutLineage(drawing.boxes, drawn, options, before);
    std::vector<core::LineageLayout::Link> ways(drawing.links.size());
    for (std::size_t i = 0, at = 0; i < ways.size(); ++i)
        if (!left[i])
            ways[i] = std::move(out.links[at++]);
    out.links = std::move(ways);
    return out;
}

LineageScene::Folded LineageScene::folded(double width) const
{
    const core::LineageLayout tried = layOut(width, &m_layout);
    const auto runsBack = [](const core::LineageLayout::Link& link) {
        for (std::size_t i = 2; i < link.points.size(); i += 2)
            if (link.points[i].x != link.points[i - 1].x
                && (link.points[i].x < link.points[i - 1].x) != link.back)
                return true;
        return false;
    };
    const auto back = double(std::ranges::count_if(tried.links, runsBack));
    return {QSizeF(tried.width + 2 * kMargin, tried.height + 2 * kMargin),
            tried.links.empty() ? 0 : back / double(tried.links.size())};
}

void LineageScene::fold(double width)
{
    if (m_view.boxes.empty() || m_fold == width)
        return;
    m_fold = width;
    const core::LineageLayout before = std::exchange(m_layout, {});
    m_layout = layOut(width, &before);
    build();
}

void LineageScene::build()
{
    const auto drawing = core::drawingOf(m_view, textWidthOf);
    clear();
    m_boxes.clear();
    m_arrows.clear();
    for (std::size_t i = 0; i < m_view.boxes.size(); ++i) {
        auto* item = new BoxItem(
            m_view.boxes[i], QSizeF(drawing.boxes[i].width, drawing.boxes[i].height), *m_colours);
        item->setPos(m_layout.boxes[i].x, m_layout.boxes[i].y);
        addItem(item);
        m_boxes.push_back(item);
    }
    for (std::size_t i = 0; i < m_view.arrows.size(); ++i) {
        m_arrows.push_back(new ArrowItem(m_view.arrows[i], m_layout.links[i], *m_colours));
        addItem(m_arrows.back());
    }
    setSceneRect(QRectF(0, 0, m_layout.width, m_layout.height)
                     .adjusted(-kMargin, -kMargin, kMargin, kMargin));
    emphasise();
}

/// Whether there was a place for it.
bool LineageScene::placeRate(ArrowItem& arrow, bool overLines, std::vector<QRectF>& taken) const
{
    for (const ArrowItem::RatePlace& place : arrow.labelPlaces()) {
        const QRectF rect = arrow.labelRect(place, m_rateScale);
        const bool isTaken =
            std::ranges::any_of(taken, [&](const QRectF& other) { return other.intersects(rect); });
        const auto isInTheWay = [&](const ArrowItem* other) {
            if (other == &arrow)
                return !place.on && other->crosses(rect);
            return other->arrow().relation != core::LineageRelation::Contains
                && other->crosses(rect);
        };
        if (isTaken || (!overLines && std::ranges::any_of(m_arrows, isInTheWay)))
            continue;
        arrow.setLabel(place);
        taken.push_back(rect);
        return true;
    }
    arrow.setLabel(std::nullopt);
    return false;
}

void LineageScene::placeRates(double scale)
{
    m_rateScale = scale;
    std::vector<QRectF> taken;
    for (const BoxItem* box : m_boxes)
        taken.push_back(QRectF(box->pos(), box->size()));
    std::vector<ArrowItem*> waiting;
    std::vector<std::pair<const ArrowItem*, const ArrowItem*>> shared(m_boxes.size()); // in, out
    for (ArrowItem* arrow : m_arrows) {
        const core::LineageArrow& each = arrow->arrow();
        if (each.rate && each.sharing > 1) { // it says nothing of one of them
            arrow->setLabel(std::nullopt);
            if (isDataset(m_view.boxes[each.to]))
                shared[each.to].first = arrow;
            else if (isDataset(m_view.boxes[each.from]))
                shared[each.from].second = arrow;
        } else if (each.rate) {
            waiting.push_back(arrow);
        }
    }
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        const auto& [in, out] = shared[i];
        m_boxes[i]->setRate(in        ? sharedRateText(in->arrow(), true)
                                : out ? sharedRateText(out->arrow(), false)
                                      : QString(),
                            (in && in->arrow().simulated) || (out && out->arrow().simulated));
    }
    const auto touchesChosen = [this](const ArrowItem* arrow) {
        return m_chosen && (arrow->arrow().from == *m_chosen || arrow->arrow().to == *m_chosen);
    };
    std::ranges::stable_partition(waiting, touchesChosen);
    const bool isTooMuch = m_arrows.size() > kMostRates;
    std::vector<ArrowItem*> without;
    for (ArrowItem* arrow : waiting) {
        if (isTooMuch)
            arrow->setLabel(std::nullopt);
        if (isTooMuch || !placeRate(*arrow, false, taken))
            without.push_back(arrow);
    }
    for (ArrowItem* arrow : without)
        if (arrow->emphasis() == Emphasis::Chosen)
            placeRate(*arrow, true, taken);
}

void LineageScene::setColours(const Colours& colours)
{
    m_colours = &colours;
    for (BoxItem* box : m_boxes)
        box->setColours(colours);
    for (ArrowItem* arrow : m_arrows)
        arrow->setColours(colours);
}

void LineageScene::choose(const std::string& box)
{
    const auto found = box.empty() ? std::nullopt : m_view.find(box);
    if (m_chosen == found)
        return;
    m_chosen = found;
    emphasise();
}

void LineageScene::setHovered(std::optional<std::uint32_t> box)
{
    if (m_hovered == box)
        return;
    if (m_hovered)
        m_boxes[*m_hovered]->setHovered(false);
    m_hovered = box;
    if (m_hovered)
        m_boxes[*m_hovered]->setHovered(true);
    emphasise();
}

void LineageScene::setMatches(std::optional<std::set<std::uint32_t>> matches)
{
    m_matches = std::move(matches);
    emphasise();
}

std::set<std::uint32_t> LineageScene::reached(std::uint32_t from, bool forwards) const
{
    std::set<std::uint32_t> out {from};
    std::vector<std::uint32_t> waiting {from};
    std::vector<std::vector<std::uint32_t>> next(m_view.boxes.size());
    for (const core::LineageArrow& arrow : m_view.arrows) {
        if (arrow.evidence == core::LineageEvidence::Permitted)
            continue;
        if (forwards || arrow.bothWays)
            next[arrow.from].push_back(arrow.to);
        if (!forwards || arrow.bothWays)
            next[arrow.to].push_back(arrow.from);
    }
    while (!waiting.empty()) {
        const auto box = waiting.back();
        waiting.pop_back();
        for (const auto other : next[box])
            if (out.insert(other).second)
                waiting.push_back(other);
    }
    return out;
}

void LineageScene::emphasise()
{
    std::vector<Emphasis> boxes(m_boxes.size(), Emphasis::Normal);
    std::vector<Emphasis> arrows(m_arrows.size(), Emphasis::Normal);
    if (m_matches) {
        std::ranges::fill(boxes, Emphasis::Dim);
        std::ranges::fill(arrows, Emphasis::Dim);
        for (const auto box : *m_matches)
            boxes[box] = Emphasis::Near;
    } else if (m_chosen) {
        std::ranges::fill(boxes, Emphasis::Dim);
        const auto after = reached(*m_chosen, true);
        const auto before = reached(*m_chosen, false);
        for (const auto* side : {&after, &before})
            for (const auto box : *side)
                boxes[box] = Emphasis::Normal;
        for (std::size_t i = 0; i < m_arrows.size(); ++i) {
            const auto& arrow = m_view.arrows[i];
            const auto isIn = [&](const std::set<std::uint32_t>& side) {
                return side.contains(arrow.from) && side.contains(arrow.to);
            };
            const bool touches = arrow.from == *m_chosen || arrow.to == *m_chosen;
            arrows[i] = touches               ? Emphasis::Chosen
                : isIn(after) || isIn(before) ? Emphasis::Near
                                              : Emphasis::Dim;
            if (touches)
                boxes[arrow.from == *m_chosen ? arrow.to : arrow.from] = Emphasis::Near;
        }
    }
    if (m_hovered)
        for (std::size_t i = 0; i < m_arrows.size(); ++i)
            if (m_view.arrows[i].from == *m_hovered || m_view.arrows[i].to == *m_hovered)
                arrows[i] = Emphasis::Chosen;
    if (m_chosen)
        boxes[*m_chosen] = Emphasis::Chosen;
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        m_boxes[i]->setEmphasis(boxes[i]);
    for (std::size_t i = 0; i < m_arrows.size(); ++i)
        m_arrows[i]->setEmphasis(arrows[i]);
    placeRates(m_rateScale);
}

std::optional<std::uint32_t> LineageScene::boxAt(const QPointF& point) const
{
    for (QGraphicsItem* found : items(point, Qt::IntersectsItemBoundingRect))
        if (const auto* box = qgraphicsitem_cast<BoxItem*>(found))
            return m_view.find(box->box().id);
    return std::nullopt;
}

std::optional<std::uint32_t> LineageScene::first() const
{
    std::optional<std::uint32_t> out;
    for (std::uint32_t i = 0; i < m_boxes.size(); ++i)
        if (!out
            || std::pair(m_boxes[i]->x(), m_boxes[i]->y())
                < std::pair(m_boxes[*out]->x(), m_boxes[*out]->y()))
            out = i;
    return out;
}

std::optional<std::uint32_t> LineageScene::neighbour(std::uint32_t box, Qt::Key key) const
{
    const QPointF from = m_boxes[box]->pos();
    const int column = m_layout.boxes[box].column;
    const bool sideways = key == Qt::Key_Left || key == Qt::Key_Right;
    std::optional<std::uint32_t> out;
    double nearest = 0;
    const auto offer = [&](std::uint32_t other) {
        const QPointF way = m_boxes[other]->pos() - from;
        const int columns = m_layout.boxes[other].column - column;
        const bool fits = key == Qt::Key_Right ? columns > 0
            : key == Qt::Key_Left              ? columns < 0
            : key == Qt::Key_Down              ? way.y() > 0
                                               : way.y() < 0;
        const double distance = sideways ? std::abs(way.x()) + std::abs(way.y())
                                         : std::abs(way.y()) + 4 * std::abs(way.x());
        if (other != box && fits && (!out || distance < nearest)) {
            nearest = distance;
            out = other;
        }
    };
    if (sideways) {
        for (const core::LineageArrow& arrow : m_view.arrows)
            if (arrow.from == box || arrow.to == box)
                offer(arrow.from == box ? arrow.to : arrow.from);
        return out;
    }
    for (std::uint32_t i = 0; i < m_boxes.size(); ++i)
        offer(i);
    return out;
}

} // namespace widgets
