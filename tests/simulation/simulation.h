// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/reconcileengine.h"
#include "tests/simulation/simulatedcluster.h"
#include "tests/simulation/simulatedgit.h"
#include "tests/simulation/simulatedstore.h"
#include "tests/simulation/simulatedtransport.h"
#include "tests/simulation/simulatedworld.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace tests {

/// One life of a small application under the real engine: three waves, a CRD and its custom
/// resource, a hook, a prune, an edit by hand, in a cluster that holds other people's objects, too.
/// By the seed: order, latency, faults of the network, crashes of the process.
class Simulation
{
public:
    struct Disturbance
    {
        NetworkFaults network;
        double gitFailures = 0;
        int crashes = 0;
        std::chrono::milliseconds end {120'000}; ///< afterwards all is well
    };

    Simulation(std::uint64_t seed, Disturbance disturbance);
    ~Simulation();

    /// Runs the story to its end. "" when all was well, else what was not.
    std::string run();
    /// Every object that matters, without what the server makes: what must not depend on the seed.
    std::map<std::string, std::string> finalState();
    std::uint64_t steps() const { return m_world.steps(); }
    int hookRuns() const { return m_cluster.hookRuns(); }

private:
    struct Process;
    void begin();
    void crash();
    void schedule(std::chrono::milliseconds when, std::function<void()> what);
    void check(const core::HttpRequest& request);
    void checkDelete(const core::HttpRequest& request, const std::string& path,
                     const core::Json& live);
    bool isSettled() const;
    void fail(const std::string& what);
    std::string describe() const;

    SimulatedWorld m_world;
    const Disturbance m_disturbance;
    const core::SteadyTime m_begin;
    SimulatedCluster m_cluster;
    SimulatedStore m_store;
    SimulatedGit m_git;
    std::shared_ptr<SimulatedWorld::Strand> m_story;
    std::unique_ptr<Process> m_process;
    bool m_calm = false;
    bool m_toldEverything = false;
    std::string m_failure;
    std::map<std::string, std::string> m_foreign; ///< objects that nobody may touch
};

} // namespace tests
