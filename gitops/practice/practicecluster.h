// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/practice/apiserver.h"
#include "gitops/practice/localport.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace gitops::practice {

/// A whole practice cluster: API server, simulated controllers, state on disk, HTTPS on loopback.
/// Runs on a thread of its own from start until it is destroyed. Any thread may call it.
class PracticeCluster
{
public:
    struct Options
    {
        std::filesystem::path folder; ///< state; "" keeps everything in memory
        std::uint16_t port = 0; ///< 0: the one it had last time, else a free one
        bool fresh = false; ///< empties the folder first
        /// Factor on all delays of the simulated controllers: 1 as a person would wait, 0 at once.
        double delayFactor = 1;
        std::filesystem::path kubeconfig; ///< where to write one (mode 0600); "" for nowhere
        bool behaviours = true; ///< false: objects stay as they are written
        /// Programs on this machine that answer the proxies and port-forwards (by WebSocket) of
        /// Services and pods, by "namespace/name:port".
        Backends backends = {};
    };

    /// Disk: the state cannot be read or another process has it. Network: the port is taken.
    static core::Result<std::unique_ptr<PracticeCluster>> start(Options options);
    /// Stops serving; the state stays.
    ~PracticeCluster();

    std::string kubeconfig() const; ///< holds the token
    std::string serverUrl() const; ///< "https://127.0.0.1:40123"
    std::uint16_t port() const;
    /// Runs a task with the API server on its thread, and waits.
    void run(const std::function<void(ApiServer&)>& task);

private:
    struct Private;
    explicit PracticeCluster(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace gitops::practice
