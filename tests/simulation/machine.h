// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/reconcileengine.h"
#include "tests/simulation/referee.h"
#include "tests/simulation/simulatedcluster.h"
#include "tests/simulation/simulatedgit.h"
#include "tests/simulation/simulatedstore.h"
#include "tests/simulation/simulatedtransport.h"

#include <memory>
#include <string>

namespace tests {

/// Somebody's computer: a state folder, and an engine that may be killed and started again on it.
class Machine
{
public:
    Machine(SimulatedWorld& world, SimulatedCluster& cluster, SimulatedGit& git, Referee& referee,
            std::string identity, core::Application application);
    ~Machine();

    void start();
    void crash(); ///< kill -9
    bool isRunning() const { return m_process != nullptr; }
    void setFaults(const NetworkFaults& faults);
    void breakStreams();

    const std::string& identity() const { return m_identity; }
    core::SnapshotPtr snapshot() const; ///< null while it is down
    std::string describe() const; ///< for a person who looks for what went wrong

private:
    struct Process;
    SimulatedWorld& m_world;
    SimulatedCluster& m_cluster;
    SimulatedGit& m_git;
    Referee& m_referee;
    const std::string m_identity;
    const core::Application m_application;
    SimulatedStore m_store;
    NetworkFaults m_faults;
    std::unique_ptr<Process> m_process;
};

} // namespace tests
