// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagetext.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace core {

namespace {

using Index = LineageGraph::Index;

JsonObject placeJson(const Place& place)
{
    JsonObject out;
    if (!place.file.empty())
        out["file"] = place.file;
    if (place.line > 0)
        out["line"] = place.line;
    return out;
}

void putText(JsonObject& out, std::string_view key, const std::string& text)
{
    if (!text.empty())
        out[key] = text;
}

JsonObject nodeJson(const LineageGraph& graph, Index index)
{
    const LineageNode& node = graph.node(index);
    JsonObject out {{"id", node.id()},       {"type", toString(node.type)},
                    {"system", node.system}, {"namespace", node.namespaceName},
                    {"name", node.name},     {"label", node.label}};
    putText(out, "layer", node.layer);
    if (node.object)
        out["object"] = JsonObject {{"group", node.object->group},
                                    {"kind", node.object->kind},
                                    {"namespace", node.object->namespaceName},
                                    {"name", node.object->name}};
    putText(out, "application", node.application);
    if (!node.application.empty())
        out["wave"] = node.wave;
    if (const auto container = graph.containerOf(index))
        out["container"] = graph.node(*container).id();
    out["declared"] = node.declared;
    out["existing"] = node.existing;
    if (node.internal)
        out["internal"] = true;
    putText(out, "note", node.note);
    if (!node.attributes.empty()) {
        JsonObject attributes;
        for (const auto& [key, value] : node.attributes)
            attributes[key] = value;
        out["attributes"] = std::move(attributes);
    }
    for (auto& member : placeJson(node.place))
        out[member.key()] = member.value();
    return out;
}

JsonArray proofsJson(const LineageEdge& edge)
{
    JsonArray out;
    for (const LineageProof& proof : edge.proofs) {
        JsonObject one {{"evidence", toString(proof.evidence)}, {"detail", proof.detail}};
        for (auto& member : placeJson(proof.place))
            one[member.key()] = member.value();
        out.push_back(std::move(one));
    }
    return out;
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : sanitised(text)) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

std::string_view dotShape(LineageNodeType type)
{
    switch (type) {
    case LineageNodeType::Dataset:
        return "cylinder";
    case LineageNodeType::Job:
        return "component";
    case LineageNodeType::Service:
        return "box";
    case LineageNodeType::Store:
        return "folder";
    case LineageNodeType::External:
        return "ellipse";
    case LineageNodeType::Unresolved:
        break;
    }
    return "diamond";
}

std::string_view dotStyle(LineageEvidence evidence)
{
    switch (evidence) {
    case LineageEvidence::Permitted:
        return "dotted";
    case LineageEvidence::Inferred:
        return "dashed";
    case LineageEvidence::Observed:
        return "bold";
    case LineageEvidence::Declared:
        break;
    }
    return "solid";
}

bool isDataset(const LineageNode& node)
{
    return node.type == LineageNodeType::Dataset;
}

constexpr const char* kProducer = "https://wavewright.dev/wavewright/" WAVEWRIGHT_VERSION;

JsonObject facet(const char* schema)
{
    return {{"_producer", kProducer}, {"_schemaURL", schema}};
}

JsonObject datasetJson(const LineageNode& node)
{
    return {{"namespace", node.namespaceName}, {"name", node.name.empty() ? "/" : node.name}};
}

std::string_view processingType(const LineageNode& node)
{
    if (node.type == LineageNodeType::Service || node.type == LineageNodeType::Store)
        return "SERVICE";
    const bool isStream = node.system == "camel" || node.system.starts_with("kafka")
        || node.system.starts_with("knative") || node.system.starts_with("rabbitmq");
    return isStream ? "STREAMING" : "BATCH";
}

JsonObject jobEvent(const std::string& space, const std::string& name, std::string_view processing,
                    std::string_view integration, const std::set<Index>& inputs,
                    const std::set<Index>& outputs, JsonArray evidence, const LineageGraph& graph,
                    const std::string& time)
{
    JsonArray in;
    JsonArray out;
    for (const Index input : inputs)
        in.push_back(datasetJson(graph.node(input)));
    for (const Index output : outputs)
        out.push_back(datasetJson(graph.node(output)));
    JsonObject type = facet("https://openlineage.io/spec/facets/2-0-3/JobTypeJobFacet.json");
    type["processingType"] = processing;
    type["integration"] = integration;
    JsonObject proofs = facet("https://wavewright.dev/spec/EvidenceJobFacet.json");
    proofs["edges"] = std::move(evidence);
    JsonObject job {
        {"namespace", space},
        {"name", name},
        {"facets",
         JsonObject {{"jobType", std::move(type)}, {"wavewright_evidence", std::move(proofs)}}}};
    return {{"eventTime", time},
            {"producer", kProducer},
            {"schemaURL", "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent"},
            {"job", std::move(job)},
            {"inputs", std::move(in)},
            {"outputs", std::move(out)}};
}

} // namespace

