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

void LineageSorter::takeNodes(const LineageNodes& nodes, const std::vector<Slot>& touched)
{
    m_nodes.resize(nodes.size());
    m_containers.resize(nodes.size(), kNoSlot);
    std::vector<bool> goneNodes;
    std::vector<bool> goneObjects;
    std::vector<Slot> freshNodes;
    std::vector<Slot> freshObjects;
    for (const Slot slot : touched) {
        const LineageNodePtr now = nodes[slot].shown;
        const LineageNodePtr before = std::exchange(m_nodes[slot], now);
        m_other.words = m_other.words || now != before;
        m_other.shape =
            m_other.shape || !now != !before || m_containers[slot] != nodes[slot].container;
        m_containers[slot] = nodes[slot].container;
        if (before && !now)
            mark(goneNodes, slot, nodes.size());
        if (!before && now)
            freshNodes.push_back(slot);
        const bool hadObject = before && before->object;
        const bool hasObject = now && now->object;
        if (hadObject && hasObject && *before->object == *now->object)
            continue;
        m_other.shape = m_other.shape || hadObject || hasObject;
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
}

void LineageSorter::takeEdges(const LineageEdges& edges, const std::vector<Place>& touched)
{
    m_lines.resize(edges.size());
    std::vector<bool> gone;
    std::vector<Place> fresh;
    for (const Place place : touched) {
        Line now {edges[place].between, edges[place].bothWays, edges[place].proofs};
        Line& before = m_lines[place];
        m_other.shape =
            m_other.shape || (now != before && !(now.proofs.empty() && before.proofs.empty()));
        if (!before.proofs.empty() && now.proofs.empty())
            mark(gone, place, edges.size());
        if (before.proofs.empty() && !now.proofs.empty())
            fresh.push_back(place);
        before = std::move(now);
    }
    edit(m_edgeOrder, gone, std::move(fresh), [&](Place a, Place b) {
        const LineageBetween& x = m_lines[a].between;
        const LineageBetween& y = m_lines[b].between;
        return std::tuple(m_numbers[x.from], m_numbers[x.to], x.relation)
            < std::tuple(m_numbers[y.from], m_numbers[y.to], y.relation);
    });
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
    takeNodes(nodes, touchedNodes);
    renumber();
    takeEdges(edges, touchedEdges);
    return m_other.words || m_other.shape;
}

LineageGraph::Nodes LineageSorter::nodesInOrder() const
{
    std::vector<LineageNodePtr> out;
    out.reserve(m_order.size());
    for (const Slot slot : m_order)
        out.push_back(m_nodes[slot]);
    return LineageGraph::Nodes(std::move(out));
}

LineageGraph LineageSorter::make()
{
    const Other other = std::exchange(m_other, {});
    LineageGraph::Nodes nodes = other.words ? nodesInOrder() : m_last.nodes();
    if (!other.shape) {
        m_last = m_last.withNodes(std::move(nodes));
        return m_last;
    }
    LineageGraph::Sorted out {.nodes = std::move(nodes)};
    out.containers.reserve(m_order.size());
    for (const Slot slot : m_order) {
        const Slot container = m_containers[slot];
        out.containers.push_back(container == kNoSlot ? LineageGraph::kNone : m_numbers[container]);
    }
    out.edges.reserve(m_edgeOrder.size());
    for (const Place place : m_edgeOrder) {
        const Line& line = m_lines[place];
        out.edges.push_back({m_numbers[line.between.from], m_numbers[line.between.to],
                             line.between.relation, line.bothWays, line.proofs});
    }
    out.byObject.reserve(m_objects.size());
    for (const Slot slot : m_objects)
        out.byObject.push_back(m_numbers[slot]);
    m_last = LineageGraph(std::move(out));
    return m_last;
}

} // namespace core
