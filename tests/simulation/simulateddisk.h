// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/storage.h"

#include <map>
#include <string>
#include <utility>

namespace tests {

/// What the API server has written: a copy of it is a backup.
struct SimulatedDisk
{
    std::uint64_t resourceVersion = 0;
    std::map<std::pair<std::string, std::string>, gitops::practice::StorageRecord> records;
};

/// A storage that reads a disk once, and writes to it.
class SimulatedDiskStorage : public gitops::practice::Storage
{
public:
    explicit SimulatedDiskStorage(SimulatedDisk& disk)
        : m_disk(disk)
    {
    }
    core::Result<std::uint64_t>
    load(const std::function<void(const gitops::practice::StorageRecord&)>& visit) override
    {
        for (const auto& [key, record] : m_disk.records)
            visit(record);
        return m_disk.resourceVersion;
    }
    void append(const gitops::practice::StorageRecord& record) override
    {
        m_disk.resourceVersion = std::max(m_disk.resourceVersion, record.resourceVersion);
        if (record.text.empty())
            m_disk.records.erase({record.storage, record.key});
        else
            m_disk.records[{record.storage, record.key}] = record;
    }
    core::Result<void> commit() override { return {}; }
    bool hasPending() const override { return false; }

private:
    SimulatedDisk& m_disk;
};

} // namespace tests
