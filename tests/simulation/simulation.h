// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/machine.h"
#include "tests/simulation/referee.h"
#include "tests/simulation/simulatedcluster.h"
#include "tests/simulation/simulatedgit.h"
#include "tests/simulation/simulatedworld.h"
#include "tests/simulation/story.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tests {

/// One life of a story under real engines, in a cluster that holds other people's objects, too: a
/// sync, an edit by hand, a deletion, a second commit. By the seed: order, latency, faults of the
/// network, crashes of the process, and what else the disturbance says.
class Simulation
{
public:
    struct Disturbance
    {
        NetworkFaults network;
        double gitFailures = 0;
        int crashes = 0;
        int strangers = 0; ///< things that other people do to the objects
        int refusals = 0; ///< commits that cannot be rendered
        int outages = 0; ///< times in which the server answers 401
        int clockJumps = 0; ///< of the wall clock, by up to two hours, either way
        bool isRestored = false; ///< the server comes back from a backup
        bool hasRival = false; ///< a second engine, and the first holder stays away
        std::chrono::milliseconds end {120'000}; ///< afterwards all is well
    };

    Simulation(std::uint64_t seed, const Story& story, const Disturbance& disturbance);
    ~Simulation();

    /// Runs the story to its end. "" when all was well, else what was not.
    std::string run();
    /// Every object that matters, without what the server makes: what must not depend on the seed.
    std::map<std::string, std::string> finalState();
    std::uint64_t steps() const { return m_world.steps(); }
    int hookRuns() const { return m_cluster.hookRuns(); }

private:
    std::chrono::milliseconds at(int second);
    void schedule(std::chrono::milliseconds when, std::function<void()> what);
    void scheduleStory();
    void scheduleDisturbance();
    void scheduleRival();
    void setFaults();
    void restoreCluster(const SimulatedDisk& backup);
    void disturb(); ///< somebody does something
    void patch(const char* target, const std::string& manager, const std::string& body);
    bool isSettled() const;
    std::string describe() const;

    SimulatedWorld m_world;
    const Story& m_story;
    const Disturbance m_disturbance;
    const core::SteadyTime m_begin;
    SimulatedCluster m_cluster;
    SimulatedGit m_git;
    Referee m_referee;
    std::shared_ptr<SimulatedWorld::Strand> m_teller;
    std::vector<std::unique_ptr<Machine>> m_machines;
    bool m_calm = false;
    bool m_unauthorized = false;
    bool m_toldEverything = false;
    int m_copies = 0;
};

} // namespace tests
