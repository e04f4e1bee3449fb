// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// What a series measures.
enum class Measure : std::uint8_t
{
    RecordsIn, ///< written to a topic, published to an exchange or queue, a second
    RecordsOut, ///< read from a topic by a group, delivered from a queue, a second
    BytesIn, ///< a second
    BytesOut, ///< a second
    Lag, ///< records that a consumer group has not read yet
    LagSeconds, ///< age of the oldest record that a group has not read yet
    Depth, ///< messages that lie in a queue, ready and unacknowledged
    Exchanges, ///< that a route of an integration ended, a second
    Failures, ///< exchanges that failed, a second
};
std::string_view toString(Measure measure); ///< "recordsIn"
/// "records/s", "B/s", "records", "s", "messages", "exchanges/s".
std::string_view unitOf(Measure measure);
constexpr Measure kMeasures[] = {Measure::RecordsIn, Measure::RecordsOut, Measure::BytesIn,
                                 Measure::BytesOut,  Measure::Lag,        Measure::LagSeconds,
                                 Measure::Depth,     Measure::Exchanges,  Measure::Failures};

/// Which series: of what, what of it, and for whom.
struct SeriesKey
{
    /// LineageNode::id() of a topic, exchange, queue or job (core/platform/lineage.h).
    std::string subject;
    Measure measure = Measure::RecordsIn;
    std::string part; ///< consumer group of RecordsOut, Lag and LagSeconds; "" is the whole
    auto operator<=>(const SeriesKey&) const = default;
};

struct Sample
{
    WallTime at {};
    double value = 0; ///< finite
    /// Nothing is known of the time between the sample before and this one: the source was away,
    /// a counter was reset, the topic was made again. Drawn as a gap, never as a line or as zero.
    bool afterGap = false;
    bool operator==(const Sample&) const = default;
};

/// Samples of one key from one source, oldest first, times strictly growing.
struct Series
{
    SeriesKey key;
    std::string source; ///< name of the TelemetrySource
    bool simulated = false; ///< from the practice cluster's traffic: said next to every figure
    std::vector<Sample> samples;
};

/// Somewhere that figures come from, or could come from.
struct TelemetrySource
{
    enum class State : std::uint8_t
    {
        Missing, ///< nobody told of one and none was found: message says how to add it
        Waiting, ///< asked, no answer yet, or a rate that needs a second sample
        Live,
        Failed, ///< message says why, in one sentence
    } state = State::Missing;
    std::string name; ///< "Prometheus monitoring/prometheus", "Kafka kafka/event-cluster"
    std::string type; ///< "prometheus", "kafka", "rabbitmq", "openlineage", "simulated"
    std::string message;
    std::optional<WallTime> lastSample;
    bool operator==(const TelemetrySource&) const = default;
};
std::string_view toString(TelemetrySource::State state); ///< "missing"

/// The newest sample of a series.
struct Figure
{
    double value = 0;
    WallTime at {};
    std::string source;
    bool simulated = false;
};

/// A topic, exchange or queue that a broker has, declared or not.
struct ObservedTopic
{
    std::string subject; ///< as SeriesKey has it
    std::string system; ///< "kafka", "rabbitmq"
    std::string cluster; ///< the store, "kafka/event-cluster"
    std::string vhost; ///< of RabbitMQ
    std::string name;
    bool exchange = false; ///< of RabbitMQ: not a queue
    bool internal = false;
    std::optional<std::int64_t> partitions;
    std::optional<std::int64_t> replicas;
    std::vector<std::string> groups; ///< consumer groups with commits; members as client ids follow
    std::vector<std::string> clients; ///< client ids and hosts of their members
    std::string source;
};

/// That a job read or wrote a dataset, as a run event (OpenLineage) told it.
struct ObservedRun
{
    std::string jobNamespace;
    std::string job;
    std::string runId;
    std::string state; ///< "START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"
    WallTime at {};
    struct Dataset
    {
        std::string namespaceName;
        std::string name;
        auto operator<=>(const Dataset&) const = default;
    };
    std::vector<Dataset> inputs;
    std::vector<Dataset> outputs;
    std::string source;
};

/// All that is measured, at one moment. Immutable once made; any thread.
struct Telemetry
{
    WallTime at {};
    std::vector<TelemetrySource> sources; ///< by type and name; missing ones too
    std::map<SeriesKey, Figure> latest; ///< not older than three sampling intervals
    std::vector<ObservedTopic> topics; ///< by subject
    std::vector<ObservedRun> runs; ///< the newest of each run, oldest first
    /// Why a subject has no figure although a source is live: "target kafka-0 is down: timeout".
    std::map<std::string, std::string> reasons;

    const Figure* find(const std::string& subject, Measure measure,
                       const std::string& part = {}) const; ///< null when it is not known
};
using TelemetryPtr = std::shared_ptr<const Telemetry>;

} // namespace core
