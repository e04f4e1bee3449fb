// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitservice.h"
#include "tests/simulation/simulatedworld.h"

#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A repository of commits in memory, in a line. Looks take a while and may fail.
class SimulatedGit : public gitops::GitService
{
public:
    using Files = std::vector<std::pair<std::string, std::string>>;

    explicit SimulatedGit(SimulatedWorld& world)
        : m_world(world)
    {
    }
    void commit(Files files)
    {
        gitops::Revision revision;
        revision.commit.id = std::string(39, '0') + std::to_string(m_commits.size() + 1);
        revision.commit.author = "Somebody";
        revision.commit.subject = "Commit " + std::to_string(m_commits.size() + 1);
        revision.commit.when = m_world.clock().wallNow();
        revision.name = "HEAD";
        revision.tree = gitops::makeMemoryTree(std::move(files));
        m_commits.push_back(std::move(revision));
    }
    std::string head() const { return m_commits.back().commit.id; }

    void resolve(const std::string&, const std::string&, const std::string&,
                 core::Executor& executor, Handler done) override
    {
        core::Result<gitops::Revision> found = m_commits.back();
        if (m_world.chance(failures))
            found = core::failure(core::ErrorCode::Network, "The repository does not answer.", {},
                                  core::Fault::Git);
        executor.postAt(executor.clock().steadyNow() + m_world.between(0, 50),
                        [done, found] { done(found); });
    }

    double failures = 0;

private:
    SimulatedWorld& m_world;
    std::vector<gitops::Revision> m_commits;
};

} // namespace tests
