// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitpool.h"
#include "gitops/git/httptransport.h"
#include "gitops/git/mirrortidy.h"
#include "gitops/git/remoteurl.h"
#include "gitops/git/repository.h"
#include "gitops/git/sshtransport.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// How far a fetch is.
struct GitProgress
{
    std::uint64_t objects = 0;
    std::uint64_t totalObjects = 0;
    std::uint64_t bytes = 0;
};

struct MirrorOptions
{
    std::string cacheFolder;
    std::uint64_t maxFetchBytes = 8ull << 30;
    std::function<void(const GitProgress&)> progress = {}; ///< on the fetching thread
    HttpOptions http = {};
    SshOptions ssh = {};
    MirrorLimits limits = {};
};

/// A bare repository under the cache folder that follows one remote. It holds objects and, for
/// negotiation, one reference per followed branch or tag, named by a hash: no name from the remote
/// becomes a path. Other processes may use it at the same time: writing is done under a file lock,
/// and a fetch that ends early leaves all as it was. Used by one thread at a time.
class Mirror
{
public:
    /// Makes the repository where there is none; one that cannot be opened is made anew.
    static core::Result<std::unique_ptr<Mirror>>
    open(const RemoteUrl& url, const MirrorOptions& options, JobWatch& watch);
    ~Mirror();

    const RepositoryPtr& repository() const { return m_repository; }
    const std::string& folder() const { return m_folder; }

    /// What the remote has now: one connection, kept for fetch.
    core::Result<std::vector<GitReference>> connect(JobWatch& watch);
    /// Brings the objects of these references (full names) of the connected remote. Empty: of all
    /// branches and tags.
    core::Result<void> fetch(const std::vector<GitReference>& wanted,
                             const std::vector<GitReference>& all, JobWatch& watch);
    void disconnect();

    /// The object of a tag that was fetched by its name before, "" when there is none: a tag is not
    /// asked for again.
    std::string knownTag(const std::string& name) const;

    /// Keeps what a revision stands for, whatever becomes of its branch: the commit before this one
    /// stays as well.
    void keep(const std::string& revision, const std::string& commit);
    /// Puts what has gathered into one pack, when it is much; what is kept, and what the remote's
    /// followed branches and tags reach, stays. A failure leaves all as it was.
    core::Result<void> tidy(JobWatch& watch);

private:
    struct Session;
    Mirror(RemoteUrl url, MirrorOptions options, std::string folder);
    core::Result<void> prepare(JobWatch& watch);
    core::Result<void> create();
    void sweep() const; ///< what a killed process left; under the lock

    const RemoteUrl m_url;
    const MirrorOptions m_options;
    const std::string m_folder;
    RepositoryPtr m_repository;
    std::unique_ptr<Session> m_session;
};

} // namespace gitops
