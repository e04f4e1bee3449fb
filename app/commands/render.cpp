// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright render: the manifests of a folder, byte for byte as kubectl prints them.
#include "app/commands/render.h"

#include "app/commands.h"
#include "app/console.h"
#include "core/base/strings.h"
#include "core/value/json.h"
#include "gitops/render/explanation.h"
#include "gitops/render/renderer.h"

#include <cstdio>
#include <filesystem>

namespace app {

namespace {

namespace fs = std::filesystem;

/// The folder that bounds what may be read: the enclosing Git repository, or else the file system's
/// root with Kustomize's own rules.
fs::path boundaryOf(const fs::path& folder)
{
    for (fs::path at = folder; at.has_relative_path(); at = at.parent_path())
        if (fs::exists(at / ".git"))
            return at;
    return folder.root_path();
}

void print(const gitops::Rendered& rendered, Format format)
{
    for (const std::string& warning : rendered.warnings)
        std::fprintf(stderr, "# Warning: %s\n", warning.c_str());
    if (format != Format::Json) {
        std::fwrite(rendered.yaml.data(), 1, rendered.yaml.size(), stdout);
        return;
    }
    core::JsonArray items;
    for (const core::ManifestPtr& manifest : rendered.manifests)
        items.push_back(manifest->value());
    std::puts(core::toText(items).c_str());
}

int printExplanation(const gitops::Rendered& rendered, const Options& options)
{
    const std::string text =
        gitops::explanationOf(rendered, {.object = options.object, .field = options.field});
    if (text.empty()) {
        printError("the render has no object '" + core::sanitised(options.object) + "'");
        return No;
    }
    std::fputs(text.c_str(), stdout);
    return Yes;
}

/// Where the tree begins at the file system's root, so do the names of its files; those of remote
/// trees have "//" in them and stay.
core::Error shownError(core::Error error, const Options& options)
{
    std::string& file = error.place.file;
    if (!options.repoUrl.empty() || file.empty() || file.starts_with('/')
        || file.find("//") != std::string::npos)
        return error;
    std::error_code ignored;
    const fs::path folder = fs::canonical(options.path.empty() ? "." : options.path, ignored);
    if (!ignored && boundaryOf(folder) == folder.root_path())
        file.insert(0, "/");
    return error;
}

} // namespace

core::Result<gitops::RenderRequest> folderRequest(const Options& options)
{
    std::error_code error;
    const fs::path folder = fs::canonical(options.path.empty() ? "." : options.path, error);
    if (error || !fs::is_directory(folder))
        return core::failure(core::ErrorCode::NotFound, "there is no such folder",
                             {.file = options.path}, core::Fault::User);
    const fs::path boundary = boundaryOf(folder);
    auto tree = gitops::openDiskTree(boundary.string());
    if (!tree)
        return std::unexpected(tree.error());
    const std::string path = folder.lexically_relative(boundary).string();
    gitops::RenderRequest request {
        .tree = *tree, .path = path == "." ? "" : path, .source = {}, .isOnThisMachine = true};
    applyOptions(request, options);
    return request;
}

void applyOptions(gitops::RenderRequest& request, const Options& options)
{
    request.restrictLoads = !options.unrestricted;
    request.explain = options.explain;
}

int printRendered(const core::Result<gitops::RenderedPtr>& rendered, const Options& options)
{
    if (!rendered) {
        printError(shownError(rendered.error(), options).text());
        return No;
    }
    if (options.explain)
        return printExplanation(**rendered, options);
    print(**rendered, options.format);
    return Yes;
}

std::optional<int> runRenderFolder(const Options& options)
{
    const auto request = folderRequest(options);
    if (!request) {
        printError(request.error().text());
        return CouldNotTell;
    }
    std::vector<gitops::RemoteAddress> wanted;
    const auto rendered = gitops::render(*request, &wanted);
    if (!wanted.empty())
        return std::nullopt;
    return printRendered(rendered, options);
}

} // namespace app
