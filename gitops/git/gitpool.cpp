// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/gitpool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <pthread.h>
#include <signal.h>
#include <thread>
#include <vector>

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kGraceAtEnd {1000};
constexpr int kMaxLostThreads = 64;

/// A connection that the other side closed raises SIGPIPE in the thread that writes to it.
void blockBrokenPipe()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

} // namespace

struct GitPool::State
{
    struct Job
    {
        std::string key;
        std::function<void(JobWatch&)> work;
        std::function<void()> onTimeout;
        std::shared_ptr<JobWatch> watch = {};
        bool givenUp = false;
    };

    const int threads;
    const std::chrono::milliseconds timeout;
    mutable std::mutex mutex; ///< guards all below
    std::condition_variable changed; ///< a job came or went, or stopping
    std::deque<Job> queue = {};
    std::list<Job> running = {};
    int alive = 0; ///< threads that take jobs, less those given up
    int lost = 0;
    int present = 0; ///< all threads but those given up, the watch included
    bool stopping = false;

    bool isBusy(const std::string& key) const
    {
        return std::ranges::any_of(running, [&](const Job& job) { return job.key == key; });
    }

    std::deque<Job>::iterator nextJob()
    {
        return std::ranges::find_if(queue, [&](const Job& job) { return !isBusy(job.key); });
    }
};

GitPool::GitPool(int threads, std::chrono::milliseconds timeout)
    : m_state(new State {
          .threads = std::max(threads, 1), .timeout = timeout, .mutex = {}, .changed = {}})
{
    m_state->present = 1;
    std::thread([state = m_state] { watchLoop(state); }).detach();
}

GitPool::~GitPool()
{
    std::unique_lock lock(m_state->mutex);
    m_state->stopping = true;
    m_state->queue.clear();
    for (State::Job& job : m_state->running)
        job.watch->cancel();
    m_state->changed.notify_all();
    m_state->changed.wait_for(lock, kGraceAtEnd, [this] { return m_state->present == 0; });
}

void GitPool::run(std::string key, std::function<void(JobWatch&)> work,
                  std::function<void()> onTimeout)
{
    std::lock_guard lock(m_state->mutex);
    m_state->queue.push_back({std::move(key), std::move(work), std::move(onTimeout)});
    const int wanted =
        std::min<int>(m_state->threads,
                      int(m_state->queue.size()) + int(m_state->running.size()) - m_state->lost);
    if (m_state->alive < wanted && m_state->lost < kMaxLostThreads) {
        ++m_state->alive;
        ++m_state->present;
        std::thread([state = m_state] { workLoop(state); }).detach();
    }
    m_state->changed.notify_all();
}

bool GitPool::isHung(const std::string& key) const
{
    std::lock_guard lock(m_state->mutex);
    return std::ranges::any_of(
        m_state->running, [&](const State::Job& job) { return job.givenUp && job.key == key; });
}

void GitPool::workLoop(const std::shared_ptr<State>& state)
{
    blockBrokenPipe();
    std::unique_lock lock(state->mutex);
    for (;;) {
        state->changed.wait(
            lock, [&] { return state->stopping || state->nextJob() != state->queue.end(); });
        if (state->stopping)
            break;
        const auto next = state->nextJob();
        state->running.push_front(std::move(*next));
        state->queue.erase(next);
        const auto job = state->running.begin();
        job->watch = std::make_shared<JobWatch>();
        state->changed.notify_all();
        const std::shared_ptr<JobWatch> watch = job->watch;
        lock.unlock();
        job->work(*watch);
        lock.lock();
        std::list<State::Job> done; // freed outside the lock, with all that it holds
        done.splice(done.begin(), state->running, job);
        state->changed.notify_all();
        const bool givenUp = job->givenUp;
        if (givenUp)
            --state->lost; // another thread has taken our place
        lock.unlock();
        done.clear();
        if (givenUp)
            return;
        lock.lock();
    }
    --state->alive;
    --state->present;
    state->changed.notify_all();
}

void GitPool::watchLoop(const std::shared_ptr<State>& state)
{
    std::unique_lock lock(state->mutex);
    while (!state->stopping) {
        const JobWatch::Time now = std::chrono::steady_clock::now();
        JobWatch::Time wakeAt = now + std::chrono::hours(1);
        std::vector<std::function<void()>> late;
        for (State::Job& job : state->running) {
            if (job.givenUp)
                continue;
            const JobWatch::Time end = job.watch->lastTouch() + state->timeout;
            if (end > now) {
                wakeAt = std::min(wakeAt, end);
                continue;
            }
            job.givenUp = true;
            job.watch->cancel();
            late.push_back(job.onTimeout);
            --state->alive;
            --state->present;
            ++state->lost;
            if (state->lost < kMaxLostThreads) {
                ++state->alive;
                ++state->present;
                std::thread([state] { workLoop(state); }).detach();
            }
        }
        if (!late.empty()) {
            lock.unlock();
            for (const std::function<void()>& call : late)
                call();
            late.clear();
            lock.lock();
            continue;
        }
        state->changed.wait_until(lock, wakeAt);
    }
    --state->present;
    state->changed.notify_all();
}

} // namespace gitops
