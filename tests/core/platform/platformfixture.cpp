// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/platform/platformfixture.h"

#include "core/base/strings.h"
#include "core/object/selector.h"
#include "core/value/yamlreader.h"

#include <QtTest/QTest>

#include <charconv>

namespace tests {

namespace {

std::vector<std::pair<core::Json, core::Origins>> documentsOf(const std::string& yaml,
                                                              const std::string& file)
{
    std::vector<std::pair<core::Json, core::Origins>> out;
    core::YamlTree tree;
    const auto documents = core::readYaml(tree, yaml, file);
    if (!documents)
        qFatal("%s in\n%s", documents.error().text().c_str(), yaml.c_str());
    for (const core::YamlNode* document : *documents) {
        core::YamlOrigins origins;
        auto value = core::toJson(tree, *document, &origins);
        if (!value)
            qFatal("%s", value.error().text().c_str());
        out.emplace_back(std::move(*value), std::move(origins));
    }
    return out;
}

int waveOf(const core::Json& value)
{
    const auto annotations = core::annotationsOf(value);
    const auto found = annotations.find("argocd.argoproj.io/sync-wave");
    int wave = 0;
    if (found != annotations.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), wave);
    return wave;
}

} // namespace

PlatformFixture& PlatformFixture::declare(const std::string& yaml, const std::string& application)
{
    for (auto& [value, origins] : documentsOf(yaml, application + ".yaml")) {
        auto manifest = core::Manifest::make(value, origins);
        if (!manifest)
            qFatal("%s", manifest.error().text().c_str());
        m_builder.declare({*manifest, application, waveOf(value), {}});
    }
    return *this;
}

PlatformFixture& PlatformFixture::live(const std::string& yaml, std::optional<core::Health> health,
                                       const std::string& application)
{
    for (auto& [value, origins] : documentsOf(yaml, "live")) {
        auto record = std::make_shared<core::LiveRecord>();
        record->uid = "uid";
        record->application = application;
        record->health.status = health;
        record->text = std::make_shared<const std::string>(core::toText(value));
        m_builder.live(core::objectKeyOf(value), record);
    }
    m_builder.input().hasLive = true;
    return *this;
}

PlatformFixture& PlatformFixture::application(const std::string& name, int wave,
                                              const std::string& parent)
{
    core::PlatformApplication application;
    application.name = name;
    application.wave = wave;
    application.parent = parent;
    m_builder.input().applications.push_back(std::move(application));
    return *this;
}

std::string object(const std::string& apiVersion, const std::string& kind,
                   const std::string& spaceName, const std::string& name, const std::string& more)
{
    return "---\napiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: " + name
        + (spaceName.empty() ? "" : "\n  namespace: " + spaceName) + "\n" + more;
}

std::string space(const std::string& name, const std::string& labels)
{
    return object("v1", "Namespace", "", name, "  labels: " + labels + "\n");
}

std::string deployment(const std::string& spaceName, const std::string& name,
                       const std::string& container, const std::string& labels)
{
    const std::string words = labels.empty() ? "{app: " + name + "}" : labels;
    return object("apps/v1", "Deployment", spaceName, name,
                  "spec:\n  replicas: 1\n  selector: {matchLabels: " + words
                      + "}\n  template:\n    metadata: {labels: " + words
                      + "}\n    spec:\n      containers:\n        - name: main\n" + container);
}

} // namespace tests
