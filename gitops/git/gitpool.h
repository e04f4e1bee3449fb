// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace gitops {

/// What a running job and those who wait for it share. Any thread.
class JobWatch
{
public:
    using Time = std::chrono::steady_clock::time_point;

    JobWatch() { touch(); }
    /// Something was heard of the other side: the time allowed starts anew.
    void touch() { m_last = std::chrono::steady_clock::now().time_since_epoch().count(); }
    Time lastTouch() const { return Time(Time::duration(m_last.load())); }
    void cancel() { m_cancelled = true; }
    /// Nobody waits any more: a job looks here wherever it can, and stops.
    bool isCancelled() const { return m_cancelled; }

private:
    std::atomic<Time::rep> m_last;
    std::atomic<bool> m_cancelled = false;
};

/// Threads for Git's blocking calls. Jobs of one key never run beside each other. libgit2 cannot be
/// interrupted while a server is silent: a job that was not heard of for the time allowed is given
/// up (its watch is cancelled, onTimeout is called once), its key is busy until its thread comes
/// back, and another thread takes that thread's place.
class GitPool
{
public:
    GitPool(int threads, std::chrono::milliseconds timeout);
    /// No job starts any more and running ones are cancelled. Waits for them a moment only: a
    /// thread that hangs in a silent connection is left behind, with nothing of ours but its job.
    ~GitPool();
    GitPool(const GitPool&) = delete;
    GitPool& operator=(const GitPool&) = delete;

    /// work and onTimeout run on threads of the pool, perhaps at the same time.
    void run(std::string key, std::function<void(JobWatch&)> work, std::function<void()> onTimeout);
    /// A job of this key was given up and its thread is not back yet.
    bool isHung(const std::string& key) const;

private:
    struct State;
    static void workLoop(const std::shared_ptr<State>& state);
    static void watchLoop(const std::shared_ptr<State>& state);

    const std::shared_ptr<State> m_state; ///< shared with the threads, which may outlive the pool
};

} // namespace gitops
