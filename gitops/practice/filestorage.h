// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/storage.h"

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

namespace gitops::practice {

/// Keeps changes in a folder: a log that is appended to and synced in groups, and a snapshot that
/// takes its place when it has grown. A kill at any moment loses nothing that was committed; what
/// was half written at the log's end is dropped. One process at a time: the folder is locked.
class FileStorage : public Storage
{
public:
    /// Disk: the folder cannot be made, or another process has it.
    static core::Result<std::unique_ptr<FileStorage>> open(const std::filesystem::path& folder);
    ~FileStorage() override;

    core::Result<std::uint64_t>
    load(const std::function<void(const StorageRecord&)>& visit) override;
    void append(const StorageRecord& record) override;
    core::Result<void> commit() override;
    bool hasPending() const override { return !m_pending.empty(); }

    /// The log's size above which commit makes a snapshot.
    void setCompactionSize(std::size_t bytes) { m_compactionSize = bytes; }

private:
    struct State;
    explicit FileStorage(std::filesystem::path folder);
    core::Result<void> lock();
    core::Result<State> readAll() const;
    core::Result<void> writeSnapshot(const State& state);
    core::Result<void> openLog(bool empty);

    std::filesystem::path m_folder;
    int m_lock = -1;
    int m_log = -1;
    std::string m_pending;
    std::size_t m_logSize = 0;
    std::size_t m_compactionSize = 16u << 20;
};

} // namespace gitops::practice
