// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/committree.h"

#include "gitops/git/objectid.h"
#include "gitops/git/treewalk.h"

#include <git2.h>

namespace gitops {

namespace {

constexpr std::uint64_t kMaxTreeObjectBytes = 64u << 20;
constexpr std::uint64_t kMaxLinkBytes = 4096;

std::string hex(const git_oid& id)
{
    std::string out(GIT_OID_HEXSZ, '0');
    git_oid_fmt(out.data(), &id);
    return out;
}

NodeType typeOf(const git_tree_entry* entry)
{
    switch (git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_TREE:
        return NodeType::Directory;
    case GIT_FILEMODE_LINK:
        return NodeType::Link;
    case GIT_FILEMODE_COMMIT:
        return NodeType::Submodule;
    default:
        return NodeType::File;
    }
}

/// One borrowed handle with what reading needs; for the time of one call.
class Reader
{
public:
    using Handle = git_oid;

    static core::Result<Reader> open(const RepositoryPtr& repository, const git_oid& root)
    {
        core::Result<Repository::Lease> lease = repository->lease();
        if (!lease)
            return std::unexpected(std::move(lease.error()));
        git_odb* odb = nullptr;
        if (const int code = git_repository_odb(&odb, lease->get()); code != 0)
            return std::unexpected(
                libGit2Error(code, "The objects cannot be read", {.object = repository->shown()}));
        return Reader(std::move(*lease), GitPtr<git_odb>(odb), root, repository->shown());
    }

    Handle root() const { return m_root; }

    /// An object that should be there but is not is the repository's trouble: never NotFound.
    core::Error broken(int code) const
    {
        core::Error error = libGit2Error(code, "The repository lacks an object of this commit",
                                         {.object = m_shown});
        error.code = core::ErrorCode::Disk;
        return error;
    }

    core::Result<std::uint64_t> size(const git_oid& id) const
    {
        std::size_t bytes = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        if (const int code = git_odb_read_header(&bytes, &type, m_odb.get(), &id); code != 0)
            return std::unexpected(broken(code));
        return bytes;
    }

    core::Result<GitPtr<git_tree>> tree(const git_oid& id) const
    {
        const core::Result<std::uint64_t> bytes = size(id);
        if (!bytes)
            return std::unexpected(bytes.error());
        if (*bytes > kMaxTreeObjectBytes)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "A folder of the repository has too many files.",
                                 {.object = m_shown}, core::Fault::Repository);
        git_tree* tree = nullptr;
        if (const int code = git_tree_lookup(&tree, m_lease.get(), &id); code != 0)
            return std::unexpected(broken(code));
        return GitPtr<git_tree>(tree);
    }

    core::Result<std::optional<Node<Handle>>> child(const Handle& directory,
                                                    const std::string& name) const
    {
        const core::Result<GitPtr<git_tree>> parent = tree(directory);
        if (!parent)
            return std::unexpected(parent.error());
        const git_tree_entry* entry = git_tree_entry_byname(parent->get(), name.c_str());
        if (entry == nullptr)
            return std::nullopt;
        return Node<Handle> {typeOf(entry), *git_tree_entry_id(entry)};
    }

    core::Result<std::string> linkTarget(const Handle& link) const
    {
        return bytes(link, kMaxLinkBytes, "a symbolic link");
    }

    core::Result<std::string> bytes(const git_oid& id, std::uint64_t maxBytes,
                                    std::string_view path) const
    {
        const core::Result<std::uint64_t> announced = size(id);
        if (!announced)
            return std::unexpected(announced.error());
        if (*announced > maxBytes)
            return tooLarge(path, *announced, maxBytes);
        git_odb_object* object = nullptr;
        if (const int code = git_odb_read(&object, m_odb.get(), &id); code != 0)
            return std::unexpected(broken(code));
        const GitPtr<git_odb_object> owner(object);
        if (git_odb_object_type(object) != GIT_OBJECT_BLOB)
            return core::failure(core::ErrorCode::Invalid,
                                 "The tree says file, the object is none.", {.object = m_shown},
                                 core::Fault::Git);
        return std::string(static_cast<const char*>(git_odb_object_data(object)),
                           git_odb_object_size(object));
    }

private:
    Reader(Repository::Lease lease, GitPtr<git_odb> odb, const git_oid& root, std::string shown)
        : m_lease(std::move(lease))
        , m_odb(std::move(odb))
        , m_root(root)
        , m_shown(std::move(shown))
    {
    }

