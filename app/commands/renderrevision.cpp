// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright render --repo: the manifests of a path in a revision of a Git repository.
#include "app/commands.h"
#include "app/commands/render.h"
#include "app/gitlookup.h"

namespace app {

int runRender(const Options& options)
{
    if (options.repoUrl.empty())
        return runRenderFolder(options);
    auto revision = lookUpRevision(options);
    if (!revision)
        return renderAndPrint(std::unexpected(revision.error()), options);
    return renderAndPrint(
        gitops::RenderRequest {.tree = revision->tree, .path = options.path, .source = {}},
        options);
}

} // namespace app
