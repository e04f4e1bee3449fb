// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright render, where it takes a repository: the manifests of a path in a revision (--repo),
// or of a folder that needs something from elsewhere.
#include "app/commands.h"
#include "app/commands/render.h"
#include "app/console.h"
#include "app/gitlookup.h"
#include "app/remoterenderer.h"

namespace app {

namespace {

core::Result<gitops::RenderRequest> revisionRequest(const Options& options)
{
    auto revision = lookUpRevision(options);
    if (!revision)
        return std::unexpected(std::move(revision.error()));
    gitops::RenderRequest request {.tree = revision->tree, .path = options.path, .source = {}};
    request.source.repoUrl = options.repoUrl;
    applyOptions(request, options);
    return request;
}

} // namespace

int runRender(const Options& options)
{
    const auto settings = readSettings(options.configFile);
    const auto request = !settings ? std::unexpected(settings.error())
        : options.repoUrl.empty()  ? folderRequest(options)
                                   : revisionRequest(options);
    if (!request) {
        printError(request.error().text());
        return CouldNotTell;
    }
    return printRendered(RemoteRenderer(options, *settings).render(*request), options);
}

} // namespace app
