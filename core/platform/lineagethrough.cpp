// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagethrough.h"

#include <algorithm>

namespace core {

namespace {

using Index = LineageGraph::Index;

/// Searches from one shown node after another.
class Searcher
{
public:
    Searcher(const LineageGraph& graph, const std::vector<bool>& shown,
             const std::vector<bool>& hidden)
        : m_graph(graph)
        , m_shown(shown)
        , m_hidden(hidden)
        , m_seen(graph.nodes().size())
        , m_by(graph.nodes().size())
        , m_previous(graph.nodes().size())
    {
    }

    /// Ways from a node over edges of an evidence or better, to nodes that have none yet.
    void search(Index from, LineageEvidence least, std::vector<LineageThrough>& out);
    /// A new beginning: nothing has a way from it yet.
    void begin() { m_found.assign(m_graph.nodes().size(), false); }

private:
    void take(Index from, Index last, Index edge, Index to, std::vector<LineageThrough>& out);

    const LineageGraph& m_graph;
    const std::vector<bool>& m_shown;
    const std::vector<bool>& m_hidden;
    std::vector<bool> m_found;
    std::vector<std::uint64_t> m_seen; ///< number of the search that came by
    std::vector<Index> m_by; ///< the edge over which it came
    std::vector<Index> m_previous;
    std::uint64_t m_search = 0;
};

void Searcher::search(Index from, LineageEvidence least, std::vector<LineageThrough>& out)
{
    ++m_search;
    std::vector<Index> waiting {from};
    for (std::size_t at = 0; at < waiting.size(); ++at) {
        const Index node = waiting[at];
        for (const Index index : m_graph.outgoing(node)) {
            const LineageEdge& edge = m_graph.edges()[index];
            const Index next = edge.from == node ? edge.to : edge.from;
            if (edge.relation == LineageRelation::Contains || edge.strongest() < least)
                continue;
            if (m_shown[next] && node != from && next != from && !m_found[next]) {
                take(from, node, index, next, out);
                m_found[next] = true;
            }
            if (!m_hidden[next] || m_seen[next] == m_search)
                continue;
            m_seen[next] = m_search;
            m_by[next] = index;
            m_previous[next] = node;
            waiting.push_back(next);
        }
    }
}

void Searcher::take(Index from, Index last, Index edge, Index to, std::vector<LineageThrough>& out)
{
    LineageThrough through {.from = from, .to = to};
    through.edges = {edge};
    for (Index at = last; at != from; at = m_previous[at])
        through.edges.push_back(m_by[at]);
    std::ranges::reverse(through.edges);
    through.evidence = LineageEvidence::Observed;
    through.bothWays = true;
    for (const Index each : through.edges) {
        const LineageEdge& passed = m_graph.edges()[each];
        through.evidence = std::min(through.evidence, passed.strongest());
        through.bothWays = through.bothWays && passed.bothWays;
    }
    out.push_back(std::move(through));
}

} // namespace

std::vector<LineageThrough> lineageThrough(const LineageGraph& graph,
                                           const std::vector<bool>& shown,
                                           const std::vector<bool>& hidden, bool permitted,
                                           std::size_t most)
{
    std::vector<LineageThrough> out;
    Searcher searcher(graph, shown, hidden);
    for (Index from = 0; from < graph.nodes().size() && out.size() < most; ++from) {
        if (!shown[from])
            continue;
        searcher.begin();
        for (const LineageEvidence least : {LineageEvidence::Observed, LineageEvidence::Declared,
                                            LineageEvidence::Inferred, LineageEvidence::Permitted})
            if (permitted || least != LineageEvidence::Permitted)
                searcher.search(from, least, out);
    }
    if (out.size() > most)
        out.resize(most);
    std::ranges::stable_sort(out, [](const LineageThrough& a, const LineageThrough& b) {
        return std::pair(a.from, a.to) < std::pair(b.from, b.to);
    });
    return out;
}

} // namespace core
