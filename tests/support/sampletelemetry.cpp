// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampletelemetry.h"

#include <cmath>
#include <numbers>

namespace tests {

using core::Measure;

namespace {

const std::string kSource = "Simulated traffic";
const std::string kCommands = "kafka://event-cluster-kafka-bootstrap.kafka.svc:9092/commands";
const std::string kQueue = "rabbitmq://rabbitmq-cluster.rabbitmq.svc:5672/%2F/queue/notifications";

double wave(double seconds, double middle, double swing, double period)
{
    return middle + swing * std::sin(2 * std::numbers::pi * seconds / period)
        + swing / 5 * std::sin(2 * std::numbers::pi * seconds / (period / 7));
}

double valueAt(Measure measure, const std::string& part, double seconds)
{
    switch (measure) {
    case Measure::RecordsIn:
        return wave(seconds, 128.4, 35, 900);
    case Measure::RecordsOut:
        return part.empty() ? wave(seconds, 205, 50, 900) : wave(seconds, 102.5, 25, 900);
    case Measure::Lag:
        return part == "transformer" ? std::max(0.0, wave(seconds, 300, 260, 1500)) : 12;
    case Measure::LagSeconds:
        return part == "transformer" ? std::max(0.0, wave(seconds, 3, 2.5, 1500)) : 0.1;
    default:
        return 0;
    }
}

} // namespace

core::TelemetryPtr sampleTelemetry(core::WallTime at)
{
    auto out = std::make_shared<core::Telemetry>();
    out->at = at;
    out->sources = {{core::TelemetrySource::State::Live, kSource, "simulated", "", at},
                    {core::TelemetrySource::State::Missing,
                     "Prometheus",
                     "prometheus",
                     "no Prometheus is known: name one in config.yaml under telemetry.prometheus",
                     {}}};
    const auto put = [&](const std::string& subject, Measure measure, double value,
                         const std::string& part = {}) {
        out->latest[{subject, measure, part}] = {value, at, kSource, true};
    };
    // The ends of its series, as the programs take both from one place.
    put(kFlowingTopic, Measure::RecordsIn, valueAt(Measure::RecordsIn, {}, 0));
    put(kFlowingTopic, Measure::RecordsOut, valueAt(Measure::RecordsOut, {}, 0));
    for (const char* group : {"transformer", "event-log"}) {
        put(kFlowingTopic, Measure::RecordsOut, valueAt(Measure::RecordsOut, group, 0), group);
        put(kFlowingTopic, Measure::Lag, valueAt(Measure::Lag, group, 0), group);
        put(kFlowingTopic, Measure::LagSeconds, valueAt(Measure::LagSeconds, group, 0), group);
    }
    put(kCommands, Measure::RecordsIn, 3.2);
    put(kCommands, Measure::RecordsOut, 3.2);
    put(kCommands, Measure::Lag, 0);
    put(kQueue, Measure::RecordsIn, 41);
    put(kQueue, Measure::Depth, 17);
    core::ObservedTopic extra {.subject =
                                   "kafka://event-cluster-kafka-bootstrap.kafka.svc:9092/audit",
                               .system = "kafka",
                               .cluster = "kafka/event-cluster",
                               .name = "audit"};
    extra.partitions = 1;
    extra.source = kSource;
    out->topics = {extra};
    return out;
}

core::SamplesAnswer sampleHistory(const core::query::Samples& question, core::WallTime at)
{
    core::SamplesAnswer out;
    if (question.subject != kFlowingTopic)
        return out;
    const auto add = [&](Measure measure, const std::string& part) {
        core::Series series {
            .key = {question.subject, measure, part}, .source = kSource, .simulated = true};
        for (int i = -360; i <= 0; ++i) {
            const bool isAway = i > -96 && i < -84;
            if (isAway)
                continue;
            series.samples.push_back(
                {at + std::chrono::seconds(i * 5), valueAt(measure, part, i * 5.0), i == -84});
        }
        std::erase_if(series.samples, [&](const core::Sample& sample) {
            return sample.at < question.from || sample.at > question.to;
        });
        out.series.push_back(std::move(series));
    };
    add(Measure::RecordsIn, {});
    add(Measure::RecordsOut, {});
    for (const Measure measure : {Measure::Lag, Measure::LagSeconds})
        for (const char* group : {"event-log", "transformer"})
            add(measure, group);
    return out;
}

} // namespace tests
