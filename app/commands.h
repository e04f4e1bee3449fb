// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

#include <optional>

namespace app {

/// One function a verb. Each prints its own result and errors and returns the exit code.
int runRender(const Options& options);
/// Without --repo; nullopt when something has to be fetched from elsewhere first.
std::optional<int> runRenderFolder(const Options& options);
int runDiff(const Options& options);
int runSync(const Options& options);
int runReconcile(const Options& options);
int runStatus(const Options& options);
int runHistory(const Options& options);
int runWait(const Options& options);
/// confirm, pause, resume, adopt, refresh, terminate: asks the process that reconciles.
int runRemoteCommand(const Options& options);
int runHealth(const Options& options);
int runNamespaces(const Options& options);
int runTenants(const Options& options);
int runFindings(const Options& options);
int runEnvironments(const Options& options);
int runLineage(const Options& options);
int runTopics(const Options& options);
int runLogs(const Options& options);
int runEvents(const Options& options);
int runExec(const Options& options);
int runGet(const Options& options);
int runPortForward(const Options& options);
int runPractice(const Options& options);
int runVersion(const Options& options);
int runCompletion(const Options& options);

} // namespace app
