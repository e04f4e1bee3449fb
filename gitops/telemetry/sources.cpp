// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/sources.h"

#include "gitops/telemetry/kafkareader.h"
#include "gitops/telemetry/simulatedreader.h"

#include <algorithm>
#include <set>

namespace gitops {

namespace {

FoundSource missing(std::string type, std::string name, std::string message)
{
    FoundSource out;
    out.key = "missing " + type + " " + name;
    out.missing = {.state = core::TelemetrySource::State::Missing,
                   .name = std::move(name),
                   .type = std::move(type),
                   .message = std::move(message),
                   .lastSample = {}};
    return out;
}

bool has(const Subjects& subjects, std::string_view system)
{
    return std::ranges::find(subjects.brokers(), system, &Broker::system)
        != subjects.brokers().end();
}

} // namespace

Sources::Sources(Dependencies dependencies, TelemetryConfig config)
    : m_dependencies(dependencies)
    , m_config(std::move(config))
{
}

std::vector<FoundSource> Sources::operator()(const Subjects& subjects) const
{
    std::vector<FoundSource> out;
    if (m_config.simulated) {
        FoundSource source;
        source.key = "simulated";
        source.make = [&clock = m_dependencies.clock] {
            return std::make_unique<SimulatedReader>(clock);
        };
        out.push_back(std::move(source));
        return out;
    }
    addKafka(subjects, out);
    return out;
}

void Sources::addKafka(const Subjects& subjects, std::vector<FoundSource>& out) const
{
    for (const KafkaAccess& access : m_config.kafka) {
        FoundSource source;
        source.key = "kafka " + access.brokers + " " + access.cluster;
        source.make = [access, dependencies = m_dependencies] {
            return std::make_unique<KafkaReader>(
                access,
                [access, cluster = dependencies.cluster] { return connectKafka(access, cluster); },
                dependencies.pool, dependencies.clock);
        };
        out.push_back(std::move(source));
    }
    if (m_config.kafka.empty() && has(subjects, "kafka"))
        out.push_back(missing("kafka", "Kafka",
                              "no broker is asked; --kafka HOST:PORT, or telemetry.kafka in the "
                              "configuration, names one"));
}

} // namespace gitops
