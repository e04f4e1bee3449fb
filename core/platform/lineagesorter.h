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
    LineageGraph make(const LineageNodes& nodes, const LineageEdges& edges) const;

private:
    using Slot = LineageSlot;
    using Place = LineageEdges::Place;
    struct Line
    {
        LineageProofs proofs;
        bool bothWays = false;
        bool operator==(const Line&) const = default;
    };
    bool takeNodes(const LineageNodes& nodes, const std::vector<Slot>& touched);
    bool takeEdges(const LineageEdges& edges, const std::vector<Place>& touched);
    void renumber();

    std::vector<LineageNodePtr> m_nodes; ///< by slot, as they stand in the order
    std::vector<Slot> m_containers; ///< by slot
    std::vector<Line> m_lines; ///< by place
    std::vector<Slot> m_order;
    std::vector<Slot> m_objects;
    std::vector<Place> m_edgeOrder;
    std::vector<std::uint32_t> m_numbers; ///< by slot: its place in the order
};

} // namespace core
