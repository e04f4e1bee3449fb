// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/tasks.h"

namespace gitops {

/// Writes the object of a task: applied, replaced or created as options and annotations ask. Fails
/// when the manifest of a hook cannot be made.
core::Result<SyncAction> writeAction(const SyncTask& task, const SyncInput& input);
SyncAction pruneAction(const SyncTask& task, const SyncInput& input);
/// Force=true with Replace=true: deleted and made anew at every sync, as Jobs are run again. Never
/// one of the kinds whose prunes wait for a person: those are replaced in place.
bool isMadeAnew(const SyncTask& task, const SyncInput& input);
/// Deletes the live object of a hook: before it is made again, or (isCleanup) after its end.
SyncAction deleteHookAction(const SyncTask& task, bool isCleanup);
SyncAction releaseHookAction(const SyncTask& task);
/// For a hook of an earlier operation that nobody released.
SyncAction releaseStrayAction(const core::ObjectKey& key, const LiveView& live);

/// The live object carries the finalizer that keeps a hook.
bool isKept(const LiveView& live);

} // namespace gitops
