// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/layoutgraph.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>

namespace core {

using Node = std::uint32_t;

LayoutNeighbours::LayoutNeighbours(std::size_t nodes, const std::vector<LayoutArc>& arcs, Side side)
{
    const auto own = [side](const LayoutArc& arc) {
        return side == Side::After ? arc.from : arc.to;
    };
    m_starts.resize(nodes + 1);
    for (const LayoutArc& arc : arcs)
        ++m_starts[own(arc) + 1];
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    m_items.resize(arcs.size());
    std::vector<std::uint32_t> next(m_starts.begin(), m_starts.end() - 1);
    for (std::uint32_t i = 0; i < arcs.size(); ++i)
        m_items[next[own(arcs[i])]++] = {side == Side::After ? arcs[i].to : arcs[i].from, i};
}

namespace {

/// Takes nodes off one by one: those that nothing leaves to the end of the line, those that nothing
/// enters to its beginning, and where neither is left the one that most leaves.
class Sequence
{
public:
    Sequence(std::size_t nodes, const std::vector<LayoutArc>& arcs)
        : m_after(nodes, arcs, LayoutNeighbours::Side::After)
        , m_before(nodes, arcs, LayoutNeighbours::Side::Before)
        , m_out(nodes)
        , m_in(nodes)
        , m_place(nodes, kWaiting)
    {
        for (const LayoutArc& arc : arcs)
            if (arc.from != arc.to) {
                ++m_out[arc.from];
                ++m_in[arc.to];
            }
        for (Node i = 0; i < nodes; ++i)
            put(i);
    }

    /// The place of each node in the line.
    std::vector<std::int64_t> run()
    {
        while (!m_sinks.empty() || !m_sources.empty() || !m_others.empty()) {
            if (!m_sinks.empty())
                take(*m_sinks.begin(), m_right--);
            else if (!m_sources.empty())
                take(*m_sources.begin(), m_left++);
            else
                take(m_others.begin()->second, m_left++);
        }
        return std::move(m_place);
    }

private:
    static constexpr std::int64_t kWaiting = INT64_MIN;

    std::pair<int, Node> weight(Node node) const { return {m_in[node] - m_out[node], node}; }
    void put(Node node)
    {
        if (m_out[node] == 0)
            m_sinks.insert(node);
        else if (m_in[node] == 0)
            m_sources.insert(node);
        else
            m_others.insert(weight(node));
    }
    void remove(Node node)
    {
        if (m_sinks.erase(node) == 0 && m_sources.erase(node) == 0)
            m_others.erase(weight(node));
    }
    void take(Node node, std::int64_t place)
    {
        remove(node);
        m_place[node] = place;
        for (const auto& item : m_after.of(node))
            change(item.node, m_in);
        for (const auto& item : m_before.of(node))
            change(item.node, m_out);
    }
    void change(Node node, std::vector<int>& count)
    {
        if (m_place[node] != kWaiting)
            return;
        remove(node);
        --count[node];
        put(node);
    }

