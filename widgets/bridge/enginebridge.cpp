// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/bridge/enginebridge.h"

#include <QPointer>

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <tuple>

namespace widgets {

/// Shared with callbacks that may outlive the bridge; owner is null from then on.
struct EngineBridge::Mailbox
{
    std::mutex mutex;
    // Guarded by mutex:
    EngineBridge* owner = nullptr;
    std::deque<core::Event> events;
    core::SnapshotPtr snapshot;
    std::vector<std::function<void()>> replies;
    std::uint64_t dropped = 0;
    bool deliveryPosted = false;
    bool repliesPosted = false;

    /// Call with the mutex held. One queued call stays under way until its work is taken out.
    void post(bool& posted, void (EngineBridge::*work)())
    {
        if (!owner || posted)
            return;
        posted = true;
        QMetaObject::invokeMethod(owner, std::bind_front(work, owner), Qt::QueuedConnection);
    }

    void receive(const core::Event& event)
    {
        std::lock_guard lock(mutex);
        if (const auto* published = std::get_if<core::event::SnapshotPublished>(&event.what)) {
            snapshot = published->snapshot;
        } else {
            events.push_back(event);
            if (events.size() > kMaxPending) {
                events.pop_front();
                ++dropped;
            }
        }
        post(deliveryPosted, &EngineBridge::scheduleDelivery);
    }

    void reply(std::function<void()> call)
    {
        std::lock_guard lock(mutex);
        replies.push_back(std::move(call));
        post(repliesPosted, &EngineBridge::runReplies);
    }
};

EngineBridge::EngineBridge(gitops::Engine& engine, std::chrono::milliseconds interval,
                           QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_interval(interval)
{
    m_mailbox->owner = this;
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &EngineBridge::deliverNow);
    m_subscription = m_engine.subscribe(
        [mailbox = m_mailbox](const core::Event& event) { mailbox->receive(event); });
    m_snapshot = m_engine.snapshot();
    if (!m_snapshot)
        m_snapshot = std::make_shared<core::Snapshot>();
}

EngineBridge::~EngineBridge()
{
    m_subscription.reset();
    std::lock_guard lock(m_mailbox->mutex);
    m_mailbox->owner = nullptr;
}

core::ApplicationStatePtr EngineBridge::application(const std::string& name) const
{
    const auto found = m_snapshot->applications.find(name);
    return found == m_snapshot->applications.end() ? nullptr : found->second;
}

void EngineBridge::submit(core::Command command, QObject* context, Done done)
{
    m_engine.submit(std::move(command),
                    [mailbox = m_mailbox, guard = QPointer<QObject>(context),
                     hasContext = !!context, done = std::move(done)](core::Result<void> result) {
                        if (!done)
                            return;
                        mailbox->reply([guard, hasContext, done, result] {
                            if (!hasContext || guard)
                                done(result);
                        });
                    });
}

void EngineBridge::ask(core::Query query, QObject* context, Answered answered)
{
    m_engine.ask(std::move(query),
                 [mailbox = m_mailbox, guard = QPointer<QObject>(context),
                  answered = std::move(answered)](core::Result<core::Answer> answer) {
                     mailbox->reply([guard, answered, answer = std::move(answer)] {
                         if (guard)
                             answered(answer);
                     });
                 });
}

void EngineBridge::scheduleDelivery()
{
    const auto sinceLast = std::chrono::steady_clock::now() - m_lastDelivery;
    if (sinceLast >= m_interval)
        deliverNow();
    else if (!m_timer.isActive())
        m_timer.start(std::chrono::ceil<std::chrono::milliseconds>(m_interval - sinceLast));
}

void EngineBridge::runReplies()
{
    std::vector<std::function<void()>> replies;
    {
        std::lock_guard lock(m_mailbox->mutex);
        replies.swap(m_mailbox->replies);
        m_mailbox->repliesPosted = false;
    }
    for (const auto& reply : replies)
        reply();
}

void EngineBridge::deliverNow()
{
    m_timer.stop();
    m_lastDelivery = std::chrono::steady_clock::now();
    std::deque<core::Event> pending;
    core::SnapshotPtr snapshot;
    {
        std::lock_guard lock(m_mailbox->mutex);
        pending.swap(m_mailbox->events);
        snapshot.swap(m_mailbox->snapshot);
        m_dropped = m_mailbox->dropped;
        m_mailbox->deliveryPosted = false;
    }
    std::vector<core::Event> events = coalesced(
        {std::make_move_iterator(pending.begin()), std::make_move_iterator(pending.end())},
        snapshot);
    runReplies();
    if (snapshot && snapshot != m_snapshot) {
        m_snapshot = snapshot;
        Q_EMIT snapshotChanged(m_snapshot);
    }
    if (!events.empty())
        Q_EMIT eventsArrived(events);
}

std::vector<core::Event> coalesced(std::vector<core::Event> batch, core::SnapshotPtr& snapshot)
{
    using WaveKey = std::tuple<std::string, std::string, core::SyncPhase, int>;
    std::set<WaveKey> seen;
    std::vector<core::Event> kept;
    kept.reserve(batch.size());
    for (auto event = batch.rbegin(); event != batch.rend(); ++event) {
        if (const auto* published = std::get_if<core::event::SnapshotPublished>(&event->what)) {
            if (!snapshot)
                snapshot = published->snapshot;
            continue;
        }
        if (const auto* progress = std::get_if<core::event::OperationProgressed>(&event->what))
            if (!seen.emplace(progress->application, progress->operationId, progress->wave.phase,
                              progress->wave.wave)
                     .second)
                continue;
        kept.push_back(std::move(*event));
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
}

} // namespace widgets
