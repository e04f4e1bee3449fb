// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"
#include "gitops/render/kustomize/kustomization.h"
#include "gitops/render/renderer.h"

#include <string>
#include <vector>

namespace gitops::kustomize {

/// Patches and replacements can copy parts of an object into it again and again. What that may make
/// is limited: levels of an object, nodes of a build, bytes of one text.
inline constexpr int kMostLevels = 100;
inline constexpr std::size_t kMostNodes = 16'000'000;
inline constexpr std::size_t kMostTextBytes = 32u << 20;

/// What one build shares: the tree that it reads, the arena that all its objects live in. One
/// thread.
struct BuildContext
{
    const FileTree& files;
    const RenderLimits& limits;
    bool restrictLoads = true;
    core::YamlTree yaml {};
    std::vector<std::string> warnings {};
    std::size_t objectCount = 0;

    core::Place placeOf(const core::YamlNode* node) const;
    std::unexpected<core::Error> invalid(std::string message, const core::YamlNode* at) const;
};

/// A folder with a kustomization, entered from another one or as the root. Its path is real: no
/// symbolic link in it.
class Folder
{
public:
    static core::Result<Folder> root(BuildContext& context, std::string_view path);
    /// The folder that a resources or components entry names; an error when that makes a cycle.
    core::Result<Folder> enter(const Text& path) const;

    /// Whether the entry names a file, a folder, or nothing.
    core::Result<TreeEntry> find(const Text& path) const;
    /// A file's text. It must lie in or below this folder unless the build says otherwise.
    core::Result<std::string> read(const Text& path) const;
    /// The path of an entry in the tree, for places.
    std::string pathOf(const Text& path) const;

    const std::string& path() const { return m_path; }
    int depth() const { return m_depth; }
    BuildContext& context() const { return *m_context; }

private:
    BuildContext* m_context = nullptr;
    const Folder* m_from = nullptr;
    std::string m_path;
    int m_depth = 0;
};

/// The objects of a manifest's text: lists taken apart, each with kind and metadata.name.
core::Result<std::vector<ResourcePtr>> readResources(BuildContext& context, std::string_view text,
                                                     const std::string& file, int firstLine = 1);
/// The same of documents that are read already.
core::Result<std::vector<ResourcePtr>> makeResources(BuildContext& context,
                                                     std::vector<core::YamlNode*> documents);

} // namespace gitops::kustomize
