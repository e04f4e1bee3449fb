// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace tests {

/// A clock that moves only when told to. Any thread.
class ManualClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override;
    core::WallTime wallNow() const override;
    /// Moves both times.
    void advance(std::chrono::nanoseconds by);
    /// An NTP step: moves the wall clock only.
    void stepWall(std::chrono::nanoseconds by);

private:
    mutable std::mutex m_mutex;
    core::SteadyTime m_steady {std::chrono::hours(1)};
    core::WallTime m_wall {std::chrono::seconds(1'767'225'600)}; // 2026-01-01T00:00:00Z
};

/// The tests' Executor: tasks run in the thread that calls run…, in order, in virtual time. Timers
/// of the same moment run in the order in which they were set. Post from anywhere.
class ManualExecutor : public core::Executor
{
public:
    void post(Task task) override;
    TimerId postAt(core::SteadyTime when, Task task) override;
    bool cancel(TimerId id) override;
    const core::Clock& clock() const override { return m_clock; }
    ManualClock& manualClock() { return m_clock; }

    /// Runs what is posted, also what that posts, and timers that are due. Time stands still.
    /// Returns how many tasks ran; stops after limit, so that a loop fails instead of hanging.
    std::size_t runUntilIdle(std::size_t limit = 1'000'000);
    /// Moves time on, stopping at each timer on the way and running what it posts.
    void advance(std::chrono::nanoseconds by);
    /// Advances to the next timer and runs it; false when there is none.
    bool runNextTimer();
    /// For real things in other threads: virtual time follows real time until the condition holds.
    /// False when it did not within limit.
    bool runUntil(const std::function<bool()>& condition,
                  std::chrono::milliseconds limit = std::chrono::seconds(20));

    bool isIdle() const; ///< nothing is posted; timers may be set
    std::size_t timerCount() const;

private:
    struct Timer
    {
        TimerId id;
        Task task;
    };
    bool takeDue(Task& task);

    ManualClock m_clock;
    mutable std::mutex m_mutex;
    std::condition_variable m_posted;
    std::deque<Task> m_tasks;
    std::multimap<core::SteadyTime, Timer> m_timers;
    TimerId m_lastTimer = 0;
};

/// A WorkPool whose tasks run on a ManualExecutor; while it is held they wait.
class ManualWorkPool : public core::WorkPool
{
public:
    explicit ManualWorkPool(core::Executor& executor)
        : m_executor(executor)
    {
    }
    void run(core::Executor::Task task) override
    {
        if (m_isHeld)
            m_waiting.push_back(std::move(task));
        else
            m_executor.post(std::move(task));
    }
    void hold() { m_isHeld = true; }
    void release()
    {
        m_isHeld = false;
        for (core::Executor::Task& task : std::exchange(m_waiting, {}))
            m_executor.post(std::move(task));
    }
    std::size_t waiting() const { return m_waiting.size(); }
    void runFirst() ///< of those that wait; the others go on waiting
    {
        m_executor.post(std::move(m_waiting.front()));
        m_waiting.erase(m_waiting.begin());
    }

private:
    core::Executor& m_executor;
    bool m_isHeld = false;
    std::vector<core::Executor::Task> m_waiting;
};

} // namespace tests
