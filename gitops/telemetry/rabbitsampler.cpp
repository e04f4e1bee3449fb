// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/rabbitsampler.h"

#include "gitops/telemetry/metricstext.h"

#include <array>
#include <cmath>
#include <set>

namespace gitops {

namespace {

using core::Measure;
constexpr std::string_view kPrefix = "rabbitmq_detailed_";

/// What is counted, and where it is counted.
struct Counter
{
    std::string_view metric;
    bool exchange = false; ///< of an exchange, else of a queue
    bool out = false;
    bool ofChannel = false;
};
constexpr std::array<Counter, 16> kCounters {{
    {"queue_exchange_messages_published_total", false, false, false},
    {"queue_messages_delivered_total", false, true, false},
    {"queue_messages_delivered_ack_total", false, true, false},
    {"queue_get_total", false, true, false},
    {"queue_get_ack_total", false, true, false},
    {"exchange_messages_published_total", true, false, false},
    {"queue_messages_published_total", false, false, true},
    {"channel_messages_delivered_total", false, true, true},
    {"channel_messages_delivered_ack_total", false, true, true},
    {"channel_get_total", false, true, true},
    {"channel_get_ack_total", false, true, true},
    {"channel_messages_published_total", true, false, true},
    // Before 4.0 by another name.
    {"channel_messages_get_total", false, true, true},
    {"channel_messages_get_ack_total", false, true, true},
    {"queue_messages_get_total", false, true, false},
    {"queue_messages_get_ack_total", false, true, false},
}};

const Counter* counterOf(std::string_view metric)
{
    for (const Counter& each : kCounters)
        if (each.metric == metric)
            return &each;
    return nullptr;
}

std::string firstOf(const MetricLine& line, std::string_view one, std::string_view other)
{
    const std::string_view found = line.label(one);
    return std::string(found.empty() ? line.label(other) : found);
}

RabbitName nameOf(const MetricLine& line, bool exchange)
{
    if (exchange)
        return {firstOf(line, "vhost", "exchange_vhost"), std::string(line.label("exchange")),
                true};
    return {firstOf(line, "vhost", "queue_vhost"), std::string(line.label("queue")), false};
}

/// By how much a counter grew, nullopt when it was reset.
std::optional<double> growth(const RabbitLook& before, const RabbitLook::CounterKey& key,
                             double value)
{
    const auto found = before.counters.find(key);
    if (found == before.counters.end())
        return key.channel.empty() ? std::nullopt
                                   : std::optional(value); // a channel that began since
    if (value < found->second)
        return key.channel.empty() ? std::nullopt : std::optional(value);
    return value - found->second;
}

} // namespace

std::string rabbitTarget()
{
    std::string out = "/metrics/detailed?family=queue_coarse_metrics";
    for (const char* family :
         {"queue_delivery_metrics", "queue_exchange_metrics", "exchange_metrics",
          "channel_queue_metrics", "channel_queue_exchange_metrics", "channel_exchange_metrics"})
        out += std::string("&family=") + family;
    return out;
}

core::Result<void> RabbitLook::read(std::string_view text, std::size_t maxSeries)
{
    bool tooMany = false;
    const auto done = readMetricsText(text, [&](const MetricLine& line) {
        if (!line.name.starts_with(kPrefix) || !std::isfinite(line.value))
            return;
        const std::string_view metric = line.name.substr(kPrefix.size());
        tooMany = tooMany || counters.size() + depth.size() >= maxSeries;
        if (tooMany)
            return;
        if (metric == "queue_messages") {
            depth[nameOf(line, false)] += line.value;
            return;
        }
        const Counter* counter = counterOf(metric);
        if (!counter)
            return;
        // The same name carries a channel on some brokers and none on others.
        const std::string channel(line.label("channel"));
        if (counter->ofChannel != !channel.empty())
            return;
        if (!counter->ofChannel)
            (counter->exchange ? hasExchangeCounters : hasQueueCounters) = true;
        counters[{nameOf(line, counter->exchange), counter->out, channel,
                  channel.empty() ? std::string() : std::string(metric)}] += line.value;
    });
    if (!done)
        return done;
    if (tooMany)
        return core::failure(core::ErrorCode::LimitExceeded,
                             "the broker tells of more than " + std::to_string(maxSeries)
                                 + " queues and channels");
    return {};
}

/// By how much each queue and exchange grew, and whether that is all of it.
std::map<RabbitSampler::Way, RabbitSampler::Moved>
RabbitSampler::movedSince(const RabbitLook& look) const
{
    std::map<Way, Moved> moved;
    for (const auto& [key, value] : look.counters) {
        const bool hasOwn = key.name.exchange ? look.hasExchangeCounters : look.hasQueueCounters;
        if (hasOwn != key.channel.empty())
            continue;
        Moved& to = moved[{key.name, key.out}];
        const auto more = m_last ? growth(m_last->second, key, value) : std::nullopt;
        to.isWhole = to.isWhole && more.has_value();
        to.count += more.value_or(0);
    }
    // Where only channels count, a queue without one stands still: that is known.
    for (const auto& [name, depth] : look.depth)
        for (const bool isOut : {false, true})
            if (!look.hasQueueCounters)
                moved.try_emplace({name, isOut});
    return moved;
}

Reading RabbitSampler::sample(const RabbitLook& look, core::WallTime at, const Subjects& subjects)
{
    Reading out;
    out.at = at;
    const Broker* known = subjects.broker("rabbitmq", m_cluster);
    Broker broker;
    if (known)
        broker = *known;
    else
        broker.namespaceName = "rabbitmq://" + (m_cluster.empty() ? "unknown" : m_cluster);
    const auto subjectOf = [&](const RabbitName& name) {
        return name.exchange ? Subjects::exchange(broker, name.vhost, name.name)
                             : Subjects::queue(broker, name.vhost, name.name);
    };
    for (const auto& [name, depth] : look.depth)
        out.measurements.push_back({{subjectOf(name), Measure::Depth, {}}, depth, false});
    const double seconds = m_last ? std::chrono::duration<double>(at - m_last->first).count() : 0;
    std::set<Way> hadRate;
    for (const auto& [way, moved] : movedSince(look)) {
        if (seconds <= 0 || !moved.isWhole)
            continue;
        out.measurements.push_back(
            {{subjectOf(way.first), way.second ? Measure::RecordsOut : Measure::RecordsIn, {}},
             moved.count / seconds,
             !m_hadRate.contains(way)});
        hadRate.insert(way);
    }
    m_hadRate = std::move(hadRate);
    addTopics(look, broker, out);
    if (!m_last) {
        out.state = core::TelemetrySource::State::Waiting;
        out.message = "a rate needs a second look";
    } else if (!known) {
        out.message = "no RabbitMQ of the manifests is this one; telemetry.rabbitmq.cluster in the "
                      "configuration names one";
    } else if (!look.hasQueueCounters && !look.counters.empty()) {
        out.message = "this broker counts by channel: what a channel did just before it closed is "
                      "not seen";
    }
    m_last.emplace(at, look);
    return out;
}

void RabbitSampler::addTopics(const RabbitLook& look, const Broker& broker, Reading& out) const
{
    std::set<RabbitName> seen;
    for (const auto& [name, depth] : look.depth)
        seen.insert(name);
    for (const auto& [key, value] : look.counters)
        seen.insert(key.name);
    for (const RabbitName& name : seen) {
        core::ObservedTopic& topic = out.topics.emplace_back();
        topic.subject = name.exchange ? Subjects::exchange(broker, name.vhost, name.name)
                                      : Subjects::queue(broker, name.vhost, name.name);
        topic.system = "rabbitmq";
        topic.cluster = broker.cluster;
        topic.vhost = name.vhost;
        topic.name = name.name;
        topic.exchange = name.exchange;
        topic.internal = name.name.empty() || name.name.starts_with("amq.");
        topic.source = m_source;
    }
}

} // namespace gitops
