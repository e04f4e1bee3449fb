// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/tasks.h"

#include <utility>
#include <vector>

namespace gitops {

/// What the cluster serves; built-in kinds that nobody asked about are served.
KindAvailability availabilityOf(const core::GroupKind& kind, const SyncInput& input);

/// Which tasks of an operation are waited for. An operation of a single wave waits for no resource,
/// and the last wave is not waited for either, unless it holds hooks: as in Argo CD.
struct Schedule
{
    bool isMultiStep = false;
    std::pair<core::SyncPhase, int> last; ///< lane before SyncFail
    bool lastHasHooks = false;
    bool isDryRun = false;

    bool awaitsLane(std::pair<core::SyncPhase, int> lane) const
    {
        return isMultiStep && !isDryRun && (lane != last || lastHasHooks);
    }
    bool awaits(const SyncTask& task) const { return task.isHook() || awaitsLane(task.lane()); }
};

Schedule scheduleOf(const std::vector<SyncTask>& tasks, const SyncInput& input);

/// A prune that is not carried out, now or at all: it takes part in no wave.
bool isIdle(const SyncTask& task);

/// The live object is the one that this task wrote, and shows what came of that write.
bool isObserved(const SyncTask& task);

/// Judges the running tasks that are waited for by what was observed; returns the results that
/// changed.
std::vector<core::ResourceResult> settle(std::vector<SyncTask>& tasks, const Schedule& schedule,
                                         const SyncInput& input);

/// A deleted object of this task is still there.
bool isLeaving(const SyncTask& task);

} // namespace gitops
