// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/tasks.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// A whole decimal number with an optional sign, as Go's strconv.Atoi reads it.
std::optional<int> parseWave(std::string_view text);

/// By phase, wave, kind and name; then a Namespace goes directly before the first object that lives
/// in it, and a CustomResourceDefinition before the first of its kind, and take over their phase
/// and wave.
void sortTasks(std::vector<SyncTask>& tasks);

/// Prunes go against the order of creation: the waves among them are mirrored. Those that ask to be
/// last (PruneLast) come one wave after all others, and namespaces one wave after everything else
/// that is pruned.
void orderPrunes(std::vector<SyncTask>& prunes, const std::vector<SyncTask>& others,
                 bool allAreLast);

} // namespace gitops
