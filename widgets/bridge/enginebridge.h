// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/engine.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace widgets {

/// The only place where the engine and the windows meet. The engine's threads put events into a
/// mailbox and wake the GUI thread once; it drains the mailbox at most every interval, joins what
/// belongs together, and tells the pages. Nothing here waits for the engine.
class EngineBridge : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kInterval {100};
    /// More events than this between two deliveries: the oldest are dropped and counted. Snapshots
    /// are never lost, they carry the state by themselves.
    static constexpr std::size_t kMaxPending = 20'000;

    using Done = std::function<void(const core::Result<void>&)>;
    using Answered = std::function<void(const core::Result<core::Answer>&)>;

    explicit EngineBridge(gitops::Engine& engine, std::chrono::milliseconds interval = kInterval,
                          QObject* parent = nullptr);
    ~EngineBridge() override;

    /// What the windows show now; never null.
    core::SnapshotPtr snapshot() const { return m_snapshot; }
    core::ApplicationStatePtr application(const std::string& name) const;

    /// done is called in the GUI thread, or not at all when context is gone by then.
    void submit(core::Command command, QObject* context = nullptr, Done done = {});
    void ask(core::Query query, QObject* context, Answered answered);

    /// Delivers what is pending without waiting for the interval.
    void deliverNow();
    std::uint64_t droppedEvents() const { return m_dropped; }

Q_SIGNALS:
    void snapshotChanged(const core::SnapshotPtr& snapshot);
    /// In the engine's order, without snapshots.
    void eventsArrived(const std::vector<core::Event>& events);

private:
    struct Mailbox;

    void scheduleDelivery();
    void runReplies();

    gitops::Engine& m_engine;
    std::shared_ptr<Mailbox> m_mailbox;
    core::SnapshotPtr m_snapshot;
    std::chrono::milliseconds m_interval;
    std::chrono::steady_clock::time_point m_lastDelivery {};
    QTimer m_timer;
    std::uint64_t m_dropped = 0;
    std::unique_ptr<gitops::Subscription> m_subscription; ///< last: it ends first
};

/// Joins a batch: of the progress reports on one wave only the last stays. Snapshots are taken out
/// and the newest is put into snapshot.
std::vector<core::Event> coalesced(std::vector<core::Event> batch, core::SnapshotPtr& snapshot);

} // namespace widgets
