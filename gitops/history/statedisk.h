// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// The few things that the state folder asks of a file system: an interface, so that tests can fill
/// the disk or end the process between any two bytes. Paths are absolute. Any thread.
class StateDisk
{
public:
    virtual ~StateDisk() = default;
    /// nullopt when there is no such file; LimitExceeded when it is larger.
    virtual core::Result<std::optional<std::string>> read(const std::string& path,
                                                          std::uint64_t maxBytes) const = 0;
    /// Makes or empties the file, writes all, and returns when it is on the disk.
    virtual core::Result<void> write(const std::string& path, std::string_view bytes) = 0;
    /// Adds to the file's end, and returns when it is on the disk.
    virtual core::Result<void> append(const std::string& path, std::string_view bytes) = 0;
    virtual core::Result<void> truncate(const std::string& path, std::uint64_t size) = 0;
    /// to is replaced in one step.
    virtual core::Result<void> rename(const std::string& from, const std::string& to) = 0;
    /// A second name for the file; to must not be there.
    virtual core::Result<void> link(const std::string& from, const std::string& to) = 0;
    virtual core::Result<void> remove(const std::string& path) = 0; ///< also when there is none
    /// Returns when the names in the folder are on the disk.
    virtual core::Result<void> sync(const std::string& folder) = 0;
    virtual core::Result<void> makeFolder(const std::string& path) = 0; ///< with its parents
    /// Names of the files, sorted; none when there is no such folder.
    virtual core::Result<std::vector<std::string>> list(const std::string& folder) const = 0;
    /// Of a file, 0 when there is none.
    virtual core::Result<std::uint64_t> size(const std::string& path) const = 0;
};

/// The machine's own. Files are readable for their owner only.
std::shared_ptr<StateDisk> makeStateDisk();

} // namespace gitops
