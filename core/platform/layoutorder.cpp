// SPDX-License-Identifier: GPL-3.0-or-later
// Who stands above whom: barycentres, then exchanges of neighbours, judged by crossings.
#include "core/platform/layoutgraph.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace core {

using Node = std::uint32_t;

namespace {

/// Counts pairs that stand the wrong way round, while numbers from 0 to size - 1 are put in.
class InversionCounter
{
public:
    explicit InversionCounter(std::size_t size)
        : m_sums(size + 1)
    {
    }
    void clear()
    {
        std::ranges::fill(m_sums, 0U);
        m_all = 0;
    }
    /// How many that are already in are greater.
    std::uint64_t put(std::size_t number)
    {
        std::uint64_t notGreater = 0;
        for (std::size_t i = number + 1; i > 0; i -= i & (~i + 1))
            notGreater += m_sums[i];
        for (std::size_t i = number + 1; i < m_sums.size(); i += i & (~i + 1))
            ++m_sums[i];
        return m_all++ - notGreater;
    }

private:
    std::vector<std::uint32_t> m_sums;
    std::uint64_t m_all = 0;
};

class Ordering
{
public:
    Ordering(const LayeredGraph& graph, const std::vector<double>& hint)
        : m_graph(graph)
        , m_position(graph.column.size())
    {
        int last = -1;
        for (const int column : graph.column)
            last = std::max(last, column);
        m_order.resize(std::size_t(last + 1));
        start(hint);
    }

    LayoutOrder run();

private:
    void start(const std::vector<double>& hint);
    void walk(Node from, std::vector<bool>& seen);
    void number(std::size_t column);
    void sweep(bool forwards);
    void sortColumn(std::size_t column, const LayoutNeighbours& neighbours);
    bool exchange(std::size_t column);
    std::int64_t gain(Node above, Node below, const LayoutNeighbours& neighbours) const;

    const LayeredGraph& m_graph;
    LayoutOrder m_order;
    std::vector<std::uint32_t> m_position; ///< of each node in its column
    std::vector<std::pair<double, Node>> m_keys; ///< of the column that is sorted
    std::vector<std::size_t> m_free;
};

/// Puts what hangs together side by side: columns in the order of a walk from each source.
void Ordering::walk(Node from, std::vector<bool>& seen)
{
    std::vector<Node> stack {from};
    while (!stack.empty()) {
        const Node node = stack.back();
        stack.pop_back();
        if (seen[node])
            continue;
        seen[node] = true;
        m_order[std::size_t(m_graph.column[node])].push_back(node);
        const auto add = [&](const LayoutNeighbours& neighbours) {
            const auto items = neighbours.of(node);
            for (auto item = items.rbegin(); item != items.rend(); ++item)
                if (!seen[item->node])
                    stack.push_back(item->node);
        };
        add(m_graph.before);
        add(m_graph.after);
    }
}

void Ordering::start(const std::vector<double>& hint)
{
    std::vector<bool> seen(m_graph.column.size());
    for (Node node = 0; node < m_graph.real; ++node)
        if (m_graph.before.of(node).empty())
            walk(node, seen);
    for (Node node = 0; node < m_graph.column.size(); ++node)
        walk(node, seen);
    // Points lie between the places of their ends; who has no place follows its neighbours.
    std::vector<double> wanted = hint;
    const bool any = !std::ranges::all_of(hint, [](double at) { return std::isnan(at); });
    for (const auto& chain : m_graph.chains)
        for (std::size_t i = 1; any && i + 1 < chain.size(); ++i) {
            const double share = double(i) / double(chain.size() - 1);
            if (std::isnan(wanted[chain[i]]))
                wanted[chain[i]] =
                    wanted[chain.front()] * (1 - share) + wanted[chain.back()] * share;
        }
    for (std::size_t column = 0; column < m_order.size(); ++column) {
        double last = -1e300;
        m_keys.clear();
        for (const Node node : m_order[column]) {
            last = std::isnan(wanted[node]) ? last : wanted[node];
            m_keys.emplace_back(last, node);
        }
        if (any)
            std::ranges::stable_sort(m_keys, {}, &std::pair<double, Node>::first);
        for (std::size_t i = 0; i < m_keys.size(); ++i)
            m_order[column][i] = m_keys[i].second;
        number(column);
    }
}

void Ordering::number(std::size_t column)
{
    for (std::uint32_t i = 0; i < m_order[column].size(); ++i)
        m_position[m_order[column][i]] = i;
}

/// By the mean place of the neighbours; who has none stays where it is.
void Ordering::sortColumn(std::size_t column, const LayoutNeighbours& neighbours)
{
    auto& nodes = m_order[column];
    m_keys.clear();
    m_free.clear();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto items = neighbours.of(nodes[i]);
        if (items.empty())
            continue;
        double sum = 0;
        for (const auto& item : items)
            sum += m_position[item.node];
        m_keys.emplace_back(sum / double(items.size()), nodes[i]);
        m_free.push_back(i);
    }
    std::ranges::stable_sort(m_keys, {}, &std::pair<double, Node>::first);
    for (std::size_t i = 0; i < m_free.size(); ++i)
        nodes[m_free[i]] = m_keys[i].second;
    number(column);
}

