// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/platform/terraform.h"
#include "gitops/application/customizations.h"
#include "gitops/application/projectreader.h"
#include "gitops/cluster/livestate.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

class ScriptRunner;

/// What the composition decides about an engine.
struct EngineOptions
{
    /// Who we are, in Leases and on a colleague's screen: the same over restarts of one state
    /// folder.
    std::string identity = "wavewright";
    std::string controlNamespace = "wavewright"; ///< of records and Leases; created when missing
    /// The kubeconfig context's: looked at, too, where kinds may not be listed in the whole
    /// cluster.
    std::string defaultNamespace;
    std::string context; ///< the four of core::ClusterState that the engine cannot know
    std::string server;
    bool practice = false;
    bool insecure = false;

    bool readOnly = false; ///< compare only: nothing is written, not even a Lease
    bool leases = true;

    std::chrono::milliseconds localPoll {2'000}; ///< repositories on this machine
    std::chrono::milliseconds remotePoll {120'000};
    std::chrono::milliseconds remoteJitter {60'000};
    std::chrono::milliseconds sourceRetry {5'000}; ///< after a failed look, doubled up to the poll
    std::chrono::milliseconds fullCompare {600'000};
    std::chrono::milliseconds publishInterval {50};
    std::chrono::milliseconds statusGrace {2'000};
    std::chrono::milliseconds degradedGrace {5'000};
    std::chrono::milliseconds leaseDuration {60'000};
    std::chrono::milliseconds missingKindPoll {10'000};
    std::size_t parallelWrites = 20;
    std::uint64_t seed = 1; ///< of jitter
    /// Figures are measured this often though nobody looks, so that the day that is kept has no
    /// holes; 0: only while somebody looks.
    std::chrono::milliseconds measure {0};

    LiveState::Options live;
    ScriptRunner* scripts = nullptr; ///< for users' Lua and jq; outlives the engine. Null: refused
    /// argocd-cm as given with the applications: it goes before the cluster's.
    std::optional<Customizations> customizations;
    std::vector<core::TerraformLayer> terraform; ///< below the cluster; stands in every Platform
    std::vector<Project> projects; ///< given with the applications: they go before the cluster's
    /// Is this URL a repository on this machine? Empty: paths and file: URLs are.
    std::function<bool(const std::string&)> isLocalRepository;
    /// Does this destination mean this engine's cluster? Empty: every one does.
    std::function<bool(const core::Application&)> acceptsDestination;
};

} // namespace gitops
