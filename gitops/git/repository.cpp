// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/repository.h"

#include "core/base/strings.h"

#include <git2.h>

#include <filesystem>
#include <fstream>

namespace gitops {

namespace {

constexpr std::size_t kMaxIdleHandles = 8;
constexpr std::size_t kMaxReferences = 500'000;

std::string hex(const git_oid& id)
{
    std::string out(GIT_OID_HEXSZ, '0');
    git_oid_fmt(out.data(), &id);
    return out;
}

std::string text(const char* words, std::size_t limit)
{
    return core::sanitised(std::string_view(words != nullptr ? words : "").substr(0, limit));
}

/// Told from the configuration before libgit2 is asked: each time that it opens and refuses such a
/// repository, libgit2 1.5 loses 20 KB for every line of the configuration.
bool usesSha256(const std::string& path)
{
    for (const char* name : {"/config", "/.git/config"}) {
        std::ifstream file(path + name, std::ios::binary);
        std::string text(64u << 10, '\0');
        file.read(text.data(), std::streamsize(text.size()));
        text.resize(std::size_t(file.gcount()));
        for (const std::string_view line : core::split(text, '\n')) {
            const std::size_t equals = line.find('=');
            if (equals != std::string_view::npos
                && core::equalsIgnoringCase(core::trimmed(line.substr(0, equals)), "objectformat")
                && core::trimmed(line.substr(equals + 1)) == "sha256")
                return true;
        }
    }
    return false;
}

core::CommitInfo describe(git_commit* commit)
{
    const git_signature* author = git_commit_author(commit);
    return {.id = hex(*git_commit_id(commit)),
            .author = author != nullptr ? text(author->name, 200) : std::string(),
            .subject = text(git_commit_summary(commit), 500),
            .when = core::WallTime(std::chrono::seconds(git_commit_time(commit)))};
}

} // namespace

Repository::Lease::Lease(std::shared_ptr<const Repository> owner, GitPtr<git_repository> handle)
    : m_owner(std::move(owner))
    , m_handle(std::move(handle))
{
}

Repository::Lease::~Lease()
{
    if (!m_handle)
        return;
    std::lock_guard lock(m_owner->m_mutex);
    if (m_owner->m_idle.size() < kMaxIdleHandles)
        m_owner->m_idle.push_back(std::move(m_handle));
}

Repository::Repository(std::string path, std::string shown)
    : m_path(std::move(path))
    , m_shown(std::move(shown))
{
}

core::Result<RepositoryPtr> Repository::open(const std::string& path, const std::string& shown)
{
    startLibGit2();
    std::shared_ptr<Repository> repository(new Repository(path, shown));
    core::Result<GitPtr<git_repository>> handle = repository->newHandle();
    if (!handle)
        return std::unexpected(std::move(handle.error()));
    repository->m_idle.push_back(std::move(*handle));
    return repository;
}

core::Result<GitPtr<git_repository>> Repository::newHandle() const
{
    if (usesSha256(m_path))
        return core::failure(
            core::ErrorCode::Unsupported,
            "The repository uses SHA-256 object names, which Wavewright cannot read.", place(),
            core::Fault::User);
    git_repository* handle = nullptr;
    const int code =
        git_repository_open_ext(&handle, m_path.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (code == 0)
        return GitPtr<git_repository>(handle);
    std::error_code ignored;
    if (!std::filesystem::exists(m_path, ignored))
        return core::failure(core::ErrorCode::NotFound, "There is no such folder.", place(),
                             core::Fault::User);
    return std::unexpected(libGit2Error(code, "The repository cannot be opened", place()));
}

core::Result<Repository::Lease> Repository::lease() const
{
    {
        std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            GitPtr<git_repository> handle = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(shared_from_this(), std::move(handle));
        }
    }
    core::Result<GitPtr<git_repository>> handle = newHandle();
    if (!handle)
        return std::unexpected(std::move(handle.error()));
    return Lease(shared_from_this(), std::move(*handle));
}

core::Result<std::vector<GitReference>> Repository::references() const
{
    const core::Result<Lease> handle = lease();
    if (!handle)
        return std::unexpected(handle.error());
    std::vector<GitReference> out;
    git_reference* head = nullptr;
    if (git_reference_lookup(&head, handle->get(), "HEAD") == 0) {
        const GitPtr<git_reference> owner(head);
        GitReference reference {.name = "HEAD", .id = {}, .target = {}};
        if (git_reference_type(head) == GIT_REFERENCE_SYMBOLIC)
            reference.target = git_reference_symbolic_target(head);
        else
            reference.id = hex(*git_reference_target(head));
        out.push_back(std::move(reference));
    }
    git_reference_iterator* iterator = nullptr;
    if (const int code = git_reference_iterator_new(&iterator, handle->get()); code != 0)
        return std::unexpected(libGit2Error(code, "The references cannot be read", place()));
    const GitPtr<git_reference_iterator> owner(iterator);
    for (;;) {
        git_reference* next = nullptr;
        const int code = git_reference_next(&next, iterator);
        if (code == GIT_ITEROVER)
            return out;
        if (code != 0 || out.size() > kMaxReferences)
            return std::unexpected(libGit2Error(code, "The references cannot be read", place()));
        const GitPtr<git_reference> reference(next);
        const std::string_view name = git_reference_name(next);
        if (!name.starts_with("refs/heads/") && !name.starts_with("refs/tags/"))
            continue;
        git_oid id;
        if (git_reference_name_to_id(&id, handle->get(), git_reference_name(next)) == 0)
            out.push_back({.name = std::string(name), .id = hex(id), .target = {}});
    }
}

core::Result<core::CommitInfo> Repository::commit(const std::string& id) const
{
    const core::Result<Lease> handle = lease();
    if (!handle)
        return std::unexpected(handle.error());
    git_oid oid;
    git_object* object = nullptr;
    int code = git_oid_fromstrn(&oid, id.data(), id.size());
    if (code == 0)
        code = git_object_lookup_prefix(&object, handle->get(), &oid, id.size(), GIT_OBJECT_ANY);
    const GitPtr<git_object> owner(object);
    if (code == GIT_ENOTFOUND)
        return core::failure(core::ErrorCode::NotFound,
                             "The commit " + core::sanitised(id) + " is not in the repository.",
                             place(), core::Fault::User);
    if (code == GIT_EAMBIGUOUS)
        return core::failure(core::ErrorCode::Invalid,
                             "More than one object starts with " + core::sanitised(id)
                                 + "; give more digits.",
                             place(), core::Fault::User);
    if (code != 0)
        return std::unexpected(libGit2Error(code, "The commit cannot be read", place()));
    git_object* commit = nullptr;
    code = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
    const GitPtr<git_object> commitOwner(commit);
    if (code == GIT_ENOTFOUND)
        return core::failure(core::ErrorCode::Disk, "The commit of the tag is missing.", place(),
                             core::Fault::Git);
    if (code != 0)
        return core::failure(core::ErrorCode::Invalid,
                             core::sanitised(id) + " does not lead to a commit.", place(),
                             core::Fault::User);
    return describe(reinterpret_cast<git_commit*>(commit));
}

bool Repository::has(const std::string& id) const
{
    const core::Result<Lease> handle = lease();
    git_oid oid;
    git_odb* odb = nullptr;
    if (!handle || git_oid_fromstr(&oid, id.c_str()) != 0
        || git_repository_odb(&odb, handle->get()) != 0)
        return false;
    const GitPtr<git_odb> owner(odb);
    return git_odb_exists(odb, &oid) == 1;
}

bool Repository::descends(const std::string& id, const std::string& previous) const
{
    if (id == previous || previous.empty())
        return true;
    const core::Result<Lease> handle = lease();
    git_oid oid;
    git_oid previousOid;
    if (!handle || git_oid_fromstr(&oid, id.c_str()) != 0
        || git_oid_fromstr(&previousOid, previous.c_str()) != 0 || !has(previous))
        return false;
    const int answer = git_graph_descendant_of(handle->get(), &oid, &previousOid);
    return answer == 1 || (answer < 0 && git_repository_is_shallow(handle->get()) == 1);
}

} // namespace gitops
