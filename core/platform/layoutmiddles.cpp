// SPDX-License-Identifier: GPL-3.0-or-later
// How high everything stands: after Brandes and Köpf, "Fast and Simple Horizontal Coordinate
// Assignment", turned by a quarter; blocks are placed by longest paths, which also holds for boxes
// of different height.
#include "core/platform/layoutgraph.h"

#include <algorithm>
#include <array>
#include <limits>

namespace core {

using Node = std::uint32_t;

namespace {

/// One of the four ways to look at the same order: from the left or the right, top or bottom first.
class Alignment
{
public:
    Alignment(const LayeredGraph& graph, const LayoutOrder& order, const LayoutSpacing& spacing,
              const std::vector<bool>& conflicts, bool fromLeft, bool topFirst);
    /// Middles, as seen from the top.
    std::vector<double> run();

private:
    void align();
    void alignNode(Node node, std::int64_t& reached);
    void compact();
    double distance(Node a, Node b) const;

    const LayeredGraph& m_graph;
    const LayoutSpacing& m_spacing;
    const std::vector<bool>& m_conflicts;
    const LayoutNeighbours& m_neighbours;
    bool m_topFirst;
    LayoutOrder m_order; ///< columns and nodes in the order of this way
    std::vector<std::int64_t> m_position;
    std::vector<Node> m_root;
    std::vector<Node> m_next; ///< round each block
    std::vector<double> m_middle;
    std::vector<LayoutNeighbours::Item> m_sorted;
};

Alignment::Alignment(const LayeredGraph& graph, const LayoutOrder& order,
                     const LayoutSpacing& spacing, const std::vector<bool>& conflicts,
                     bool fromLeft, bool topFirst)
    : m_graph(graph)
    , m_spacing(spacing)
    , m_conflicts(conflicts)
    , m_neighbours(fromLeft ? graph.before : graph.after)
    , m_topFirst(topFirst)
    , m_order(order)
    , m_position(graph.column.size())
    , m_root(graph.column.size())
    , m_next(graph.column.size())
    , m_middle(graph.column.size())
{
    if (!fromLeft)
        std::ranges::reverse(m_order);
    for (auto& nodes : m_order) {
        if (!topFirst)
            std::ranges::reverse(nodes);
        for (std::size_t i = 0; i < nodes.size(); ++i)
            m_position[nodes[i]] = std::int64_t(i);
    }
    for (Node node = 0; node < m_root.size(); ++node)
        m_root[node] = m_next[node] = node;
}

void Alignment::alignNode(Node node, std::int64_t& reached)
{
    const auto items = m_neighbours.of(node);
    if (items.empty())
        return;
    m_sorted.assign(items.begin(), items.end());
    std::ranges::sort(m_sorted, {}, [this](const auto& item) { return m_position[item.node]; });
    const std::size_t last = m_sorted.size() - 1;
    for (const std::size_t at : {last / 2, (last + 1) / 2}) {
        const auto& item = m_sorted[at];
        if (m_next[node] != node || m_conflicts[item.arc] || reached >= m_position[item.node])
            continue;
        m_next[item.node] = node;
        m_root[node] = m_root[item.node];
        m_next[node] = m_root[node];
        reached = m_position[item.node];
    }
}

void Alignment::align()
{
    for (const auto& nodes : m_order) {
        std::int64_t reached = -1;
        for (const Node node : nodes)
            alignNode(node, reached);
    }
}

double Alignment::distance(Node a, Node b) const
{
    const bool isPoint = m_graph.isPoint(a) || m_graph.isPoint(b);
    return (m_spacing.height[a] + m_spacing.height[b]) / 2
        + (isPoint ? m_spacing.pointGap : m_spacing.gap);
}

/// Blocks as low as those before them let them be, then as near to those behind as they may.
void Alignment::compact()
{
    std::vector<LayoutArc> arcs;
    std::vector<double> gaps;
    std::vector<int> waiting(m_root.size());
    for (const auto& nodes : m_order)
        for (std::size_t i = 1; i < nodes.size(); ++i) {
            arcs.push_back({m_root[nodes[i - 1]], m_root[nodes[i]]});
            gaps.push_back(distance(nodes[i - 1], nodes[i]));
            ++waiting[arcs.back().to];
        }
    const LayoutNeighbours after(m_root.size(), arcs, LayoutNeighbours::Side::After);
    std::vector<Node> line;
    line.reserve(m_root.size());
    for (Node node = 0; node < m_root.size(); ++node)
        if (m_root[node] == node && waiting[node] == 0)
            line.push_back(node);
    for (std::size_t at = 0; at < line.size(); ++at)
        for (const auto& item : after.of(line[at])) {
            m_middle[item.node] =
                std::max(m_middle[item.node], m_middle[line[at]] + gaps[item.arc]);
            if (--waiting[item.node] == 0)
                line.push_back(item.node);
        }
    for (auto block = line.rbegin(); block != line.rend(); ++block) {
        double limit = std::numeric_limits<double>::infinity();
        for (const auto& item : after.of(*block))
            limit = std::min(limit, m_middle[item.node] - gaps[item.arc]);
        if (limit != std::numeric_limits<double>::infinity())
            m_middle[*block] = std::max(m_middle[*block], limit);
    }
    for (Node node = 0; node < m_root.size(); ++node)
        m_middle[node] = m_middle[m_root[node]];
}

std::vector<double> Alignment::run()
{
    align();
    compact();
    if (!m_topFirst)
        for (double& middle : m_middle)
            middle = -middle;
    return std::move(m_middle);
}

/// Arcs that cross a piece between two points: the piece stays straight, they give way.
std::vector<bool> conflictsOf(const LayeredGraph& graph, const LayoutOrder& order)
{
    std::vector<bool> out(graph.arcs.size());
    std::vector<std::int64_t> position(graph.column.size());
    for (const auto& nodes : order)
        for (std::size_t i = 0; i < nodes.size(); ++i)
            position[nodes[i]] = std::int64_t(i);
    const auto innerEnd = [&](Node node) -> std::int64_t {
        if (graph.isPoint(node))
            for (const auto& item : graph.before.of(node))
                if (graph.isPoint(item.node))
                    return position[item.node];
        return -1;
    };
    for (std::size_t column = 1; column < order.size(); ++column) {
        const auto& nodes = order[column];
        std::int64_t low = -1;
        std::size_t scanned = 0;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const std::int64_t inner = innerEnd(nodes[i]);
            if (inner < 0 && i + 1 < nodes.size())
                continue;
            const std::int64_t high = inner >= 0 ? inner : std::int64_t(order[column - 1].size());
            for (; scanned <= i; ++scanned)
                for (const auto& item : graph.before.of(nodes[scanned]))
                    if ((position[item.node] < low || position[item.node] > high)
                        && !(graph.isPoint(item.node) && graph.isPoint(nodes[scanned])))
                        out[item.arc] = true;
            low = high;
        }
    }
    return out;
}

} // namespace

