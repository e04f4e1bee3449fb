// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagesorter.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace core {

namespace {

/// Takes some out of a sorted list and puts others in, each at its place.
template<class Less>
void edit(std::vector<std::uint32_t>& list, const std::vector<bool>& gone,
          std::vector<std::uint32_t> fresh, const Less& isBefore)
{
    if (!gone.empty())
        std::erase_if(list, [&](std::uint32_t each) { return gone[each]; });
    if (fresh.size() <= 32) {
        for (const std::uint32_t each : fresh)
            list.insert(std::ranges::upper_bound(list, each, isBefore), each);
        return;
    }
    std::ranges::sort(fresh, isBefore);
    const auto middle = std::ptrdiff_t(list.size());
    list.insert(list.end(), fresh.begin(), fresh.end());
    std::ranges::inplace_merge(list, list.begin() + middle, isBefore);
}

/// Those to take out, as flags by number; none of them: empty.
void mark(std::vector<bool>& flags, std::uint32_t at, std::size_t size)
{
    flags.resize(size);
    flags[at] = true;
}

} // namespace

bool LineageSorter::takeNodes(const LineageNodes& nodes, const std::vector<Slot>& touched)
{
    m_nodes.resize(nodes.size());
    m_containers.resize(nodes.size(), kNoSlot);
    std::vector<bool> goneNodes;
    std::vector<bool> goneObjects;
    std::vector<Slot> freshNodes;
    std::vector<Slot> freshObjects;
    bool isOther = false;
    for (const Slot slot : touched) {
        const LineageNodePtr now = nodes[slot].shown;
        const LineageNodePtr before = std::exchange(m_nodes[slot], now);
        isOther = isOther || now != before || m_containers[slot] != nodes[slot].container;
        m_containers[slot] = nodes[slot].container;
        if (before && !now)
            mark(goneNodes, slot, nodes.size());
        if (!before && now)
            freshNodes.push_back(slot);
        const bool hadObject = before && before->object;
        const bool hasObject = now && now->object;
        if (hadObject && hasObject && *before->object == *now->object)
            continue;
        if (hadObject)
            mark(goneObjects, slot, nodes.size());
        if (hasObject)
            freshObjects.push_back(slot);
    }
    edit(m_order, goneNodes, std::move(freshNodes), [&](Slot a, Slot b) {
        return std::tie(nodes[a].namespaceName, nodes[a].name)
            < std::tie(nodes[b].namespaceName, nodes[b].name);
    });
    edit(m_objects, goneObjects, std::move(freshObjects),
         [&](Slot a, Slot b) { return LineageGraph::isObjectBefore(*m_nodes[a], *m_nodes[b]); });
    return isOther;
}

bool LineageSorter::takeEdges(const LineageEdges& edges, const std::vector<Place>& touched)
{
    m_lines.resize(edges.size());
    std::vector<bool> gone;
    std::vector<Place> fresh;
    bool isOther = false;
    for (const Place place : touched) {
        Line now {edges[place].proofs, edges[place].bothWays};
        Line& before = m_lines[place];
        isOther = isOther || now != before;
        if (!before.proofs.empty() && now.proofs.empty())
            mark(gone, place, edges.size());
        if (before.proofs.empty() && !now.proofs.empty())
            fresh.push_back(place);
        before = std::move(now);
    }
    edit(m_edgeOrder, gone, std::move(fresh), [&](Place a, Place b) {
        const LineageBetween& x = edges[a].between;
        const LineageBetween& y = edges[b].between;
        return std::tuple(m_numbers[x.from], m_numbers[x.to], x.relation)
            < std::tuple(m_numbers[y.from], m_numbers[y.to], y.relation);
    });
    return isOther;
}

void LineageSorter::renumber()
{
    m_numbers.assign(m_nodes.size(), LineageGraph::kNone);
    for (std::uint32_t i = 0; i < m_order.size(); ++i)
        m_numbers[m_order[i]] = i;
}

bool LineageSorter::take(const LineageNodes& nodes, const std::vector<Slot>& touchedNodes,
                         const LineageEdges& edges, const std::vector<Place>& touchedEdges)
{
    const bool areNodesOther = takeNodes(nodes, touchedNodes);
    renumber();
    const bool areEdgesOther = takeEdges(edges, touchedEdges);
    return areNodesOther || areEdgesOther;
}

LineageGraph LineageSorter::make(const LineageNodes& nodes, const LineageEdges& edges) const
{
    LineageGraph::Sorted out;
    out.nodes.reserve(m_order.size());
    out.containers.reserve(m_order.size());
    for (const Slot slot : m_order) {
        out.nodes.push_back(m_nodes[slot]);
        const Slot container = nodes[slot].container;
        out.containers.push_back(container == kNoSlot ? LineageGraph::kNone : m_numbers[container]);
    }
    out.edges.reserve(m_edgeOrder.size());
    for (const Place place : m_edgeOrder) {
        const LineageBetween& between = edges[place].between;
        out.edges.push_back({m_numbers[between.from], m_numbers[between.to], between.relation,
                             m_lines[place].bothWays, m_lines[place].proofs});
    }
    out.byObject.reserve(m_objects.size());
    for (const Slot slot : m_objects)
        out.byObject.push_back(m_numbers[slot]);
    return LineageGraph(std::move(out));
}

} // namespace core
