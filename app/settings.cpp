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
        if (auto known = onlyKnows(
                root,
                {"applications", "controlNamespace", "repositories", "telemetry", "terraform"});
            !known)
            return std::unexpected(known.error());
        for (const YAML::Node& each : root["applications"])
            m_settings.applications.push_back(fromHere(each.as<std::string>()));
        m_settings.controlNamespace = textAt(root, "controlNamespace");
        for (const YAML::Node& each : root["terraform"])
            m_settings.terraform.push_back(fromHere(each.as<std::string>()));
        for (const YAML::Node& each : root["repositories"])
            if (auto done = readRepository(each); !done)
                return std::unexpected(done.error());
        if (root["telemetry"])
            if (auto done = readTelemetry(root["telemetry"]); !done)
                return std::unexpected(done.error());
        return m_settings;
    }

private:
    core::Result<void> readTelemetry(const YAML::Node& node)
    {
        if (!node.IsMap())
            return bad(node, "telemetry must be a mapping");
        if (auto known = onlyKnows(
                node, {"prometheus", "kafka", "rabbitmq", "openLineage", "simulated", "discover"});
            !known)
            return known;
        gitops::TelemetryConfig& to = m_settings.telemetry;
        if (node["simulated"])
            to.simulated = node["simulated"].as<bool>();
        if (node["discover"])
            to.discover = node["discover"].as<bool>();
        for (const YAML::Node& each : node["openLineage"])
            to.openLineage.push_back(fromHere(each.as<std::string>()));
        for (const YAML::Node& each : node["prometheus"])
            if (auto done = readPrometheus(each); !done)
                return done;
        for (const YAML::Node& each : node["kafka"])
            if (auto done = readKafka(each); !done)
                return done;
        for (const YAML::Node& each : node["rabbitmq"]) {
            if (auto done = needs(each, "url", {"url", "cluster"}); !done)
                return done;
            to.rabbitmq.push_back({textAt(each, "url"), textAt(each, "cluster")});
        }
        return {};
    }

    core::Result<void> readPrometheus(const YAML::Node& node)
    {
        if (auto done =
                needs(node, "url", {"url", "tokenFile", "caFile", "organisation", "topics"});
            !done)
            return done;
        m_settings.telemetry.prometheus.push_back(
            {textAt(node, "url"), fileAt(node, "tokenFile"), fileAt(node, "caFile"),
             textAt(node, "organisation"), textAt(node, "topics")});
        return {};
    }

    core::Result<void> readKafka(const YAML::Node& node)
    {
        const char* what = node.IsMap() && node["cluster"] ? "cluster" : "brokers";
        if (auto done =
                needs(node, what,
                      {"brokers", "caSecret", "cluster", "tls", "caFile", "certificateFile",
                       "keyFile", "mechanism", "username", "passwordFile", "secret", "addresses"});
            !done)
            return done;
        gitops::KafkaAccess access;
        access.brokers = textAt(node, "brokers");
        access.cluster = textAt(node, "cluster");
        access.tls = node["tls"] && node["tls"].as<bool>();
        access.caFile = fileAt(node, "caFile");
        access.certificateFile = fileAt(node, "certificateFile");
        access.keyFile = fileAt(node, "keyFile");
        access.mechanism = textAt(node, "mechanism");
        access.username = textAt(node, "username");
        access.passwordFile = fileAt(node, "passwordFile");
        access.secret = textAt(node, "secret");
        access.caSecret = textAt(node, "caSecret");
        for (const auto& pair : node["addresses"])
            access.addresses.emplace(pair.first.as<std::string>(), pair.second.as<std::string>());
        m_settings.telemetry.kafka.push_back(std::move(access));
        return {};
    }

    core::Result<void> needs(const YAML::Node& node, const char* word,
                             const std::vector<std::string>& words) const
    {
        if (!node.IsMap() || !node[word])
            return bad(node, std::string("a source of live figures needs \"") + word + "\"");
        return onlyKnows(node, words);
    }

    static std::string textAt(const YAML::Node& node, const char* word)
    {
        return node[word] ? node[word].as<std::string>() : std::string();
    }
    std::string fileAt(const YAML::Node& node, const char* word) const
    {
        return node[word] ? fromHere(node[word].as<std::string>()) : std::string();
    }

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
