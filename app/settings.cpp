// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"

#include "app/textfile.h"
#include "core/base/strings.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

namespace app {

namespace {

class Reader
{
public:
    explicit Reader(std::string path)
        : m_path(std::move(path))
    {
    }

    core::Result<Settings> read(const YAML::Node& root)
    {
        if (!root || root.IsNull())
            return m_settings;
        if (!root.IsMap())
            return bad(root, "the configuration must be a mapping");
        if (auto known = onlyKnows(root, {"applications", "repositories", "terraform"}); !known)
            return std::unexpected(known.error());
        for (const YAML::Node& each : root["applications"])
            m_settings.applications.push_back(fromHere(each.as<std::string>()));
        for (const YAML::Node& each : root["terraform"])
            m_settings.terraform.push_back(fromHere(each.as<std::string>()));
        for (const YAML::Node& each : root["repositories"])
            if (auto done = readRepository(each); !done)
                return std::unexpected(done.error());
        return m_settings;
    }

private:
    core::Result<void> readRepository(const YAML::Node& node)
    {
        if (!node.IsMap() || !node["url"])
            return bad(node, "a repository needs a url");
        if (auto known = onlyKnows(node, {"url", "insteadOf"}); !known)
            return known;
        if (node["insteadOf"])
            m_settings.insteadOf.emplace_back(node["url"].as<std::string>(),
                                              fromHere(node["insteadOf"].as<std::string>()));
        return {};
    }

    core::Result<void> onlyKnows(const YAML::Node& node,
                                 const std::vector<std::string>& words) const
    {
        for (const auto& member : node) {
            const auto word = member.first.as<std::string>();
            if (std::ranges::find(words, word) != words.end())
                continue;
            const auto nearest = std::ranges::min_element(
                words, {}, [&](const auto& each) { return core::editDistance(each, word); });
            return bad(member.first,
                       "\"" + word + "\" is not known here; did you mean \"" + *nearest + "\"?");
        }
        return {};
    }

    std::unexpected<core::Error> bad(const YAML::Node& node, std::string why) const
    {
        return core::failure(
            core::ErrorCode::Invalid, std::move(why),
            {.file = m_path, .line = node.Mark().line + 1, .column = node.Mark().column + 1},
            core::Fault::User);
    }

    /// Paths are relative to the configuration; URLs stay as they are.
    std::string fromHere(const std::string& path) const
    {
        if (path.find("://") != std::string::npos || path.starts_with('/'))
            return path;
        return (std::filesystem::path(m_path).parent_path() / path).lexically_normal().string();
    }

    std::string m_path;
    Settings m_settings;
};

} // namespace

core::Result<Settings> readSettings(const std::string& path)
{
    const auto text = readTextFile(path, 1u << 20);
    if (!text)
        return text.error().code == core::ErrorCode::NotFound ? core::Result<Settings>(Settings {})
                                                              : std::unexpected(text.error());
    try {
        return Reader(path).read(YAML::Load(*text));
    } catch (const YAML::Exception& error) {
        return core::failure(
            core::ErrorCode::Invalid, error.msg,
            {.file = path, .line = error.mark.line + 1, .column = error.mark.column + 1},
            core::Fault::User);
    }
}

} // namespace app
