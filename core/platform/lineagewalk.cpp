// SPDX-License-Identifier: GPL-3.0-or-later
// The questions that are asked of a lineage graph: what comes before, what comes after, which way.
#include "core/platform/lineage.h"

#include <algorithm>
#include <limits>

namespace core {

LineageGraph::Index LineageGraph::across(Index edge, Index node) const
{
    return m_edges[edge].from == node ? m_edges[edge].to : m_edges[edge].from;
}

bool LineageGraph::isWalked(Index edge, const LineageWalk& walk) const
{
    return walk.permitted || m_edges[edge].strongest() != LineageEvidence::Permitted;
}

namespace {

/// Where a walk stands. From a folder it goes into one inside it or round it, but not on from there
/// to a third: who writes one of two folders does not change the other.
struct Step
{
    LineageGraph::Index node = 0;
    bool byFolder = false;
    std::size_t from = 0; ///< the step before, for paths
};

} // namespace

/// Nearest first; the nodes that it starts from come first.
std::vector<LineageGraph::Index> LineageGraph::closure(std::vector<Index> from, Way way,
                                                       const LineageWalk& walk) const
{
    std::vector<char> seen(m_nodes.size());
    std::vector<Step> steps;
    for (const Index node : from) {
        seen[node] = 3;
        steps.push_back({node});
    }
    std::vector<char> listed = seen;
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
        for (const Index edge : way == Way::Down ? outgoing(step.node) : incoming(step.node)) {
            const bool isFolder = m_edges[edge].relation == LineageRelation::Contains;
            const Index next = across(edge, step.node);
            const char bit = isFolder ? 2 : 1;
            if ((isFolder && step.byFolder) || (seen[next] & 1) || (seen[next] & bit)
                || !isWalked(edge, walk))
                continue;
            seen[next] = static_cast<char>(seen[next] | bit);
            steps.push_back({next, isFolder});
            if (!listed[next]) {
                listed[next] = 1;
                from.push_back(next);
            }
        }
    }
    return from;
}

std::vector<LineageGraph::Index> LineageGraph::upstream(Index node, const LineageWalk& walk) const
{
    auto out = closure({node}, Way::Up, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::downstream(Index node, const LineageWalk& walk) const
{
    auto out = closure({node}, Way::Down, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::impact(Index node, const LineageWalk& walk) const
{
    std::vector<Index> start {node};
    std::vector<char> seen(m_nodes.size());
    seen[node] = 1;
    for (std::size_t at = 0; at < start.size(); ++at)
        for (const Index held : contents(start[at]))
            if (!seen[held]) {
                seen[held] = 1;
                start.push_back(held);
            }
    auto out = closure(std::move(start), Way::Down, walk);
    out.erase(out.begin());
    return out;
}

std::vector<LineageGraph::Index> LineageGraph::path(Index from, Index to,
                                                    const LineageWalk& walk) const
{
    if (from == to)
        return {from};
    std::vector<char> seen(m_nodes.size());
    std::vector<Step> steps {{from}};
    seen[from] = 3;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        const Step step = steps[at];
        for (const Index edge : outgoing(step.node)) {
            const bool isFolder = m_edges[edge].relation == LineageRelation::Contains;
            const Index next = across(edge, step.node);
            const char bit = isFolder ? 2 : 1;
            if ((isFolder && step.byFolder) || (seen[next] & 1) || (seen[next] & bit)
                || !isWalked(edge, walk))
                continue;
            seen[next] = static_cast<char>(seen[next] | bit);
            steps.push_back({next, isFolder, at});
            if (next != to && m_nodes[next].container != to)
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
    constexpr Index kNone = std::numeric_limits<Index>::max();
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
        if (m_nodes[kept[at]].container)
            keep(*m_nodes[kept[at]].container);
    std::ranges::sort(kept);
    std::vector<LineageNode> outNodes;
    for (const Index node : kept) {
        renumbered[node] = static_cast<Index>(outNodes.size());
        outNodes.push_back(m_nodes[node]);
    }
    for (LineageNode& node : outNodes)
        if (node.container)
            node.container = renumbered[*node.container];
    std::vector<LineageEdge> outEdges;
    for (const LineageEdge& edge : m_edges)
        if (renumbered[edge.from] != kNone && renumbered[edge.to] != kNone) {
            outEdges.push_back(edge);
            outEdges.back().from = renumbered[edge.from];
            outEdges.back().to = renumbered[edge.to];
        }
    return {std::move(outNodes), std::move(outEdges)};
}

} // namespace core
