// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitpool.h"
#include "gitops/git/gitservice.h"
#include "gitops/git/mirror.h"

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gitops {

struct GitOptions
{
    std::string cacheFolder; ///< "$XDG_CACHE_HOME/wavewright"; mirrors live in its folder "git"
    std::vector<InsteadOf> insteadOf;
    /// A remote that is silent for so long is given up; its repository is busy until it answers.
    std::chrono::milliseconds timeout {60'000};
    int threads = 4;
    std::uint64_t maxFetchBytes = 8ull << 30;
    /// Optional; on a thread of the pool. url is without user name.
    std::function<void(const std::string& url, const GitProgress&)> progress = {};
    HttpOptions http = {}; ///< certificates and credentials of https remotes
    SshOptions ssh = {};
};

/// GitService over libgit2, with threads of its own. Requests for one repository that wait together
/// share one connection. An error leaves what was found before as it was: the caller keeps its
/// last good Revision, whose tree stays readable.
class LibGit2Service : public GitService
{
public:
    explicit LibGit2Service(GitOptions options);
    /// No done is posted from then on.
    ~LibGit2Service() override;

    void resolve(const std::string& repoUrl, const std::string& revision,
                 const std::string& previous, core::Executor& executor, Handler done) override;

    /// What a remote base asks for: reference as `git fetch` takes it (selectReference), and a tag
    /// or commit that is here already is not asked for again.
    void resolveBase(const std::string& repoUrl, const std::string& reference,
                     core::Executor& executor, Handler done);

private:
    struct Question;
    struct Request;
    struct Shared;
    void ask(const std::string& repoUrl, Request request);
    static void serve(const std::shared_ptr<Shared>& shared, const RemoteUrl& url, JobWatch& watch);

    const std::shared_ptr<Shared> m_shared; ///< with jobs, which may outlive us in a silent call
    GitPool m_pool;
};

} // namespace gitops
