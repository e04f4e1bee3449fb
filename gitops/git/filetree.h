// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// What stands at a path of a tree. id is the Git object id (40 hex digits) of the blob or tree:
/// equal ids, equal content, for directories whole subtrees. A tree on disk computes the same ids.
struct TreeEntry
{
    enum class Type
    {
        File,
        Directory,
        Submodule
    } type = Type::File;
    std::string name; ///< last component as asked for
    std::string id;
    std::uint64_t size = 0; ///< of a File, in bytes
};

/// A commit's tree (or a folder on disk) as a read-only file system. Paths are relative to its
/// root, separated by
/// '/', without a leading one; "" is the root; "." and ".." are resolved lexically and must stay
/// inside. Symbolic links are followed inside the tree; one that leaves it, dangles or loops is an
/// Error (Invalid). Immutable; safe to call from any thread at once.
class FileTree
{
public:
    virtual ~FileTree() = default;
    /// NotFound when nothing is there.
    virtual core::Result<TreeEntry> entry(std::string_view path) const = 0;
    /// Sorted by name. Invalid when it is no directory. A link is listed as what it leads to; one
    /// that leads nowhere is a File (with the id of the link itself) whose reading is the error.
    virtual core::Result<std::vector<TreeEntry>> list(std::string_view path) const = 0;
    /// LimitExceeded, decided before the bytes are read, when the file is larger than maxBytes.
    /// Unsupported when it is a Git LFS pointer, and for anything in a submodule. Disk (never
    /// NotFound) when the bytes should be there but cannot be had.
    virtual core::Result<std::string> read(std::string_view path,
                                           std::uint64_t maxBytes = 32u << 20) const = 0;
    /// The real path inside the tree after all symbolic links, without a trailing '/'.
    virtual core::Result<std::string> resolve(std::string_view path) const = 0;
};

using FileTreePtr = std::shared_ptr<const FileTree>;

/// A folder on disk as a FileTree; nothing outside it is ever read, nor any ".git". For --path.
/// Ids are made of content, save for files over 32 MiB and beyond 1 GiB in one folder: those are
/// known by inode, size and times. Open it anew for each look: it does not promise one moment.
core::Result<FileTreePtr> openDiskTree(const std::string& folder);

/// Files given as path and content, in memory: for tests and previews. Paths that normalisedPath
/// refuses are left out.
FileTreePtr makeMemoryTree(std::vector<std::pair<std::string, std::string>> files);

/// "a/./b/../c" -> "a/c"; an Error (Invalid) when it would leave the root.
core::Result<std::string> normalisedPath(std::string_view path);
/// normalisedPath of a path as written in a file of folder base.
core::Result<std::string> joinedPath(std::string_view base, std::string_view relative);

} // namespace gitops
