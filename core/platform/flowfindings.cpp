// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/flowfindings.h"

#include "core/platform/findingsspace.h"
#include "core/platform/terraform.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace core {

namespace {

using Index = LineageGraph::Index;
constexpr Index kNone = LineageGraph::kNone;
constexpr std::string_view kBatch = "batch";

template<class Visit>
void eachNeighbour(const LineageGraph& graph, Index node, const Visit& visit)
{
    for (const auto& edges : {graph.incoming(node), graph.outgoing(node)})
        for (const Index at : edges) {
            const LineageEdge& edge = graph.edges()[at];
            visit(edge.from == node ? edge.to : edge.from);
        }
}

/// What is judged of a node by its neighbours, and by what it holds.
bool isSeenOtherwise(const LineageNode& a, const LineageNode& b)
{
    const auto tied = [](const LineageNode& node) {
        return std::tie(node.type, node.system, node.label, node.layer, node.kubernetesNamespace,
                        node.object);
    };
    return tied(a) != tied(b) || a.place != b.place;
}

bool holdsDeclared(const LineageGraph& graph, Index node)
{
    return std::ranges::any_of(graph.contents(node),
                               [&](Index each) { return graph.node(each).declared; });
}

} // namespace

void FlowFindings::leave(FindingList& list)
{
    for (std::vector<Finding>& found : m_found)
        list.clear(found);
    list.clear(m_layers);
    m_found.clear();
    m_graph = nullptr;
}

void FlowFindings::touch(Index node)
{
    if (std::exchange(m_isTouched[node], std::uint8_t(1)) == 0)
        m_touched.push_back(node);
}

void FlowFindings::touchRound(const LineageGraph& graph, Index node)
{
    touch(node);
    eachNeighbour(graph, node, [this](Index each) { touch(each); });
}

/// An end that is not told is a finding of the object at the other one.
void FlowFindings::touchObject(const LineageGraph& graph, Index node)
{
    touch(node);
    eachNeighbour(graph, node, [&](Index each) {
        if (graph.node(each).type == LineageNodeType::Unresolved)
            touch(each);
    });
}

/// A right of a user counts as used when anybody writes where it may.
void FlowFindings::touchUsers(const LineageGraph& graph, Index dataset)
{
    if (graph.node(dataset).type != LineageNodeType::Dataset)
        return;
    eachNeighbour(graph, dataset, [&](Index each) {
        const std::string& system = graph.node(each).system;
        if (system == "kafka-user" || system == "rabbitmq-user")
            touch(each);
    });
}

void FlowFindings::takeWhole(const LineageGraph& graph, const FindingGround& ground)
{
    const std::size_t size = graph.nodes().size();
    m_ground = {.tenantOf = ground.tenantOf};
    m_ground.holdsDeclared.resize(size);
    m_ground.leadsToBatch.resize(size);
    m_isBatch.assign(size, 0);
    m_found.clear();
    m_found.resize(size);
    m_isTouched.assign(size, 0);
    for (Index i = 0; i < size; ++i) {
        const LineageNode& node = graph.node(i);
        if (node.type == LineageNodeType::Unresolved)
            ++m_ground.unresolved[node.system];
        m_isBatch[i] = node.layer == kBatch;
        m_ground.holdsDeclared[i] = holdsDeclared(graph, i);
        touch(i);
    }
    followBatch(graph);
}

/// What is not told is counted by system, and the count stands in the text of findings.
void FlowFindings::countUnresolved(const LineageGraph& before, const LineageGraph& now,
                                   const LineageDifference& difference)
{
    std::map<std::string, int> counts = m_ground.unresolved;
    const auto count = [&](const LineageGraph& graph, Index at, int by) {
        if (at == kNone || graph.node(at).type != LineageNodeType::Unresolved)
            return;
        int& number = counts[graph.node(at).system];
        number += by;
        if (number == 0)
            counts.erase(graph.node(at).system);
    };
    for (const LineageDifference::Pair& each : difference.nodes) {
        count(before, each.before, -1);
        count(now, each.now, 1);
    }
    if (counts == m_ground.unresolved)
        return;
    for (Index i = 0; i < m_found.size(); ++i)
        if (!m_found[i].empty())
            touch(i);
    m_ground.unresolved = std::move(counts);
}

