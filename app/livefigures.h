// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "app/settings.h"
#include "core/base/error.h"
#include "gitops/cluster/transport.h"
#include "gitops/history/samplehistory.h"
#include "gitops/telemetry/connectkafka.h"
#include "gitops/telemetry/telemetryservice.h"

#include <chrono>
#include <memory>

namespace app {

/// The live figures with the threads that they need, put together from the command line and the
/// configuration. Whoever asks them goes first; destroying this waits for a look that is under way,
/// a few seconds at most.
class LiveFigures
{
public:
    /// cluster may be null, and outlives this. interval is that of sources that need two looks; 0:
    /// their own. history may be null.
    LiveFigures(const gitops::TelemetryConfig& config, gitops::Transport* cluster,
                std::chrono::milliseconds interval = {},
                std::shared_ptr<gitops::SampleHistory> history = {},
                gitops::AccessOpener openAccess = {});
    ~LiveFigures();
    LiveFigures(const LiveFigures&) = delete;
    LiveFigures& operator=(const LiveFigures&) = delete;

    gitops::TelemetryService& service();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// Looks once at all sources of a platform, and waits until each has told or failed; a few seconds.
/// Null where there is nobody to ask.
enum class SourcesAsked
{
    Named, ///< on the command line or in the configuration
    Found, ///< and those that the cluster shows, where one is asked
};
core::Result<core::TelemetryPtr> measure(const Options& options, core::PlatformInputPtr platform,
                                         SourcesAsked asked = SourcesAsked::Found);

/// What the command line says goes before the configuration. Simulated traffic is refused without a
/// practice cluster.
core::Result<gitops::TelemetryConfig> telemetryConfig(const Options& options,
                                                      const Settings& settings);

/// Whether it names any, or simulated traffic.
bool hasSources(const gitops::TelemetryConfig& config);

} // namespace app
