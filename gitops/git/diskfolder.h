// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/treewalk.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace gitops {

/// What tells that a file on disk is the one that was hashed before: device, inode, size, times of
/// modification and of change.
using DiskVersion = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::int64_t,
                               std::int64_t, std::int64_t, std::int64_t>;

struct DiskItem
{
    NodeType type = NodeType::File;
    std::string name;
    std::uint64_t size = 0;
    bool executable = false;
    DiskVersion version;
};

/// An open folder on disk. Everything below it is reached by one name relative to its descriptor,
/// never through a symbolic link, so that renames beside us cannot lead out. Any thread.
class Folder
{
public:
    /// path may itself be a link: the user named it.
    static core::Result<std::shared_ptr<const Folder>> openRoot(const std::string& path);
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return m_path; } ///< for messages, from the root
    /// nullopt when nothing is there; Invalid for a socket, pipe or device.
    core::Result<std::optional<DiskItem>> stat(const std::string& name) const;
    core::Result<std::shared_ptr<const Folder>> open(const std::string& name) const;
    /// Sorted by name, without ".git", sockets, pipes and devices.
    core::Result<std::vector<DiskItem>> list() const;
    core::Result<std::string> linkTarget(const std::string& name) const;
    core::Result<std::string> read(const std::string& name, std::uint64_t maxBytes) const;
    /// The id of the blob, without holding the file in memory.
    core::Result<std::string> hash(const std::string& name) const;

private:
    Folder(int descriptor, std::string path);
    std::string pathOf(const std::string& name) const;
    std::unexpected<core::Error> diskError(const std::string& name, int error) const;

    int m_descriptor;
    std::string m_path;
};

using FolderPtr = std::shared_ptr<const Folder>;

} // namespace gitops
