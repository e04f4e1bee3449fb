// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/trial.h"

#include "gitops/sync/waits.h"

#include <algorithm>
#include <set>

namespace gitops {

namespace {

bool hasBegun(const SyncInput& input)
{
    return std::ranges::any_of(input.results, [](const core::ResourceResult& result) {
        return result.code != core::ResultCode::PruneSkipped;
    });
}

bool isWrite(const SyncTask& task)
{
    return !task.isPrune() && task.phase != core::SyncPhase::SyncFail;
}

bool asksFor(const SyncTask& task, std::string_view option)
{
    return hasSyncOption(task.facts.annotations, option)
        || (task.live && hasSyncOption(task.live->annotations, option));
}

/// It is as Git has it: applying it again changes nothing.
bool isUnchanged(const SyncTask& task, const SyncInput& input)
{
    return task.live && !task.isHook() && !input.options.outOfSync.contains(task.key);
}

/// Whatever the server says of it now says nothing about its turn.
bool mustWait(const SyncTask& task, const std::vector<SyncTask>& all, const SyncInput& input)
{
    if (availabilityOf(task.key.groupKind(), input) != KindAvailability::Served)
        return true;
    if (task.live && (task.live->deleting || (task.isHook() && task.hook.deleteBefore)))
        return true;
    if (input.options.force || asksFor(task, "Force=true"))
        return true; // what it cannot become in place it is made anew as
    if (task.key.namespaceName.empty())
        return false;
    const core::ObjectKey space {"", "Namespace", "", task.key.namespaceName};
    const auto live = input.live.find(space);
    if (live != input.live.end())
        return live->second.deleting;
    return std::ranges::any_of(
        all, [&](const SyncTask& each) { return each.key == space && !each.isPrune(); });
}

} // namespace

Trial trialOf(const std::vector<SyncTask>& tasks, const SyncInput& input)
{
    Trial trial;
    if (!input.options.tryFirst || input.options.dryRun || hasBegun(input))
        return trial;
    std::set<std::pair<core::SyncPhase, int>> lanes;
    bool isUpdate = false;
    for (const SyncTask& task : tasks) {
        if (!isWrite(task))
            continue;
        lanes.insert(task.lane());
        // A namespace that is there already, made for it, makes no first sync an update.
        isUpdate = isUpdate || (task.live && !task.isHook() && task.key.kind != "Namespace");
    }
    if (lanes.size() < 2 && !isUpdate)
        return trial;
    std::set<core::ObjectKey> seen;
    for (const SyncTask& task : tasks) {
        if (task.isPrune() || task.type == SyncTask::Type::CreateNamespace
            || isUnchanged(task, input) || !seen.insert(task.key).second
            || asksFor(task, "Validate=false"))
            continue;
        if (mustWait(task, tasks, input))
            ++trial.left;
        else
            trial.tasks.push_back(&task);
    }
    return trial;
}

std::string refusalOf(const core::Error& error, const SyncInput& input)
{
    if (error.code == core::ErrorCode::Invalid)
        return error.message;
    if (error.code != core::ErrorCode::Forbidden)
        return {};
    if (error.message.find("denied the request") != std::string::npos)
        return error.message; // an admission webhook
    // Other admission plugins look for accounts, classes and quotas that may come with this sync.
    const bool isAboutRights = error.message.find(" cannot ") != std::string::npos;
    const bool grantsRights =
        std::ranges::any_of(input.desired, [](const core::ManifestPtr& manifest) {
            return manifest->key().group == "rbac.authorization.k8s.io";
        });
    return isAboutRights && !grantsRights ? error.message : std::string();
}

} // namespace gitops
