// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/command.h"
#include "core/model/event.h"

#include <functional>
#include <memory>

namespace gitops {

/// Ends a subscription when destroyed; afterwards the sink is not called again.
class Subscription
{
public:
    virtual ~Subscription() = default;
};

/// The engine as command line, desktop, history and tests see it. Speaks in values only; every call
/// returns at once and may come from any thread. Sinks and callbacks run on the engine's strand:
/// hand over, do not work there.
class Engine
{
public:
    using Sink = std::function<void(const core::Event&)>;

    virtual ~Engine() = default;
    virtual core::SnapshotPtr snapshot() const = 0;
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(Sink sink) = 0;
    /// done tells whether the command was taken up (not whether the sync went well: events tell
    /// that).
    virtual void submit(core::Command command,
                        std::function<void(core::Result<void>)> done = {}) = 0;
    virtual void ask(core::Query query, std::function<void(core::Result<core::Answer>)> done) = 0;
};

} // namespace gitops
