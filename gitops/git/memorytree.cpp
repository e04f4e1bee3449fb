// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/filetree.h"
#include "gitops/git/objectid.h"
#include "gitops/git/treewalk.h"

#include <map>

namespace gitops {

namespace {

struct MemoryNode
{
    bool directory = true;
    std::string content;
    std::string id;
    std::map<std::string, MemoryNode, std::less<>> children;
};

void computeIds(MemoryNode& node)
{
    if (!node.directory) {
        node.id = blobId(node.content);
        return;
    }
    std::vector<TreeItem> items;
    for (auto& [name, child] : node.children) {
        computeIds(child);
        items.push_back({child.directory ? FileMode::Tree : FileMode::Blob, name, child.id});
    }
    node.id = treeId(std::move(items));
}

struct MemorySource
{
    using Handle = const MemoryNode*;
    const MemoryNode& rootNode;

    Handle root() const { return &rootNode; }
    core::Result<std::optional<Node<Handle>>> child(Handle directory, const std::string& name) const
    {
        const auto it = directory->children.find(name);
        if (it == directory->children.end())
            return std::nullopt;
        return Node<Handle> {it->second.directory ? NodeType::Directory : NodeType::File,
                             &it->second};
    }
    core::Result<std::string> linkTarget(Handle) const { return std::string(); }
};

class MemoryTree : public FileTree
{
public:
    explicit MemoryTree(std::vector<std::pair<std::string, std::string>> files)
    {
        for (auto& [path, content] : files)
            insert(path, std::move(content));
        computeIds(m_root);
    }

    core::Result<TreeEntry> entry(std::string_view path) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        return describe(lastName(path), *at->node.handle);
    }

    core::Result<std::vector<TreeEntry>> list(std::string_view path) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::Directory)
            return notADirectory(at->path, at->node.type);
        std::vector<TreeEntry> out;
        for (const auto& [name, child] : at->node.handle->children)
            out.push_back(describe(name, child));
        return out;
    }

    core::Result<std::string> read(std::string_view path, std::uint64_t maxBytes) const override
    {
        const auto at = walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::File)
            return notAFile(at->path, at->node.type);
        const std::string& content = at->node.handle->content;
        if (content.size() > maxBytes)
            return tooLarge(at->path, content.size(), maxBytes);
        if (isLfsPointer(content))
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
    void insert(const std::string& path, std::string content)
    {
        const core::Result<std::string> normalised = normalisedPath(path);
        if (!normalised || normalised->empty())
            return;
        MemoryNode* node = &m_root;
        for (std::string_view name : core::split(*normalised, '/'))
            node = &node->children[std::string(name)];
        node->directory = false;
        node->content = std::move(content);
    }

    core::Result<Walked<const MemoryNode*>> walk(std::string_view path) const
    {
        MemorySource source {m_root};
        return TreeWalk<MemorySource>(source).walk(path);
    }

    static TreeEntry describe(std::string name, const MemoryNode& node)
    {
        return {node.directory ? TreeEntry::Type::Directory : TreeEntry::Type::File,
                std::move(name), node.id, node.content.size()};
    }

    MemoryNode m_root;
};

} // namespace

FileTreePtr makeMemoryTree(std::vector<std::pair<std::string, std::string>> files)
{
    return std::make_shared<MemoryTree>(std::move(files));
}

} // namespace gitops
