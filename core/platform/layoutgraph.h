// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace core {

/// An arc between two nodes that are known by their number.
struct LayoutArc
{
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    auto operator<=>(const LayoutArc&) const = default;
};

/// Who stands at the other end of the arcs of each node, in one array.
class LayoutNeighbours
{
public:
    struct Item
    {
        std::uint32_t node = 0;
        std::uint32_t arc = 0;
    };
    enum class Side
    {
        Before, ///< where arcs come from
        After ///< where they go to
    };
    LayoutNeighbours() = default;
    LayoutNeighbours(std::size_t nodes, const std::vector<LayoutArc>& arcs, Side side);
    std::span<const Item> of(std::uint32_t node) const
    {
        return std::span(m_items).subspan(m_starts[node], m_starts[node + 1] - m_starts[node]);
    }

private:
    std::vector<std::uint32_t> m_starts;
    std::vector<Item> m_items;
};

/// Which arcs close a cycle: turned round, the graph has none. Few, by the rule of Eades, Lin and
/// Smyth; none in a graph without cycles. Arcs from a node to itself are never among them.
std::vector<bool> cycleArcs(std::size_t nodes, const std::vector<LayoutArc>& arcs);

/// The column of each node of a graph without cycles: longest paths from the left, then each node
/// that more arcs leave than enter moves as far right as they let it, and so do groups of nodes, so
/// that arcs are short.
std::vector<int> layoutColumns(std::size_t nodes, const std::vector<LayoutArc>& arcs);

/// A graph whose arcs all lead from one column to the next: long ones were cut into pieces that
/// meet at points (nodes from `real` on).
struct LayeredGraph
{
    std::size_t real = 0;
    std::vector<int> column; ///< of each node and point
    std::vector<LayoutArc> arcs;
    LayoutNeighbours before;
    LayoutNeighbours after;
    /// For each arc of the whole graph the nodes that it passes, both ends included; the ends only
    /// for one that was not cut.
    std::vector<std::vector<std::uint32_t>> chains;
    bool isPoint(std::uint32_t node) const { return node >= real; }
};

/// Cuts arcs (free of cycles) at the columns that they pass. Not more than `maximum` points are
/// made: the longest arcs stay whole then, and take no part in ordering.
LayeredGraph layeredGraph(const std::vector<int>& columns, const std::vector<LayoutArc>& arcs,
                          std::size_t maximum);

/// Nodes and points of each column from top to bottom.
using LayoutOrder = std::vector<std::vector<std::uint32_t>>;

/// Orders each column by barycentres, sweeping to and fro, and keeps the order with the fewest
/// crossings. hint has a number for each node and point, NaN for those that have none: an order
/// from before, that stays unless crossings become fewer.
LayoutOrder layoutOrder(const LayeredGraph& graph, const std::vector<double>& hint);

/// How often two arcs cross each other.
std::uint64_t layoutCrossings(const LayeredGraph& graph, const LayoutOrder& order);

/// The vertical middle of each node and point (Brandes and Köpf: four alignments, of which the two
/// middle ones count); the uppermost begins at 0.
struct LayoutSpacing
{
    std::vector<double> height; ///< of each node and point
    double gap = 14; ///< between boxes
    double pointGap = 9; ///< beside a point
};
std::vector<double> layoutMiddles(const LayeredGraph& graph, const LayoutOrder& order,
                                  const LayoutSpacing& spacing);

} // namespace core
