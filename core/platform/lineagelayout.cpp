// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagelayout.h"

#include "core/platform/layoutfold.h"
#include "core/platform/layoutgraph.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace core {

namespace {

constexpr std::size_t kMostPoints = 40000; // where long links bend, in one part

/// Boxes that links join, laid out by themselves. Numbers of boxes and links are the caller's.
struct Part
{
    std::vector<std::uint32_t> boxes;
    std::vector<std::uint32_t> links;
    std::uint32_t number = UINT32_MAX; ///< in the layout before
    double width = 0;
    double height = 0;
    LayoutPoint at; ///< where it was put
};

class Layouter
{
public:
    Layouter(const std::vector<LayoutBox>& boxes, const std::vector<LayoutLink>& links,
             const LayoutOptions& options, const LineageLayout* before)
        : m_boxes(boxes)
        , m_links(links)
        , m_options(options)
        , m_before(before)
    {
        m_out.boxes.resize(boxes.size());
        m_out.links.resize(links.size());
    }

    LineageLayout run();

private:
    std::vector<Part> parts();
    void layOut(Part& part);
    std::vector<LayoutArc> arcsOf(const Part& part, std::vector<std::uint32_t>& arcOfLink);
    void place(Part& part, const LayeredGraph& graph, const std::vector<double>& middles);
    void route(const Part& part, const LayeredGraph& graph, const LayoutOrder& order,
               const std::vector<double>& middles, const std::vector<std::uint32_t>& arcOfLink);
    void fold(Part& part);
    void gather(std::vector<Part>& parts);
    void layGrid(Part& part);
    void pack(std::vector<Part>& parts);
    std::vector<double> hints(const Part& part, const LayeredGraph& graph) const;
    std::pair<std::string, std::string> nameOf(const Part& part,
                                               const std::vector<std::uint32_t>& chain) const;

    const std::vector<LayoutBox>& m_boxes;
    const std::vector<LayoutLink>& m_links;
    const LayoutOptions& m_options;
    const LineageLayout* m_before;
    std::vector<std::uint32_t> m_local; ///< number of each box in its part
    std::vector<double> m_columnLeft; ///< of the part that is laid out
    std::vector<double> m_columnWidth;
    LineageLayout m_out;
};

/// Parts by their smallest id; boxes in them by id, links by their ends.
std::vector<Part> Layouter::parts()
{
    const auto count = static_cast<std::uint32_t>(m_boxes.size());
    std::vector<std::uint32_t> byId(count);
    std::iota(byId.begin(), byId.end(), 0U);
    std::ranges::stable_sort(
        byId, {}, [this](std::uint32_t box) -> const std::string& { return m_boxes[box].id; });
    std::vector<std::uint32_t> leader(count);
    std::iota(leader.begin(), leader.end(), 0U);
    const auto find = [&](std::uint32_t box) {
        while (leader[box] != box)
            box = leader[box] = leader[leader[box]];
        return box;
    };
    for (const LayoutLink& link : m_links)
        leader[find(link.from)] = find(link.to);
    std::vector<Part> out;
    std::vector<std::int64_t> partOf(count, -1);
    m_local.resize(count);
    for (const std::uint32_t box : byId) {
        auto& index = partOf[find(box)];
        if (index < 0) {
            index = std::int64_t(out.size());
            out.emplace_back();
        }
        auto& boxes = out[std::size_t(index)].boxes;
        m_local[box] = static_cast<std::uint32_t>(boxes.size());
        boxes.push_back(box);
    }
    for (std::uint32_t i = 0; i < m_links.size(); ++i)
        if (m_links[i].from != m_links[i].to)
            out[std::size_t(partOf[find(m_links[i].from)])].links.push_back(i);
    return out;
}

/// The part's links as arcs without doubles, sorted; which arc each of its links became.
std::vector<LayoutArc> Layouter::arcsOf(const Part& part, std::vector<std::uint32_t>& arcOfLink)
{
    std::vector<LayoutArc> arcs;
    for (const std::uint32_t link : part.links)
        arcs.push_back({m_local[m_links[link].from], m_local[m_links[link].to]});
    std::ranges::sort(arcs);
    arcs.erase(std::ranges::unique(arcs).begin(), arcs.end());
    const auto back = cycleArcs(part.boxes.size(), arcs);
    std::vector<LayoutArc> straight;
    for (std::size_t i = 0; i < arcs.size(); ++i)
        straight.push_back(back[i] ? LayoutArc {arcs[i].to, arcs[i].from} : arcs[i]);
    std::ranges::sort(straight);
    straight.erase(std::ranges::unique(straight).begin(), straight.end());
    for (const std::uint32_t link : part.links) {
        const LayoutArc arc {m_local[m_links[link].from], m_local[m_links[link].to]};
        const auto given = std::ranges::lower_bound(arcs, arc) - arcs.begin();
        const bool isBack = back[std::size_t(given)];
        m_out.links[link].back = isBack;
        const LayoutArc turned = isBack ? LayoutArc {arc.to, arc.from} : arc;
        arcOfLink.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(straight, turned)
                                                       - straight.begin()));
    }
    return straight;
}

