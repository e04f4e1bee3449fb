// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/history/statedisk.h"

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>

namespace tests {

/// The real disk, with trouble: it is full after so many bytes, or the process "dies" after so many
/// bytes and steps (what was begun stays as it is, and nothing works any more).
class FaultyDisk : public gitops::StateDisk
{
public:
    /// Bytes that can still be written before ENOSPC; what fits of a write is written.
    void setRoom(std::uint64_t bytes) { m_room = bytes; }
    /// Dies after so many bytes or, where no bytes are written, steps.
    void setDeathAfter(std::uint64_t work) { m_death = work; }
    bool isDead() const { return m_dead; }
    std::uint64_t work() const { return m_work; } ///< done so far

    gitops::StateDisk& real() { return *m_real; }

    core::Result<std::optional<std::string>> read(const std::string& path,
                                                  std::uint64_t maxBytes) const override
    {
        return m_dead ? dead() : m_real->read(path, maxBytes);
    }
    core::Result<void> write(const std::string& path, std::string_view bytes) override
    {
        return put(path, bytes, false);
    }
    core::Result<void> append(const std::string& path, std::string_view bytes) override
    {
        return put(path, bytes, true);
    }
    core::Result<void> truncate(const std::string& path, std::uint64_t size) override
    {
        return step() ? m_real->truncate(path, size) : dead();
    }
    core::Result<void> rename(const std::string& from, const std::string& to) override
    {
        return step() ? m_real->rename(from, to) : dead();
    }
    core::Result<void> link(const std::string& from, const std::string& to) override
    {
        return step() ? m_real->link(from, to) : dead();
    }
    core::Result<void> remove(const std::string& path) override
    {
        return step() ? m_real->remove(path) : dead();
    }
    core::Result<void> sync(const std::string& folder) override
    {
        return step() ? m_real->sync(folder) : dead();
    }
    core::Result<void> makeFolder(const std::string& path) override
    {
        return step() ? m_real->makeFolder(path) : dead();
    }
    core::Result<std::vector<std::string>> list(const std::string& folder) const override
    {
        return m_dead ? dead() : m_real->list(folder);
    }
    core::Result<std::uint64_t> size(const std::string& path) const override
    {
        return m_dead ? dead() : m_real->size(path);
    }

private:
    static std::unexpected<core::Error> dead()
    {
        return core::failure(core::ErrorCode::Internal, "The process is dead.");
    }

    bool step()
    {
        m_dead = m_dead || m_work >= m_death;
        ++m_work;
        return !m_dead;
    }

    core::Result<void> put(const std::string& path, std::string_view bytes, bool append)
    {
        if (!step())
            return dead();
        const std::uint64_t live = std::min<std::uint64_t>(bytes.size(), m_death - m_work);
        const std::uint64_t fits = std::min<std::uint64_t>(live, m_room);
        m_work += live;
        m_room -= fits;
        core::Result<void> done = append ? m_real->append(path, bytes.substr(0, fits))
                                         : m_real->write(path, bytes.substr(0, fits));
        m_dead = live < bytes.size();
        if (m_dead)
            return dead();
        if (done && fits < bytes.size())
            return core::failure(core::ErrorCode::Disk,
                                 "The file cannot be written: No space left on device",
                                 {.file = path}, core::Fault::Machine);
        return done;
    }

    std::shared_ptr<gitops::StateDisk> m_real = gitops::makeStateDisk();
    std::atomic<std::uint64_t> m_room = std::numeric_limits<std::uint64_t>::max();
    std::atomic<std::uint64_t> m_death = std::numeric_limits<std::uint64_t>::max() / 2;
    std::atomic<std::uint64_t> m_work = 0;
    std::atomic<bool> m_dead = false;
};

} // namespace tests
