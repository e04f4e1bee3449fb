// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/sourcewatcher.h"

#include <algorithm>
#include <optional>

namespace gitops {

struct SourceWatcher::Feed
{
    std::map<std::string, Handler> followers;
    std::optional<Revision> last;
    std::string previous;
    bool looking = false;
    bool again = false;
    int failures = 0;
    core::Executor::TimerId timer = 0;
};

SourceWatcher::SourceWatcher(GitService& git, core::Executor& executor,
                             const EngineOptions& options)
    : m_git(git)
    , m_executor(executor)
    , m_options(options)
    , m_random(options.seed)
{
}

SourceWatcher::~SourceWatcher()
{
    for (const auto& [key, feed] : m_feeds)
        if (feed->timer)
            m_executor.cancel(feed->timer);
}

void SourceWatcher::follow(const std::string& application, const std::string& repoUrl,
                           const std::string& revision, const std::string& previous,
                           Handler handler)
{
    const Key key {repoUrl, revision};
    if (auto found = m_followed.find(application);
        found != m_followed.end() && found->second != key)
        unfollow(application);
    m_followed[application] = key;
    auto& feed = m_feeds[key];
    const bool isNew = !feed;
    if (isNew) {
        feed = std::make_unique<Feed>();
        feed->previous = previous;
    }
    feed->followers[application] = std::move(handler);
    if (isNew)
        look(key);
    else if (feed->last)
        m_executor.post(m_alive.guard([this, key, application] {
            auto found = m_feeds.find(key);
            if (found == m_feeds.end())
                return;
            const auto follower = found->second->followers.find(application);
            if (follower == found->second->followers.end())
                return;
            const Handler call = follower->second;
            call(*found->second->last);
        }));
}

void SourceWatcher::unfollow(const std::string& application)
{
    auto followed = m_followed.find(application);
    if (followed == m_followed.end())
        return;
    auto feed = m_feeds.find(followed->second);
    if (feed != m_feeds.end()) {
        feed->second->followers.erase(application);
        if (feed->second->followers.empty()) {
            if (feed->second->timer)
                m_executor.cancel(feed->second->timer);
            m_feeds.erase(feed);
        }
    }
    m_followed.erase(followed);
}

void SourceWatcher::refresh(const std::string& application)
{
    auto followed = m_followed.find(application);
    if (followed != m_followed.end())
        look(followed->second);
}

bool SourceWatcher::isLocal(const std::string& url) const
{
    if (m_options.isLocalRepository)
        return m_options.isLocalRepository(url);
    return url.starts_with('/') || url.starts_with('.') || url.starts_with("file:")
        || url.starts_with("dir:");
}

void SourceWatcher::look(const Key& key)
{
    Feed& feed = *m_feeds.at(key);
    if (feed.looking) {
        feed.again = true;
        return;
    }
    if (feed.timer)
        m_executor.cancel(std::exchange(feed.timer, 0));
    feed.looking = true;
    m_git.resolve(
        key.first, key.second, feed.previous, m_executor,
        m_alive.guard([this, key](core::Result<Revision> found) { take(key, std::move(found)); }));
}

void SourceWatcher::take(const Key& key, core::Result<Revision> found)
{
    auto entry = m_feeds.find(key);
    if (entry == m_feeds.end())
        return;
    Feed& feed = *entry->second;
    feed.looking = false;
    const bool local = isLocal(key.first);
    std::chrono::milliseconds delay = local ? m_options.localPoll : m_options.remotePoll;
    if (found) {
        feed.failures = 0;
        feed.previous = found->commit.id;
        feed.last = *found;
    } else {
        delay = std::min(delay, m_options.sourceRetry * (1 << std::min(feed.failures++, 10)));
    }
    if (!local && m_options.remoteJitter.count() > 0)
        delay += std::chrono::milliseconds(
            m_random() % std::uint64_t(m_options.remoteJitter.count()) * delay.count()
            / std::max<std::int64_t>(1, m_options.remotePoll.count()));
    schedule(key, std::exchange(feed.again, false) ? std::chrono::milliseconds(0) : delay);
    const auto followers = feed.followers;
    for (const auto& [application, handler] : followers)
        handler(found);
}

void SourceWatcher::schedule(const Key& key, std::chrono::milliseconds delay)
{
    m_feeds.at(key)->timer =
        m_executor.postAt(m_executor.clock().steadyNow() + delay, m_alive.guard([this, key] {
            auto found = m_feeds.find(key);
            if (found == m_feeds.end())
                return;
            found->second->timer = 0;
            look(key);
        }));
}

} // namespace gitops
