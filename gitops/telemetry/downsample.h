// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <cstddef>
#include <vector>

namespace gitops {

/// Not more than maxPoints samples: neighbours are joined to the mean of their values and times.
/// Those on two sides of a gap stay apart, unless there are more gaps than points.
std::vector<core::Sample> downsampled(std::vector<core::Sample> samples, std::size_t maxPoints);

} // namespace gitops
