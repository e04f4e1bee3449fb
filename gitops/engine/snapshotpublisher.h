// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/snapshot.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/eventstream.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace gitops {

/// Publishes snapshots, at most one in an interval; only applications marked since the last one are
/// built anew. current() may come from any thread, all else from the engine's strand.
class SnapshotPublisher
{
public:
    /// Builds an application's state; null when there is no such application (any more).
    using Builder = std::function<core::ApplicationStatePtr(const std::string&)>;

    SnapshotPublisher(core::Executor& executor, EventStream& events,
                      std::chrono::milliseconds interval, Builder builder);
    ~SnapshotPublisher();

    core::SnapshotPtr current() const;
    void mark(const std::string& application);
    void setCluster(const core::ClusterState& cluster);

private:
    void schedule();
    void publish();

    core::Executor& m_executor;
    EventStream& m_events;
    const std::chrono::milliseconds m_interval;
    Builder m_builder;
    std::set<std::string> m_marked;
    core::ClusterState m_cluster;
    core::SteadyTime m_last {};
    core::Executor::TimerId m_timer = 0;
    Alive m_alive;

    mutable std::mutex m_mutex; ///< guards m_current
    core::SnapshotPtr m_current;
};

} // namespace gitops
