// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/git/gitservice.h"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace gitops {

/// Looks at repositories again and again, once for all applications that follow the same revision
/// of the same one. A failed look is repeated with back-off; what was found before stays in force.
/// On the engine's strand.
class SourceWatcher
{
public:
    /// Called after every look, also when nothing moved.
    using Handler = std::function<void(const core::Result<Revision>&)>;

    SourceWatcher(GitService& git, core::Executor& executor, const EngineOptions& options);
    ~SourceWatcher();

    /// Replaces what the application followed before. previous: the commit in force, "" at first.
    void follow(const std::string& application, const std::string& repoUrl,
                const std::string& revision, const std::string& previous, Handler handler);
    void unfollow(const std::string& application);
    void refresh(const std::string& application); ///< looks now
    bool isLocal(const std::string& url) const; ///< a repository on this machine

private:
    struct Feed;
    using Key = std::pair<std::string, std::string>; ///< URL and revision
    void look(const Key& key);
    void take(const Key& key, core::Result<Revision> found);
    void schedule(const Key& key, std::chrono::milliseconds delay);

    GitService& m_git;
    core::Executor& m_executor;
    const EngineOptions& m_options;
    std::mt19937_64 m_random;
    std::map<Key, std::unique_ptr<Feed>> m_feeds;
    std::map<std::string, Key> m_followed;
    Alive m_alive;
};

} // namespace gitops
