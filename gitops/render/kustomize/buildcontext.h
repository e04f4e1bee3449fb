// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"
#include "gitops/render/kustomize/kustomization.h"
#include "gitops/render/kustomize/mergeschema.h"
#include "gitops/render/kustomize/repospec.h"
#include "gitops/render/remotelookup.h"
#include "gitops/render/renderer.h"

#include <string>
#include <vector>

namespace gitops::kustomize {

/// Patches and replacements can copy parts of an object into it again and again. What that may make
/// is limited: levels of an object, nodes of a build, bytes of one text.
inline constexpr int kMostLevels = 100;
inline constexpr std::size_t kMostNodes = 16'000'000;
inline constexpr std::size_t kMostTextBytes = 32u << 20;

class History;

/// What one build shares: the tree that it reads, the arena that all its objects live in. One
/// thread.
struct BuildContext
{
    const FileTree& files;
    RemoteLookup& remotes;
    const RenderLimits& limits;
    bool restrictLoads = true;
    core::YamlTree yaml {};
    std::vector<std::string> warnings {};
    std::size_t objectCount = 0;
    bool keepsOrigins = false; ///< buildMetadata asks for them
    MergeSchema schema {};
    History* history = nullptr; ///< when the build is to be explained

    core::Place placeOf(const core::YamlNode* node) const;
    std::unexpected<core::Error> invalid(std::string message, const core::YamlNode* at) const;
};

/// A folder with a kustomization, entered from another one or as the root, in the tree that is
/// rendered or in a remote one. Its path is real: no symbolic link in it.
class Folder
{
public:
    static core::Result<Folder> root(BuildContext& context, std::string_view path);
    /// The folder that a resources or components entry names; an error when that makes a cycle.
    core::Result<Folder> enter(const Text& path) const;
    /// The folder in a repository that was fetched for an entry.
    core::Result<Folder> enterRemote(const Text& entry, const RepoSpec& spec,
                                     const RemoteContent& content) const;

    /// Whether the entry names a file, a folder, or nothing.
    core::Result<TreeEntry> find(const Text& path) const;
    /// Nothing in the tree has that path, and it names something elsewhere.
    bool isElsewhere(const Text& path) const;
    /// What an entry names elsewhere; null when it has to be fetched first.
    core::Result<RemoteContentPtr> fetched(const RemoteAddress& address, const Text& entry) const;
    /// A file's text. It must lie in or below this folder unless the build says otherwise, or come
    /// by https.
    core::Result<std::string> read(const Text& path) const;
    /// The path of an entry, for places.
    std::string pathOf(const Text& path) const;

    /// What buildMetadata tells of an entry, and of a transformer of this folder's kustomization.
    OriginPtr originOf(const Text& path) const;
    OriginPtr configured(std::string_view apiVersion, std::string_view kind) const;

    const std::string& path() const { return m_path; }
    /// Finds its kustomization and reads it.
    core::Result<std::string> readKustomizationFile();
    /// Its kustomization, for places: the path in the tree, behind the repository of a remote one.
    const std::string& filePath() const { return m_file; }
    std::string fileName() const { return m_file.substr(m_file.rfind('/') + 1); }
    int depth() const { return m_depth; }
    bool isRemote() const { return !m_prefix.empty(); }
    BuildContext& context() const { return *m_context; }

private:
    core::Result<Folder> entered(const Text& entry, const FileTree& files, std::string real) const;
    core::Error placed(core::Error error) const;

    BuildContext* m_context = nullptr;
    const FileTree* m_files = nullptr;
    const Folder* m_from = nullptr;
    std::string m_prefix; ///< before paths of a remote tree in places: "https://host/repo?ref=v1//"
    std::string m_repo; ///< of a remote tree, as buildMetadata tells it
    std::string m_ref;
    std::string m_path;
    std::string m_shown; ///< as the entries lead here from the root's folder
    std::string m_file; ///< the kustomization
    int m_depth = 0;
};

/// The objects of a manifest's text: lists taken apart, each with kind and metadata.name.
core::Result<std::vector<ResourcePtr>> readResources(BuildContext& context, std::string_view text,
                                                     const std::string& file, int firstLine = 1);
/// The same of documents that are read already.
core::Result<std::vector<ResourcePtr>> makeResources(BuildContext& context,
                                                     std::vector<core::YamlNode*> documents);

} // namespace gitops::kustomize
