// SPDX-License-Identifier: GPL-3.0-or-later
// The questions that are asked of a lineage graph: what comes before, what comes after, which way.
#include "core/platform/lineage.h"

#include <algorithm>

namespace core {

namespace {

/// Where a walk stands. From a folder it goes into one inside it or round it, but not on from there
/// to a third: who writes one of two folders does not change the other.
struct Step
{
    LineageGraph::Index node = 0;
    bool byFolder = false;
    LineageGraph::Index from = 0; ///< the step before, for paths
};

/// What a walk remembers of a node: how it was come to, and whether it is in the answer.
constexpr std::uint8_t kWhole = 1;
constexpr std::uint8_t kByFolder = 2;
constexpr std::uint8_t kListed = 4;

} // namespace

/// Nearest first; the nodes that it starts from come first.
std::vector<LineageGraph::Index> LineageGraph::closure(std::vector<Index> from, bool down,
                                                       const LineageWalk& walk) const
{
    const Lists& lists = down ? m_shape->outgoing : m_shape->incoming;
    const std::vector<Hop>& all = down ? m_shape->down : m_shape->up;
    std::vector<std::uint8_t> seen(m_nodes.size());
    std::vector<Step> steps;
    steps.reserve(m_nodes.size());
    from.reserve(m_nodes.size());
    for (const Index node : from) {
        seen[node] = kWhole | kListed;
        steps.push_back({node});
    }
    std::size_t levelEnd = steps.size();
    int depth = 0;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        if (at == levelEnd) {
            levelEnd = steps.size();
            ++depth;
        }
        if (walk.depth >= 0 && depth >= walk.depth)
            break;
        const Step step = steps[at];
        for (const Hop& hop : hops(lists, all, step.node)) {
            const std::uint8_t bit = hop.isFolder ? kByFolder : kWhole;
            std::uint8_t& known = seen[hop.to];
            if ((hop.isFolder && step.byFolder) || (known & (kWhole | bit))
                || (hop.isOnlyPermitted && !walk.permitted))
                continue;
            steps.push_back({hop.to, hop.isFolder});
            if (!(known & kListed))
                from.push_back(hop.to);
            known = static_cast<std::uint8_t>(known | bit | kListed);
        }
    }
    return from;
}

std::vector<LineageGraph::Index> LineageGraph::upstream(Index node, const LineageWalk& walk) const
{
    auto out = closure({node}, false, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::downstream(Index node, const LineageWalk& walk) const
{
    auto out = closure({node}, true, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::impact(Index node, const LineageWalk& walk) const
{
    std::vector<Index> start {node};
    std::vector<std::uint8_t> seen(m_nodes.size());
    seen[node] = 1;
    for (std::size_t at = 0; at < start.size(); ++at)
        for (const Index held : contents(start[at]))
            if (!seen[held]) {
                seen[held] = 1;
                start.push_back(held);
            }
    auto out = closure(std::move(start), true, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::path(Index from, Index to,
                                                    const LineageWalk& walk) const
{
    if (from == to)
        return {from};
    std::vector<std::uint8_t> seen(m_nodes.size());
    std::vector<Step> steps {{from}};
    seen[from] = kWhole;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        const Step step = steps[at];
        for (const Hop& hop : hops(m_shape->outgoing, m_shape->down, step.node)) {
            const std::uint8_t bit = hop.isFolder ? kByFolder : kWhole;
            std::uint8_t& known = seen[hop.to];
            if ((hop.isFolder && step.byFolder) || (known & (kWhole | bit))
                || (hop.isOnlyPermitted && !walk.permitted))
                continue;
            known = static_cast<std::uint8_t>(known | bit);
            steps.push_back({hop.to, hop.isFolder, static_cast<Index>(at)});
            if (hop.to != to && m_shape->containers[hop.to] != to)
                continue;
            std::vector<Index> out;
            for (std::size_t back = steps.size() - 1; back != 0; back = steps[back].from)
                out.push_back(steps[back].node);
            out.push_back(from);
            std::ranges::reverse(out);
            return out;
        }
    }
    return {};
}

LineageGraph LineageGraph::part(const std::vector<Index>& nodes) const
{
    const std::vector<Index>& all = m_shape->containers;
    std::vector<Index> renumbered(m_nodes.size(), kNone);
    std::vector<Index> kept;
    const auto keep = [&](Index node) {
        if (renumbered[node] == kNone) {
            renumbered[node] = 0;
            kept.push_back(node);
        }
    };
    std::ranges::for_each(nodes, keep);
    for (std::size_t at = 0; at < kept.size(); ++at)
        if (all[kept[at]] != kNone)
            keep(all[kept[at]]);
    std::ranges::sort(kept);
    Nodes outNodes;
    for (const Index node : kept) {
        renumbered[node] = static_cast<Index>(outNodes.size());
        outNodes.push_back(m_nodes.shared(node));
    }
    std::vector<Index> containers;
    for (const Index node : kept)
        containers.push_back(all[node] == kNone ? kNone : renumbered[all[node]]);
    std::vector<LineageEdge> outEdges;
    for (const LineageEdge& edge : edges())
        if (renumbered[edge.from] != kNone && renumbered[edge.to] != kNone) {
            outEdges.push_back(edge);
            outEdges.back().from = renumbered[edge.from];
            outEdges.back().to = renumbered[edge.to];
        }
    return {std::move(outNodes), std::move(outEdges), std::move(containers)};
}

} // namespace core