    LayoutNeighbours m_after;
    LayoutNeighbours m_before;
    std::vector<int> m_out;
    std::vector<int> m_in;
    std::vector<std::int64_t> m_place;
    std::set<Node> m_sinks;
    std::set<Node> m_sources;
    std::set<std::pair<int, Node>> m_others;
    std::int64_t m_left = 0;
    std::int64_t m_right = INT32_MAX;
};

/// Groups that short arcs hold together move to the right as one, where that shortens more arcs
/// than it lengthens: a side arm begins near to where it ends.
void pullRight(std::vector<int>& column, const std::vector<LayoutArc>& arcs)
{
    constexpr int kMostRounds = 50; // each makes arcs shorter
    std::vector<Node> leader(column.size());
    const auto find = [&](Node node) {
        while (leader[node] != node)
            node = leader[node] = leader[leader[node]];
        return node;
    };
    struct Group
    {
        int gain = 0; ///< arcs that leave it, less those that enter it
        int room = INT32_MAX;
    };
    for (int round = 0; round < kMostRounds; ++round) {
        std::iota(leader.begin(), leader.end(), 0U);
        for (const LayoutArc& arc : arcs)
            if (column[arc.to] - column[arc.from] == 1)
                leader[find(arc.from)] = find(arc.to);
        std::vector<Group> groups(column.size());
        for (const LayoutArc& arc : arcs) {
            const Node from = find(arc.from);
            const Node to = find(arc.to);
            if (from == to)
                continue;
            ++groups[from].gain;
            --groups[to].gain;
            groups[from].room = std::min(groups[from].room, column[arc.to] - column[arc.from] - 1);
        }
        bool moved = false;
        for (Node i = 0; i < column.size(); ++i) {
            const Group& group = groups[find(i)];
            if (group.gain <= 0)
                continue;
            column[i] += group.room;
            moved = true;
        }
        if (!moved)
            return;
    }
}

/// An order in which every arc leads forwards.
std::vector<Node> topological(std::size_t nodes, const std::vector<LayoutArc>& arcs,
                              const LayoutNeighbours& after)
{
    std::vector<int> waiting(nodes);
    for (const LayoutArc& arc : arcs)
        ++waiting[arc.to];
    std::vector<Node> out;
    out.reserve(nodes);
    for (Node i = 0; i < nodes; ++i)
        if (waiting[i] == 0)
            out.push_back(i);
    for (std::size_t at = 0; at < out.size(); ++at)
        for (const auto& item : after.of(out[at]))
            if (--waiting[item.node] == 0)
                out.push_back(item.node);
    return out;
}

} // namespace

std::vector<bool> cycleArcs(std::size_t nodes, const std::vector<LayoutArc>& arcs)
{
    const auto place = Sequence(nodes, arcs).run();
    std::vector<bool> out(arcs.size());
    for (std::size_t i = 0; i < arcs.size(); ++i)
        out[i] = place[arcs[i].from] > place[arcs[i].to];
    return out;
}

std::vector<int> layoutColumns(std::size_t nodes, const std::vector<LayoutArc>& arcs)
{
    const LayoutNeighbours after(nodes, arcs, LayoutNeighbours::Side::After);
    const LayoutNeighbours before(nodes, arcs, LayoutNeighbours::Side::Before);
    const auto line = topological(nodes, arcs, after);
    std::vector<int> column(nodes);
    for (const Node node : line)
        for (const auto& item : after.of(node))
            column[item.node] = std::max(column[item.node], column[node] + 1);
    for (auto node = line.rbegin(); node != line.rend(); ++node) {
        if (after.of(*node).size() <= before.of(*node).size())
            continue;
        int limit = INT32_MAX;
        for (const auto& item : after.of(*node))
            limit = std::min(limit, column[item.node] - 1);
        column[*node] = std::max(column[*node], limit);
    }
    pullRight(column, arcs);
    const int first = column.empty() ? 0 : std::ranges::min(column);
    for (int& each : column)
        each -= first;
    return column;
}

LayeredGraph layeredGraph(const std::vector<int>& columns, const std::vector<LayoutArc>& arcs,
                          std::size_t maximum)
{
    LayeredGraph out {.real = columns.size(), .column = columns};
    out.chains.resize(arcs.size());
    std::vector<std::uint32_t> byLength(arcs.size());
    std::iota(byLength.begin(), byLength.end(), 0U);
    const auto length = [&](std::uint32_t arc) {
        return columns[arcs[arc].to] - columns[arcs[arc].from];
    };
    std::ranges::stable_sort(byLength, {}, length);
    for (const std::uint32_t at : byLength) {
        const LayoutArc& arc = arcs[at];
        auto& chain = out.chains[at];
        chain.push_back(arc.from);
        const std::size_t points = std::size_t(std::max(length(at) - 1, 0));
        if (out.column.size() - out.real + points > maximum) {
            chain.push_back(arc.to);
            continue;
        }
        for (int column = columns[arc.from] + 1; column < columns[arc.to]; ++column) {
            chain.push_back(static_cast<Node>(out.column.size()));
            out.column.push_back(column);
        }
        chain.push_back(arc.to);
        for (std::size_t i = 0; i + 1 < chain.size(); ++i)
            out.arcs.push_back({chain[i], chain[i + 1]});
    }
    out.before = {out.column.size(), out.arcs, LayoutNeighbours::Side::Before};
    out.after = {out.column.size(), out.arcs, LayoutNeighbours::Side::After};
    return out;
}

} // namespace core
