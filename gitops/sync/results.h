// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/sync/syncplanner.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// What a write gave, as far as a plan needs it.
struct WriteOutcome
{
    std::string uid; ///< of the object as the server answered; "" after a Delete
    std::int64_t generation = 0;
    std::string message; ///< "created", "configured", "unchanged", "pruned"; for people
};

/// The result of one action, to be merged into the operation's; nullopt where there is nothing to
/// keep (a hook was deleted so that it can be made again, or was cleaned up). Pure; any thread.
std::optional<core::ResourceResult> resultOf(const SyncAction& action,
                                             const core::Result<WriteOutcome>& outcome);

/// The server refuses a change because the field cannot change any more, and for nothing else; it
/// was asked to force, and what is there may go: ours, made by us, and nothing that holds data.
bool isRemediedByForce(const SyncAction& action, const LiveView* live, const core::Error& error);

/// What a person can do about a change that the server never allows, to follow its message; "" for
/// any other error.
std::string wayOut(const SyncAction& action, const core::Error& error);

/// Puts a result into the list: one entry for each object and phase, the newer wins. What a hook
/// came to is kept when only its deletion afterwards failed.
void mergeResult(std::vector<core::ResourceResult>& results, core::ResourceResult result);
/// What mergeResult puts in the place of an old result of the same object and phase, null: there is
/// none. For who keeps an index.
core::ResourceResult mergedResult(const core::ResourceResult* old, core::ResourceResult result);

} // namespace gitops
