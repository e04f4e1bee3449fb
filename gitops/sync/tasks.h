// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/hooks.h"
#include "gitops/sync/syncplanner.h"
#include "gitops/sync/targetfacts.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// One object in one phase of a sync.
struct SyncTask
{
    enum class Type
    {
        Apply,
        Prune,
        CreateNamespace
    } type = Type::Apply;
    enum class State
    {
        Pending,
        Running, ///< written, and its end is not known yet
        Held, ///< a prune that waits for a person
        Succeeded,
        Failed
    } state = State::Pending;
    core::ObjectKey key;
    core::SyncPhase phase = core::SyncPhase::Sync;
    int wave = 0;
    core::ManifestPtr target; ///< of an Apply
    TargetFacts facts;
    Hook hook;
    const LiveView* live = nullptr;
    std::optional<core::ResourceResult> result;
    std::string invalid; ///< why it can never be carried out

    bool isHook() const { return hook.isHook; }
    bool isPrune() const { return type == Type::Prune; }
    std::pair<core::SyncPhase, int> lane() const { return {phase, wave}; }
    /// "apps/Deployment/web", as Argo CD writes objects in messages.
    std::string text() const { return key.group + "/" + key.kind + "/" + key.name; }
    /// An empty result to be filled in.
    core::ResourceResult blankResult() const;
};

/// All tasks of an operation in the order of their execution, with the state that the results so
/// far give them. The set of prunes is fixed at the first step: what turns up later waits for the
/// next sync.
std::vector<SyncTask> buildTasks(const SyncInput& input);

SyncTask::State stateOf(const SyncTask& task, const SyncInput& input);

} // namespace gitops
