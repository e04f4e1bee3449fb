// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/diskfolder.h"
#include "gitops/git/filetree.h"
#include "gitops/git/objectid.h"
#include "gitops/git/treewalk.h"

#include <fcntl.h>
#include <map>
#include <mutex>
#include <tuple>

namespace gitops {

namespace {

/// What the id of a directory may cost. A larger file, and all beyond the sum, is known by inode,
/// size and times instead of its content: it is never read as a manifest anyway, and a folder of
/// build results beside the manifests must not fail them.
constexpr int kMaxHashDepth = 100;
constexpr int kMaxHashEntries = 1'000'000;
constexpr std::uint64_t kMaxHashFileBytes = 32ull << 20;
constexpr std::uint64_t kMaxHashBytes = 1ull << 30;

std::string idOfVersion(const DiskVersion& version)
{
    std::string text = "not hashed";
    std::apply([&](auto... part) { ((text += ' ' + std::to_string(part)), ...); }, version);
    return blobId(text);
}

/// A file, folder or link below an open folder. Nothing is opened by more than one name at a time,
/// so a rename beside us can make a read fail but never lead it out of the root.
struct DiskHandle
{
    FolderPtr parent; ///< null for the root
    std::string name;
    FolderPtr folder; ///< of a directory
};

struct DiskSource
{
    using Handle = DiskHandle;
    FolderPtr rootFolder;

    Handle root() const { return {.parent = {}, .name = {}, .folder = rootFolder}; }

    core::Result<std::optional<Node<Handle>>> child(const Handle& directory,
                                                    const std::string& name) const
    {
        const auto item = directory.folder->stat(name);
        if (!item)
            return std::unexpected(item.error());
        if (!*item)
            return std::nullopt;
        DiskHandle handle {.parent = directory.folder, .name = name, .folder = {}};
        if ((*item)->type != NodeType::Directory)
            return Node<Handle> {(*item)->type, std::move(handle)};
        auto folder = directory.folder->open(name);
        if (!folder)
            return std::unexpected(std::move(folder.error()));
        handle.folder = std::move(*folder);
        return Node<Handle> {NodeType::Directory, std::move(handle)};
    }

    core::Result<std::string> linkTarget(const Handle& link) const
    {
        return link.parent->linkTarget(link.name);
    }
};

class DiskTree : public FileTree
{
public:
    explicit DiskTree(FolderPtr root)
        : m_root(std::move(root))
    {
    }

    core::Result<TreeEntry> entry(std::string_view path) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        Budget budget;
        return describe(lastName(path), at->node, budget);
    }

    core::Result<std::vector<TreeEntry>> list(std::string_view path) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::Directory)
            return notADirectory(at->path, at->node.type);
        const Folder& folder = *at->node.handle.folder;
        const auto items = folder.list();
        if (!items)
            return std::unexpected(items.error());
        Budget budget;
        std::vector<TreeEntry> out;
        for (const DiskItem& item : *items) {
            auto entry = describeItem(*at, item, budget);
            if (!entry)
                return std::unexpected(std::move(entry.error()));
            out.push_back(std::move(*entry));
        }
        return out;
    }

    core::Result<std::string> read(std::string_view path, std::uint64_t maxBytes) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::File)
            return notAFile(at->path, at->node.type);
        core::Result<std::string> content =
            at->node.handle.parent->read(at->node.handle.name, maxBytes);
        if (content && isLfsPointer(*content))
            return lfsPointer(at->path);
        return content;
    }

    core::Result<std::string> resolve(std::string_view path) const override
    {
        auto at = walk(path);
        if (!at)
            return std::unexpected(std::move(at.error()));
        return std::move(at->path);
    }

