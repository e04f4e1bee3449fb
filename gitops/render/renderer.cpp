// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/renderer.h"

#include "gitops/render/directory.h"
#include "gitops/render/kustomize/build.h"
#include "gitops/render/kustomize/history.h"
#include "gitops/render/output.h"
#include "gitops/render/recordingtree.h"
#include "gitops/render/remotelookup.h"
#include "gitops/render/variables.h"

namespace gitops {

namespace {

using core::YamlNode;

core::Result<void> refuseHelm(const FileTree& files, const std::string& path)
{
    const std::string chart = (path.empty() ? "" : path + '/') + "Chart.yaml";
    if (!files.entry(chart))
        return {};
    return core::failure(core::ErrorCode::Unsupported,
                         "the folder is a Helm chart, which Wavewright does not render",
                         {.file = chart}, core::Fault::Repository);
}

core::Result<void> renderDirectory(const RenderRequest& request, const FileTree& files,
                                   Rendered& rendered)
{
    rendered.tool = Rendered::Tool::Directory;
    core::YamlTree tree;
    auto objects = readDirectory(tree, files, request);
    if (!objects)
        return std::unexpected(std::move(objects.error()));
    return writeOutput(tree, *objects, rendered);
}

core::Result<void> renderKustomization(const RenderRequest& request, const FileTree& files,
                                       const std::string& path, RemoteLookup& remotes,
                                       Rendered& rendered)
{
    rendered.tool = Rendered::Tool::Kustomize;
    kustomize::BuildContext context {.files = files,
                                     .remotes = remotes,
                                     .limits = request.limits,
                                     .restrictLoads = request.restrictLoads};
    kustomize::History history;
    if (request.explain)
        context.history = &history;
    auto resources = kustomize::build(context, path, request.source.kustomize);
    if (!resources)
        return std::unexpected(std::move(resources.error()));
    std::vector<YamlNode*> objects;
    objects.reserve(resources->size());
    for (const kustomize::ResourcePtr& resource : *resources)
        objects.push_back(resource->node());
    for (const kustomize::ResourcePtr& resource : *resources)
        if (request.explain)
            rendered.changes.push_back(history.changesOf(*resource));
    rendered.warnings = std::move(context.warnings);
    return writeOutput(context.yaml, objects, rendered);
}

} // namespace

core::Result<RenderedPtr> render(const RenderRequest& asked, std::vector<RemoteAddress>* wanted)
{
    if (!asked.tree)
        return core::failure(core::ErrorCode::Internal, "there is no tree to render from");
    const RenderRequest request = withVariables(asked);
    const RecordingTree files(request.tree, request.limits);
    RemoteLookup remotes(request, wanted);
    auto path = normalisedPath(request.path);
    if (!path)
        return std::unexpected(std::move(path.error()));
    auto folder = files.entry(*path);
    if (!folder)
        return std::unexpected(std::move(folder.error()));
    if (folder->type != TreeEntry::Type::Directory)
        return core::failure(core::ErrorCode::Invalid, "'" + request.path + "' is no folder",
                             {.file = *path}, core::Fault::Repository);
    if (auto good = refuseHelm(files, *path); !good)
        return std::unexpected(std::move(good.error()));
    auto rendered = std::make_shared<Rendered>();
    const auto kustomization = kustomize::findKustomization(files, *path);
    if (!kustomization && kustomization.error().code != core::ErrorCode::NotFound)
        return std::unexpected(kustomization.error());
    auto done = kustomization ? renderKustomization(request, files, *path, remotes, *rendered)
                              : renderDirectory(request, files, *rendered);
    if (!done)
        return std::unexpected(std::move(done.error()));
    rendered->inputs = files.inputs();
    rendered->remotes = remotes.used();
    return rendered;
}

} // namespace gitops
