// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/threadexecutor.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <unordered_map>
#include <vector>

namespace gitops {

namespace {

using Task = core::Executor::Task;
using TimerId = core::Executor::TimerId;

void nameThisThread(const std::string& name)
{
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

} // namespace

core::SteadyTime SystemClock::steadyNow() const
{
    return std::chrono::steady_clock::now();
}

core::WallTime SystemClock::wallNow() const
{
    return std::chrono::system_clock::now();
}

/// One mutex guards all: the tasks are short and the strands few.
struct ThreadPool::Shared
{
    /// Order of a timer: its moment, then the order in which it was set.
    using TimerKey = std::pair<core::SteadyTime, TimerId>;
    struct Timer
    {
        std::shared_ptr<Strand> strand;
        Task task;
    };

    SystemClock clock;
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::deque<std::shared_ptr<Strand>> ready; ///< strands with tasks that no thread runs
    std::map<TimerKey, Timer> timers;
    std::unordered_map<TimerId, core::SteadyTime> moments;
    TimerId lastTimer = 0;
    std::vector<std::thread> threads;

    void work();
    void moveDueTimers(core::SteadyTime now);
    void push(const std::shared_ptr<Strand>& strand, Task task);
};

class ThreadPool::Strand : public core::Executor, public std::enable_shared_from_this<Strand>
{
public:
    explicit Strand(std::shared_ptr<Shared> shared)
        : d(std::move(shared))
    {
    }
    void post(Task task) override
    {
        const std::lock_guard lock(d->mutex);
        if (!d->stopping)
            d->push(shared_from_this(), std::move(task));
    }
    TimerId postAt(core::SteadyTime when, Task task) override
    {
        const std::lock_guard lock(d->mutex);
        const TimerId id = ++d->lastTimer;
        if (d->stopping)
            return id;
        d->timers.emplace(Shared::TimerKey {when, id},
                          Shared::Timer {shared_from_this(), std::move(task)});
        d->moments.emplace(id, when);
        d->changed.notify_one();
        return id;
    }
    bool cancel(TimerId id) override
    {
        Shared::Timer dropped; // destroyed without the lock
        const std::lock_guard lock(d->mutex);
        const auto moment = d->moments.find(id);
        if (moment == d->moments.end())
            return false;
        const auto timer = d->timers.find({moment->second, id});
        dropped = std::move(timer->second);
        d->timers.erase(timer);
        d->moments.erase(moment);
        return true;
    }
    const core::Clock& clock() const override { return d->clock; }

    // Guarded by d->mutex.
    std::deque<Task> tasks;
    bool scheduled = false; ///< in d->ready, or a thread runs it

private:
    std::shared_ptr<Shared> d;
};

void ThreadPool::Shared::push(const std::shared_ptr<Strand>& strand, Task task)
{
    strand->tasks.push_back(std::move(task));
    if (strand->scheduled)
        return;
    strand->scheduled = true;
    ready.push_back(strand);
    changed.notify_one();
}

void ThreadPool::Shared::moveDueTimers(core::SteadyTime now)
{
    while (!timers.empty() && timers.begin()->first.first <= now) {
        auto node = timers.extract(timers.begin());
        moments.erase(node.key().second);
        push(node.mapped().strand, std::move(node.mapped().task));
    }
}

void ThreadPool::Shared::work()
{
    std::unique_lock lock(mutex);
    while (!stopping) {
        if (!timers.empty())
            moveDueTimers(clock.steadyNow());
        if (ready.empty()) {
            if (timers.empty())
                changed.wait(lock);
            else
                changed.wait_until(lock, core::SteadyTime(timers.begin()->first.first));
            continue;
        }
        const std::shared_ptr<Strand> strand = std::move(ready.front());
        ready.pop_front();
        // A bounded turn, so that a busy strand does not starve the others.
        for (int turn = 0; turn < 32 && !strand->tasks.empty() && !stopping; ++turn) {
            Task task = std::move(strand->tasks.front());
            strand->tasks.pop_front();
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
        }
        if (strand->tasks.empty()) {
            strand->scheduled = false;
        } else {
            ready.push_back(strand);
            changed.notify_one();
        }
    }
}

ThreadPool::ThreadPool(int threads, std::string name)
    : d(std::make_shared<Shared>())
{
    for (int i = 0; i < std::max(1, threads); ++i)
        d->threads.emplace_back([shared = d.get(), name] {
            nameThisThread(name);
            shared->work();
        });
}

ThreadPool::~ThreadPool()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
        d->changed.notify_all();
    }
    for (std::thread& thread : d->threads)
        thread.join();
    // What waits is destroyed without the lock: a task may own objects that cancel their timers.
    std::deque<std::shared_ptr<Strand>> ready;
    std::map<Shared::TimerKey, Shared::Timer> timers;
    std::vector<std::deque<Task>> tasks;
    const std::lock_guard lock(d->mutex);
    ready.swap(d->ready);
    timers.swap(d->timers);
    d->moments.clear();
    for (const std::shared_ptr<Strand>& strand : ready)
        tasks.push_back(std::move(strand->tasks));
}

std::shared_ptr<core::Executor> ThreadPool::strand()
{
    return std::make_shared<Strand>(d);
}

struct ThreadWorkPool::Shared
{
    std::mutex mutex;
    std::condition_variable changed;
    bool stopping = false;
    std::deque<Task> tasks;
    std::vector<std::thread> threads;

    void work()
    {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return stopping || !tasks.empty(); });
            if (stopping)
                return;
            Task task = std::move(tasks.front());
            tasks.pop_front();
            lock.unlock();
            task();
            task = nullptr;
            lock.lock();
        }
    }
};

ThreadWorkPool::ThreadWorkPool(int threads, std::string name)
    : d(std::make_unique<Shared>())
{
    for (int i = 0; i < std::max(1, threads); ++i)
        d->threads.emplace_back([shared = d.get(), name] {
            nameThisThread(name);
            shared->work();
        });
}

ThreadWorkPool::~ThreadWorkPool()
{
    {
        const std::lock_guard lock(d->mutex);
        d->stopping = true;
        d->changed.notify_all();
    }
    for (std::thread& thread : d->threads)
        thread.join();
}

void ThreadWorkPool::run(Task task)
{
    const std::lock_guard lock(d->mutex);
    if (d->stopping)
        return;
    d->tasks.push_back(std::move(task));
    d->changed.notify_one();
}

} // namespace gitops
