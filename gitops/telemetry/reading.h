// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace gitops {

/// One figure that a reader found.
struct Measurement
{
    core::SeriesKey key;
    double value = 0;
    bool afterGap = false;
    /// How often this one is looked at, where it is less often than its source.
    std::chrono::milliseconds every {0};
};

/// What a reader found in one look. A value: made on any thread, taken by the service on its
/// strand.
struct Reading
{
    core::TelemetrySource::State state = core::TelemetrySource::State::Live;
    std::string message; ///< why there is nothing, or what is missing in it; one sentence
    core::WallTime at {};
    std::vector<Measurement> measurements;
    /// What the source knows of the time before it was asked first: fills in before what is kept.
    std::vector<core::Series> past;
    std::vector<core::ObservedTopic> topics;
    std::vector<core::ObservedRun> runs;
    std::map<std::string, std::string> reasons; ///< subject: why it has no figure

    static Reading failed(core::WallTime at, std::string message)
    {
        Reading out;
        out.state = core::TelemetrySource::State::Failed;
        out.message = std::move(message);
        out.at = at;
        return out;
    }
};

} // namespace gitops
