// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gitlookup.h"

#include "app/settings.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/git/libgit2service.h"

#include <future>

namespace app {

core::Result<gitops::Revision> lookUpRevision(const Options& options)
{
    const auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    gitops::GitOptions git;
    git.cacheFolder = options.cacheFolder;
    for (const auto& [url, path] : settings->insteadOf)
        git.insteadOf.push_back({url, path});
    gitops::ThreadPool pool(1, "render");
    const auto strand = pool.strand();
    gitops::LibGit2Service service(std::move(git));
    std::promise<core::Result<gitops::Revision>> promise;
    auto found = promise.get_future();
    service.resolve(options.repoUrl, options.revision.empty() ? "HEAD" : options.revision, "",
                    *strand, [&promise](core::Result<gitops::Revision> revision) {
                        promise.set_value(std::move(revision));
                    });
    return found.get();
}

} // namespace app
