// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/livetopics.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace core {

namespace {

bool mayTellOf(const TelemetrySource& source, std::string_view system)
{
    return source.type == system || source.type == "prometheus" || source.type == "simulated";
}

LiveFigure figureOf(const Telemetry& telemetry, const Topic& topic, Measure measure,
                    const std::string& reason)
{
    LiveFigure out;
    if (const Figure* found = telemetry.find(topic.id, measure)) {
        out.value = found->value;
        out.source = found->source;
        out.simulated = found->simulated;
        out.reason.clear();
    } else {
        out.reason = reason;
    }
    return out;
}

void fill(Topic& topic, const Telemetry& telemetry)
{
    const std::string reason = topic.existing && !*topic.existing
        ? "it is not there: nothing measures it"
        : reasonWithoutFigure(telemetry, topic.id, topic.system);
    topic.recordsIn = figureOf(telemetry, topic, Measure::RecordsIn, reason);
    topic.recordsOut = figureOf(telemetry, topic, Measure::RecordsOut, reason);
    topic.lag = figureOf(telemetry, topic, Measure::Lag, reason);
    topic.lagSeconds = figureOf(telemetry, topic, Measure::LagSeconds, reason);
    topic.depth = figureOf(telemetry, topic, Measure::Depth, reason);
    const bool isRead = !topic.groups.empty();
    if (topic.system != "kafka") {
        constexpr const char* kNoGroups = "RabbitMQ has no consumer groups";
        for (LiveFigure* each : {&topic.lag, &topic.lagSeconds})
            if (!each->value)
                each->reason = kNoGroups;
        if (topic.type == Topic::Type::Exchange && !topic.recordsOut.value)
            topic.recordsOut.reason = "what leaves an exchange is counted at its queues";
        return;
    }
    for (LiveFigure* each : {&topic.recordsOut, &topic.lag, &topic.lagSeconds})
        if (!each->value && !isRead && topic.recordsIn.value)
            each->reason = "no consumer group has committed an offset";
        else if (!each->value && each == &topic.lagSeconds && topic.lag.value)
            each->reason = "the oldest unread record is older than what was looked at";
}

void take(const ObservedTopic& observed, Topic& topic)
{
    topic.existing = true;
    topic.groups = observed.groups;
    topic.internal = topic.internal || observed.internal;
    if (!topic.partitions)
        topic.partitions = observed.partitions;
    if (!topic.replicas)
        topic.replicas = observed.replicas;
}

Topic undeclared(const ObservedTopic& observed)
{
    Topic out {.system = observed.system, .name = observed.name};
    out.type = observed.system == "kafka" ? Topic::Type::Topic
        : observed.exchange               ? Topic::Type::Exchange
                                          : Topic::Type::Queue;
    out.vhost = observed.vhost;
    out.cluster = observed.cluster;
    out.id = observed.subject;
    take(observed, out);
    return out;
}

/// Clusters that a broker itself told of, and so told all of: Prometheus may leave out what it
/// never scraped.
std::set<std::pair<std::string, std::string>> wholeClusters(const Telemetry& telemetry)
{
    std::set<std::string> direct;
    for (const TelemetrySource& source : telemetry.sources)
        if ((source.type == "kafka" || source.type == "rabbitmq")
            && source.state == TelemetrySource::State::Live)
            direct.insert(source.name);
    std::set<std::pair<std::string, std::string>> out;
    for (const ObservedTopic& topic : telemetry.topics)
        if (direct.contains(topic.source) && !topic.cluster.empty())
            out.emplace(topic.system, topic.cluster);
    return out;
}

} // namespace

std::string reasonWithoutFigure(const Telemetry& telemetry, const std::string& subject,
                                std::string_view system)
{
    if (const auto known = telemetry.reasons.find(subject); known != telemetry.reasons.end())
        return known->second;
    std::string out;
    bool hasFailed = false;
    for (const TelemetrySource& source : telemetry.sources) {
        if (!mayTellOf(source, system))
            continue;
        if (source.state == TelemetrySource::State::Live && !source.message.empty())
            out = source.name + ": " + source.message;
        else if (source.state == TelemetrySource::State::Live)
            out = source.name + " has no figure of it";
        if (source.state == TelemetrySource::State::Live)
            return out;
        const bool isOwn = source.type == system && !hasFailed;
        if (out.empty() || isOwn || source.state == TelemetrySource::State::Failed)
            out = source.name + ": " + source.message;
        hasFailed = hasFailed || source.state == TelemetrySource::State::Failed;
    }
    return out.empty() ? LiveFigure().reason : out;
}

std::vector<Topic> withTelemetry(std::vector<Topic> topics, const Telemetry& telemetry)
{
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < topics.size(); ++i)
        places.emplace(topics[i].id, i);
    std::set<std::string> seen;
    for (const ObservedTopic& observed : telemetry.topics) {
        seen.insert(observed.subject);
        if (const auto known = places.find(observed.subject); known != places.end())
            take(observed, topics[known->second]);
        else
            topics.push_back(undeclared(observed));
    }
    const auto whole = wholeClusters(telemetry);
    for (Topic& topic : topics) {
        // RabbitMQ tells of an exchange only once something went through it.
        if (topic.type != Topic::Type::Exchange && !seen.contains(topic.id)
            && whole.contains({topic.system, topic.cluster}))
            topic.existing = false;
        fill(topic, telemetry);
    }
    std::ranges::sort(topics, {}, [](const Topic& topic) {
        return std::tuple(std::string_view(topic.system), std::string_view(topic.cluster),
                          topic.type, std::string_view(topic.name), std::string_view(topic.id));
    });
    return topics;
}

} // namespace core
