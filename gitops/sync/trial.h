// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/sync/tasks.h"

#include <string>
#include <vector>

namespace gitops {

/// What is tried on the server (an apply as dry run) before the first write of a sync, so that a
/// refusal stops it while nothing has happened yet. Tried is what would change, where stopping
/// half-way would leave something behind: in a sync of several waves, or into what exists already.
/// A first sync of a single wave is not: each of its objects is sent beside the others anyway.
struct Trial
{
    std::vector<const SyncTask*> tasks; ///< those that can be tried, one for each object
    /// Those that cannot yet: their kind or namespace comes with this sync, or they are made anew.
    std::size_t left = 0;
};

/// Empty when no trial is due (any more).
Trial trialOf(const std::vector<SyncTask>& tasks, const SyncInput& input);

/// The answer of a tried apply as SyncInput::tried keeps it: why the server refuses the object, or
/// "" also where it could not tell, or refuses only as long as the rest of the sync is missing.
std::string refusalOf(const core::Error& error, const SyncInput& input);

} // namespace gitops
