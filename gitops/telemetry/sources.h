// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/transport.h"
#include "gitops/telemetry/connectkafka.h"
#include "gitops/telemetry/telemetryconfig.h"
#include "gitops/telemetry/telemetryreader.h"

#include <chrono>
#include <memory>
#include <vector>

namespace gitops {

/// Tells where figures come from: what was configured, then what the platform itself shows. Where a
/// system of the platform has no source, says what is missing and how to add it.
class Sources
{
public:
    /// What readers need; all of it outlives them.
    struct Dependencies
    {
        core::WorkPool& pool; ///< for what blocks (librdkafka, files)
        const core::Clock& clock;
        Transport* cluster = nullptr; ///< the API server; null: no cluster was given
        /// Pace of sources that need two looks for a rate; 0: their own. For one look at a time.
        std::chrono::milliseconds interval {0};
        AccessOpener openAccess = {}; ///< for forwarded ports; empty: there are none
    };
    Sources(Dependencies dependencies, TelemetryConfig config);

    std::vector<FoundSource> operator()(const Subjects& subjects) const;

private:
    void addKafka(const Subjects& subjects, std::vector<FoundSource>& out) const;
    void addRabbit(const Subjects& subjects, std::vector<FoundSource>& out) const;
    void addPrometheus(const Subjects& subjects, std::vector<FoundSource>& out) const;
    void addOpenLineage(std::vector<FoundSource>& out) const;
    FoundSource kafkaSource(const KafkaAccess& access) const;
    /// Brokers in the cluster, from outside of it.
    FoundSource forwardedKafka(const Broker& broker, KafkaAccess access,
                               const Subjects& subjects) const;
    FoundSource nodesSource(const Broker& broker, std::int64_t count) const;
    bool canDiscover(const Subjects& subjects) const;

    Dependencies m_dependencies;
    TelemetryConfig m_config;
};

} // namespace gitops
