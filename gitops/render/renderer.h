// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/manifest.h"
#include "gitops/git/filetree.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// What a render may cost. Passing a limit is one application's error, never a crash.
struct RenderLimits
{
    std::uint64_t fileBytes = 16u << 20;
    std::uint64_t totalBytes = 256u << 20;
    std::size_t objects = 100'000;
    std::size_t files = 50'000;
    int kustomizationDepth = 100;
};

/// What to render: a folder of a tree, with Argo CD's own options over it.
struct RenderRequest
{
    FileTreePtr tree;
    std::string path; ///< folder inside the tree
    core::ApplicationSource
        source; ///< directory and kustomize options; its URL and revision are not looked at
    RenderLimits limits = {};
    /// Argo CD's variables (ARGOCD_APP_NAME …) that images, labels and annotations of the source
    /// may name. Without any, nothing is filled in.
    std::map<std::string, std::string> variables = {};
    bool explain = false; ///< keep what each transformer changed
    bool restrictLoads = true; ///< files must lie in or below their kustomization's folder
};

/// A field of an object that a transformer touched (RenderRequest::explain).
struct FieldChange
{
    enum class Kind
    {
        Made, ///< the whole object, by a generator
        Added,
        Changed,
        Removed
    };
    std::string pointer; ///< JSON pointer; "" for the object
    std::string by; ///< Kustomize's name of the transformer or generator
    std::string file; ///< the kustomization that asks for it; "" at the end of the build
    Kind kind = Kind::Changed;
};

/// A complete, error-free render. There is no such thing as a partial one: an error is no desired
/// state.
struct Rendered
{
    enum class Tool
    {
        Directory,
        Kustomize
    } tool = Tool::Directory;
    std::vector<core::ManifestPtr> manifests; ///< in output order
    std::vector<std::vector<FieldChange>> changes; ///< of each manifest, when they were asked for
    std::string yaml; ///< byte for byte as kubectl kustomize prints it (for a directory: same
                      ///< emitter, file order)
    core::Digest digest; ///< of yaml
    std::vector<std::string> warnings; ///< deprecations, one sentence each
    /// What was read: path and Git object id, "" for a path that was looked for and absent. Equal
    /// inputs, equal render.
    std::vector<std::pair<std::string, std::string>> inputs;
};

using RenderedPtr = std::shared_ptr<const Rendered>;

/// Renders in process. Pure but for reading the tree; safe to call from many threads at once.
/// Errors carry kustomization file, line and field.
core::Result<RenderedPtr> render(const RenderRequest& request);

/// Renders by content: what was rendered from the same inputs is not rendered again, in this
/// process. Any thread.
class RenderCache
{
public:
    explicit RenderCache(std::size_t maxEntries = 4096);
    ~RenderCache();
    core::Result<RenderedPtr> render(const RenderRequest& request);
    struct Statistics
    {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
    };
    Statistics statistics() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gitops
