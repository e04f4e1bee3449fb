// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lineagefiles.h"

#include "gitops/git/filetree.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 2'000;
constexpr std::size_t kMaxFolders = 20'000;
constexpr std::size_t kMaxBytes = 32u << 20;

fs::path workingCopyOf(const fs::path& place)
{
    std::error_code error;
    for (fs::path at = fs::canonical(place, error); at.has_relative_path(); at = at.parent_path())
        if (fs::exists(at / ".git", error))
            return at;
    return {};
}

class Collector
{
public:
    Collector(const gitops::FileTree& tree, const std::set<std::string>& known)
        : m_tree(tree)
        , m_known(known)
    {
    }
    void collect(const std::string& folder, const std::string& application, int depth);
    std::vector<core::LineageFile> files;

private:
    const gitops::FileTree& m_tree;
    const std::set<std::string>& m_known; ///< texts that ConfigMaps hold already
    std::set<std::string> m_seen;
    std::size_t m_bytes = 0;
};

void Collector::collect(const std::string& folder, const std::string& application, int depth)
{
    if (depth > 20 || m_seen.size() > kMaxFolders || !m_seen.insert(folder).second)
        return;
    const auto entries = m_tree.list(folder);
    if (!entries)
        return;
    for (const gitops::TreeEntry& entry : *entries) {
        const std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
        if (entry.type == gitops::TreeEntry::Type::Directory) {
            collect(path, application, depth + 1);
            continue;
        }
        const bool isFull = files.size() >= kMaxFiles || m_bytes + entry.size > kMaxBytes;
        if (!entry.name.ends_with(".py") || isFull || entry.size > (4u << 20))
            continue;
        auto text = m_tree.read(path, 4u << 20);
        if (!text || text->find("airflow") == std::string::npos || m_known.contains(*text))
            continue;
        m_bytes += text->size();
        files.push_back({path, application, std::make_shared<const std::string>(std::move(*text))});
    }
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
    const std::string place =
        !options.path.empty() ? options.path : (options.files.empty() ? "" : options.files.front());
    const fs::path copy = place.empty() ? fs::path() : workingCopyOf(place);
    if (copy.empty())
        return {};
    const auto tree = gitops::openDiskTree(copy.string());
    if (!tree)
        return {};
    const auto known = textsOfConfigMaps(input);
    Collector collector(**tree, known);
    for (const core::PlatformApplication& application : input.applications) {
        if (application.path.empty() || application.path == ".")
            continue; // a whole repository: only what is called dags
        collector.collect(application.path, application.name, 0);
    }
    collector.collect("dags", "", 0);
    return std::move(collector.files);
}

} // namespace app
