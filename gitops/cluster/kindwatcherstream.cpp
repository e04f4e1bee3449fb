// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/kindwatcher.h"

namespace gitops {

namespace {

using namespace std::chrono_literals;

/// A stream that brought nothing for so long will not say that it has brought everything: a server
/// that does not know what it was asked takes it for an ordinary watch.
constexpr std::chrono::milliseconds kPatience = 30s;

} // namespace

/// The list by a watch from the start. Whatever goes wrong, a LIST is asked for instead.
void KindWatcher::stream()
{
    m_isStreaming = true;
    m_watchStarted = m_lastStreamed = m_context.executor.clock().steadyNow();
    m_watch = m_context.client.watchFromStart(m_resource, m_namespace, watchHandler());
    watchPatience();
}

void KindWatcher::endStream()
{
    m_isStreaming = false;
    if (m_patienceTimer)
        m_context.executor.cancel(std::exchange(m_patienceTimer, 0));
}

void KindWatcher::watchPatience()
{
    m_patienceTimer =
        m_context.executor.postAt(m_lastStreamed + kPatience, [weak = weak_from_this()] {
            const auto self = weak.lock();
            if (!self || self->m_isStopped || !self->m_isStreaming)
                return;
            self->m_patienceTimer = 0;
            if (self->m_context.executor.clock().steadyNow() < self->m_lastStreamed + kPatience)
                return self->watchPatience();
            self->m_refusesStreams = true;
            self->streamFailed(std::nullopt);
        });
}

void KindWatcher::takeStreamed(const std::vector<WatchEvent>& events)
{
    m_lastStreamed = m_context.executor.clock().steadyNow();
    for (std::size_t i = 0; i < events.size(); ++i) {
        const WatchEvent& event = events[i];
        if (event.type == WatchEvent::Type::Added && readItem(event.object))
            continue;
        const bool isEnd = event.type == WatchEvent::Type::Bookmark && m_reader.open(event.object)
            && m_reader.identity().endsInitialEvents
            && !m_reader.identity().resourceVersion.empty();
        if (!isEnd) {
            // A bookmark that says nothing, a change before all is told, or something unreadable.
            m_refusesStreams = true;
            return streamFailed(std::nullopt);
        }
        m_listVersion = m_reader.identity().resourceVersion;
        endStream();
        finishList();
        // What came after it, on the same watch; unless that was given up for a backward list.
        const auto rest = std::span(events).subspan(i + 1);
        if (m_watch && !rest.empty())
            takeEvents(rest);
        return;
    }
}

void KindWatcher::streamFailed(const std::optional<core::Error>& error)
{
    closeWatch();
    if (error && error->code == core::ErrorCode::Invalid)
        m_context.refusesStreams = true; // 400 or 422: no kind will be served so
    else if (error && error->code != core::ErrorCode::Network)
        m_refusesStreams = true;
    m_listed.clear();
    m_listVersion.clear();
    askForPage({});
}

} // namespace gitops
