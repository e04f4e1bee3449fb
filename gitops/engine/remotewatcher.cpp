// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/remotewatcher.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::size_t kMostLooksOfOne = 4;

} // namespace

struct RemoteWatcher::Feed
{
    std::set<std::string> followers;
    std::string owner; ///< on whose account it is fetched
    std::optional<core::Result<RemoteContentPtr>> last; ///< in force
    std::optional<core::Error> failure; ///< of the newest look, while something good is in force
    bool isWaiting = true; ///< for its turn
    bool isLooking = false;
    int failures = 0;
    core::Executor::TimerId timer = 0;

    RemoteContentPtr content() const { return last && *last ? **last : nullptr; }
};

RemoteWatcher::RemoteWatcher(RemoteService* service, core::Executor& executor,
                             const EngineOptions& options)
    : m_service(service)
    , m_executor(executor)
    , m_options(options)
    , m_random(options.seed)
{
}

RemoteWatcher::~RemoteWatcher()
{
    for (const auto& [address, feed] : m_feeds)
        if (feed->timer)
            m_executor.cancel(feed->timer);
}

void RemoteWatcher::want(const std::string& application,
                         const std::vector<RemoteAddress>& addresses, Handler changed)
{
    Follower& follower = m_followers[application];
    follower.changed = std::move(changed);
    for (const RemoteAddress& address : addresses) {
        follower.addresses.insert(address);
        auto& feed = m_feeds[address];
        if (!feed) {
            feed = std::make_unique<Feed>();
            feed->owner = application;
        }
        feed->followers.insert(application);
    }
    startWaiting();
    if (waitingFor(application).empty()) // another application has them all
        m_executor.post(m_alive.guard([this, application] {
            const auto found = m_followers.find(application);
            if (found == m_followers.end() || !waitingFor(application).empty())
                return;
            const Handler call = found->second.changed;
            call();
        }));
}

void RemoteWatcher::keep(const std::string& application,
                         const std::vector<std::pair<RemoteAddress, std::string>>& used)
{
    const auto follower = m_followers.find(application);
    if (follower == m_followers.end())
        return;
    std::set<RemoteAddress> kept;
    for (const auto& [address, id] : used)
        if (follower->second.addresses.contains(address))
            kept.insert(address);
    std::set<RemoteAddress> left = std::move(follower->second.addresses);
    follower->second.addresses = kept;
    if (kept.empty())
        m_followers.erase(follower);
    for (const RemoteAddress& address : left)
        if (!kept.contains(address))
            release(address, application);
}

void RemoteWatcher::drop(const std::string& application)
{
    keep(application, {});
}

void RemoteWatcher::release(const RemoteAddress& address, const std::string& application)
{
    const auto entry = m_feeds.find(address);
    if (entry == m_feeds.end())
        return;
    Feed& feed = *entry->second;
    feed.followers.erase(application);
    if (!feed.followers.empty()) {
        if (feed.owner == application)
            feed.owner = *feed.followers.begin();
        return;
    }
    if (feed.timer)
        m_executor.cancel(feed.timer);
    m_feeds.erase(entry);
}

void RemoteWatcher::refresh(const std::string& application)
{
    const auto follower = m_followers.find(application);
    if (follower == m_followers.end())
        return;
    for (const RemoteAddress& address : follower->second.addresses) {
        Feed& feed = *m_feeds.at(address);
        if (const RemoteContentPtr content = feed.content(); content && content->isSettled)
            continue;
        feed.isWaiting = !feed.isLooking;
    }
    startWaiting();
}

std::size_t RemoteWatcher::looksOf(const std::string& application) const
{
    return std::size_t(std::ranges::count_if(m_feeds, [&](const auto& entry) {
        return entry.second->isLooking && entry.second->owner == application;
    }));
}

void RemoteWatcher::startWaiting()
{
    std::vector<RemoteAddress> waiting;
    for (const auto& [address, feed] : m_feeds)
        if (feed->isWaiting)
            waiting.push_back(address);
    for (const RemoteAddress& address : waiting)
        if (looksOf(m_feeds.at(address)->owner) < kMostLooksOfOne)
            look(address);
}

