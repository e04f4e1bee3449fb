// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/gitpool.h"
#include "gitops/git/httpfile.h"
#include "gitops/git/libgit2service.h"
#include "gitops/git/remoteservice.h"

#include <chrono>
#include <memory>

namespace gitops {

/// RemoteService over mirrors and https. Threads of its own, so that what an application names
/// elsewhere never holds up the repositories of others; files are asked for without credentials.
class RemoteFetcher : public RemoteService
{
public:
    struct Options
    {
        GitOptions git; ///< for repositories; its insteadOf holds for files, too
        HttpFileOptions files = {};
        std::chrono::milliseconds timeout {
            600'000}; ///< for one fetch, unless its address says less
        int threads = 16;
    };

    explicit RemoteFetcher(Options options);
    ~RemoteFetcher() override; ///< no done is posted from then on

    void fetch(const RemoteAddress& address, const RemoteContentPtr& known,
               core::Executor& executor, Handler done) override;

private:
    struct Answer;
    struct Gate;
    using AnswerPtr = std::shared_ptr<Answer>;
    void fetchRepository(const RemoteAddress& address, const AnswerPtr& answer);
    void fetchFile(const RemoteAddress& address, const AnswerPtr& answer);

    const Options m_options;
    const std::shared_ptr<Gate> m_gate; ///< with jobs, which may outlive us in a silent call
    const std::shared_ptr<LibGit2Service> m_git;
    GitPool m_files;
};

} // namespace gitops