std::pair<std::string, std::string> Layouter::nameOf(const Part& part,
                                                     const std::vector<std::uint32_t>& chain) const
{
    return {m_boxes[part.boxes[chain.front()]].id, m_boxes[part.boxes[chain.back()]].id};
}

/// How high everything stood before.
std::vector<double> Layouter::hints(const Part& part, const LayeredGraph& graph) const
{
    std::vector<double> out(graph.column.size(), std::nan(""));
    if (!m_before)
        return out;
    for (const auto& chain : graph.chains) {
        const auto found = m_before->ways.find(nameOf(part, chain));
        if (found == m_before->ways.end())
            continue;
        out[chain.front()] = found->second.front();
        out[chain.back()] = found->second.back();
        if (found->second.size() == chain.size())
            for (std::size_t i = 0; i < chain.size(); ++i)
                out[chain[i]] = found->second[i];
    }
    return out;
}

void Layouter::layOut(Part& part)
{
    std::vector<std::uint32_t> arcOfLink;
    const auto arcs = arcsOf(part, arcOfLink);
    const auto graph = layeredGraph(layoutColumns(part.boxes.size(), arcs), arcs, kMostPoints);
    const auto order = layoutOrder(graph, hints(part, graph));
    m_out.crossings += layoutCrossings(graph, order);
    LayoutSpacing spacing {.gap = m_options.rowGap, .pointGap = m_options.rowGap * 0.75};
    spacing.height.resize(graph.column.size());
    for (std::size_t i = 0; i < part.boxes.size(); ++i)
        spacing.height[i] = m_boxes[part.boxes[i]].height;
    const auto middles = layoutMiddles(graph, order, spacing);
    for (const auto& chain : graph.chains) {
        auto& way = m_out.ways[nameOf(part, chain)];
        for (const std::uint32_t node : chain)
            way.push_back(middles[node]);
    }
    place(part, graph, middles);
    route(part, graph, order, middles, arcOfLink);
    if (m_options.foldWidth > 0 && part.width > m_options.foldWidth)
        fold(part);
}

void Layouter::fold(Part& part)
{
    FoldedPart folded {.columnLeft = m_columnLeft, .columnWidth = m_columnWidth};
    folded.width = part.width;
    folded.height = part.height;
    for (const std::uint32_t box : part.boxes) {
        folded.boxes.push_back(&m_out.boxes[box]);
        folded.heights.push_back(m_boxes[box].height);
    }
    for (const std::uint32_t link : part.links)
        folded.ways.push_back(
            {&m_out.links[link], m_local[m_links[link].from], m_local[m_links[link].to]});
    foldPart(folded, m_options.foldWidth);
    part.width = folded.width;
    part.height = folded.height;
}

