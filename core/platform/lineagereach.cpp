// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagereach.h"

#include "core/platform/reachability.h"

#include <algorithm>
#include <map>
#include <set>

namespace core {

namespace {

using Index = LineageGraph::Index;

constexpr std::size_t kMaxEdges = 20'000;

/// A store with a Service in front of it.
struct Target
{
    Index node;
    ServiceName name;
    const ServiceFacts* service;
};

class ReachAdder
{
public:
    ReachAdder(const LineageGraph& graph, const PlatformModel& model)
        : m_graph(graph)
        , m_model(model)
        , m_edges(graph.edges())
    {
        for (std::size_t i = 0; i < m_edges.size(); ++i)
            if (m_edges[i].relation == LineageRelation::Uses)
                m_known.emplace(std::pair(m_edges[i].from, m_edges[i].to), i);
    }

    LineageGraph add()
    {
        findTargets();
        for (const auto& [name, space] : m_model.namespaces())
            if (isRestricted(space))
                for (const ModelObject* object : space.workloads())
                    if (const auto node = m_graph.find(object->key()))
                        for (const Target& target : m_targets)
                            judge(*node, *object, target);
        return {m_graph.nodes(), std::move(m_edges), m_graph.containers()};
    }

private:
    static bool isRestricted(const ModelNamespace& space)
    {
        return std::ranges::any_of(
            space.policies(), [](const NetworkPolicy& policy) { return policy.facts->isEgress; });
    }

    /// Of each store the Services that it is or that select its pods.
    void findTargets()
    {
        for (Index i = 0; i < m_graph.nodes().size(); ++i) {
            const LineageNode& node = m_graph.node(i);
            if (node.type != LineageNodeType::Store || !node.object)
                continue;
            const ModelObject* object = m_model.find(*node.object);
            if (!object || !object->facts())
                continue;
            const std::string& space = node.object->namespaceName;
            for (const ModelObject* owner : m_model.space(space).services())
                for (const ServiceFacts& service : owner->facts()->services)
                    if (service.selector && leadsTo(space, service, *object))
                        m_targets.push_back({i, {space, service.name}, &service});
        }
    }

    bool leadsTo(const std::string& space, const ServiceFacts& service,
                 const ModelObject& object) const
    {
        const auto selected = m_model.selected(space, service);
        return std::ranges::any_of(selected,
                                   [&](const auto& each) { return each.owner == &object; });
    }

    void judge(Index from, const ModelObject& object, const Target& target)
    {
        if (from == target.node || m_done.contains({from, target.node}))
            return;
        const std::string& space = object.key().namespaceName;
        for (const PodFacts& pods : object.facts()->pods)
            for (const ServicePort& port : target.service->ports) {
                const auto verdict =
                    serviceVerdict(m_model, space, pods, target.name, *target.service, port.port);
                // Where no rule is needed, everything is permitted, and an edge would tell nothing.
                if (!verdict || verdict->reach != Reach::Allowed || !verdict->egress.isIsolated
                    || verdict->egress.rule < 0)
                    continue;
                put(from, target, port.port, verdict->egress);
                return;
            }
    }

    void put(Index from, const Target& target, int port, const DirectionVerdict& verdict)
    {
        if (m_done.size() >= kMaxEdges)
            return;
        m_done.emplace(from, target.node);
        LineageProof proof {LineageEvidence::Permitted,
                            verdict.policy.text() + ", rule " + std::to_string(verdict.rule + 1)
                                + ", port " + std::to_string(port),
                            {}};
        if (const ModelObject* policy = m_model.find(verdict.policy))
            proof.place = policy->object.place("/spec/egress/" + std::to_string(verdict.rule));
        const auto [found, isNew] = m_known.emplace(std::pair(from, target.node), m_edges.size());
        if (isNew)
            m_edges.push_back({from, target.node, LineageRelation::Uses, true, {}});
        m_edges[found->second].proofs.push_back(std::move(proof));
    }

    const LineageGraph& m_graph;
    const PlatformModel& m_model;
    std::vector<LineageEdge> m_edges;
    std::map<std::pair<Index, Index>, std::size_t> m_known;
    std::set<std::pair<Index, Index>> m_done;
    std::vector<Target> m_targets;
};

} // namespace

LineageGraph withPermittedReach(const LineageGraph& graph, const PlatformModel& model)
{
    return ReachAdder(graph, model).add();
}

} // namespace core
