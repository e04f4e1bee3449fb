// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/history/filestatestore.h"

#include "gitops/history/staterecord.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace gitops {

namespace {

/// What is to be written under one name, and who waits for it.
struct Change
{
    std::optional<std::string> text; ///< nullopt: remove
    std::vector<std::pair<core::Executor*, StateStore::SaveHandler>> waiting;
};

} // namespace

struct FileStateStore::Shared
{
    const StateFolderPtr folder;
    core::WorkPool& pool;
    mutable std::mutex mutex; ///< guards all below
    std::condition_variable idle;
    std::map<std::string, Change> pending = {};
    std::map<std::string, Change> writing = {};
    bool queued = false; ///< a task of ours waits on the pool
    bool running = false;
    bool closed = false;
    bool readOnly = false;

    core::Result<void> write(const std::string& name, const std::optional<std::string>& text) const
    {
        if (!folder->isWritable())
            return core::failure(core::ErrorCode::Unavailable,
                                 "The state folder is open for reading only.", {},
                                 core::Fault::User);
        StateRecord record(folder->disk(), folder->recordsFolder(), name);
        return text ? record.save(*text) : record.remove();
    }

    /// Writes what waits, and what comes meanwhile.
    void flush()
    {
        std::unique_lock lock(mutex);
        idle.wait(lock, [this] { return !running; });
        running = true;
        while (!pending.empty()) {
            writing = std::exchange(pending, {});
            std::map<std::string, core::Result<void>> results;
            lock.unlock();
            for (const auto& [name, change] : writing) // only this thread changes it
                results.emplace(name, write(name, change.text));
            lock.lock();
            std::map<std::string, Change> written = std::exchange(writing, {});
            for (auto& [name, change] : written) {
                const core::Result<void>& result = results.at(name);
                readOnly = !result;
                if (!closed)
                    for (auto& [executor, done] : change.waiting)
                        executor->post([done = std::move(done), result] { done(result); });
            }
        }
        running = false;
        idle.notify_all();
    }
};

FileStateStore::FileStateStore(StateFolderPtr folder, core::WorkPool& pool)
    : m_shared(new Shared {.folder = std::move(folder), .pool = pool, .mutex = {}, .idle = {}})
{
    m_shared->readOnly = !m_shared->folder->isWritable();
}

FileStateStore::~FileStateStore()
{
    {
        std::lock_guard lock(m_shared->mutex);
        m_shared->closed = true;
    }
    m_shared->flush(); // waits for the one that runs; the pool may have dropped its task
}

void FileStateStore::load(const std::string& name, core::Executor& executor, LoadHandler done)
{
    std::unique_lock lock(m_shared->mutex);
    for (const auto* changes : {&m_shared->pending, &m_shared->writing})
        if (const auto found = changes->find(name); found != changes->end()) {
            executor.post([done = std::move(done), text = found->second.text]() mutable {
                done(std::move(text));
            });
            return;
        }
    lock.unlock();
    m_shared->pool.run([shared = m_shared, name, &executor, done = std::move(done)]() mutable {
        auto text =
            StateRecord(shared->folder->disk(), shared->folder->recordsFolder(), name).load();
        std::lock_guard guard(shared->mutex);
        if (!shared->closed)
            executor.post([done = std::move(done), text = std::move(text)]() mutable {
                done(std::move(text));
            });
    });
}

void FileStateStore::save(const std::string& name, std::string text, core::Executor& executor,
                          SaveHandler done)
{
    change(name, std::move(text), executor, std::move(done));
}

void FileStateStore::remove(const std::string& name, core::Executor& executor, SaveHandler done)
{
    change(name, std::nullopt, executor, std::move(done));
}

void FileStateStore::change(const std::string& name, std::optional<std::string> text,
                            core::Executor& executor, SaveHandler done)
{
    {
        std::lock_guard lock(m_shared->mutex);
        Change& change = m_shared->pending[name];
        change.text = std::move(text);
        change.waiting.emplace_back(&executor, std::move(done));
        if (m_shared->queued || m_shared->running)
            return;
        m_shared->queued = true;
    }
    m_shared->pool.run([shared = m_shared] {
        {
            std::unique_lock lock(shared->mutex);
            shared->queued = false;
            if (shared->closed)
                return; // the destructor writes, or has written
        }
        shared->flush();
    });
}

bool FileStateStore::isReadOnly() const
{
    std::lock_guard lock(m_shared->mutex);
    return m_shared->readOnly;
}

} // namespace gitops
