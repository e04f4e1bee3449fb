// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/settings.h"
#include "core/base/error.h"
#include "gitops/cluster/transport.h"
#include "gitops/telemetry/telemetryservice.h"

#include <memory>

namespace app {

/// The live figures with the threads that they need, put together from the command line and the
/// configuration. Whoever asks them goes first; destroying this waits for a look that is under way,
/// a few seconds at most.
class LiveFigures
{
public:
    /// cluster may be null, and outlives this.
    LiveFigures(const gitops::TelemetryConfig& config, gitops::Transport* cluster);
    ~LiveFigures();
    LiveFigures(const LiveFigures&) = delete;
    LiveFigures& operator=(const LiveFigures&) = delete;

    gitops::TelemetryService& service();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// What the command line says goes before the configuration. Simulated traffic is refused without a
/// practice cluster.
core::Result<gitops::TelemetryConfig> telemetryConfig(const Options& options,
                                                      const Settings& settings);

} // namespace app
