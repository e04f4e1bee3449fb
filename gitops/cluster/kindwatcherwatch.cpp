// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kindwatcher.h"
#include "gitops/cluster/resourceversion.h"

namespace gitops {

namespace {

using namespace std::chrono_literals;

/// A resumed watch may say "too old" with its first event; after so long without it is believed.
constexpr std::chrono::milliseconds kSettleTime = 1s;
/// A watch that the server closes sooner, without a word, is not opened again at once.
constexpr std::chrono::milliseconds kShortLife = 2s;
/// Failures in a row after which the version itself is doubted.
constexpr int kDoubtVersion = 4;

} // namespace

void KindWatcher::closeWatch()
{
    endStream();
    if (m_watch)
        m_context.client.cancel(std::exchange(m_watch, 0));
    if (m_settleTimer)
        m_context.executor.cancel(std::exchange(m_settleTimer, 0));
}

/// After a watch that broke: a server that was restored from a backup takes a version of its
/// future without a word, and would be silent. Its newest version tells.
void KindWatcher::probe()
{
    m_context.client.list(
        m_resource, m_namespace, 1, {}, {},
        [weak = weak_from_this(), number = ++m_listNumber](auto page) {
            const auto self = weak.lock();
            if (!self || self->m_isStopped || self->m_listNumber != number)
                return;
            if (!page)
                self->watchFailed(std::move(page.error()));
            else if (compareResourceVersions(page->resourceVersion, self->m_version) < 0)
                self->list();
            else
                self->watch();
        });
}

ApiClient::WatchHandler KindWatcher::watchHandler()
{
    ApiClient::WatchHandler handler;
    handler.events = [weak = weak_from_this()](std::vector<WatchEvent> events) {
        const auto self = weak.lock();
        if (!self || self->m_isStopped)
            return;
        if (self->m_isStreaming)
            self->takeStreamed(events);
        else
            self->takeEvents(events);
    };
    handler.end = [weak = weak_from_this()](std::optional<core::Error> error) {
        if (const auto self = weak.lock(); self && !self->m_isStopped) {
            self->m_watch = 0;
            if (self->m_isStreaming)
                self->streamFailed(error);
            else
                self->takeEnd(std::move(error));
        }
    };
    handler.started = [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self || self->m_isStopped || self->m_settleTimer)
            return;
        self->m_settleTimer = self->m_context.executor.postAt(
            self->m_context.executor.clock().steadyNow() + kSettleTime, [weak] {
                const auto settled = weak.lock();
                if (!settled || settled->m_isStopped)
                    return;
                settled->m_settleTimer = 0;
                settled->watchIsGood();
            });
    };
    return handler;
}

void KindWatcher::watch()
{
    closeWatch();
    m_watchStarted = m_context.executor.clock().steadyNow();
    m_watch = m_context.client.watch(m_resource, m_namespace, m_version, watchHandler());
}

void KindWatcher::watchIsGood()
{
    if (!m_watch || m_isListing)
        return;
    m_failures = 0;
    m_refusals = 0;
    know(KindKnowledge::Complete, std::nullopt);
}

void KindWatcher::takeEvents(std::span<const WatchEvent> events)
{
    LiveStore::Changes changes;
    bool isInOrder = true;
    for (const WatchEvent& event : events) {
        isInOrder = takeEvent(event, changes);
        if (!isInOrder)
            break;
    }
    if (!changes.empty())
        m_context.changed(std::move(changes));
    if (isInOrder)
        return watchIsGood();
    // An event from the past, or one without a version: only a list tells what is.
    list();
}

bool KindWatcher::takeEvent(const WatchEvent& event, LiveStore::Changes& changes)
{
    if (!m_reader.open(event.object))
        return false;
    const LiveIdentity& identity = m_reader.identity();
    const std::string& version = identity.resourceVersion;
    const auto order = compareResourceVersions(version, m_version);
    if (version.empty() || order < 0)
        return false;
    m_version = version;
    if (event.type == WatchEvent::Type::Bookmark)
        return true;
    if (identity.key.name.empty() || !isMeant(identity.key))
        return false;
    if (event.type == WatchEvent::Type::Deleted) {
        m_context.store.remove(identity.key, identity.uid, version, changes);
        return true;
    }
    const LiveObjectPtr known = m_context.store.find(identity.key);
    // Our own write, seen before; or something older than that write.
    const bool isWanted = m_context.isWanted(identity.key);
    const bool isKnown = known && compareResourceVersions(version, known->resourceVersion) <= 0
        && (known->manifest || !isWanted);
    if (isKnown)
        return true;
    if (LiveObjectPtr object = m_reader.read(isWanted))
        m_context.store.put(std::move(object), changes);
    return true;
}

void KindWatcher::takeEnd(std::optional<core::Error> error)
{
    closeWatch();
    if (error)
        return watchFailed(std::move(*error));
    const auto lived = m_context.executor.clock().steadyNow() - m_watchStarted;
    if (lived >= kShortLife)
        return watch();
    ++m_failures;
    after(
        backoff(m_failures, m_context.options.firstBackoff, m_context.options.maxBackoff, m_random),
        &KindWatcher::watch);
}

void KindWatcher::watchFailed(core::Error error)
{
    const bool isVersionRefused =
        error.code == core::ErrorCode::Gone || error.code == core::ErrorCode::Invalid;
    if (isVersionRefused && m_failures == 0) {
        ++m_failures;
        return list();
    }
    const auto delay = nextDelay(error);
    failed(error);
    // While we may not look, others may forget what we knew.
    const bool mustList =
        isVersionRefused || m_failures >= kDoubtVersion || m_knowledge == KindKnowledge::Forbidden;
    after(delay, mustList ? &KindWatcher::list : &KindWatcher::probe);
}

} // namespace gitops
