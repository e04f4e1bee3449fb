// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/sync/waits.h"

#include <string>
#include <vector>

namespace gitops {

using TaskList = std::vector<const SyncTask*>;

/// "waiting for healthy state of apps/Deployment/web and 2 more resources". Hooks go first. tasks
/// must not be empty.
std::string waitingMessage(const TaskList& tasks);
std::string deletionMessage(const TaskList& tasks);
std::string confirmationMessage(const TaskList& tasks);

/// message, and why: ", reason: …" with what each failed task says.
std::string failureMessage(std::string message, const TaskList& failed);

/// One lane for each phase and wave, those that have not begun included; SyncFail only when it
/// runs.
std::vector<core::WaveProgress> progressOf(const std::vector<SyncTask>& tasks,
                                           const Schedule& schedule, const SyncInput& input);

} // namespace gitops
