// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/git/remoteservice.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// Fetches what renders need from elsewhere, once for all applications, and looks again as the
/// polling rules say: a tag or a commit never, all else like any source. What was found before
/// stays in force while a look fails. One application has a few fetches under way at most, so that
/// many silent servers of one hold up no other. On the engine's strand.
class RemoteWatcher
{
public:
    using Handler = std::function<void()>;

    /// service may be null: then there is nothing from elsewhere.
    RemoteWatcher(RemoteService* service, core::Executor& executor, const EngineOptions& options);
    ~RemoteWatcher();

    bool isAvailable() const { return m_service != nullptr; }
    /// Adds what a render lacks. changed is called, never from within, whenever all that the
    /// application wants is known and something of it is another than before.
    void want(const std::string& application, const std::vector<RemoteAddress>& addresses,
              Handler changed);
    /// Its newest render needed these and nothing else.
    void keep(const std::string& application,
              const std::vector<std::pair<RemoteAddress, std::string>>& used);
    void drop(const std::string& application);
    void refresh(const std::string& application); ///< looks now, but for what is settled

    /// What is known of all that the application wants; null when it wants nothing.
    std::shared_ptr<const RemoteContents> contents(const std::string& application) const;
    /// What it waits for, for people; "" for nothing.
    std::string waitingFor(const std::string& application) const;
    /// Why something that is in force could not be looked at again.
    std::optional<core::Error> staleness(const std::string& application) const;

private:
    struct Feed;
    struct Follower
    {
        std::set<RemoteAddress> addresses;
        Handler changed;
    };
    void startWaiting();
    void look(const RemoteAddress& address);
    void take(const RemoteAddress& address, core::Result<RemoteContentPtr> found);
    void schedule(const RemoteAddress& address, const core::Result<RemoteContentPtr>& found);
    void tell(const RemoteAddress& address);
    void release(const RemoteAddress& address, const std::string& application);
    std::size_t looksOf(const std::string& application) const;

    RemoteService* m_service;
    core::Executor& m_executor;
    const EngineOptions& m_options;
    std::mt19937_64 m_random;
    std::map<RemoteAddress, std::unique_ptr<Feed>> m_feeds;
    std::map<std::string, Follower> m_followers;
    Alive m_alive;
};

} // namespace gitops
