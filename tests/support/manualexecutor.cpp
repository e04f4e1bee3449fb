// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/manualexecutor.h"

namespace tests {

core::SteadyTime ManualClock::steadyNow() const
{
    const std::lock_guard lock(m_mutex);
    return m_steady;
}

core::WallTime ManualClock::wallNow() const
{
    const std::lock_guard lock(m_mutex);
    return m_wall;
}

void ManualClock::advance(std::chrono::nanoseconds by)
{
    const std::lock_guard lock(m_mutex);
    m_steady += std::chrono::duration_cast<core::SteadyTime::duration>(by);
    m_wall += std::chrono::duration_cast<core::WallTime::duration>(by);
}

void ManualClock::stepWall(std::chrono::nanoseconds by)
{
    const std::lock_guard lock(m_mutex);
    m_wall += std::chrono::duration_cast<core::WallTime::duration>(by);
}

void ManualExecutor::post(Task task)
{
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    m_posted.notify_all();
}

core::Executor::TimerId ManualExecutor::postAt(core::SteadyTime when, Task task)
{
    const std::lock_guard lock(m_mutex);
    const TimerId id = ++m_lastTimer;
    m_timers.emplace(when, Timer {id, std::move(task)});
    m_posted.notify_all();
    return id;
}

bool ManualExecutor::cancel(TimerId id)
{
    Task dropped; // destroyed without the lock: it may own what calls us again
    const std::lock_guard lock(m_mutex);
    for (auto it = m_timers.begin(); it != m_timers.end(); ++it)
        if (it->second.id == id) {
            dropped = std::move(it->second.task);
            m_timers.erase(it);
            return true;
        }
    return false;
}

bool ManualExecutor::takeDue(Task& task)
{
    const std::lock_guard lock(m_mutex);
    while (!m_timers.empty() && m_timers.begin()->first <= m_clock.steadyNow()) {
        m_tasks.push_back(std::move(m_timers.begin()->second.task));
        m_timers.erase(m_timers.begin());
    }
    if (m_tasks.empty())
        return false;
    task = std::move(m_tasks.front());
    m_tasks.pop_front();
    return true;
}

std::size_t ManualExecutor::runUntilIdle(std::size_t limit)
{
    std::size_t count = 0;
    for (Task task; count < limit && takeDue(task); ++count) {
        task();
        task = nullptr;
    }
    return count;
}

void ManualExecutor::advance(std::chrono::nanoseconds by)
{
    const core::SteadyTime end =
        m_clock.steadyNow() + std::chrono::duration_cast<core::SteadyTime::duration>(by);
    while (true) {
        runUntilIdle();
        core::SteadyTime next = end;
        {
            const std::lock_guard lock(m_mutex);
            if (!m_timers.empty() && m_timers.begin()->first < end)
                next = m_timers.begin()->first;
        }
        const core::SteadyTime now = m_clock.steadyNow();
        if (next > now)
            m_clock.advance(next - now);
        if (next == end)
            break;
    }
    runUntilIdle();
}

bool ManualExecutor::runNextTimer()
{
    runUntilIdle();
    core::SteadyTime next;
    {
        const std::lock_guard lock(m_mutex);
        if (m_timers.empty())
            return false;
        next = m_timers.begin()->first;
    }
    const core::SteadyTime now = m_clock.steadyNow();
    advance(next > now ? next - now : std::chrono::nanoseconds(0));
    return true;
}

bool ManualExecutor::runUntil(const std::function<bool()>& condition,
                              std::chrono::milliseconds limit)
{
    using Real = std::chrono::steady_clock;
    Real::time_point last = Real::now();
    const Real::time_point end = last + limit;
    while (true) {
        runUntilIdle();
        if (condition())
            return true;
        const Real::time_point now = Real::now();
        if (now >= end)
            return false;
        m_clock.advance(now - last);
        last = now;
        std::unique_lock lock(m_mutex);
        m_posted.wait_for(lock, std::chrono::milliseconds(5), [this] { return !m_tasks.empty(); });
    }
}

bool ManualExecutor::isIdle() const
{
    const std::lock_guard lock(m_mutex);
    return m_tasks.empty();
}

std::size_t ManualExecutor::timerCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_timers.size();
}

} // namespace tests
