// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"

#include <cstddef>
#include <vector>

namespace core {

/// That data comes from one node to another through nodes that are not shown.
struct LineageThrough
{
    LineageGraph::Index from = 0;
    LineageGraph::Index to = 0;
    std::vector<LineageGraph::Index> edges; ///< of the way, from its beginning to its end
    LineageEvidence evidence = LineageEvidence::Permitted; ///< the weakest on the way
    bool bothWays = false; ///< of every edge on the way
};

/// Ways between shown nodes through hidden ones: for each pair a way of the best evidence, and of
/// those a shortest. What contains what is no way. permitted: also over edges that are only that.
/// Not more than `most`, so that a hub in a graph of thousands costs no minutes; by their ends.
std::vector<LineageThrough> lineageThrough(const LineageGraph& graph,
                                           const std::vector<bool>& shown,
                                           const std::vector<bool>& hidden, bool permitted,
                                           std::size_t most = 20'000);

} // namespace core
