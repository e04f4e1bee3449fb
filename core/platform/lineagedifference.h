// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"

#include <utility>
#include <vector>

namespace core {

/// What one graph has and another has not. Cheap where both are of one LineageModel: what they
/// share is not looked at.
struct LineageDifference
{
    using Index = LineageGraph::Index;
    /// One node in both graphs; LineageGraph::kNone where it is not there.
    struct Pair
    {
        Index before = LineageGraph::kNone;
        Index now = LineageGraph::kNone;
    };
    std::vector<Index> numbers; ///< of each node before its number now, kNone when it is gone
    bool areNumbersOther = false; ///< some node has another number than before, or is gone or new
    std::vector<Pair> nodes; ///< that came, went, or are said to be something else
    std::vector<Index> moved; ///< numbers now of nodes in another container than before
    std::vector<Index> containers; ///< numbers now of those that held or hold any of these
    std::vector<Index> ends; ///< numbers now of nodes with another edge; perhaps several times
};

/// Both graphs must have their nodes by id (LineageGraph::isSorted).
LineageDifference lineageDifference(const LineageGraph& before, const LineageGraph& now);

/// Moves what is kept by node to the places of the nodes now; what is kept of nodes that are gone
/// is lost.
template<class T>
void carry(const LineageDifference& difference, std::size_t size, std::vector<T>& kept)
{
    if (!difference.areNumbersOther)
        return;
    std::vector<T> next(size);
    for (std::size_t i = 0; i < difference.numbers.size(); ++i)
        if (difference.numbers[i] != LineageGraph::kNone)
            next[difference.numbers[i]] = std::move(kept[i]);
    kept = std::move(next);
}

} // namespace core
