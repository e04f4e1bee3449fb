// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/results.h"

#include <algorithm>

namespace gitops {

namespace {

bool isCleanup(const SyncAction& action)
{
    return action.cleansUp || (action.type == SyncAction::Type::Delete && !action.hook.empty());
}

core::ResourceResult blank(const SyncAction& action)
{
    return {.key = action.key,
            .phase = action.phase,
            .wave = action.wave,
            .hook = action.hook,
            .uid = action.uid};
}

core::ResourceResult failed(const SyncAction& action, const core::Error& error)
{
    core::ResourceResult result = blank(action);
    result.code = core::ResultCode::SyncFailed;
    result.message = error.message;
    // Of a hook that has run already: what it came to stays what it was (mergeResult).
    if (!isCleanup(action))
        result.hookPhase = core::OperationPhase::Failed;
    return result;
}

/// There was nothing left to delete or to release.
bool isGone(const core::Error& error)
{
    return error.code == core::ErrorCode::NotFound || error.code == core::ErrorCode::Conflict;
}

} // namespace

std::optional<core::ResourceResult> resultOf(const SyncAction& action,
                                             const core::Result<WriteOutcome>& outcome)
{
    const bool isDelete = action.type == SyncAction::Type::Delete;
    if (!outcome) {
        if (isCleanup(action) && isGone(outcome.error()))
            return std::nullopt;
        if (!isDelete || outcome.error().code != core::ErrorCode::NotFound)
            return failed(action, outcome.error());
    } else if (isCleanup(action)) {
        return std::nullopt;
    }
    core::ResourceResult result = blank(action);
    result.code = isDelete ? core::ResultCode::Pruned : core::ResultCode::Synced;
    result.message = outcome ? outcome->message : "";
    if (isDelete && result.message.empty())
        result.message = "pruned";
    if (action.dryRun)
        result.message += result.message.empty() ? "dry run" : " (dry run)";
    const bool isDone = isDelete || action.dryRun;
    result.hookPhase = isDone ? core::OperationPhase::Succeeded : core::OperationPhase::Running;
    if (outcome && !isDelete) {
        result.uid = outcome->uid;
        result.generation = outcome->generation;
    }
    return result;
}

core::ResourceResult mergedResult(const core::ResourceResult* old, core::ResourceResult result)
{
    if (result.code == core::ResultCode::SyncFailed && !result.hookPhase) {
        const bool hasEnded = old && old->hookPhase && core::isCompleted(*old->hookPhase);
        result.hookPhase = hasEnded ? *old->hookPhase : core::OperationPhase::Failed;
    }
    return result;
}

void mergeResult(std::vector<core::ResourceResult>& results, core::ResourceResult result)
{
    const auto old = std::ranges::find_if(results, [&](const core::ResourceResult& known) {
        return known.key == result.key && known.phase == result.phase;
    });
    if (old == results.end())
        results.push_back(mergedResult(nullptr, std::move(result)));
    else
        *old = mergedResult(&*old, std::move(result));
}

} // namespace gitops
