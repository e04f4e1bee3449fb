// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"
#include "core/value/json.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace core {

/// A number that something outside must tell: without a source, the reason says what is missing.
struct LiveFigure
{
    std::optional<double> value;
    std::string reason = "no source: neither Prometheus nor the broker is asked";
    std::string source; ///< of a value: who told it
    bool simulated = false; ///< the practice cluster's traffic: said next to the value
    bool operator==(const LiveFigure&) const = default;
};

/// A Kafka topic, or an exchange or queue of RabbitMQ, with who uses it.
struct Topic
{
    enum class Type
    {
        Topic,
        Queue,
        Exchange
    } type = Type::Topic;
    std::string system; ///< "kafka", "rabbitmq"
    std::string name; ///< as people call it: "events"
    std::string vhost; ///< of RabbitMQ
    std::string cluster; ///< the store that holds it, as "kafka/event-cluster"; "" when not told
    std::string id; ///< of its node in the lineage graph
    bool declared = false;
    /// nullopt: nobody who would know was asked. Of a topic without an object of its own, only the
    /// broker knows.
    std::optional<bool> existing;
    std::optional<std::int64_t> partitions;
    std::optional<std::int64_t> replicas;
    std::optional<std::int64_t> retentionMs;
    std::map<std::string, std::string> attributes;
    std::string application;
    Place place; ///< of its declaration
    std::vector<std::string> producers; ///< ids of nodes
    std::vector<std::string> consumers;
    std::vector<std::string> users; ///< which way they use it is not told
    std::vector<std::string> permittedProducers; ///< may, but nothing says that they do
    std::vector<std::string> permittedConsumers;
    std::vector<std::string> bindings; ///< where an exchange sends to, or a queue's dead letters go
    std::string note; ///< of one whose cluster is not told: why
    bool internal = false;
    LiveFigure recordsIn; ///< a second
    LiveFigure recordsOut;
    LiveFigure lag; ///< messages
    LiveFigure lagSeconds;
    LiveFigure depth; ///< messages that lie in a queue
    std::vector<std::string> groups; ///< consumer groups that a broker knows
    /// It flows nowhere now, as far as its figure tells.
    bool isStill() const { return recordsIn.value && *recordsIn.value == 0; }
    bool isSilent() const { return producers.empty() && users.empty(); }
    bool isUnread() const { return consumers.empty() && users.empty() && bindings.empty(); }
    bool operator==(const Topic&) const = default;
};
std::string_view toString(Topic::Type type);

/// All topics, queues and exchanges of a graph, sorted by system, cluster and name. hasLive tells
/// whether a cluster was asked.
std::vector<Topic> topicsOf(const LineageGraph& graph, bool hasLive);
/// The one that a node is, if it is one.
std::optional<Topic> topicAt(const LineageGraph& graph, LineageGraph::Index node, bool hasLive);
bool isTopicBefore(const Topic& a, const Topic& b); ///< in the order of topicsOf

Json toJson(const Topic& topic);

} // namespace core
