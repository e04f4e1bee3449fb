// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"
#include "gitops/practice/apiserver.h"
#include "tests/simulation/simulateddisk.h"
#include "tests/simulation/simulatedworld.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// A practice API server in memory, and controllers that bring workloads to their ready state some
/// time after they were asked to.
class SimulatedCluster
{
public:
    SimulatedCluster(SimulatedWorld& world, std::uint64_t seed);
    ~SimulatedCluster();

    gitops::practice::ApiServer& server() { return *m_server; }
    SimulatedDisk backup() const { return m_disk; }
    /// As after a restored etcd: what was then is now, and resourceVersions go back. The watches of
    /// the server before are gone with it.
    void restore(SimulatedDisk backup);
    std::shared_ptr<SimulatedWorld::Strand> strand() { return m_strand; }

    /// A request of a person's, past the wire; fails the test when the server refuses it.
    core::Json request(const std::string& method, const std::string& target,
                       const std::string& body = {},
                       const std::string& contentType = "application/json");
    /// nullptr value when it is not there.
    core::Json get(const std::string& target);
    core::JsonArray list(const std::string& target);
    int hookRuns() const { return m_hookRuns; }
    /// A Deployment with this image was ready once: what later waves may build on.
    bool wasReady(const std::string& image) const { return m_readyImages.contains(image); }

private:
    void startServer();
    void tick();
    void control();
    void finish(const std::string& collection, const core::Json& object, core::Json status);

    SimulatedWorld& m_world;
    std::uint64_t m_seed;
    SimulatedDisk m_disk;
    std::shared_ptr<SimulatedWorld::Strand> m_strand;
    std::unique_ptr<gitops::practice::ApiServer> m_server;
    std::set<std::string> m_readyImages;
    int m_hookRuns = 0;
};

} // namespace tests
