// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/curltransport.h"
#include "gitops/engine/reconcileengine.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/history/statestore.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace bench {

/// Counts what goes through; what is about Leases apart.
class CountingTransport : public gitops::Transport
{
public:
    explicit CountingTransport(gitops::Transport& inner)
        : m_inner(inner)
    {
    }
    CallId send(core::HttpRequest request, ResponseHandler done) override
    {
        count(request);
        return m_inner.send(std::move(request), std::move(done));
    }
    CallId stream(core::HttpRequest request, StreamHandler handler) override
    {
        count(request);
        return m_inner.stream(std::move(request), std::move(handler));
    }
    void cancel(CallId id) override { m_inner.cancel(id); }
    std::atomic<long> requests {0};
    std::atomic<long> leases {0};
    std::atomic<long> bodyBytes {0}; ///< of PATCHes of ConfigMaps

private:
    void count(const core::HttpRequest& request)
    {
        ++(request.target.find("/leases") == std::string::npos ? requests : leases);
        if (request.method == "PATCH" && request.target.find("/configmaps/") != std::string::npos)
            bodyBytes += long(request.body.size());
    }

    gitops::Transport& m_inner;
};

/// Counts what is written to "disk".
class CountingStore : public gitops::MemoryStateStore
{
public:
    void save(const std::string& name, std::string text, core::Executor& executor,
              SaveHandler done) override
    {
        ++saves;
        MemoryStateStore::save(name, std::move(text), executor, std::move(done));
    }
    std::atomic<long> saves {0};
};

/// One tree in memory, always the newest revision.
class OneTree : public gitops::GitService
{
public:
    explicit OneTree(std::string yaml)
        : m_tree(gitops::makeMemoryTree({{"app/objects.yaml", std::move(yaml)}}))
    {
    }
    void resolve(const std::string&, const std::string&, const std::string&,
                 core::Executor& executor, Handler done) override
    {
        gitops::Revision revision;
        revision.commit.id = std::string(40, 'a');
        revision.tree = m_tree;
        executor.post([done = std::move(done), revision] { done(revision); });
    }

private:
    gitops::FileTreePtr m_tree;
};

/// The real engine with one application, over real threads and a real connection.
class RunningEngine
{
public:
    RunningEngine(const gitops::ClusterConnection& connection, std::string yaml);

    core::ApplicationStatePtr state() const;
    bool isSynced() const;

    template<class Condition>
    void waitFor(Condition condition)
    {
        std::unique_lock lock(mutex);
        while (!condition())
            changed.wait_for(lock, std::chrono::milliseconds(5));
    }

    /// When the first event of a type that fits came, counted from the events seen so far.
    template<class What>
    void waitForEvent(std::size_t from)
    {
        waitFor([&] {
            for (std::size_t i = from; i < events.size(); ++i)
                if (std::holds_alternative<What>(events[i].what))
                    return true;
            return false;
        });
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<core::Event> events; ///< guarded by mutex; without snapshots
    gitops::CurlTransport curl;
    CountingTransport transport;
    OneTree git;
    gitops::ThreadPool threads;
    std::shared_ptr<core::Executor> strand;
    gitops::ThreadWorkPool work;
    CountingStore store;
    std::unique_ptr<gitops::ReconcileEngine> engine;
    std::unique_ptr<gitops::Subscription> subscription;
};

} // namespace bench
