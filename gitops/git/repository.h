// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "gitops/git/libgit2.h"
#include "gitops/git/revisionselect.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gitops {

/// A Git repository on this disk (somebody's clone, or our mirror of a remote), opened in place and
/// only read here. Any thread: libgit2's handles must not be shared, so each user borrows one from
/// a pool.
class Repository : public std::enable_shared_from_this<Repository>
{
public:
    /// path: a working copy, its ".git", or a bare repository; shown: how messages name it.
    static core::Result<std::shared_ptr<Repository>> open(const std::string& path,
                                                          const std::string& shown);

    /// A borrowed handle; goes back into the pool when destroyed.
    class Lease
    {
    public:
        Lease(std::shared_ptr<const Repository> owner, GitPtr<git_repository> handle);
        ~Lease();
        Lease(Lease&&) = default;
        Lease& operator=(Lease&&) = delete;
        git_repository* get() const { return m_handle.get(); }

    private:
        std::shared_ptr<const Repository> m_owner;
        GitPtr<git_repository> m_handle;
    };
    core::Result<Lease> lease() const;

    const std::string& path() const { return m_path; }
    const std::string& shown() const { return m_shown; }

    /// HEAD, branches and tags.
    core::Result<std::vector<GitReference>> references() const;
    /// The commit that an object id (also of a tag) or 7 to 40 hex digits stand for. NotFound when
    /// it is not here, Invalid when it is ambiguous or no commit.
    core::Result<core::CommitInfo> commit(const std::string& id) const;
    bool has(const std::string& id) const; ///< the object, with a full id
    /// Whether previous is in the parent chain of id. True where it cannot be known (a shallow
    /// clone); false when previous is gone.
    bool descends(const std::string& id, const std::string& previous) const;

private:
    Repository(std::string path, std::string shown);
    core::Result<GitPtr<git_repository>> newHandle() const;
    core::Place place() const { return {.object = m_shown}; }

    const std::string m_path;
    const std::string m_shown;
    mutable std::mutex m_mutex;
    mutable std::vector<GitPtr<git_repository>> m_idle; ///< guarded by m_mutex
};

using RepositoryPtr = std::shared_ptr<Repository>;

} // namespace gitops
