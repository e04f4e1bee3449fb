// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// The modes that Git gives to the entries of a tree.
enum class FileMode : std::uint32_t
{
    Tree = 0040000,
    Blob = 0100644,
    Executable = 0100755,
    Link = 0120000,
    Commit = 0160000 ///< a submodule
};

/// Computes a Git object id (SHA-1, 40 hex digits) of bytes that come in pieces.
class ObjectHasher
{
public:
    /// type is "blob", "tree", "commit"; size is the sum of all pieces that will follow.
    ObjectHasher(std::string_view type, std::uint64_t size);
    ~ObjectHasher();
    ObjectHasher(const ObjectHasher&) = delete;
    ObjectHasher& operator=(const ObjectHasher&) = delete;

    void add(std::string_view bytes);
    std::string hex(); ///< call once, at the end

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// One line of a tree object.
struct TreeItem
{
    FileMode mode = FileMode::Blob;
    std::string name;
    std::string id;
};

std::string blobId(std::string_view content);
/// Git's own order of the items is made here.
std::string treeId(std::vector<TreeItem> items);

/// The text that stands in Git in place of a file kept by Git LFS.
bool isLfsPointer(std::string_view content);

} // namespace gitops
