// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/topics.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <utility>

namespace core {

namespace {

using Index = LineageGraph::Index;

std::optional<std::int64_t> number(const LineageNode& node, const std::string& key)
{
    const auto found = node.attributes.find(key);
    if (found == node.attributes.end())
        return std::nullopt;
    std::int64_t out = 0;
    const std::string& text = found->second;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (code != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

void addOnce(std::vector<std::string>& to, std::string text)
{
    if (std::ranges::find(to, text) == to.end())
        to.push_back(std::move(text));
}

/// "%2F/queue/orders" apart; false for another form.
bool takeRabbitName(const std::string& name, Topic& topic)
{
    for (const auto& [word, type] : {std::pair {"/queue/", Topic::Type::Queue},
                                     std::pair {"/exchange/", Topic::Type::Exchange}}) {
        const std::size_t at = name.find(word);
        if (at == name.npos)
            continue;
        topic.type = type;
        topic.vhost = name.substr(0, at) == "%2F" ? "/" : name.substr(0, at);
        topic.name = name.substr(at + std::string_view(word).size());
        return true;
    }
    return false;
}

void takeEdges(const LineageGraph& graph, Index node, Topic& topic)
{
    for (const Index at : graph.incoming(node)) {
        const LineageEdge& edge = graph.edges()[at];
        if (edge.to != node && !edge.bothWays)
            continue;
        const std::string other = graph.node(edge.from == node ? edge.to : edge.from).id();
        if (edge.relation == LineageRelation::Contains)
            continue;
        if (edge.strongest() == LineageEvidence::Permitted)
            addOnce(topic.permittedProducers, other);
        else if (edge.bothWays)
            addOnce(topic.users, other);
        else
            addOnce(topic.producers, other);
    }
    for (const Index at : graph.outgoing(node)) {
        const LineageEdge& edge = graph.edges()[at];
        if (edge.from != node)
            continue;
        const std::string other = graph.node(edge.to).id();
        if (edge.relation == LineageRelation::Binds)
            addOnce(topic.bindings, other);
        else if (edge.strongest() == LineageEvidence::Permitted)
            addOnce(topic.permittedConsumers, other);
        else if (!edge.bothWays)
            addOnce(topic.consumers, other);
    }
}

JsonArray list(const std::vector<std::string>& texts)
{
    JsonArray out;
    for (const std::string& text : texts)
        out.push_back(Json(text));
    return out;
}

template<class T>
Json optionalJson(const std::optional<T>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

JsonObject figureJson(const LiveFigure& figure)
{
    if (figure.value && figure.simulated)
        return {{"value", *figure.value}, {"source", figure.source}, {"simulated", true}};
    if (figure.value)
        return {{"value", *figure.value}, {"source", figure.source}};
    return {{"value", nullptr}, {"reason", figure.reason}};
}

/// Whether an object stands for the topic itself, so that its absence tells of the topic's. What a
/// script makes, or a client only names, may exist without one: the broker alone knows.
bool hasOwnObject(const LineageNode& node)
{
    return node.declared && node.object && node.object->group != "batch"
        && node.object->kind != "ConfigMap";
}

} // namespace

std::string_view toString(Topic::Type type)
{
    constexpr std::array<std::string_view, 3> kWords {"topic", "queue", "exchange"};
    return kWords[static_cast<std::size_t>(type)];
}

std::optional<Topic> topicAt(const LineageGraph& graph, Index at, bool hasLive)
{
    const LineageNode& node = graph.node(at);
    if (node.type != LineageNodeType::Dataset
        || (node.system != "kafka" && node.system != "rabbitmq"))
        return std::nullopt;
    Topic topic {.system = node.system, .name = node.name};
    if (node.system == "rabbitmq" && !takeRabbitName(node.name, topic))
        return std::nullopt;
    topic.id = node.id();
    if (const auto container = graph.containerOf(at)) {
        const LineageNode& store = graph.node(*container);
        topic.cluster = store.kubernetesNamespace.empty()
            ? store.label
            : store.kubernetesNamespace + "/" + store.label;
    }
    topic.declared = node.declared;
    if (hasLive && (node.existing || hasOwnObject(node)))
        topic.existing = node.existing;
    topic.partitions = number(node, "partitions");
    topic.replicas = number(node, "replicas");
    topic.retentionMs = number(node, "retention.ms");
    topic.attributes = node.attributes;
    topic.application = node.application;
    topic.place = node.place;
    topic.note = node.note;
    topic.internal = node.internal;
    takeEdges(graph, at, topic);
    return topic;
}

bool isTopicBefore(const Topic& a, const Topic& b)
{
    const auto tied = [](const Topic& topic) {
        return std::tie(topic.system, topic.cluster, topic.type, topic.name, topic.id);
    };
    return tied(a) < tied(b);
}

std::vector<Topic> topicsOf(const LineageGraph& graph, bool hasLive)
{
    std::vector<Topic> out;
    for (Index i = 0; i < graph.nodes().size(); ++i)
        if (auto topic = topicAt(graph, i, hasLive))
            out.push_back(std::move(*topic));
    std::ranges::sort(out, isTopicBefore);
    return out;
}

Json toJson(const Topic& topic)
{
    JsonObject out {{"type", toString(topic.type)},
                    {"system", topic.system},
                    {"name", topic.name},
                    {"cluster", topic.cluster},
                    {"id", topic.id},
                    {"declared", topic.declared},
                    {"existing", optionalJson(topic.existing)},
                    {"partitions", optionalJson(topic.partitions)},
                    {"replicas", optionalJson(topic.replicas)},
                    {"retentionMs", optionalJson(topic.retentionMs)},
                    {"application", topic.application},
                    {"producers", list(topic.producers)},
                    {"consumers", list(topic.consumers)},
                    {"users", list(topic.users)},
                    {"permittedProducers", list(topic.permittedProducers)},
                    {"permittedConsumers", list(topic.permittedConsumers)},
                    {"bindings", list(topic.bindings)},
                    {"recordsIn", figureJson(topic.recordsIn)},
                    {"recordsOut", figureJson(topic.recordsOut)},
                    {"lag", figureJson(topic.lag)},
                    {"lagSeconds", figureJson(topic.lagSeconds)},
                    {"groups", list(topic.groups)}};
    if (topic.type == Topic::Type::Queue)
        out["depth"] = figureJson(topic.depth);
    if (!topic.vhost.empty())
        out["vhost"] = topic.vhost;
    if (!topic.note.empty())
        out["note"] = topic.note;
    if (!topic.place.file.empty()) {
        out["file"] = topic.place.file;
        out["line"] = topic.place.line;
    }
    JsonObject attributes;
    for (const auto& [key, value] : topic.attributes)
        attributes[key] = value;
    out["attributes"] = std::move(attributes);
    return out;
}

} // namespace core
