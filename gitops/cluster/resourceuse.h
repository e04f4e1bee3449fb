// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/measureduse.h"
#include "gitops/cluster/discovery.h"

#include <string_view>
#include <vector>

namespace gitops {

/// PodMetrics, whether the cluster serves it or not.
const ApiResource& podMetrics();

/// The items of a PodMetricsList as text: the sum of each namespace. What is malformed is left out.
core::MeasuredUse podUse(const std::vector<std::string_view>& items);

/// Why there are none, when the list was refused.
core::MeasuredUse withoutUse(const core::Error& error);

/// As it is to be told at a time: what is too old is not told.
core::MeasuredUsePtr freshUse(core::MeasuredUsePtr use, core::WallTime now);

} // namespace gitops