void Ordering::sweep(bool forwards)
{
    for (std::size_t i = 1; i < m_order.size(); ++i)
        sortColumn(forwards ? i : m_order.size() - 1 - i,
                   forwards ? m_graph.before : m_graph.after);
}

/// Crossings less when above and below change places.
std::int64_t Ordering::gain(Node above, Node below, const LayoutNeighbours& neighbours) const
{
    std::int64_t out = 0;
    for (const auto& a : neighbours.of(above))
        for (const auto& b : neighbours.of(below)) {
            if (m_position[a.node] > m_position[b.node])
                ++out;
            else if (m_position[a.node] < m_position[b.node])
                --out;
        }
    return out;
}

bool Ordering::exchange(std::size_t column)
{
    auto& nodes = m_order[column];
    bool changed = false;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
        const Node a = nodes[i];
        const Node b = nodes[i + 1];
        if (gain(a, b, m_graph.before) + gain(a, b, m_graph.after) <= 0)
            continue;
        std::swap(nodes[i], nodes[i + 1]);
        std::swap(m_position[a], m_position[b]);
        changed = true;
    }
    return changed;
}

LayoutOrder Ordering::run()
{
    constexpr std::size_t kExchanged = 4000; // arcs up to which neighbours are exchanged
    const bool isSmall = m_graph.arcs.size() <= kExchanged;
    LayoutOrder best = m_order;
    std::uint64_t fewest = layoutCrossings(m_graph, best);
    const int patience = isSmall ? 6 : 3;
    for (int round = 0, idle = 0; round < 40 && idle < patience && fewest > 0; ++round) {
        sweep(round % 2 == 0);
        for (int again = 0; isSmall && again < 4; ++again) {
            bool changed = false;
            for (std::size_t column = 0; column < m_order.size(); ++column)
                changed = exchange(column) || changed;
            if (!changed)
                break;
        }
        const std::uint64_t crossings = layoutCrossings(m_graph, m_order);
        ++idle;
        if (crossings < fewest) {
            fewest = crossings;
            best = m_order;
            idle = 0;
        }
    }
    return best;
}

} // namespace

std::uint64_t layoutCrossings(const LayeredGraph& graph, const LayoutOrder& order)
{
    std::vector<std::uint32_t> position(graph.column.size());
    std::size_t widest = 0;
    for (const auto& nodes : order) {
        widest = std::max(widest, nodes.size());
        for (std::uint32_t i = 0; i < nodes.size(); ++i)
            position[nodes[i]] = i;
    }
    InversionCounter counter(widest);
    std::vector<std::uint32_t> ends;
    std::uint64_t out = 0;
    for (const auto& nodes : order) {
        counter.clear();
        for (const Node node : nodes) {
            ends.clear();
            for (const auto& item : graph.after.of(node))
                ends.push_back(position[item.node]);
            // Arcs that leave one node do not cross: the lowest ends are put in first.
            std::ranges::sort(ends);
            for (const std::uint32_t end : ends)
                out += counter.put(end);
        }
    }
    return out;
}

LayoutOrder layoutOrder(const LayeredGraph& graph, const std::vector<double>& hint)
{
    return Ordering(graph, hint).run();
}

} // namespace core
