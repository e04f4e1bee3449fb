// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/snapshotpublisher.h"

#include <algorithm>

namespace gitops {

SnapshotPublisher::SnapshotPublisher(core::Executor& executor, EventStream& events,
                                     std::chrono::milliseconds interval, Builder builder)
    : m_executor(executor)
    , m_events(events)
    , m_interval(interval)
    , m_builder(std::move(builder))
    , m_last(executor.clock().steadyNow() - interval)
    , m_current(std::make_shared<core::Snapshot>())
{
}

SnapshotPublisher::~SnapshotPublisher()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

core::SnapshotPtr SnapshotPublisher::current() const
{
    std::scoped_lock lock(m_mutex);
    return m_current;
}

void SnapshotPublisher::mark(const std::string& application)
{
    m_marked.insert(application);
    schedule();
}

void SnapshotPublisher::setCluster(const core::ClusterState& cluster)
{
    if (m_cluster == cluster)
        return;
    m_cluster = cluster;
    schedule();
}

void SnapshotPublisher::schedule()
{
    if (m_timer)
        return;
    const auto when = std::max(m_executor.clock().steadyNow(), m_last + m_interval);
    m_timer = m_executor.postAt(when, m_alive.guard([this] { publish(); }));
}

void SnapshotPublisher::publish()
{
    m_timer = 0;
    m_last = m_executor.clock().steadyNow();
    const core::SnapshotPtr before = current();
    auto next = std::make_shared<core::Snapshot>(*before);
    ++next->sequence;
    next->at = m_executor.clock().wallNow();
    next->cluster = m_cluster;
    for (const std::string& name : std::exchange(m_marked, {})) {
        if (auto state = m_builder(name))
            next->applications[name] = std::move(state);
        else
            next->applications.erase(name);
    }
    core::SnapshotPtr published = std::move(next);
    {
        std::scoped_lock lock(m_mutex);
        m_current = published;
    }
    m_events.send(core::event::SnapshotPublished {std::move(published)});
}

} // namespace gitops
