// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kindwatcher.h"
#include "gitops/cluster/resourceversion.h"

#include <algorithm>

namespace gitops {

void KindWatcher::list()
{
    closeWatch();
    if (m_timer)
        m_context.executor.cancel(std::exchange(m_timer, 0));
    m_isListing = true;
    if (m_knowledge == KindKnowledge::Complete)
        know(KindKnowledge::Stale, std::nullopt);
    ++m_listNumber;
    m_listed.clear();
    m_listVersion.clear();
    if (m_context.options.streamsLists && !m_refusesStreams && !m_context.refusesStreams)
        return stream();
    askForPage({});
}

void KindWatcher::judgeAgain()
{
    m_judgesAnew = true;
    list();
}

void KindWatcher::askForPage(const std::string& token)
{
    m_context.client.list(m_resource, m_namespace, m_context.options.pageSize, token, {},
                          [weak = weak_from_this(), number = m_listNumber](auto page) {
                              const auto self = weak.lock();
                              if (self && !self->m_isStopped && self->m_listNumber == number)
                                  self->takePage(std::move(page));
                          });
}

void KindWatcher::takePage(core::Result<ListPage> page)
{
    if (!page)
        return listFailed(std::move(page.error()));
    if (m_listVersion.empty())
        m_listVersion = page->resourceVersion;
    if (m_listVersion.empty() || !readItems(page->items))
        return listFailed({core::ErrorCode::Internal,
                           "the server's list cannot be used: an item cannot be read, or it or the "
                           "list itself has no name or version",
                           {.object = kind().text()},
                           core::Fault::Cluster,
                           {}});
    if (!page->continueToken.empty())
        return askForPage(page->continueToken);
    finishList();
}

bool KindWatcher::readItem(std::string_view item)
{
    if (!m_reader.open(item))
        return false;
    const LiveIdentity& identity = m_reader.identity();
    if (!isMeant(identity.key))
        return false;
    const bool isWanted = m_context.isWanted(identity.key);
    LiveObjectPtr known = m_context.store.find(identity.key);
    const bool isSame = !m_judgesAnew && known && known->uid == identity.uid
        && !identity.uid.empty() && known->resourceVersion == identity.resourceVersion
        && known->kind == m_resource.kind && (known->manifest || !isWanted);
    LiveObjectPtr object = isSame ? std::move(known) : m_reader.read(isWanted);
    if (!object)
        return false;
    m_listed.push_back(std::move(object));
    return true;
}

bool KindWatcher::readItems(const std::vector<std::string_view>& items)
{
    return std::ranges::all_of(items, [this](std::string_view item) { return readItem(item); });
}

void KindWatcher::listFailed(core::Error error)
{
    closeWatch(); // one that streamed the list
    m_isListing = false;
    m_listed.clear();
    if (error.code == core::ErrorCode::Gone && m_failures == 0) {
        ++m_failures;
        return list(); // the continue token grew too old: from the start
    }
    const auto delay = nextDelay(error);
    failed(error);
    after(delay, &KindWatcher::list);
}

void KindWatcher::finishList()
{
    const bool isBackward = compareResourceVersions(m_listVersion, m_version) < 0;
    if (isBackward && !m_sawBackwardList) {
        // A server that lags behind, or one that was restored: asked once more before believed.
        m_sawBackwardList = true;
        return listFailed({core::ErrorCode::Unavailable,
                           "the server's versions went backwards",
                           {.object = kind().text()},
                           core::Fault::Cluster,
                           {}});
    }
    m_sawBackwardList = false;
    LiveStore::Changes changes;
    m_context.store.replaceKind(kind(), m_namespace, std::move(m_listed), m_listVersion, isBackward,
                                changes);
    m_listed = {};
    m_version = m_listVersion;
    m_isListing = false;
    m_judgesAnew = false;
    // Who was refused may list and still not watch: then the watch tells.
    const bool isWatchRefused = m_wasComplete && isRefused();
    m_wasComplete = true;
    // Asked for while the pages came in.
    for (const LiveChange& change : changes)
        if (change.after && !change.after->manifest && m_context.isWanted(change.after->key))
            fetch(change.after->key);
    if (!changes.empty())
        m_context.changed(std::move(changes));
    if (!isWatchRefused)
        know(KindKnowledge::Complete, std::nullopt);
    relistLater();
    if (!m_watch)
        watch();
}

void KindWatcher::relistLater()
{
    const auto interval = m_context.options.relistInterval;
    if (m_relistTimer)
        m_context.executor.cancel(m_relistTimer);
    // Not all kinds at the same moment.
    const auto early = interval * int(m_random() % 100) / 1000;
    m_relistTimer = m_context.executor.postAt(
        m_context.executor.clock().steadyNow() + interval - early, [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (!self || self->m_isStopped)
                return;
            self->m_relistTimer = 0;
            if (!self->m_isListing)
                self->list();
        });
}

} // namespace gitops
