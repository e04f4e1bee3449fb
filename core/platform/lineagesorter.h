// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineageedges.h"
#include "core/platform/lineagenodes.h"

#include <cstdint>
#include <vector>

namespace core {

/// Keeps nodes and edges in the order of a graph, so that another graph costs no sorting: only
/// numbers, and pointers to what it shares with the one before.
class LineageSorter
{
public:
    /// Takes in what was touched. Whether the graph is another one now.
    bool take(const LineageNodes& nodes, const std::vector<LineageSlot>& touchedNodes,
              const LineageEdges& edges, const std::vector<LineageEdges::Place>& touchedEdges);
    /// The graph as it is now; it shares with the one before what is the same in both.
    LineageGraph make();

private:
    using Slot = LineageSlot;
    using Place = LineageEdges::Place;
    /// An edge as it stands in the order; without proofs it does not.
    struct Line
    {
        LineageBetween between;
        bool bothWays = false;
        LineageProofs proofs;
        bool operator==(const Line&) const = default;
    };
    /// What of the graph is another than in the last one.
    struct Other
    {
        bool words = false; ///< what is said of a node
        bool shape = false; ///< which nodes there are, their objects and containers, or an edge
    };
    void takeNodes(const LineageNodes& nodes, const std::vector<Slot>& touched);
    void takeEdges(const LineageEdges& edges, const std::vector<Place>& touched);
    void renumber();
    LineageGraph::Nodes nodesInOrder() const;

    std::vector<LineageNodePtr> m_nodes; ///< by slot, as they stand in the order
    std::vector<Slot> m_containers; ///< by slot
    std::vector<Line> m_lines; ///< by place
    std::vector<Slot> m_order;
    std::vector<Slot> m_objects;
    std::vector<Place> m_edgeOrder;
    std::vector<std::uint32_t> m_numbers; ///< by slot: its place in the order
    Other m_other; ///< since the last graph
    LineageGraph m_last;
};

} // namespace core
