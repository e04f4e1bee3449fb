// SPDX-License-Identifier: GPL-3.0-or-later
// Findings about flows of data: what the lineage of the manifests contradicts or leaves open.
#include "core/platform/flowfindings.h"
#include "core/platform/topics.h"
#include "core/value/json.h"

#include <algorithm>
#include <map>
#include <set>

namespace core {

namespace {

using Index = LineageGraph::Index;

/// "a, b, c and 4 more".
std::string listed(const std::vector<std::string>& names, std::size_t most = 5)
{
    std::string out;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        out += (i ? ", " : "") + names[i];
    if (names.size() > most)
        out += " and " + std::to_string(names.size() - most) + " more";
    return out;
}

/// Something said by a field or a program's text, or seen.
bool isMeant(const LineageEdge& edge)
{
    return edge.strongest() != LineageEvidence::Permitted;
}

/// Of a job of the speed layer that reads a node.
bool isReaderOfSpeed(const LineageGraph& graph, Index node, const LineageEdge& edge)
{
    return edge.from == node && isMeant(edge) && graph.node(edge.to).layer == "speed"
        && graph.node(edge.to).type != LineageNodeType::Dataset;
}

class FlowJudge
{
public:
    FlowJudge(const PlatformModel& model, const LineageGraph& graph, const FlowGround& ground,
              std::vector<Finding>& out)
        : m_model(model)
        , m_graph(graph)
        , m_ground(ground)
        , m_out(out)
    {
    }

    void judge(Index node)
    {
        if (const auto topic = topicAt(m_graph, node, m_model.input().hasLive);
            topic && !topic->internal)
            judgeTopic(*topic, node);
        judgeNode(node);
    }

private:
    Finding& add(const char* code, std::string message, Index at, const Place* place = nullptr)
    {
        const LineageNode& node = m_graph.node(at);
        const ModelObject* object = node.object ? m_model.find(*node.object) : nullptr;
        ModelObject unknown;
        unknown.object.key = node.object.value_or(ObjectKey {});
        Finding finding = makeFinding(code, std::move(message), object ? *object : unknown);
        if (!node.object)
            finding.place.object = node.id();
        if (finding.place.file.empty() && !node.place.file.empty()) {
            finding.place.file = node.place.file;
            finding.place.line = node.place.line;
        }
        if (place && !place->file.empty()) {
            finding.place.file = place->file;
            finding.place.line = place->line;
            finding.place.column = place->column;
        }
        if (finding.namespaceName.empty())
            finding.namespaceName = node.kubernetesNamespace;
        m_out.push_back(std::move(finding));
        return m_out.back();
    }

    /// The first edge that reads or writes a node, for a place of what nobody declares.
    const Place* placeOfUse(Index node) const
    {
        for (const auto& edges : {m_graph.incoming(node), m_graph.outgoing(node)})
            for (const Index at : edges)
                for (const LineageProof& proof : m_graph.edges()[at].proofs)
                    if (!proof.place.file.empty())
                        return &proof.place;
        return nullptr;
    }

    /// "Topic events of kafka/event-cluster".
    static std::string called(const Topic& topic)
    {
        std::string out(toString(topic.type));
        out.front() = char(out.front() - 'a' + 'A');
        out += " " + topic.name;
        return topic.cluster.empty() ? out : out + " of " + topic.cluster;
    }

    /// What nobody does may be done by an end that is not told.
    std::string doubt(const std::string& system) const
    {
        const auto found = m_ground.unresolved.find(system);
        if (found == m_ground.unresolved.end())
            return ".";
        return " (" + std::to_string(found->second) + " of " + system
            + " could not be resolved, and may be the one).";
    }

    const Place* placeOf(const Topic& topic, Index node) const
    {
        return topic.place.file.empty() ? placeOfUse(node) : nullptr;
    }

