// SPDX-License-Identifier: GPL-3.0-or-later
// What the applications expect of the layer below, held against what Terraform made there.
#include "core/platform/findings.h"
#include "core/platform/terraform.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

using Index = LineageGraph::Index;

bool isData(std::string_view system)
{
    static constexpr std::array<std::string_view, 10> systems {
        "postgres", "mysql",    "mongodb",   "redis",         "s3",
        "kafka",    "rabbitmq", "cassandra", "elasticsearch", "zookeeper"};
    return std::ranges::find(systems, system) != systems.end();
}

class LayerJudge
{
public:
    LayerJudge(const PlatformModel& model, const LineageGraph& graph, std::vector<Finding>& out)
        : m_model(model)
        , m_graph(graph)
        , m_out(out)
    {
        const auto& all = model.space("").objects();
        const ObjectKey first {std::string(kTerraformGroup), "", "", ""};
        for (auto at = all.lower_bound(first);
             at != all.end() && at->first.group == kTerraformGroup; ++at)
            if (const Manifest* manifest = at->second.object.manifest())
                m_services.push_back(manifest->value());
    }

    void judge()
    {
        if (m_services.empty())
            return;
        for (Index i = 0; i < m_graph.nodes().size(); ++i) {
            const LineageNode& node = m_graph.node(i);
            if (node.type == LineageNodeType::External && isData(node.system))
                judgeHost(i);
            else if (node.type == LineageNodeType::Dataset && node.system == "s3")
                judgeBucket(i);
        }
    }

private:
    std::vector<std::string> textsOf(std::string_view system, std::string_view list,
                                     bool& isHidden) const
    {
        std::vector<std::string> out;
        for (const Json& service : m_services) {
            if (stringAt(service, {"spec", "system"}) != system)
                continue;
            const Json* values = findPath(service, {"spec", list});
            const bool has = values && values->is_array() && !values->get_array().empty();
            isHidden = isHidden || !has;
            // The first is the name that applications are given.
            if (has)
                for (const Json& value : values->get_array())
                    if (out.empty() || list == "buckets")
                        out.emplace_back(value.get_string());
        }
        return out;
    }

    /// The workloads at the other ends, each with what it says.
    void add(Index node, const std::string& expected, const std::string& has, bool isHidden)
    {
        std::vector<Index> edges;
        std::ranges::copy(m_graph.incoming(node), std::back_inserter(edges));
        std::ranges::copy(m_graph.outgoing(node), std::back_inserter(edges));
        for (const Index held : m_graph.contents(node)) {
            std::ranges::copy(m_graph.incoming(held), std::back_inserter(edges));
            std::ranges::copy(m_graph.outgoing(held), std::back_inserter(edges));
        }
        std::ranges::sort(edges);
        const auto doubles = std::ranges::unique(edges);
        edges.erase(doubles.begin(), doubles.end());
        for (const Index at : edges) {
            const LineageEdge& edge = m_graph.edges()[at];
            const LineageNode* user = &m_graph.node(edge.from);
            if (!user->object)
                user = &m_graph.node(edge.to);
            const ModelObject* object = user->object ? m_model.find(*user->object) : nullptr;
            if (!object || object->key().group == kTerraformGroup)
                continue;
            const LineageProof& proof = edge.proofs.front();
            Finding finding = makeFinding("missing-layer-1-service",
                                          object->key().text() + " expects " + expected + " ("
                                              + proof.detail + "), and Terraform has " + has + ".",
                                          *object);
            if (!proof.place.file.empty()) {
                finding.place.file = proof.place.file;
                finding.place.line = proof.place.line;
            }
            if (isHidden)
                finding.severity = Severity::Note;
            m_out.push_back(std::move(finding));
        }
    }

    void judgeHost(Index index)
    {
        const LineageNode& node = m_graph.node(index);
        bool isHidden = false;
        const auto known = textsOf(node.system, "hosts", isHidden);
        std::string has = known.empty() ? "none" : "it at " + known.front();
        if (isHidden)
            has = "one whose address the file does not tell";
        add(index, node.system + " at " + node.label, has, isHidden);
    }

    void judgeBucket(Index index)
    {
        const LineageNode& node = m_graph.node(index);
        const auto container = m_graph.containerOf(index);
        if (node.declared || !container)
            return;
        const LineageNode& store = m_graph.node(*container);
        if (!store.object || store.object->group != kTerraformGroup)
            return;
        bool isHidden = false;
        const auto buckets = textsOf("s3", "buckets", isHidden);
        const std::string bucket = node.namespaceName.substr(std::string("s3://").size());
        if (buckets.empty() || std::ranges::find(buckets, bucket) != buckets.end())
            return; // a container's buckets are made inside it
        std::string has;
        for (const std::string& each : buckets)
            has += (has.empty() ? "" : ", ") + each;
        add(index, "bucket " + bucket, has, false);
    }

    const PlatformModel& m_model;
    const LineageGraph& m_graph;
    std::vector<Finding>& m_out;
    std::vector<Json> m_services;
};

} // namespace

void findLayerOne(const PlatformModel& model, const LineageGraph& graph, std::vector<Finding>& out)
{
    LayerJudge(model, graph, out).judge();
}

} // namespace core
