// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineage.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <ranges>
#include <tuple>
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

bool LineageGraph::isObjectBefore(const LineageNode& a, const LineageNode& b)
{
    if (const auto order = *a.object <=> *b.object; order != 0)
        return order < 0;
    const bool isItself = a.namespaceName.starts_with("kubernetes://");
    if (isItself != b.namespaceName.starts_with("kubernetes://"))
        return isItself;
    return std::tie(a.namespaceName, a.name) < std::tie(b.namespaceName, b.name);
}

const std::shared_ptr<const LineageGraph::Shape>& LineageGraph::noShape()
{
    static const auto none = std::make_shared<const Shape>();
    return none;
}

LineageGraph::LineageGraph(Sorted parts)
    : m_nodes(std::move(parts.nodes))
{
    auto shape = std::make_shared<Shape>();
    shape->edges = std::move(parts.edges);
    shape->containers = std::move(parts.containers);
    shape->byObject = std::move(parts.byObject);
    shape->makeLists(m_nodes.size());
    m_shape = std::move(shape);
}

LineageGraph LineageGraph::withNodes(Nodes nodes) const
{
    LineageGraph out;
    out.m_nodes = std::move(nodes);
    out.m_shape = m_shape;
    return out;
}

LineageGraph::LineageGraph(std::vector<LineageNode> nodes, std::vector<LineageEdge> edges,
                           std::vector<Index> containers)
    : LineageGraph(Nodes(std::move(nodes)), std::move(edges), std::move(containers))
{
}

LineageGraph::LineageGraph(Nodes nodes, std::vector<LineageEdge> edges,
                           std::vector<Index> containers)
    : m_nodes(std::move(nodes))
{
    auto shape = std::make_shared<Shape>();
    shape->edges = std::move(edges);
    shape->containers = std::move(containers);
    shape->containers.resize(m_nodes.size(), kNone);
    const auto nameOf = [](const LineageNode& node) {
        return std::pair<std::string_view, std::string_view>(node.namespaceName, node.name);
    };
    if (!std::ranges::is_sorted(m_nodes, {}, nameOf)) {
        shape->byId.resize(m_nodes.size());
        std::iota(shape->byId.begin(), shape->byId.end(), Index(0));
        std::ranges::stable_sort(shape->byId, {}, [&](Index i) { return nameOf(m_nodes[i]); });
    }
    for (Index i = 0; i < m_nodes.size(); ++i)
        if (m_nodes[i].object)
            shape->byObject.push_back(i);
    std::ranges::stable_sort(
        shape->byObject, [&](Index a, Index b) { return isObjectBefore(m_nodes[a], m_nodes[b]); });
    shape->makeLists(m_nodes.size());
    m_shape = std::move(shape);
}

void LineageGraph::Shape::makeLists(std::size_t nodes)
{
    const auto visitEdges = [this](bool out) {
        return [this, out](const auto& put) {
            for (Index i = 0; i < edges.size(); ++i) {
                const LineageEdge& edge = edges[i];
                put(out ? edge.from : edge.to, i);
                if (edge.bothWays && edge.from != edge.to)
                    put(out ? edge.to : edge.from, i);
            }
        };
    };
    outgoing = lists(nodes, visitEdges(true));
    incoming = lists(nodes, visitEdges(false));
    contents = lists(nodes, [this](const auto& put) {
        for (Index i = 0; i < containers.size(); ++i)
            if (containers[i] != kNone && containers[i] != i)
                put(containers[i], i);
    });
    down = hopsOf(outgoing);
    up = hopsOf(incoming);
}

std::vector<LineageGraph::Hop> LineageGraph::Shape::hopsOf(const Lists& lists) const
{
    std::vector<Hop> out(lists.items.size());
    for (Index node = 0; node + std::size_t(1) < lists.starts.size(); ++node)
        for (Index at = lists.starts[node]; at < lists.starts[node + 1]; ++at) {
            const LineageEdge& edge = edges[lists.items[at]];
            out[at] = {edge.from == node ? edge.to : edge.from,
                       edge.relation == LineageRelation::Contains,
                       edge.strongest() == LineageEvidence::Permitted};
        }
    return out;
}

std::optional<LineageGraph::Index> LineageGraph::containerOf(Index node) const
{
    const Index container = m_shape->containers[node];
    return container == kNone ? std::nullopt : std::optional(container);
}

std::pair<std::string_view, std::string_view> LineageGraph::idAt(std::size_t place) const
{
    const LineageNode& node = m_nodes[m_shape->byId.empty() ? place : m_shape->byId[place]];
    return {node.namespaceName, node.name};
}

/// Where the namespace ends is not told by an id: every "/" may be the place.
std::optional<LineageGraph::Index> LineageGraph::find(std::string_view id) const
{
    std::optional<Index> out;
    const auto places = std::views::iota(std::size_t(0), m_nodes.size());
    for (std::size_t slash = id.find('/'); slash != id.npos; slash = id.find('/', slash + 1)) {
        const std::pair wanted(id.substr(0, slash), id.substr(slash + 1));
        const auto found =
            std::ranges::lower_bound(places, wanted, {}, [this](std::size_t i) { return idAt(i); });
        if (found == places.end() || idAt(*found) != wanted)
            continue;
        const Index index = m_shape->byId.empty() ? Index(*found) : m_shape->byId[*found];
        out = out ? std::min(*out, index) : index;
    }
    return out;
}

std::span<const LineageGraph::Index> LineageGraph::allOf(const ObjectKey& object) const
{
    const auto found = std::ranges::equal_range(
        m_shape->byObject, object, {},
        [this](Index i) -> const ObjectKey& { return *m_nodes[i].object; });
    return {found.begin(), found.end()};
}

std::optional<LineageGraph::Index> LineageGraph::find(const ObjectKey& object) const
{
    const auto all = allOf(object);
    return all.empty() ? std::nullopt : std::optional(all.front());
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
