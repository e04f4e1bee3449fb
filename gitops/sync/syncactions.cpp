// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/syncactions.h"

#include <algorithm>

namespace gitops {

namespace {

SyncAction actionOf(const SyncTask& task, SyncAction::Type type)
{
    SyncAction action {.type = type, .key = task.key, .phase = task.phase, .wave = task.wave};
    action.hook = task.hook.text;
    return action;
}

/// The annotation may stand on what Git declares or on the live object.
bool asksFor(const SyncTask& task, std::string_view option)
{
    return hasSyncOption(task.facts.annotations, option)
        || (task.live && hasSyncOption(task.live->annotations, option));
}

} // namespace

core::Result<SyncAction> writeAction(const SyncTask& task, const SyncInput& input)
{
    SyncAction action = actionOf(task, SyncAction::Type::Apply);
    action.dryRun = input.options.dryRun;
    if (task.type == SyncTask::Type::CreateNamespace) {
        action.type = SyncAction::Type::CreateNamespace;
        return action;
    }
    action.force = input.options.force || asksFor(task, "Force=true");
    // What is not there is applied: the apply's entry in managedFields proves it ours from then on.
    if (task.live && (input.options.replace || asksFor(task, "Replace=true")))
        action.type = SyncAction::Type::Replace;
    action.manifest = task.target;
    if (task.isHook() && task.facts.name.empty()) {
        auto named = withName(*action.manifest, task.key.name);
        if (!named)
            return std::unexpected(named.error());
        action.manifest = *named;
    }
    if (task.isHook() && task.facts.vanishes && !action.dryRun) {
        auto kept = withFinalizer(*action.manifest, kHookFinalizer);
        if (!kept)
            return std::unexpected(kept.error());
        action.manifest = *kept;
    }
    return action;
}

bool isMadeAnew(const SyncTask& task, const SyncInput& input)
{
    const bool isAsked = (input.options.replace || asksFor(task, "Replace=true"))
        && (input.options.force || asksFor(task, "Force=true"));
    return task.type == SyncTask::Type::Apply && !task.isHook() && task.live && task.live->ours
        && !task.live->preexisting && !isProtectedKind(task.key.groupKind())
        && (isAsked || input.anew.contains(task.key));
}

SyncAction pruneAction(const SyncTask& task, const SyncInput& input)
{
    SyncAction action = actionOf(task, SyncAction::Type::Delete);
    action.uid = task.live->uid;
    action.propagationPolicy = input.options.prunePropagationPolicy;
    action.dryRun = input.options.dryRun;
    return action;
}

SyncAction deleteHookAction(const SyncTask& task, bool isCleanup)
{
    SyncAction action = actionOf(task, SyncAction::Type::Delete);
    action.uid = task.live->uid;
    action.propagationPolicy = "foreground";
    action.cleansUp = isCleanup;
    return action;
}

SyncAction releaseHookAction(const SyncTask& task)
{
    SyncAction action = actionOf(task, SyncAction::Type::ReleaseHook);
    action.uid = task.live->uid;
    action.cleansUp = true;
    std::ranges::copy_if(task.live->finalizers, std::back_inserter(action.finalizers),
                         [](const std::string& each) { return each != kHookFinalizer; });
    return action;
}

SyncAction releaseStrayAction(const core::ObjectKey& key, const LiveView& live)
{
    SyncTask task {.type = SyncTask::Type::Apply, .key = key};
    task.live = &live;
    task.hook.text = "left over";
    return releaseHookAction(task);
}

bool isKept(const LiveView& live)
{
    return std::ranges::find(live.finalizers, kHookFinalizer) != live.finalizers.end();
}

} // namespace gitops
