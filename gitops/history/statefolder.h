// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/history/statedisk.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace gitops {

/// The local state folder ("$XDG_STATE_HOME/wavewright"): versioned, and written by one process at
/// a time, which holds its lock. Others may read.
///   lock, version     records/      journal/
class StateFolder
{
public:
    enum class Access
    {
        Write, ///< Unavailable, with the other's process id, when another process writes
        Read ///< takes no lock
    };
    /// Makes what is missing (Write). Unsupported when a newer Wavewright made it.
    static core::Result<std::shared_ptr<const StateFolder>>
    open(const std::string& path, Access access, std::shared_ptr<StateDisk> disk = makeStateDisk());
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    bool isWritable() const { return m_lock >= 0; }
    std::string recordsFolder() const { return m_path + "/records"; }
    std::string journalFolder() const { return m_path + "/journal"; }
    StateDisk& disk() const { return *m_disk; }

    /// All records whose name starts with prefix, by name; for readers beside a running engine.
    /// Damaged ones are an error each.
    core::Result<std::map<std::string, core::Result<std::string>>>
    records(std::string_view prefix) const;

private:
    StateFolder(std::string path, std::shared_ptr<StateDisk> disk);
    core::Result<void> lock();
    core::Result<void> prepare();
    core::Result<void> checkVersion() const;

    const std::string m_path;
    const std::shared_ptr<StateDisk> m_disk;
    int m_lock = -1;
};

using StateFolderPtr = std::shared_ptr<const StateFolder>;

} // namespace gitops
