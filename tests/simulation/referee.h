// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/simulation/simulatedcluster.h"
#include "tests/simulation/story.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace tests {

/// Sees every request of every engine, when it is sent and when it reaches the server, and says
/// what breaks a promise: nothing that is not ours is written or deleted, a delete proves itself,
/// a prune follows Git, later waves wait, one engine writes, and none without being sure.
class Referee
{
public:
    Referee(const Story& story, SimulatedCluster& cluster, const SimulatedWorld& world);

    void sent(const std::string& engine, const core::HttpRequest& request);
    void arrives(const std::string& engine, const core::HttpRequest& request);

    /// An object that nobody may touch from now on.
    void protect(const std::string& target);
    void gitDropped() { m_gitDropped = true; } ///< the commit that drops something is there
    void leasesCount() { m_leases = true; } ///< several engines: who writes must hold the Lease
    void unauthorized(bool now); ///< the server answers 401 from now on, or no longer
    void clusterRestored(); ///< resourceVersions went back
    void engineStarted(const std::string& engine);

    void checkProtected(); ///< at the end
    void fail(const std::string& what);
    const std::string& failure() const { return m_failure; }

private:
    struct Write
    {
        std::string path;
        std::string collection; ///< the path of its cluster-wide list
        bool isOwnRecord = false; ///< our own records and Leases
    };
    static std::optional<Write> writeOf(const core::HttpRequest& request);
    void checkDelete(const core::HttpRequest& request, const std::string& path,
                     const core::Json& live);
    void checkLease(const std::string& engine, const std::string& path);

    const Story& m_story;
    SimulatedCluster& m_cluster;
    const SimulatedWorld& m_world;
    std::map<std::string, std::string> m_protected;
    bool m_gitDropped = false;
    bool m_leases = false;
    bool m_isUnauthorized = false;
    std::optional<core::SteadyTime> m_unauthorizedSince; ///< an engine could know
    std::optional<core::SteadyTime> m_restoredAt;
    std::map<std::string, std::set<std::string>> m_listed; ///< since the restore, by engine
    std::string m_failure;
};

} // namespace tests
