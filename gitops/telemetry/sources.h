// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/transport.h"
#include "gitops/telemetry/telemetryconfig.h"
#include "gitops/telemetry/telemetryreader.h"

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
    };
    Sources(Dependencies dependencies, TelemetryConfig config);

    std::vector<FoundSource> operator()(const Subjects& subjects) const;

private:
    void addKafka(const Subjects& subjects, std::vector<FoundSource>& out) const;

    Dependencies m_dependencies;
    TelemetryConfig m_config;
};

} // namespace gitops
