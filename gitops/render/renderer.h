// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/manifest.h"
#include "gitops/git/filetree.h"
#include "gitops/git/remotecontent.h"

#include <functional>
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
    std::size_t remotes = 200; ///< repositories and files from elsewhere
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
    /// The tree is a person's own, on this machine: it may name repositories and servers of this
    /// machine. What is fetched from elsewhere never may.
    bool isOnThisMachine = false;
    /// What was fetched so far for this render; null: nothing.
    std::shared_ptr<const RemoteContents> remotes = {};
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
    /// The same of what came from elsewhere: address and RemoteContent::id, "" of what could not be
    /// had (a URL that is no file, but a repository).
    std::vector<std::pair<RemoteAddress, std::string>> remotes;
};

using RenderedPtr = std::shared_ptr<const Rendered>;

/// Renders in process. Pure but for reading the tree; safe to call from many threads at once.
/// Errors carry kustomization file, line and field.
///
/// What a tree needs from elsewhere is not fetched here. wanted gets the addresses that
/// request.remotes lacks; where it comes back with any, the result is an error that says so, and
/// the caller fetches them (an error is an answer, too) and renders again. Null: such trees are
/// refused.
core::Result<RenderedPtr> render(const RenderRequest& request,
                                 std::vector<RemoteAddress>* wanted = nullptr);

/// render, and whatever it takes to have what it wants; may wait.
using RenderFunction = std::function<core::Result<RenderedPtr>(const RenderRequest&)>;

/// Renders by content: what was rendered from the same inputs is not rendered again, in this
/// process. Any thread.
class RenderCache
{
public:
    explicit RenderCache(std::size_t maxEntries = 4096);
    ~RenderCache();
    core::Result<RenderedPtr> render(const RenderRequest& request,
                                     std::vector<RemoteAddress>* wanted = nullptr);
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