    Repository::Lease m_lease;
    GitPtr<git_odb> m_odb; ///< freed before the lease goes back
    git_oid m_root;
    std::string m_shown;
};

class CommitTree : public FileTree
{
public:
    CommitTree(RepositoryPtr repository, const git_oid& root)
        : m_repository(std::move(repository))
        , m_root(root)
    {
    }

    core::Result<TreeEntry> entry(std::string_view path) const override
    {
        core::Result<Reader> reader = Reader::open(m_repository, m_root);
        if (!reader)
            return std::unexpected(std::move(reader.error()));
        const auto at = TreeWalk<Reader>(*reader).walk(path);
        if (!at)
            return std::unexpected(at.error());
        return describe(*reader, lastName(path), at->node);
    }

    core::Result<std::vector<TreeEntry>> list(std::string_view path) const override
    {
        core::Result<Reader> reader = Reader::open(m_repository, m_root);
        if (!reader)
            return std::unexpected(std::move(reader.error()));
        const auto at = TreeWalk<Reader>(*reader).walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::Directory)
            return notADirectory(at->path, at->node.type);
        const core::Result<GitPtr<git_tree>> tree = reader->tree(at->node.handle);
        if (!tree)
            return std::unexpected(tree.error());
        std::vector<TreeEntry> out;
        const std::size_t count = git_tree_entrycount(tree->get());
        out.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const git_tree_entry* line = git_tree_entry_byindex(tree->get(), i);
            const std::string name = git_tree_entry_name(line);
            if (core::equalsIgnoringCase(name, ".git"))
                continue;
            Node<git_oid> node {typeOf(line), *git_tree_entry_id(line)};
            if (node.type == NodeType::Link) {
                const auto target =
                    TreeWalk<Reader>(*reader).walk(at->path.empty() ? name : at->path + '/' + name);
                node = target ? target->node : Node<git_oid> {NodeType::File, node.handle};
            }
            auto described = describe(*reader, name, node);
            if (!described)
                return std::unexpected(std::move(described.error()));
            out.push_back(std::move(*described));
        }
        std::ranges::sort(out, {}, &TreeEntry::name);
        return out;
    }

    core::Result<std::string> read(std::string_view path, std::uint64_t maxBytes) const override
    {
        core::Result<Reader> reader = Reader::open(m_repository, m_root);
        if (!reader)
            return std::unexpected(std::move(reader.error()));
        const auto at = TreeWalk<Reader>(*reader).walk(path);
        if (!at)
            return std::unexpected(at.error());
        if (at->node.type != NodeType::File)
            return notAFile(at->path, at->node.type);
        core::Result<std::string> content = reader->bytes(at->node.handle, maxBytes, at->path);
        if (content && isLfsPointer(*content))
            return lfsPointer(at->path);
        return content;
    }

    core::Result<std::string> resolve(std::string_view path) const override
    {
        core::Result<Reader> reader = Reader::open(m_repository, m_root);
        if (!reader)
            return std::unexpected(std::move(reader.error()));
        auto at = TreeWalk<Reader>(*reader).walk(path);
        if (!at)
            return std::unexpected(std::move(at.error()));
        return std::move(at->path);
    }

private:
    static core::Result<TreeEntry> describe(const Reader& reader, std::string name,
                                            const Node<git_oid>& node)
    {
        TreeEntry entry {TreeEntry::Type::File, std::move(name), hex(node.handle), 0};
        if (node.type == NodeType::Directory)
            entry.type = TreeEntry::Type::Directory;
        else if (node.type == NodeType::Submodule)
            entry.type = TreeEntry::Type::Submodule;
        if (entry.type != TreeEntry::Type::File)
            return entry;
        const core::Result<std::uint64_t> size = reader.size(node.handle);
        if (!size)
            return std::unexpected(size.error());
        entry.size = *size;
        return entry;
    }

    const RepositoryPtr m_repository;
    const git_oid m_root;
};

} // namespace

core::Result<FileTreePtr> openCommitTree(const RepositoryPtr& repository,
                                         const std::string& commitId)
{
    const core::Result<Repository::Lease> lease = repository->lease();
    if (!lease)
        return std::unexpected(lease.error());
    git_oid id;
    git_commit* commit = nullptr;
    int code = git_oid_fromstr(&id, commitId.c_str());
    if (code == 0)
        code = git_commit_lookup(&commit, lease->get(), &id);
    if (code != 0)
        return std::unexpected(
            libGit2Error(code, "The commit cannot be read", {.object = repository->shown()}));
    const GitPtr<git_commit> owner(commit);
    return std::make_shared<CommitTree>(repository, *git_commit_tree_id(commit));
}

} // namespace gitops
