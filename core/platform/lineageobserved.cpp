// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageobserved.h"

#include "core/base/time.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace core {

namespace {

using Index = LineageGraph::Index;

/// "kafka://k-kafka-bootstrap.kafka.svc.cluster.local:9093" without port and the cluster's domain:
/// the listeners and names of one server are one.
std::string serverOf(std::string_view namespaceName)
{
    std::string out(namespaceName);
    const std::size_t scheme = out.find("://");
    const std::size_t host = scheme == out.npos ? 0 : scheme + 3;
    const std::size_t port = out.rfind(':');
    if (port != out.npos && port > host
        && out.find_first_not_of("0123456789", port + 1) == out.npos)
        out.resize(port);
    for (const std::string_view domain : {".cluster.local", ".svc"})
        if (out.ends_with(domain))
            out.resize(out.size() - domain.size());
    return out;
}

class Observer
{
public:
    explicit Observer(const LineageGraph& graph)
        : m_nodes(graph.nodes())
        , m_edges(graph.edges())
        , m_containers(graph.containers())
    {
        for (Index i = 0; i < m_nodes.size(); ++i) {
            const LineageNode& node = m_nodes[i];
            m_byId.emplace(node.id(), i);
            if (node.type == LineageNodeType::Dataset)
                m_datasets.emplace(serverOf(node.namespaceName) + "/" + node.name, i);
            if (node.type == LineageNodeType::Job || node.type == LineageNodeType::Service) {
                addName(node.name, i);
                addName(node.label, i);
                if (node.object)
                    addName(node.object->name, i);
            }
        }
        for (Index i = 0; i < m_edges.size(); ++i)
            m_known.emplace(std::tuple(m_edges[i].from, m_edges[i].to, m_edges[i].relation), i);
    }

    void take(const ObservedRun& run)
    {
        if (run.inputs.empty() && run.outputs.empty())
            return;
        const Index job = jobOf(run);
        const LineageProof proof {LineageEvidence::Observed,
                                  "run " + run.runId + " of " + run.job + " told " + run.state
                                      + " at " + formatRfc3339(run.at),
                                  {}};
        for (const ObservedRun::Dataset& input : run.inputs)
            connect(datasetOf(input), job, LineageRelation::Reads, proof);
        for (const ObservedRun::Dataset& output : run.outputs)
            connect(job, datasetOf(output), LineageRelation::Writes, proof);
    }

    /// Groups that are called as somebody of the graph is: others are not guessed at.
    void take(const ObservedTopic& topic)
    {
        const auto dataset = m_byId.find(topic.subject);
        if (dataset == m_byId.end())
            return;
        for (const std::string& group : topic.groups)
            if (const auto reader = onlyOne(group))
                connect(dataset->second, *reader, LineageRelation::Reads,
                        {LineageEvidence::Observed,
                         "consumer group " + group + " of " + topic.source,
                         {}});
    }

    LineageGraph build() &&
    {
        return {std::move(m_nodes), std::move(m_edges), std::move(m_containers)};
    }

private:
    void addName(const std::string& name, Index node)
    {
        auto& all = m_names[name];
        if (!name.empty() && std::ranges::find(all, node) == all.end())
            all.push_back(node);
    }
    std::optional<Index> onlyOne(const std::string& name) const
    {
        const auto found = m_names.find(name);
        if (found == m_names.end() || found->second.size() != 1)
            return std::nullopt;
        return found->second.front();
    }

    Index jobOf(const ObservedRun& run)
    {
        const std::string id = run.jobNamespace + "/" + run.job;
        if (const auto found = m_byId.find(id); found != m_byId.end())
            return found->second;
        if (const auto found = onlyOne(run.job))
            return *found;
        // Spark's jobs are called APP.COMMAND.TABLE, Airflow's DAG.TASK: who runs them.
        if (const auto found = onlyOne(run.job.substr(0, run.job.find('.'))))
            return *found;
        return add(id, LineageNodeType::Job, run.jobNamespace, run.job);
    }

    Index datasetOf(const ObservedRun::Dataset& dataset)
    {
        const std::string id = dataset.namespaceName + "/" + dataset.name;
        if (const auto found = m_byId.find(id); found != m_byId.end())
            return found->second;
        const auto found = m_datasets.find(serverOf(dataset.namespaceName) + "/" + dataset.name);
        if (found != m_datasets.end())
            return found->second;
        return add(id, LineageNodeType::Dataset, dataset.namespaceName, dataset.name);
    }

    Index add(const std::string& id, LineageNodeType type, const std::string& namespaceName,
              const std::string& name)
    {
        LineageNode node;
        node.type = type;
        node.system =
            namespaceName.substr(0, std::min(namespaceName.find(':'), namespaceName.size()));
        node.namespaceName = namespaceName;
        node.name = name;
        node.label = name;
        node.note = "only run events tell of it";
        m_nodes.push_back(std::move(node));
        const Index out = Index(m_nodes.size() - 1);
        m_byId.emplace(id, out);
        return out;
    }

    void connect(Index from, Index to, LineageRelation relation, const LineageProof& proof)
    {
        const auto [known, isNew] =
            m_known.try_emplace(std::tuple(from, to, relation), Index(m_edges.size()));
        if (isNew)
            m_edges.push_back({from, to, relation, false, {}});
        auto& proofs = m_edges[known->second].proofs;
        if (std::ranges::find(proofs, proof) == proofs.end() && proofs.size() < 100)
            proofs.push_back(proof);
    }

    LineageGraph::Nodes m_nodes;
    std::vector<LineageEdge> m_edges;
    std::vector<Index> m_containers; ///< of the nodes that were there
    std::unordered_map<std::string, Index> m_byId;
    std::unordered_map<std::string, Index> m_datasets;
    std::unordered_map<std::string, std::vector<Index>> m_names;
    std::map<std::tuple<Index, Index, LineageRelation>, Index> m_known;
};

} // namespace

LineageGraph withObserved(const LineageGraph& graph, const Telemetry& telemetry)
{
    Observer observer(graph);
    for (const ObservedRun& run : telemetry.runs)
        observer.take(run);
    for (const ObservedTopic& topic : telemetry.topics)
        observer.take(topic);
    return std::move(observer).build();
}

} // namespace core
