// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/executor.h"
#include "core/base/secret.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

struct ClusterConnection;

/// A program that hands out credentials: users[].exec of the user's own kubeconfig
/// (client.authentication.k8s.io v1 and v1beta1). Never from anywhere else.
struct ExecPlugin
{
    core::Place place;
    std::string command; ///< absolute if it was written with a slash; else looked up in PATH
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, core::Secret>> environment; ///< added to ours
    std::string apiVersion;
    std::string interactiveMode; ///< Never, IfAvailable, Always; "" in v1beta1
    std::string installHint;
    bool provideClusterInfo = false;
    bool operator==(const ExecPlugin& other) const
    {
        return command == other.command && arguments == other.arguments
            && environment == other.environment && apiVersion == other.apiVersion
            && provideClusterInfo == other.provideClusterInfo;
    }
};

/// What a plugin handed out.
struct ExecCredential
{
    core::Secret token;
    core::Secret certificatePem;
    core::Secret keyPem;
    std::optional<core::WallTime> expiresAt; ///< without: as long as the server takes it
};

struct ExecLimits
{
    std::chrono::milliseconds time {60'000};
    std::size_t output = 1u << 20;
};

/// An entry that cannot be run: no command, an API version that nobody knows, a person at a
/// terminal asked for.
core::Result<void> checkPlugin(const ExecPlugin& plugin);

/// Runs the plugin without a shell, a terminal or anything on its standard input, in a session of
/// its own which is killed when it takes too long, says too much, or isStopped becomes true.
/// Blocks: never on the engine's or an I/O thread. Errors: Unsupported (the program is not there,
/// with the hint), Timeout, LimitExceeded, Cancelled, Unauthorized (it failed, or its answer is
/// none).
core::Result<ExecCredential> runPlugin(const ExecPlugin& plugin,
                                       const ClusterConnection& connection,
                                       const ExecLimits& limits,
                                       const std::atomic<bool>& isStopped);

/// A plugin's output as a credential.
core::Result<ExecCredential> readExecCredential(const std::string& text, const ExecPlugin& plugin);

} // namespace gitops