Json toJson(const LineageGraph& graph)
{
    JsonArray nodes;
    for (Index i = 0; i < graph.nodes().size(); ++i)
        nodes.push_back(nodeJson(graph, i));
    JsonArray edges;
    for (const LineageEdge& edge : graph.edges())
        edges.push_back(JsonObject {{"from", graph.node(edge.from).id()},
                                    {"to", graph.node(edge.to).id()},
                                    {"relation", toString(edge.relation)},
                                    {"bothWays", edge.bothWays},
                                    {"evidence", toString(edge.strongest())},
                                    {"proofs", proofsJson(edge)}});
    return JsonObject {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

namespace {

/// Light colours of the layers' boxes; other layers have none.
std::string_view dotColour(std::string_view layer)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kColours {
        {{"batch", "#dbe9f6"},
         {"bronze", "#f0dcc8"},
         {"data", "#e4e4f4"},
         {"gold", "#f9edb0"},
         {"infrastructure", "#dddddd"},
         {"ingress", "#e3f1d4"},
         {"messaging", "#f7dfe9"},
         {"observability", "#d9f0ee"},
         {"service", "#ffffff"},
         {"serving", "#e3f1d4"},
         {"silver", "#ebebeb"},
         {"speed", "#fbe3cf"},
         {"storage", "#e4e4f4"}}};
    const auto* found = std::ranges::lower_bound(
        kColours, layer, {}, &std::pair<std::string_view, std::string_view>::first);
    return found != kColours.end() && found->first == layer ? found->second : "#ffffff";
}

/// Writes a graph in Graphviz's language: what holds others is a frame around them, what has no
/// flows stands in a frame of its own.
class DotWriter
{
public:
    explicit DotWriter(const LineageGraph& graph)
        : m_graph(graph)
    {
    }

    std::string write()
    {
        m_out = "digraph lineage {\n  rankdir=LR;\n  newrank=true;\n  nodesep=0.15;\n"
                "  graph [fontname=\"sans-serif\", style=rounded, color=\"#888888\"];\n"
                "  node [fontname=\"sans-serif\", style=filled, fillcolor=white];\n"
                "  edge [fontname=\"sans-serif\", fontsize=9, fontcolor=\"#555555\"];\n";
        std::vector<Index> alone;
        for (Index i = 0; i < m_graph.nodes().size(); ++i) {
            if (m_graph.containerOf(i))
                continue;
            if (!m_graph.contents(i).empty())
                frame(i);
            else if (isAlone(i))
                alone.push_back(i);
            else
                line(i, "  ");
        }
        // What lies in something that lies in something is drawn by itself.
        for (Index i = 0; i < m_graph.nodes().size(); ++i)
            if (const auto container = m_graph.containerOf(i);
                container && m_graph.containerOf(*container))
                line(i, "  ");
        if (!alone.empty()) {
            m_out += "  subgraph cluster_alone {\n    label=\"without flows of data\";\n";
            for (const Index i : alone)
                line(i, "    ");
            m_out += "  }\n";
        }
        for (const LineageEdge& each : m_graph.edges())
            edge(each);
        return m_out + "}\n";
    }

private:
    bool isAlone(Index i) const
    {
        return m_graph.incoming(i).empty() && m_graph.outgoing(i).empty();
    }

    void line(Index i, std::string_view indent)
    {
        const LineageNode& node = m_graph.node(i);
        m_out += std::string(indent) + "n" + std::to_string(i) + " [label=" + quoted(node.label)
            + ", shape=" + std::string(dotShape(node.type)) + ", tooltip=" + quoted(node.id());
        if (!node.layer.empty())
            m_out += ", group=" + quoted(node.layer) + ", fillcolor=\""
                + std::string(dotColour(node.layer)) + "\"";
        m_out += "];\n";
    }

    void frame(Index i)
    {
        m_out += "  subgraph cluster_" + std::to_string(i)
            + " {\n    label=" + quoted(m_graph.node(i).label) + ";\n";
        if (!isAlone(i)) // else the frame stands for it
            line(i, "    ");
        for (const Index held : m_graph.contents(i))
            line(held, "    ");
        m_out += "  }\n";
    }

    void edge(const LineageEdge& edge)
    {
        const std::string ends =
            "  n" + std::to_string(edge.from) + " -> n" + std::to_string(edge.to);
        if (edge.relation == LineageRelation::Contains) {
            // A frame shows it already.
            if (m_graph.containerOf(edge.from) != m_graph.containerOf(edge.to))
                m_out += ends + " [style=dotted, dir=none, constraint=false];\n";
            return;
        }
        m_out += ends + " [label=" + quoted(toString(edge.relation))
            + ", style=" + std::string(dotStyle(edge.strongest()));
        m_out += edge.bothWays ? ", dir=both];\n" : "];\n";
    }

    const LineageGraph& m_graph;
    std::string m_out;
};

} // namespace

std::string toDot(const LineageGraph& graph)
{
    return DotWriter(graph).write();
}

JsonArray toOpenLineage(const LineageGraph& graph, WallTime at)
{
    const std::string time = formatRfc3339(at);
    JsonArray out;
    const auto proof = [&](const LineageEdge& edge) {
        return JsonObject {
            {"from", graph.node(edge.from).id()},     {"to", graph.node(edge.to).id()},
            {"relation", toString(edge.relation)},    {"directionKnown", !edge.bothWays},
            {"evidence", toString(edge.strongest())}, {"proofs", proofsJson(edge)}};
    };
    for (Index i = 0; i < graph.nodes().size(); ++i) {
        const LineageNode& node = graph.node(i);
        if (isDataset(node) || node.type == LineageNodeType::Unresolved)
            continue;
        std::set<Index> inputs;
        std::set<Index> outputs;
        JsonArray evidence;
        std::set<Index> told;
        const auto visit = [&](Index edgeIndex, std::set<Index>& to) {
            const LineageEdge& edge = graph.edges()[edgeIndex];
            const Index other = edge.from == i ? edge.to : edge.from;
            if (!isDataset(graph.node(other)) || edge.strongest() == LineageEvidence::Permitted)
                return;
            to.insert(other);
            if (told.insert(edgeIndex).second)
                evidence.push_back(proof(edge));
        };
        for (const Index edge : graph.incoming(i))
            visit(edge, inputs);
        for (const Index edge : graph.outgoing(i))
            visit(edge, outputs);
        if (!inputs.empty() || !outputs.empty())
            out.push_back(jobEvent(node.namespaceName, node.name, processingType(node), node.system,
                                   inputs, outputs, std::move(evidence), graph, time));
    }
    for (const LineageEdge& edge : graph.edges()) {
        const LineageNode& from = graph.node(edge.from);
        const LineageNode& to = graph.node(edge.to);
        if (!isDataset(from) || !isDataset(to) || edge.relation == LineageRelation::Contains)
            continue;
        out.push_back(jobEvent(
            from.namespaceName,
            from.name + " " + std::string(toString(edge.relation)) + " " + to.name, "STREAMING",
            from.system, {edge.from}, {edge.to}, JsonArray {proof(edge)}, graph, time));
    }
    return out;
}

std::string toText(const LineageGraph& graph)
{
    std::string out;
    for (Index i = 0; i < graph.nodes().size(); ++i) {
        const LineageNode& node = graph.node(i);
        out += node.id() + "  (" + std::string(toString(node.type)) + ", " + node.system;
        if (!node.layer.empty())
            out += ", layer " + node.layer;
        if (const auto container = graph.containerOf(i))
            out += ", in " + graph.node(*container).label;
        out += ")";
        if (!node.note.empty())
            out += "  " + node.note;
        out += "\n";
        for (const Index at : graph.outgoing(i)) {
            const LineageEdge& edge = graph.edges()[at];
            if (edge.from != i)
                continue;
            out += std::string(edge.bothWays ? "  <-> " : "  --> ") + graph.node(edge.to).id()
                + "  " + std::string(toString(edge.relation)) + ", "
                + std::string(toString(edge.strongest()));
            const LineageProof& best =
                *std::ranges::max_element(edge.proofs, {}, &LineageProof::evidence);
            out += ": " + best.detail;
            if (!best.place.isEmpty())
                out += " at " + best.place.text();
            out += "\n";
        }
    }
    return out;
}

} // namespace core