    void judgeTopic(const Topic& topic, Index node)
    {
        if (m_model.input().gaps.empty())
            judgeEnds(topic, node);
        judgeWriters(topic, node);
        judgeDeclaration(topic, node);
        judgePartitions(topic, node);
        judgeTwin(topic, node);
    }

    void judgeEnds(const Topic& topic, Index node)
    {
        const bool isRead = !topic.isUnread();
        if (topic.isSilent() && (isRead || topic.declared)) {
            Finding& finding = add("no-producer",
                                   called(topic)
                                       + (isRead ? " is read, and nothing writes to it"
                                                 : " is declared, and nothing writes to it")
                                       + doubt(topic.system),
                                   node, placeOf(topic, node));
            if (!isRead)
                finding.severity = Severity::Note;
        }
        if (topic.isUnread() && (topic.declared || !topic.isSilent()))
            add("no-consumer",
                called(topic)
                    + (topic.type == Topic::Type::Exchange ? " is bound to nothing"
                                                           : " is read by nothing")
                    + doubt(topic.system),
                node, placeOf(topic, node));
    }

    void judgeWriters(const Topic& topic, Index node)
    {
        std::map<std::string, std::vector<std::string>> writers; // by tenant
        std::vector<Place> places;
        for (const Index at : m_graph.incoming(node)) {
            const LineageEdge& edge = m_graph.edges()[at];
            if (edge.to != node || edge.bothWays || !isMeant(edge)
                || edge.relation != LineageRelation::Writes)
                continue;
            const LineageNode& writer = m_graph.node(edge.from);
            const auto tenant = m_ground.tenantOf.find(writer.kubernetesNamespace);
            if (tenant == m_ground.tenantOf.end())
                continue;
            if (writers[tenant->second].empty())
                places.push_back(edge.proofs.front().place);
            writers[tenant->second].push_back(writer.label);
        }
        if (writers.size() < 2)
            return;
        std::vector<std::string> names;
        for (const auto& [tenant, jobs] : writers)
            names.push_back(tenant + " (" + listed(jobs, 2) + ")");
        Finding& finding = add(
            "two-writers", called(topic) + " is written by several tenants: " + listed(names) + ".",
            node, placeOf(topic, node));
        for (Place& place : places)
            if (finding.related.size() < 5)
                finding.related.push_back(std::move(place));
    }

    /// Where an operator keeps topics or queues as objects, one without is made by accident.
    void judgeDeclaration(const Topic& topic, Index node)
    {
        const auto container = m_graph.containerOf(node);
        if (topic.declared || !container || (topic.isSilent() && topic.isUnread()))
            return;
        const LineageNode& store = m_graph.node(*container);
        const bool isOperated = store.object
            && (store.object->kind == "Kafka" || store.object->kind == "RabbitmqCluster");
        if (isOperated && m_ground.holdsDeclared[*container] && m_model.input().gaps.empty())
            add("undeclared-topic", called(topic) + " is used, and no object declares it.", node,
                placeOf(topic, node));
    }

    void judgePartitions(const Topic& topic, Index node)
    {
        const LineageNode& at = m_graph.node(node);
        if (topic.system != "kafka" || !topic.partitions || !at.object)
            return;
        const ModelObject* object = m_model.find(*at.object);
        if (!object || !object->object.live || !object->object.live->text)
            return;
        const auto value = parseJson(*object->object.live->text);
        const Json* live = value ? findPath(*value, {"spec", "partitions"}) : nullptr;
        if (!live || !live->is_int64() || live->get_int64() == *topic.partitions)
            return;
        const std::string change = called(topic) + " has " + std::to_string(live->get_int64())
            + " partitions and is declared with " + std::to_string(*topic.partitions);
        if (*topic.partitions < live->get_int64())
            add("partition-change", change + ": Kafka takes no partition away.", node).severity =
                Severity::Error;
        else if (!topic.consumers.empty())
            add("partition-change",
                change + ": keys move to other partitions under "
                    + std::to_string(topic.consumers.size()) + " consumers.",
                node);
    }