void Layouter::place(Part& part, const LayeredGraph& graph, const std::vector<double>& middles)
{
    m_columnWidth.assign(1, 0);
    for (std::size_t i = 0; i < part.boxes.size(); ++i) {
        const auto column = std::size_t(graph.column[i]);
        m_columnWidth.resize(std::max(m_columnWidth.size(), column + 1));
        m_columnWidth[column] = std::max(m_columnWidth[column], m_boxes[part.boxes[i]].width);
    }
    m_columnLeft.clear();
    double left = 0;
    for (const double width : m_columnWidth) {
        m_columnLeft.push_back(left);
        left += width + m_options.columnGap;
    }
    part.width = left - m_options.columnGap;
    for (std::size_t i = 0; i < graph.column.size(); ++i) {
        const double height = graph.isPoint(std::uint32_t(i)) ? 0 : m_boxes[part.boxes[i]].height;
        part.height = std::max(part.height, middles[i] + height / 2);
        if (graph.isPoint(std::uint32_t(i)))
            continue;
        auto& box = m_out.boxes[part.boxes[i]];
        box.column = graph.column[i];
        box.x = m_columnLeft[std::size_t(box.column)];
        box.y = middles[i] - height / 2;
    }
}

/// The ends of links are spread over the sides of their boxes, in the order in which they come.
void Layouter::route(const Part& part, const LayeredGraph& graph, const LayoutOrder& order,
                     const std::vector<double>& middles,
                     const std::vector<std::uint32_t>& arcOfLink)
{
    std::vector<LayoutPoint> first(graph.chains.size());
    std::vector<LayoutPoint> last(graph.chains.size());
    std::vector<std::vector<std::uint32_t>> leaving(part.boxes.size());
    std::vector<std::vector<std::uint32_t>> entering(part.boxes.size());
    for (std::uint32_t i = 0; i < graph.chains.size(); ++i) {
        leaving[graph.chains[i].front()].push_back(i);
        entering[graph.chains[i].back()].push_back(i);
    }
    const auto spread = [&](std::uint32_t node, std::vector<std::uint32_t>& arcs, bool right) {
        std::ranges::stable_sort(arcs, {}, [&](std::uint32_t arc) {
            const auto& chain = graph.chains[arc];
            return middles[right ? chain[1] : chain[chain.size() - 2]];
        });
        const LayoutBox& box = m_boxes[part.boxes[node]];
        const double room = std::min(box.height * 0.6, 9.0 * double(arcs.size() - 1));
        for (std::size_t i = 0; i < arcs.size(); ++i) {
            const double share = arcs.size() < 2 ? 0.5 : double(i) / double(arcs.size() - 1);
            const auto& at = m_out.boxes[part.boxes[node]];
            (right ? first : last)[arcs[i]] = {at.x + (right ? box.width : 0),
                                               middles[node] + room * (share - 0.5)};
        }
    };
    for (const auto& nodes : order)
        for (const std::uint32_t node : nodes)
            if (!graph.isPoint(node)) {
                if (!leaving[node].empty())
                    spread(node, leaving[node], true);
                if (!entering[node].empty())
                    spread(node, entering[node], false);
            }
    for (std::size_t i = 0; i < part.links.size(); ++i) {
        const std::uint32_t arc = arcOfLink[i];
        const auto& chain = graph.chains[arc];
        auto& points = m_out.links[part.links[i]].points;
        points.push_back(first[arc]);
        for (std::size_t at = 1; at + 1 < chain.size(); ++at) {
            const auto column = std::size_t(graph.column[chain[at]]);
            points.push_back({m_columnLeft[column], middles[chain[at]]});
            points.push_back({m_columnLeft[column] + m_columnWidth[column], middles[chain[at]]});
        }
        points.push_back(last[arc]);
        if (m_out.links[part.links[i]].back)
            std::ranges::reverse(points);
    }
}

