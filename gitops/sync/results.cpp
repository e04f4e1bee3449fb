// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/results.h"

#include <algorithm>
#include <array>
#include <string_view>

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

/// As the server's validation says it (k8s.io/kubernetes, pkg/apis/*/validation).
bool isAboutImmutableFields(const core::Error& error)
{
    constexpr std::array<std::string_view, 7> kWords {"field is immutable",
                                                      "is immutable after",
                                                      "Forbidden: updates to ",
                                                      "updates to parameters are forbidden",
                                                      "updates to provisioner are forbidden",
                                                      "cannot change roleRef",
                                                      "may not change once set"};
    // "is invalid: [a, b]": among several reasons there may be one that a new object has, too.
    return error.code == core::ErrorCode::Invalid
        && error.message.find(" is invalid: [") == std::string::npos
        && std::ranges::any_of(kWords, [&](std::string_view words) {
               return error.message.find(words) != std::string::npos;
           });
}

core::ResourceResult failed(const SyncAction& action, const core::Error& error)
{
    core::ResourceResult result = blank(action);
    result.code = core::ResultCode::SyncFailed;
    result.message = error.message + wayOut(action, error);
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

std::string wayOut(const SyncAction& action, const core::Error& error)
{
    if (action.type != SyncAction::Type::Apply || !isAboutImmutableFields(error))
        return {};
    if (isProtectedKind(action.key.groupKind()))
        return " It cannot be changed in place, and making it anew loses what it holds: undo the "
               "change in Git, or replace it by hand.";
    if (action.force)
        return {};
    return " It cannot be changed in place: undo the change in Git, or let a sync delete it and "
           "make it again (annotation argocd.argoproj.io/sync-options: Force=true).";
}

bool isRemediedByForce(const SyncAction& action, const LiveView* live, const core::Error& error)
{
    const bool isWrite =
        action.type == SyncAction::Type::Apply || action.type == SyncAction::Type::Replace;
    return action.force && isWrite && action.hook.empty() && isAboutImmutableFields(error) && live
        && live->ours && !live->preexisting && !isProtectedKind(action.key.groupKind());
}

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
