// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lineagefiles.h"

#include "app/settings.h"
#include "gitops/git/committree.h"
#include "gitops/git/mirror.h"
#include "gitops/git/remoteurl.h"

#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 2'000;
constexpr std::size_t kMaxFolders = 20'000;
constexpr std::size_t kMaxBytes = 32u << 20;
constexpr std::size_t kMaxFile = 4u << 20;
constexpr int kMaxDepth = 20;

fs::path workingCopyOf(const fs::path& place)
{
    std::error_code error;
    for (fs::path at = fs::canonical(place, error); at.has_relative_path(); at = at.parent_path())
        if (fs::exists(at / ".git", error))
            return at;
    return {};
}

/// Where the files of a repository are read, and what it is called: two applications of one
/// repository read a folder once.
struct Source
{
    std::string url;
    gitops::FileTreePtr tree; ///< null: it cannot be read
};

class Collector
{
public:
    explicit Collector(std::set<std::string> known)
        : m_known(std::move(known))
    {
    }
    void collect(const Source& source, const std::string& folder, const std::string& application,
                 int depth = 0);
    std::vector<core::LineageFile> files;

private:
    void take(const Source& source, const gitops::TreeEntry& entry, const std::string& path,
              const std::string& application);

    const std::set<std::string> m_known; ///< texts that ConfigMaps hold already
    std::set<std::pair<std::string, std::string>> m_seen; ///< folders, after their repository
    std::size_t m_bytes = 0;
};

void Collector::take(const Source& source, const gitops::TreeEntry& entry, const std::string& path,
                     const std::string& application)
{
    const bool isFull = files.size() >= kMaxFiles || m_bytes + entry.size > kMaxBytes;
    if (!entry.name.ends_with(".py") || isFull || entry.size > kMaxFile)
        return;
    auto text = source.tree->read(path, kMaxFile);
    if (!text || text->find("airflow") == std::string::npos || m_known.contains(*text))
        return;
    m_bytes += text->size();
    files.push_back({path, application, std::make_shared<const std::string>(std::move(*text))});
}

void Collector::collect(const Source& source, const std::string& folder,
                        const std::string& application, int depth)
{
    if (!source.tree || depth > kMaxDepth || m_seen.size() > kMaxFolders
        || !m_seen.emplace(source.url, folder).second)
        return;
    const auto entries = source.tree->list(folder);
    if (!entries)
        return;
    for (const gitops::TreeEntry& entry : *entries) {
        const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
        if (entry.type == gitops::TreeEntry::Type::Directory)
            collect(source, path, application, depth + 1);
        else if (entry.type == gitops::TreeEntry::Type::File)
            take(source, entry, path, application);
    }
}

/// The trees of the commits that applications are at, each opened once.
class Sources
{
public:
    explicit Sources(const Options& options)
        : m_cacheFolder(options.cacheFolder)
    {
        if (const auto settings = readSettings(options.configFile))
            for (const auto& [prefix, base] : settings->insteadOf)
                m_rules.push_back({prefix, base});
        const std::string place = !options.path.empty()
            ? options.path
            : (options.files.empty() ? "" : options.files.front());
        const fs::path copy = place.empty() ? fs::path() : workingCopyOf(place);
        if (copy.empty())
            return;
        workingCopy.url = copy.string();
        if (auto tree = gitops::openDiskTree(copy.string()))
            workingCopy.tree = *tree;
    }

    /// From its commit where one is in force; else from the working copy.
    Source of(const core::PlatformApplication& application)
    {
        const auto key = std::pair(application.repoUrl, application.revision);
        auto found = m_trees.find(key);
        if (found == m_trees.end())
            found = m_trees.emplace(key, open(application)).first;
        return found->second ? Source {application.repoUrl, found->second} : workingCopy;
    }

    Source workingCopy;

private:
    gitops::FileTreePtr open(const core::PlatformApplication& application) const;

    std::string m_cacheFolder;
    std::vector<gitops::InsteadOf> m_rules;
    std::map<std::pair<std::string, std::string>, gitops::FileTreePtr> m_trees;
};

gitops::FileTreePtr Sources::open(const core::PlatformApplication& application) const
{
    const auto url = gitops::parseRemoteUrl(gitops::mappedUrl(application.repoUrl, m_rules));
    if (!url || application.revision.empty())
        return nullptr;
    core::Result<gitops::FileTreePtr> tree = nullptr;
    if (url->files) {
        tree = gitops::openDiskTree(url->path);
    } else if (url->local) {
        if (const auto repository = gitops::Repository::open(url->path, url->shown))
            tree = gitops::openCommitTree(*repository, application.revision);
    } else { // the engine has brought the commit
        gitops::JobWatch watch;
        gitops::MirrorOptions options;
        options.cacheFolder = m_cacheFolder;
        if (const auto mirror = gitops::Mirror::open(*url, options, watch))
            tree = gitops::openCommitTree((*mirror)->repository(), application.revision);
    }
    return tree ? *tree : nullptr;
}

std::set<std::string> textsOfConfigMaps(const core::PlatformInput& input)
{
    std::set<std::string> out;
    for (const core::PlatformObject& object : input.objects) {
        if (object.key.kind != "ConfigMap" || !object.manifest()
            || object.manifest()->text().find("airflow") == std::string::npos)
            continue;
        const core::Json value = object.manifest()->value();
        if (const core::Json* data = core::find(value, "data"); data && data->is_object())
            for (const auto& member : data->get_object())
                if (member.value().is_string())
                    out.emplace(member.value().get_string());
    }
    return out;
}

} // namespace

std::vector<core::LineageFile> lineageFiles(const Options& options,
                                            const core::PlatformInput& input)
{
    Sources sources(options);
    Collector collector(textsOfConfigMaps(input));
    std::map<std::string, Source> repositories;
    for (const core::PlatformApplication& application : input.applications) {
        const Source source = sources.of(application);
        repositories.emplace(source.url, source);
        if (!application.path.empty() && application.path != ".")
            collector.collect(source, application.path, application.name);
    }
    // Of a whole repository only what is called dags.
    repositories.emplace(sources.workingCopy.url, sources.workingCopy);
    for (const auto& [url, source] : repositories)
        collector.collect(source, "dags", "");
    return std::move(collector.files);
}

} // namespace app
