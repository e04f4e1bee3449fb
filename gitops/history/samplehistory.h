// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/telemetry.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct sqlite3;

namespace gitops {

/// Samples of the last day in a file (SQLite), so that charts outlive a restart. Any thread; calls
/// wait for the disk. What cannot be read is dropped and begun anew: these are figures, nothing
/// hangs on them.
class SampleHistory
{
public:
    /// ":memory:" keeps nothing beyond its own life.
    static core::Result<std::unique_ptr<SampleHistory>>
    open(const std::string& path, std::chrono::seconds kept = std::chrono::hours(24));
    ~SampleHistory();
    SampleHistory(const SampleHistory&) = delete;
    SampleHistory& operator=(const SampleHistory&) = delete;

    /// In one transaction. A sample of a time that is there already is replaced.
    core::Result<void> add(const std::vector<core::Series>& series);
    /// By key and source; oldest first. What the disk does not give is left out.
    std::vector<core::Series> of(const std::string& subject,
                                 const std::vector<core::Measure>& measures, core::WallTime from,
                                 core::WallTime to) const;
    /// Drops what is older than the time kept.
    core::Result<void> prune(core::WallTime now);

private:
    SampleHistory(sqlite3* database, std::chrono::seconds kept);
    core::Result<void> run(const char* statement);
    core::Result<void> prepare();

    mutable std::mutex m_mutex; ///< of the database
    sqlite3* m_database;
    const std::chrono::seconds m_kept;
};

} // namespace gitops
