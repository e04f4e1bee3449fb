// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/folderrevision.h"

#include "gitops/git/diskfolder.h"
#include "gitops/git/objectid.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxFiles = 1'000'000;

/// Walks a folder and notes what tells its files apart.
class Inventory
{
public:
    core::Result<void> add(const Folder& folder, int depth)
    {
        const auto items = folder.list();
        if (!items)
            return std::unexpected(items.error());
        m_count += items->size();
        if (depth > kMaxDepth || m_count > kMaxFiles)
            return treeFailure(core::ErrorCode::LimitExceeded,
                               "There are more than a million files, or more than 100 levels of "
                               "folders.",
                               folder.path());
        for (const DiskItem& item : *items) {
            if (item.type != NodeType::Directory) {
                note(folder.path(), item);
                continue;
            }
            const auto child = folder.open(item.name);
            if (!child)
                return std::unexpected(child.error());
            if (core::Result<void> done = add(**child, depth + 1); !done)
                return done;
        }
        return {};
    }

    std::string id() const { return blobId(m_text); }
    core::WallTime newest() const { return core::WallTime(std::chrono::seconds(m_newest)); }

private:
    void note(const std::string& folder, const DiskItem& item)
    {
        m_text += folder + '/' + item.name;
        std::apply([this](auto... part) { ((m_text += ' ' + std::to_string(part)), ...); },
                   item.version);
        m_text += item.executable ? "x\n" : "\n";
        m_newest = std::max(m_newest, std::get<3>(item.version));
        if (m_text.size() > (8u << 20))
            m_text = blobId(m_text);
    }

    std::string m_text;
    std::size_t m_count = 0;
    std::int64_t m_newest = 0;
};

} // namespace

core::Result<Revision> folderRevision(const std::string& folder)
{
    const auto root = Folder::openRoot(folder);
    if (!root)
        return std::unexpected(root.error());
    Inventory inventory;
    if (core::Result<void> done = inventory.add(**root, 0); !done)
        return std::unexpected(std::move(done.error()));
    core::Result<FileTreePtr> tree = openDiskTree(folder);
    if (!tree)
        return std::unexpected(std::move(tree.error()));
    Revision out;
    out.commit = {.id = inventory.id(),
                  .author = "this machine",
                  .subject = "Files on disk",
                  .when = inventory.newest()};
    out.name = "files on disk";
    out.tree = std::move(*tree);
    return out;
}

} // namespace gitops
