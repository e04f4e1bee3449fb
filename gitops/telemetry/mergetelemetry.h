// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <map>
#include <string>
#include <vector>

namespace gitops {

/// What one source told last, its figures apart.
struct SourceReport
{
    core::TelemetrySource source;
    std::vector<core::ObservedTopic> topics;
    std::vector<core::ObservedRun> runs;
    std::map<std::string, std::string> reasons;
};

/// All sources together, in the order of belief: of a topic that several tell of, the first source
/// counts, and others add what it does not know. Times and figures are left to the caller.
core::Telemetry mergedTelemetry(const std::vector<const SourceReport*>& reports,
                                const std::vector<core::TelemetrySource>& missing);

} // namespace gitops