private:
    struct Budget
    {
        int entries = kMaxHashEntries;
        std::uint64_t bytes = kMaxHashBytes;
    };
    using At = Walked<DiskHandle>;

    core::Result<At> walk(std::string_view path) const
    {
        DiskSource source {m_root};
        return TreeWalk<DiskSource>(source).walk(path);
    }

    core::Result<TreeEntry> describe(std::string name, const Node<DiskHandle>& node,
                                     Budget& budget) const
    {
        if (node.type == NodeType::Directory) {
            auto id = folderId(*node.handle.folder, budget, 0);
            if (!id)
                return std::unexpected(std::move(id.error()));
            return TreeEntry {TreeEntry::Type::Directory, std::move(name),
                              id->empty() ? treeId({}) : std::move(*id), 0};
        }
        const auto item = node.handle.parent->stat(node.handle.name);
        if (!item || !*item)
            return item ? treeFailure(core::ErrorCode::Disk, "The file vanished while it was read.",
                                      node.handle.name)
                        : std::unexpected(item.error());
        auto id = fileId(*node.handle.parent, **item, budget);
        if (!id)
            return std::unexpected(std::move(id.error()));
        return TreeEntry {TreeEntry::Type::File, std::move(name), std::move(*id), (*item)->size};
    }

    /// A link stands for what it leads to; one that cannot be followed is a File whose reading is
    /// the error.
    core::Result<TreeEntry> describeItem(const At& directory, const DiskItem& item,
                                         Budget& budget) const
    {
        const Folder& folder = *directory.node.handle.folder;
        if (item.type == NodeType::Link) {
            const std::string path =
                directory.path.empty() ? item.name : directory.path + '/' + item.name;
            if (const auto target = walk(path))
                return describe(item.name, target->node, budget);
            auto text = folder.linkTarget(item.name);
            if (!text)
                return std::unexpected(std::move(text.error()));
            return TreeEntry {TreeEntry::Type::File, item.name, blobId(*text), text->size()};
        }
        DiskHandle handle {.parent = directory.node.handle.folder, .name = item.name, .folder = {}};
        if (item.type == NodeType::Directory) {
            auto opened = folder.open(item.name);
            if (!opened)
                return std::unexpected(std::move(opened.error()));
            handle.folder = std::move(*opened);
        }
        return describe(item.name, {item.type, std::move(handle)}, budget);
    }

    /// "" for a folder that Git would not keep, because no file is in it.
    core::Result<std::string> folderId(const Folder& folder, Budget& budget, int depth) const
    {
        if (depth > kMaxHashDepth)
            return treeFailure(core::ErrorCode::LimitExceeded,
                               "The folders are nested more than 100 deep.", folder.path());
        const auto items = folder.list();
        if (!items)
            return std::unexpected(items.error());
        std::vector<TreeItem> lines;
        for (const DiskItem& item : *items) {
            auto line = itemLine(folder, item, budget, depth);
            if (!line)
                return std::unexpected(std::move(line.error()));
            if (!line->id.empty())
                lines.push_back(std::move(*line));
        }
        return lines.empty() ? std::string() : treeId(std::move(lines));
    }

    core::Result<TreeItem> itemLine(const Folder& folder, const DiskItem& item, Budget& budget,
                                    int depth) const
    {
        if (--budget.entries < 0)
            return treeFailure(core::ErrorCode::LimitExceeded,
                               "There are more than a million files below this folder.",
                               folder.path());
        core::Result<std::string> id = std::string();
        FileMode mode = item.executable ? FileMode::Executable : FileMode::Blob;
        if (item.type == NodeType::Directory) {
            mode = FileMode::Tree;
            auto child = folder.open(item.name);
            if (!child)
                return std::unexpected(std::move(child.error()));
            id = folderId(**child, budget, depth + 1);
        } else if (item.type == NodeType::Link) {
            mode = FileMode::Link;
            id = folder.linkTarget(item.name);
            if (id)
                id = blobId(*id);
        } else {
            id = fileId(folder, item, budget);
        }
        if (!id)
            return std::unexpected(std::move(id.error()));
        return TreeItem {mode, item.name, std::move(*id)};
    }

    core::Result<std::string> fileId(const Folder& folder, const DiskItem& item,
                                     Budget& budget) const
    {
        {
            std::lock_guard lock(m_mutex);
            const auto it = m_ids.find(item.version);
            if (it != m_ids.end())
                return it->second;
        }
        if (item.size > kMaxHashFileBytes || item.size > budget.bytes)
            return idOfVersion(item.version);
        budget.bytes -= item.size;
        core::Result<std::string> id = folder.hash(item.name);
        if (id) {
            std::lock_guard lock(m_mutex);
            m_ids.emplace(item.version, *id);
        }
        return id;
    }

    const FolderPtr m_root;
    mutable std::mutex m_mutex;
    mutable std::map<DiskVersion, std::string> m_ids; ///< guarded by m_mutex
};

} // namespace

core::Result<FileTreePtr> openDiskTree(const std::string& folder)
{
    auto root = Folder::openRoot(folder);
    if (!root)
        return std::unexpected(std::move(root.error()));
    return std::make_shared<DiskTree>(std::move(*root));
}

} // namespace gitops