void RemoteWatcher::look(const RemoteAddress& address)
{
    Feed& feed = *m_feeds.at(address);
    if (feed.timer)
        m_executor.cancel(std::exchange(feed.timer, 0));
    feed.isWaiting = false;
    feed.isLooking = true;
    m_service->fetch(address, feed.content(), m_executor,
                     m_alive.guard([this, address](core::Result<RemoteContentPtr> found) {
                         take(address, std::move(found));
                     }));
}

void RemoteWatcher::take(const RemoteAddress& address, core::Result<RemoteContentPtr> found)
{
    const auto entry = m_feeds.find(address);
    if (entry == m_feeds.end() || !entry->second->isLooking) // let go; perhaps wanted anew since
        return startWaiting();
    Feed& feed = *entry->second;
    feed.isLooking = false;
    const RemoteContentPtr before = feed.content();
    const bool wasStale = feed.failure.has_value();
    bool isNews = !feed.last;
    if (found) {
        isNews = isNews || !before || before->id != (*found)->id || wasStale;
        feed.failures = 0;
        feed.failure.reset();
        feed.last = found;
    } else if (before) {
        isNews = !wasStale;
        feed.failure = found.error();
    } else {
        isNews = isNews || feed.last->error() != found.error();
        feed.last = found;
    }
    schedule(address, found);
    if (isNews)
        tell(address);
    startWaiting();
}

void RemoteWatcher::schedule(const RemoteAddress& address,
                             const core::Result<RemoteContentPtr>& found)
{
    Feed& feed = *m_feeds.at(address);
    if (found && (*found)->isSettled)
        return;
    const bool isLocal = m_options.isLocalRepository && m_options.isLocalRepository(address.url);
    std::chrono::milliseconds delay = isLocal ? m_options.localPoll : m_options.remotePoll;
    if (!found)
        delay = std::min(delay, m_options.sourceRetry * (1 << std::min(feed.failures++, 10)));
    if (!isLocal && m_options.remoteJitter.count() > 0)
        delay += std::chrono::milliseconds(
            m_random() % std::uint64_t(m_options.remoteJitter.count()) * delay.count()
            / std::max<std::int64_t>(1, m_options.remotePoll.count()));
    feed.timer =
        m_executor.postAt(m_executor.clock().steadyNow() + delay, m_alive.guard([this, address] {
            const auto due = m_feeds.find(address);
            if (due == m_feeds.end())
                return;
            due->second->timer = 0;
            due->second->isWaiting = true;
            startWaiting();
        }));
}

void RemoteWatcher::tell(const RemoteAddress& address)
{
    const std::set<std::string> followers = m_feeds.at(address)->followers;
    for (const std::string& application : followers) {
        const auto found = m_followers.find(application);
        if (found == m_followers.end() || !waitingFor(application).empty())
            continue;
        const Handler call = found->second.changed;
        call();
    }
}

std::shared_ptr<const RemoteContents> RemoteWatcher::contents(const std::string& application) const
{
    const auto follower = m_followers.find(application);
    if (follower == m_followers.end())
        return nullptr;
    auto contents = std::make_shared<RemoteContents>();
    for (const RemoteAddress& address : follower->second.addresses)
        if (const auto& last = m_feeds.at(address)->last)
            contents->emplace(address, *last);
    return contents;
}

std::string RemoteWatcher::waitingFor(const std::string& application) const
{
    const auto follower = m_followers.find(application);
    if (follower == m_followers.end())
        return {};
    for (const RemoteAddress& address : follower->second.addresses)
        if (!m_feeds.at(address)->last)
            return address.shown();
    return {};
}

std::optional<core::Error> RemoteWatcher::staleness(const std::string& application) const
{
    const auto follower = m_followers.find(application);
    if (follower == m_followers.end())
        return std::nullopt;
    for (const RemoteAddress& address : follower->second.addresses)
        if (const auto& failure = m_feeds.at(address)->failure)
            return failure;
    return std::nullopt;
}

} // namespace gitops
