// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/progress.h"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace gitops {

/// Carries one wave forward: prunes first, then the hooks that are to be made again are deleted,
/// then its objects are written, one group of a kind after the other. Fills in actions and results
/// of the step; one step, one thread.
class Wave
{
public:
    Wave(std::span<SyncTask> tasks, const std::vector<SyncTask>& all, const SyncInput& input,
         SyncStep& step);

    enum class Outcome
    {
        Written, ///< nothing is left to be sent
        Busy, ///< actions were decided on, or await their answer
        Waiting, ///< for something named in message()
        Stopped, ///< by a prune or a hook's deletion that failed
    };
    Outcome advance();
    const std::string& message() const { return m_message; }

private:
    Outcome prune();
    Outcome clearHooks();
    Outcome write();
    Outcome writeGroup(std::span<SyncTask> group);
    void pruneOne(SyncTask& task);
    bool writeOne(SyncTask& task);
    bool isHeldBack(SyncTask& task);
    bool isServed(SyncTask& task);
    const LiveView* leavingNamespace(const SyncTask& task) const;
    void end(SyncTask& task, core::ResultCode code, core::OperationPhase phase,
             std::string message);
    bool isInFlight(const SyncTask& task) const { return m_input.inFlight.contains(task.key); }

    std::span<SyncTask> m_tasks;
    const std::vector<SyncTask>& m_all;
    const SyncInput& m_input;
    SyncStep& m_step;
    TaskList m_leaving; ///< waited for until they are gone
    std::string m_message;
};

/// The kind is defined by a CustomResourceDefinition of the same sync.
const SyncTask* definitionOf(const core::GroupKind& kind, const std::vector<SyncTask>& tasks);

} // namespace gitops