std::vector<double> layoutMiddles(const LayeredGraph& graph, const LayoutOrder& order,
                                  const LayoutSpacing& spacing)
{
    const auto conflicts = conflictsOf(graph, order);
    std::array<std::vector<double>, 4> all;
    std::array<double, 4> lowest {};
    std::array<double, 4> highest {};
    std::size_t narrowest = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        all[i] = Alignment(graph, order, spacing, conflicts, i < 2, i % 2 == 0).run();
        lowest[i] = std::numeric_limits<double>::infinity();
        highest[i] = -lowest[i];
        for (std::size_t node = 0; node < all[i].size(); ++node) {
            lowest[i] = std::min(lowest[i], all[i][node] - spacing.height[node] / 2);
            highest[i] = std::max(highest[i], all[i][node] + spacing.height[node] / 2);
        }
        if (highest[i] - lowest[i] < highest[narrowest] - lowest[narrowest])
            narrowest = i;
    }
    const double top = lowest[narrowest];
    const double bottom = highest[narrowest];
    double uppermost = std::numeric_limits<double>::infinity();
    std::vector<double> out(graph.column.size());
    for (std::size_t node = 0; node < out.size(); ++node) {
        std::array<double, 4> places {};
        for (std::size_t i = 0; i < 4; ++i)
            places[i] = all[i][node] + (i % 2 == 0 ? top - lowest[i] : bottom - highest[i]);
        std::ranges::sort(places);
        out[node] = (places[1] + places[2]) / 2;
        uppermost = std::min(uppermost, out[node] - spacing.height[node] / 2);
    }
    for (double& middle : out)
        middle -= uppermost;
    return out;
}

} // namespace core