    bool hasLayer(Index node, std::string_view layer) const
    {
        return m_graph.node(node).layer == layer;
    }

    bool leadsToBatch(Index node) const
    {
        if (!hasLayer(node, "batch"))
            return m_ground.leadsToBatch[node] != 0;
        const auto after = m_graph.downstream(node); // it has to come to another one
        return std::ranges::any_of(after, [&](Index each) { return hasLayer(each, "batch"); });
    }

    /// What the speed layer reads, the batch layer has to see as well.
    void judgeTwin(const Topic& topic, Index node)
    {
        if (topic.system != "kafka")
            return;
        std::vector<std::string> speed;
        for (const Index at : m_graph.outgoing(node))
            if (isReaderOfSpeed(m_graph, node, m_graph.edges()[at]))
                speed.push_back(m_graph.node(m_graph.edges()[at].to).label);
        if (speed.empty() || leadsToBatch(node))
            return;
        add("speed-without-batch",
            called(topic) + " is read by the speed layer (" + listed(speed, 3)
                + ") and never comes to the batch layer.",
            node, placeOf(topic, node));
    }

    void judgeNode(Index node)
    {
        const LineageNode& at = m_graph.node(node);
        if (at.type == LineageNodeType::Unresolved) {
            judgeUnresolved(node);
            return;
        }
        if (at.type == LineageNodeType::Dataset || at.type == LineageNodeType::External)
            return;
        judgeLayers(node);
        judgeRights(node);
        judgeObserved(node);
    }

    void judgeUnresolved(Index node)
    {
        const LineageNode& at = m_graph.node(node);
        const auto edges =
            !m_graph.incoming(node).empty() ? m_graph.incoming(node) : m_graph.outgoing(node);
        if (edges.empty())
            return;
        const LineageEdge& edge = m_graph.edges()[edges.front()];
        const Index other = edge.from == node ? edge.to : edge.from;
        add("unresolved",
            m_graph.node(other).label + " " + std::string(toString(edge.relation)) + " \""
                + at.label + "\", of which the manifests do not tell what it is"
                + (at.note.empty() ? "." : ": " + at.note + "."),
            other, &edge.proofs.front().place);
    }

    struct Ends
    {
        const LineageEdge* edge;
        Index dataset;
    };
    /// Datasets that a node reads or writes, with the edge that says so.
    std::vector<Ends> datasets(Index node, bool reads) const
    {
        std::vector<Ends> out;
        for (const Index at : reads ? m_graph.incoming(node) : m_graph.outgoing(node)) {
            const LineageEdge& edge = m_graph.edges()[at];
            const Index other = reads ? edge.from : edge.to;
            if (edge.bothWays || other == node
                || m_graph.node(other).type != LineageNodeType::Dataset)
                continue;
            out.push_back({&edge, other});
        }
        return out;
    }

    void judgeLayers(Index node)
    {
        const Ends* bronze = nullptr;
        const auto read = datasets(node, true);
        bool readsSilver = false;
        for (const Ends& each : read) {
            if (isMeant(*each.edge) && hasLayer(each.dataset, "bronze"))
                bronze = &each;
            readsSilver = readsSilver || hasLayer(each.dataset, "silver");
        }
        if (!bronze || readsSilver)
            return;
        std::string gold = hasLayer(node, "gold") ? m_graph.node(node).label : "";
        for (const Ends& each : datasets(node, false))
            if (isMeant(*each.edge) && hasLayer(each.dataset, "gold"))
                gold = m_graph.node(each.dataset).label;
        if (!gold.empty())
            add("gold-reads-bronze",
                m_graph.node(node).label + " makes " + gold + " of "
                    + m_graph.node(bronze->dataset).label + " and leaves the silver layer out.",
                node, &bronze->edge->proofs.front().place);
    }

