// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineage.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

std::string_view toString(LineageNodeType type)
{
    constexpr std::array<std::string_view, 6> kWords {"dataset", "job",      "service",
                                                      "store",   "external", "unresolved"};
    return kWords[static_cast<std::size_t>(type)];
}

std::string_view toString(LineageEvidence evidence)
{
    constexpr std::array<std::string_view, 4> kWords {"permitted", "inferred", "declared",
                                                      "observed"};
    return kWords[static_cast<std::size_t>(evidence)];
}

std::string_view toString(LineageRelation relation)
{
    constexpr std::array<std::string_view, 12> kWords {
        "writes", "reads", "uses",    "routes",  "calls",   "triggers",
        "runs",   "binds", "exports", "scrapes", "queries", "contains"};
    return kWords[static_cast<std::size_t>(relation)];
}

bool LineageEdge::has(LineageEvidence evidence) const
{
    return std::ranges::any_of(
        proofs, [&](const LineageProof& proof) { return proof.evidence == evidence; });
}

LineageEvidence LineageEdge::strongest() const
{
    LineageEvidence out = LineageEvidence::Permitted;
    for (const LineageProof& proof : proofs)
        out = std::max(out, proof.evidence);
    return out;
}

std::span<const LineageGraph::Index> LineageGraph::Lists::of(Index node) const
{
    if (node + 1 >= starts.size())
        return {};
    return std::span(items).subspan(starts[node], starts[node + 1] - starts[node]);
}

/// visit(put) calls put(node, item) for each entry; it is called twice.
template<class Visit>
LineageGraph::Lists LineageGraph::lists(std::size_t nodes, const Visit& visit)
{
    Lists out;
    out.starts.resize(nodes + 1);
    visit([&](Index node, Index) { ++out.starts[node + 1]; });
    for (std::size_t i = 1; i <= nodes; ++i)
        out.starts[i] += out.starts[i - 1];
    out.items.resize(out.starts.back());
    std::vector<Index> next(out.starts.begin(), out.starts.end() - 1);
    visit([&](Index node, Index item) { out.items[next[node]++] = item; });
    return out;
}

LineageGraph::LineageGraph(std::vector<LineageNode> nodes, std::vector<LineageEdge> edges)
    : m_nodes(std::move(nodes))
    , m_edges(std::move(edges))
{
    m_byId.reserve(m_nodes.size());
    for (Index i = 0; i < m_nodes.size(); ++i) {
        m_byId.emplace(m_nodes[i].id(), i);
        if (!m_nodes[i].object)
            continue;
        // The object itself goes before the datasets that it declares.
        if (m_nodes[i].namespaceName.starts_with("kubernetes://"))
            m_byObject.insert_or_assign(*m_nodes[i].object, i);
        else
            m_byObject.emplace(*m_nodes[i].object, i);
    }
    const auto visitEdges = [this](bool out) {
        return [this, out](const auto& put) {
            for (Index i = 0; i < m_edges.size(); ++i) {
                const LineageEdge& edge = m_edges[i];
                put(out ? edge.from : edge.to, i);
                if (edge.bothWays && edge.from != edge.to)
                    put(out ? edge.to : edge.from, i);
            }
        };
    };
    m_outgoing = lists(m_nodes.size(), visitEdges(true));
    m_incoming = lists(m_nodes.size(), visitEdges(false));
    m_contents = lists(m_nodes.size(), [this](const auto& put) {
        for (Index i = 0; i < m_nodes.size(); ++i)
            if (m_nodes[i].container && *m_nodes[i].container != i)
                put(*m_nodes[i].container, i);
    });
}

std::span<const LineageGraph::Index> LineageGraph::outgoing(Index node) const
{
    return m_outgoing.of(node);
}

std::span<const LineageGraph::Index> LineageGraph::incoming(Index node) const
{
    return m_incoming.of(node);
}

std::span<const LineageGraph::Index> LineageGraph::contents(Index node) const
{
    return m_contents.of(node);
}

std::optional<LineageGraph::Index> LineageGraph::find(std::string_view id) const
{
    const auto found = m_byId.find(std::string(id));
    return found == m_byId.end() ? std::nullopt : std::optional(found->second);
}

std::optional<LineageGraph::Index> LineageGraph::find(const ObjectKey& object) const
{
    const auto found = m_byObject.find(object);
    return found == m_byObject.end() ? std::nullopt : std::optional(found->second);
}

std::vector<LineageGraph::Index> LineageGraph::search(std::string_view text) const
{
    if (const auto exact = find(text))
        return {*exact};
    const auto collect = [&](const auto& fits) {
        std::vector<Index> out;
        for (Index i = 0; i < m_nodes.size(); ++i)
            if (fits(m_nodes[i]))
                out.push_back(i);
        return out;
    };
    auto out = collect([&](const LineageNode& node) { return node.name == text; });
    if (out.empty())
        out = collect([&](const LineageNode& node) { return node.label == text; });
    if (out.empty() && !text.empty())
        out = collect(
            [&](const LineageNode& node) { return node.id().ends_with("/" + std::string(text)); });
    return out;
}

} // namespace core
