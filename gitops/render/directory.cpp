// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/directory.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"

namespace gitops {

namespace {

using core::YamlNode;

constexpr std::string_view kSkipMarker = "+argocd:skip-file-rendering";
constexpr int kDeepestFolder = 64;

/// "{a,b}*" -> "a*", "b*". Bounded: patterns come from outside.
void expandBraces(std::string_view pattern, std::vector<std::string>& out)
{
    constexpr std::size_t kMost = 256;
    if (out.size() >= kMost)
        return;
    const std::size_t open = pattern.find('{');
    const std::size_t close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) {
        out.emplace_back(pattern);
        return;
    }
    for (std::string_view part : core::split(pattern.substr(open + 1, close - open - 1), ','))
        expandBraces(std::string(pattern.substr(0, open)) + std::string(part)
                         + std::string(pattern.substr(close + 1)),
                     out);
}

class Reader
{
public:
    Reader(core::YamlTree& tree, const FileTree& files, const RenderRequest& request)
        : m_tree(tree)
        , m_files(files)
        , m_request(request)
    {
    }

    core::Result<std::vector<YamlNode*>> read(const std::string& root)
    {
        if (auto done = folder(root, "", 0); !done)
            return std::unexpected(std::move(done.error()));
        return std::move(m_objects);
    }

private:
    core::Result<void> folder(const std::string& path, const std::string& relative, int depth)
    {
        if (depth > kDeepestFolder)
            return core::failure(core::ErrorCode::LimitExceeded, "folders are nested too deep",
                                 {.file = path}, core::Fault::Repository);
        auto entries = m_files.list(path);
        if (!entries)
            return std::unexpected(std::move(entries.error()));
        for (const TreeEntry& entry : *entries) {
            const std::string full = path.empty() ? entry.name : path + '/' + entry.name;
            const std::string inside = relative.empty() ? entry.name : relative + '/' + entry.name;
            if (entry.type == TreeEntry::Type::Directory) {
                if (!m_request.source.directory.recurse)
                    continue;
                if (auto done = folder(full, inside, depth + 1); !done)
                    return done;
            } else if (entry.type == TreeEntry::Type::File && isWanted(inside)) {
                if (auto done = file(full); !done)
                    return done;
            }
        }
        return {};
    }

    bool isWanted(const std::string& path) const
    {
        const core::DirectoryOptions& options = m_request.source.directory;
        if (!options.exclude.empty() && pathMatches(options.exclude, path))
            return false;
        if (!options.include.empty() && !pathMatches(options.include, path))
            return false;
        return options.disableExtensionFilter || path.ends_with(".yaml") || path.ends_with(".yml")
            || path.ends_with(".json") || path.ends_with(".jsonnet");
    }

    core::Result<void> file(const std::string& path)
    {
        if (path.ends_with(".jsonnet"))
            return core::failure(core::ErrorCode::Unsupported,
                                 "Jsonnet is not evaluated; exclude the file or render it",
                                 {.file = path}, core::Fault::Repository);
        auto text = m_files.read(path, m_request.limits.fileBytes);
        if (!text)
            return std::unexpected(std::move(text.error()));
        if (text->find(kSkipMarker) != std::string::npos)
            return {};
        auto documents = core::readYaml(
            m_tree, *text, path,
            {.schema = core::YamlSchema::Yaml11, .limits = {.bytes = m_request.limits.fileBytes}});
        if (!documents)
            return isForeign(path, *text) && documents.error().code == core::ErrorCode::Invalid
                ? core::Result<void>()
                : std::unexpected(std::move(documents.error()));
        const std::size_t before = m_objects.size();
        for (YamlNode* document : *documents) {
            auto done = add(document, path);
            if (!done && m_objects.size() == before && isForeign(path, *text)
                && done.error().code == core::ErrorCode::Invalid)
                return {};
            if (!done)
                return done;
        }
        return {};
    }

    /// A YAML file that does not even mean to be a manifest is left out: Helm values, a
    /// docker-compose file. One that has any of the three words is taken for a broken manifest
    /// (Argo CD asks for all three): left out, its objects would look as if they had left Git.
    static bool isForeign(const std::string& path, const std::string& text)
    {
        return !path.ends_with(".json")
            && (text.find("apiVersion:") == std::string::npos
                && text.find("kind:") == std::string::npos
                && text.find("metadata:") == std::string::npos);
    }

    core::Result<void> add(YamlNode* node, const std::string& path)
    {
        const auto bad = [&](std::string message) {
            return core::failure(core::ErrorCode::Invalid, std::move(message),
                                 {.file = path, .line = node->line, .column = node->column},
                                 core::Fault::Repository);
        };
        if (!node->isMapping())
            return bad("a manifest must be a mapping");
        if (node->size() == 0)
            return {};
        const YamlNode* items = node->find("items");
        if (node->textAt("kind").ends_with("List") && items) {
            if (!items->isSequence() && !items->isNull())
                return bad("the items of a list must be a list");
            for (std::uint32_t i = 0; i < items->count; ++i)
                if (auto done = add(items->item(i), path); !done)
                    return done;
            return {};
        }
        if (node->textAt("kind").empty())
            return bad("the object has no kind");
        if (m_objects.size() >= m_request.limits.objects)
            return core::failure(core::ErrorCode::LimitExceeded,
                                 "the folder holds more than "
                                     + std::to_string(m_request.limits.objects) + " objects",
                                 {.file = path}, core::Fault::Repository);
        m_objects.push_back(node);
        return {};
    }

    core::YamlTree& m_tree;
    const FileTree& m_files;
    const RenderRequest& m_request;
    std::vector<YamlNode*> m_objects;
};

} // namespace

bool pathMatches(std::string_view pattern, std::string_view path)
{
    std::vector<std::string> patterns;
    expandBraces(pattern, patterns);
    for (const std::string& one : patterns)
        if (core::globMatches(one, path))
            return true;
    return false;
}

core::Result<std::vector<YamlNode*>> readDirectory(core::YamlTree& tree, const FileTree& files,
                                                   const RenderRequest& request)
{
    auto path = normalisedPath(request.path);
    if (!path)
        return std::unexpected(std::move(path.error()));
    return Reader(tree, files, request).read(*path);
}

} // namespace gitops