/// Boxes without links are one part: a grid.
void Layouter::layGrid(Part& part)
{
    double width = 0;
    double height = 0;
    for (const std::uint32_t box : part.boxes) {
        width = std::max(width, m_boxes[box].width);
        height = std::max(height, m_boxes[box].height);
    }
    const double stepX = width + m_options.rowGap * 2;
    const double stepY = height + m_options.rowGap;
    const auto columns = std::max<std::size_t>(
        1, std::size_t(std::sqrt(double(part.boxes.size()) * m_options.aspect * stepY / stepX)));
    for (std::size_t i = 0; i < part.boxes.size(); ++i) {
        auto& box = m_out.boxes[part.boxes[i]];
        box.column = int(i % columns);
        box.x = double(i % columns) * stepX;
        box.y = double(i / columns) * stepY;
        part.width = std::max(part.width, box.x + m_boxes[part.boxes[i]].width);
        part.height = std::max(part.height, box.y + m_boxes[part.boxes[i]].height);
    }
}

void Layouter::gather(std::vector<Part>& parts)
{
    Part singles;
    for (const Part& part : parts)
        if (part.boxes.size() == 1)
            singles.boxes.push_back(part.boxes.front());
    std::erase_if(parts, [](const Part& part) { return part.boxes.size() == 1; });
    for (Part& part : parts)
        layOut(part);
    // The largest first, so that small ones fill what is left beside it.
    std::ranges::stable_sort(
        parts, [](const Part& a, const Part& b) { return a.boxes.size() > b.boxes.size(); });
    for (Part& part : parts)
        for (const std::uint32_t box : part.boxes) {
            const auto found =
                m_before ? m_before->places.find(m_boxes[box].id) : m_out.places.end();
            if (m_before && found != m_before->places.end())
                part.number = std::min(part.number, found->second.part);
        }
    std::ranges::stable_sort(parts, {}, &Part::number);
    if (!singles.boxes.empty()) {
        layGrid(singles);
        parts.push_back(std::move(singles));
    }
}

/// In rows, from left to right, as wide as the aspect asks for.
void Layouter::pack(std::vector<Part>& parts)
{
    double area = 0;
    double widest = 0;
    for (const Part& part : parts) {
        area += (part.width + m_options.partGap) * (part.height + m_options.partGap);
        widest = std::max(widest, part.width);
    }
    const double room = std::max(widest, std::sqrt(area * m_options.aspect));
    double x = 0;
    double y = 0;
    double rowHeight = 0;
    for (Part& part : parts) {
        if (x > 0 && x + part.width > room) {
            y += rowHeight + m_options.partGap;
            x = rowHeight = 0;
        }
        part.at = {x, y};
        x += part.width + m_options.partGap * 1.5;
        rowHeight = std::max(rowHeight, part.height);
        m_out.width = std::max(m_out.width, part.at.x + part.width);
        m_out.height = std::max(m_out.height, part.at.y + part.height);
    }
}

LineageLayout Layouter::run()
{
    auto all = parts();
    gather(all);
    pack(all);
    for (std::uint32_t number = 0; number < all.size(); ++number) {
        const Part& part = all[number];
        for (const std::uint32_t box : part.boxes) {
            m_out.boxes[box].x += part.at.x;
            m_out.boxes[box].y += part.at.y;
            const auto& at = m_out.boxes[box];
            m_out.places.emplace(m_boxes[box].id, LineageLayout::Place {at.x, at.y, number});
        }
        for (const std::uint32_t link : part.links)
            for (LayoutPoint& point : m_out.links[link].points) {
                point.x += part.at.x;
                point.y += part.at.y;
            }
    }
    return std::move(m_out);
}

} // namespace

LineageLayout layoutLineage(const std::vector<LayoutBox>& boxes,
                            const std::vector<LayoutLink>& links, const LayoutOptions& options,
                            const LineageLayout* before)
{
    return Layouter(boxes, links, options, before).run();
}

} // namespace core
