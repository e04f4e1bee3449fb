// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/telemetry.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace gitops {

struct RunEventLimits
{
    std::size_t bytes = 64u << 20;
    std::size_t events = 200'000;
    std::size_t runs = 20'000; ///< the newest so many stay
    std::size_t datasets = 1'000; ///< of each run and direction
    std::size_t nameBytes = 2'000;
};

/// The runs that OpenLineage's run events tell of, oldest first.
struct RunEvents
{
    std::vector<core::ObservedRun> runs;
    std::size_t skipped = 0; ///< what is no run event: events of jobs and datasets, nonsense
};

/// Events as lines of JSON, as an array, or as Marquez answers ({"events": […]}). Events of one run
/// are taken together: its newest state, all its datasets; streaming runs need no COMPLETE.
core::Result<RunEvents> readRunEvents(std::string_view text, const RunEventLimits& limits = {});

} // namespace gitops
