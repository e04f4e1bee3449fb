// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"

#include <vector>

namespace gitops {

/// What was kept, up to where what is fresh begins, and that: of each key and source one series.
/// A fresh one that began after a restart says itself that there is a gap before it.
std::vector<core::Series> joinedSeries(std::vector<core::Series> kept,
                                       std::vector<core::Series> fresh);

} // namespace gitops
