// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/engine/engine.h"

#include <memory>
#include <string>

namespace app {

/// Lets other processes of the same user ask the one that reconciles: a socket in the state folder
/// (mode 0600), one JSON line in, one out. {"verb": "status" | "confirm" | "pause" | "resume" |
/// "adopt" | "sync" | "refresh" | "terminate", "application": …, "object": {…}, "reason": …,
/// "untilSeconds": n}. Answers {"error": …} or {"applications": […]}.
class ControlServer
{
public:
    /// The engine must outlive the server. Fails when the socket cannot be made.
    static core::Result<std::unique_ptr<ControlServer>> start(gitops::Engine& engine,
                                                              const std::string& stateFolder);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

private:
    struct Private;
    explicit ControlServer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// Asks the process that reconciles with this state folder. NotFound: none runs.
core::Result<core::Json> askControl(const std::string& stateFolder, const core::Json& request);

/// "Deployment shop/web", "Kafka.kafka.strimzi.io kafka/c", "Namespace user-carol" to a key. The
/// group of a built-in kind may be left out.
core::Result<core::ObjectKey> parseObjectName(const std::string& text);

} // namespace app