    /// ACLs against what is declared: one that acts under ACLs needs one for each topic, and one
    /// that nothing uses is a right too many.
    void judgeRights(Index node)
    {
        std::set<Index> governed; // stores whose ACLs this one acts under
        std::vector<Ends> all = datasets(node, true);
        std::ranges::copy(datasets(node, false), std::back_inserter(all));
        for (const Ends& each : all)
            if (const auto store = m_graph.containerOf(each.dataset);
                store && each.edge->has(LineageEvidence::Permitted))
                governed.insert(*store);
        const LineageNode& at = m_graph.node(node);
        const bool isUser = at.system == "kafka-user" || at.system == "rabbitmq-user";
        std::vector<std::string> unused;
        const Place* place = nullptr;
        for (const Ends& each : all) {
            const LineageNode& dataset = m_graph.node(each.dataset);
            const auto container = m_graph.containerOf(each.dataset);
            if (!container || !governed.contains(*container) || dataset.system != "kafka")
                continue;
            const bool writes = each.edge->relation == LineageRelation::Writes;
            if (!each.edge->has(LineageEvidence::Permitted)) {
                Finding& finding = add("not-permitted",
                                       at.label + (writes ? " writes to topic " : " reads topic ")
                                           + dataset.label + ", which no ACL of its user permits.",
                                       node, &each.edge->proofs.front().place);
                if (!dataset.place.file.empty())
                    finding.related.push_back(dataset.place);
            } else if (writes && !isMeant(*each.edge) && !(isUser && isWritten(each.dataset))) {
                unused.push_back(dataset.label);
                place = &each.edge->proofs.front().place;
            }
        }
        if (!unused.empty() && m_model.input().gaps.empty())
            add("permitted-unused",
                at.label + " may write to " + listed(unused) + ", and nothing says that it does.",
                node, place);
    }

    bool isWritten(Index dataset) const
    {
        return std::ranges::any_of(m_graph.incoming(dataset),
                                   [&](Index at) { return isMeant(m_graph.edges()[at]); });
    }

    /// What was seen against what is declared.
    void judgeObserved(Index node)
    {
        std::vector<std::string> unknown;
        std::vector<std::string> idle;
        bool isSeen = false;
        const Place* place = nullptr;
        for (const bool reads : {true, false})
            for (const Ends& each : datasets(node, reads)) {
                const bool isObserved = each.edge->has(LineageEvidence::Observed);
                const bool isTold = each.edge->has(LineageEvidence::Declared)
                    || each.edge->has(LineageEvidence::Inferred);
                isSeen = isSeen || isObserved;
                const std::string& name = m_graph.node(each.dataset).label;
                if (isObserved && !isTold) {
                    unknown.push_back(name);
                    place = &each.edge->proofs.front().place;
                } else if (!isObserved && each.edge->has(LineageEvidence::Declared)
                           && m_graph.node(each.dataset).system == "kafka") {
                    idle.push_back(name);
                }
            }
        const LineageNode& at = m_graph.node(node);
        if (!unknown.empty())
            add("undeclared-flow",
                at.label + " was seen to use " + listed(unknown) + ", which nothing declares.",
                node, place);
        // Only a connector tells all that it uses; of others one part may have been seen.
        if (isSeen && !idle.empty() && at.system == "kafka-connect")
            add("idle-connector",
                at.label + " is configured for " + listed(idle)
                    + ", and its status does not name it.",
                node);
    }

    const PlatformModel& m_model;
    const LineageGraph& m_graph;
    const FlowGround& m_ground;
    std::vector<Finding>& m_out;
};

} // namespace

bool isReadBySpeed(const LineageGraph& graph, Index node)
{
    return graph.node(node).system == "kafka"
        && std::ranges::any_of(graph.outgoing(node), [&](Index at) {
               return isReaderOfSpeed(graph, node, graph.edges()[at]);
           });
}

void findFlowsAt(const PlatformModel& model, const LineageGraph& graph, const FlowGround& ground,
                 Index node, std::vector<Finding>& out)
{
    FlowJudge(model, graph, ground, out).judge(node);
}

} // namespace core
