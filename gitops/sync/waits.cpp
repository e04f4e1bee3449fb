// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/waits.h"

#include "core/object/kindtable.h"

#include <algorithm>
#include <optional>
#include <string>

namespace gitops {

using core::Health;
using core::OperationPhase;

namespace {

using Ending = std::pair<OperationPhase, std::string>;

Ending succeeded(const SyncTask& task)
{
    return {OperationPhase::Succeeded, task.live->health.message};
}

Ending failed(const SyncTask& task)
{
    const core::HealthAssessment& health = task.live->health;
    return {OperationPhase::Failed,
            health.message.empty() ? std::string(core::toString(*health.status)) : health.message};
}

std::optional<Ending> endOfHook(const SyncTask& task)
{
    if (!task.live->health.status)
        return succeeded(task);
    switch (*task.live->health.status) {
    case Health::Healthy:
    case Health::Missing:
        return succeeded(task);
    case Health::Degraded:
    case Health::Unknown:
        return failed(task);
    case Health::Progressing:
    case Health::Suspended:
        break;
    }
    return std::nullopt;
}

/// A claim may be Pending until a later wave brings its first pod (WaitForFirstConsumer).
bool isClaimToBeBound(const SyncTask& task)
{
    return task.key.group.empty() && task.key.kind == "PersistentVolumeClaim" && task.live
        && task.live->health.status == Health::Progressing && !task.live->deleting;
}

std::optional<Ending> endOfResource(const SyncTask& task)
{
    if (!task.live->health.status || task.live->health.status == Health::Healthy
        || isClaimToBeBound(task))
        return succeeded(task);
    if (task.live->health.status == Health::Suspended && task.facts.isSuspended)
        return succeeded(task); // Git says so: waiting would never end
    if (task.live->health.status == Health::Degraded && task.live->settled)
        return failed(task);
    return std::nullopt;
}

std::optional<Ending> endOf(const SyncTask& task, const SyncInput& input)
{
    if (!task.live) {
        if (input.inFlight.contains(task.key)
            || availabilityOf(task.key.groupKind(), input) == KindAvailability::Unknown)
            return std::nullopt;
        return Ending {OperationPhase::Error,
                       "Resource " + task.text() + " is missing, it might have been deleted"};
    }
    if (!isObserved(task))
        return std::nullopt;
    return task.isHook() ? endOfHook(task) : endOfResource(task);
}

} // namespace

KindAvailability availabilityOf(const core::GroupKind& kind, const SyncInput& input)
{
    if (const auto known = input.kinds.find(kind); known != input.kinds.end())
        return known->second;
    return core::builtinKind(kind) ? KindAvailability::Served : KindAvailability::Unknown;
}

bool isIdle(const SyncTask& task)
{
    return task.isPrune() && task.result && task.result->code == core::ResultCode::PruneSkipped
        && task.state != SyncTask::State::Pending;
}

Schedule scheduleOf(const std::vector<SyncTask>& tasks, const SyncInput& input)
{
    Schedule schedule;
    schedule.isDryRun = input.options.dryRun;
    std::optional<std::pair<core::SyncPhase, int>> first;
    std::pair<core::SyncPhase, int> end;
    for (const SyncTask& task : tasks) {
        if (isIdle(task))
            continue;
        end = task.lane();
        first = first.value_or(end);
        if (task.phase == core::SyncPhase::SyncFail)
            continue;
        if (task.lane() != schedule.last)
            schedule.lastHasHooks = false;
        schedule.last = task.lane();
        schedule.lastHasHooks |= task.isHook();
    }
    schedule.isMultiStep = first && *first != end;
    return schedule;
}

bool isObserved(const SyncTask& task)
{
    if (!task.live || !task.result)
        return false;
    // Another object of the same name (made again by somebody) is judged for itself.
    const bool isSame = task.result->uid.empty() || task.live->uid == task.result->uid;
    if (isSame && task.live->generation < task.result->generation)
        return false;
    return task.live->observed;
}

std::vector<core::ResourceResult> settle(std::vector<SyncTask>& tasks, const Schedule& schedule,
                                         const SyncInput& input)
{
    std::vector<core::ResourceResult> changed;
    for (SyncTask& task : tasks) {
        if (task.state != SyncTask::State::Running || !schedule.awaits(task))
            continue;
        const auto ending = endOf(task, input);
        if (!ending)
            continue;
        core::ResourceResult result = task.blankResult();
        result.hookPhase = ending->first;
        if (!ending->second.empty())
            result.message = ending->second;
        if (ending->first == OperationPhase::Error)
            result.code = core::ResultCode::SyncFailed;
        changed.push_back(result);
        task.result = std::move(result);
        task.state = stateOf(task, input);
    }
    return changed;
}

bool isLeaving(const SyncTask& task)
{
    return task.isPrune() && task.live && task.result
        && task.result->code == core::ResultCode::Pruned
        && (task.result->uid.empty() || task.result->uid == task.live->uid);
}

} // namespace gitops