/// A topic without an object is worth a word where others in its container have one.
void FlowFindings::lookInto(const LineageGraph& graph, std::vector<Index> containers)
{
    std::ranges::sort(containers);
    const auto doubles = std::ranges::unique(containers);
    containers.erase(doubles.begin(), doubles.end());
    for (const Index container : containers) {
        const std::uint8_t holds = holdsDeclared(graph, container);
        if (std::exchange(m_ground.holdsDeclared[container], holds) != holds)
            for (const Index held : graph.contents(container))
                touch(held);
    }
}

/// Whose data come to the batch layer: one walk back from there, for all nodes.
void FlowFindings::followBatch(const LineageGraph& graph)
{
    std::vector<Index> goals;
    for (Index i = 0; i < m_isBatch.size(); ++i)
        if (m_isBatch[i])
            goals.push_back(i);
    std::vector<std::uint8_t> leads(m_isBatch.size());
    if (!goals.empty())
        for (const Index node : graph.upstreamOf(goals))
            leads[node] = 1;
    for (Index i = 0; i < leads.size(); ++i)
        if ((leads[i] != m_ground.leadsToBatch[i] || m_isBatch[i]) && isReadBySpeed(graph, i))
            touch(i);
    m_ground.leadsToBatch = std::move(leads);
}

void FlowFindings::takeOther(const LineageGraph& before, const LineageGraph& now, FindingList& list)
{
    const LineageDifference difference = lineageDifference(before, now);
    const std::size_t size = now.nodes().size();
    for (const LineageDifference::Pair& each : difference.nodes)
        if (each.now == kNone)
            list.clear(m_found[each.before]);
    carry(difference, size, m_found);
    carry(difference, size, m_isBatch);
    carry(difference, size, m_ground.holdsDeclared);
    carry(difference, size, m_ground.leadsToBatch);
    m_isTouched.resize(size);
    for (const LineageDifference::Pair& each : difference.nodes) {
        if (each.now == kNone)
            continue;
        m_isBatch[each.now] = now.node(each.now).layer == kBatch;
        touch(each.now);
        if (each.before != kNone && !isSeenOtherwise(before.node(each.before), now.node(each.now)))
            continue;
        touchRound(now, each.now);
        for (const Index held : now.contents(each.now))
            touch(held);
    }
    for (const Index node : difference.moved)
        touchRound(now, node);
    for (const Index node : difference.ends) {
        touch(node);
        touchUsers(now, node);
    }
    countUnresolved(before, now, difference);
    lookInto(now, difference.containers);
    followBatch(now);
}

std::size_t FlowFindings::update(const PlatformModel& model, const LineageGraphPtr& graph,
                                 const FindingGround& ground, const std::vector<ObjectKey>* objects,
                                 FindingList& list)
{
    if (!graph) {
        leave(list);
        return 0;
    }
    if (graph == m_graph && objects && objects->empty())
        return 0;
    if (!m_graph || !objects || !m_graph->isSorted() || !graph->isSorted()) {
        leave(list);
        takeWhole(*graph, ground);
    } else {
        if (graph != m_graph)
            takeOther(*m_graph, *graph, list);
        for (const ObjectKey& key : *objects)
            for (const Index node : graph->allOf(key))
                touchObject(*graph, node);
    }
    m_graph = graph;
    for (const Index node : m_touched) {
        std::vector<Finding> found;
        findFlowsAt(model, *graph, m_ground, node, found);
        list.replace(m_found[node], std::move(found));
        m_isTouched[node] = 0;
    }
    std::vector<Finding> layers;
    findLayerOne(model, *graph, layers);
    list.replace(m_layers, std::move(layers));
    const std::size_t count = m_touched.size();
    m_touched.clear();
    return count;
}

} // namespace core
