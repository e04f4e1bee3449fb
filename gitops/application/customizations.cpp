// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/customizations.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/application/fieldreader.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace gitops {

namespace {

constexpr std::string_view kPrefix = "resource.customizations";
constexpr std::size_t kMaxScripts = 1'000;

struct Reader
{
    Customizations result;
    std::map<std::pair<std::string, std::string>, bool> openLibraries;

    void problem(const std::string& key, const std::string& what)
    {
        if (result.problems.size() < 20)
            result.problems.push_back("argocd-cm, " + core::sanitised(key) + ": " + what);
    }
    void addHealth(const std::string& key, std::string group, std::string kind, std::string text)
    {
        if (result.health.size() >= kMaxScripts)
            return problem(key, "there are too many health scripts");
        result.health.push_back({std::move(group), std::move(kind), std::move(text), false});
    }
    void addIgnored(const std::string& key, std::string group, std::string kind,
                    const core::Json& value);
    void addYamlIgnored(const std::string& key, std::string group, std::string kind,
                        std::string_view text);
    void readSplit(const std::string& key, std::string_view rest, const std::string& text);
    void readAll(const std::string& text);
    void finish();
};

/// "apps_Deployment", "Pod" → group and kind. A group has no '_'.
std::pair<std::string, std::string> splitName(std::string_view name)
{
    const auto at = name.find('_');
    if (at == std::string_view::npos)
        return {"", std::string(name)};
    return {std::string(name.substr(0, at)), std::string(name.substr(at + 1))};
}

void Reader::addIgnored(const std::string& key, std::string group, std::string kind,
                        const core::Json& value)
{
    FieldProblems problems;
    FieldReader fields(&value, key, problems);
    core::IgnoreDifference rule;
    rule.group = std::move(group);
    rule.kind = std::move(kind);
    rule.jsonPointers = fields.texts("jsonPointers");
    rule.jqPathExpressions = fields.texts("jqPathExpressions");
    rule.managedFieldsManagers = fields.texts("managedFieldsManagers");
    if (!problems.errors.empty())
        return problem(key, sentence(problems.errors));
    if (!rule.jsonPointers.empty() || !rule.jqPathExpressions.empty()
        || !rule.managedFieldsManagers.empty())
        result.ignoreDifferences.push_back(std::move(rule));
}

void Reader::addYamlIgnored(const std::string& key, std::string group, std::string kind,
                            std::string_view text)
{
    const auto parsed = core::parseYamlDocuments(text, key);
    if (!parsed || parsed->size() != 1 || !parsed->front().is_object())
        return problem(key, parsed ? "is not one map" : parsed.error().text());
    addIgnored(key, std::move(group), std::move(kind), parsed->front());
}

void Reader::readSplit(const std::string& key, std::string_view rest, const std::string& text)
{
    const auto dot = rest.find('.');
    const std::string_view what = rest.substr(0, dot);
    const auto [group, kind] =
        splitName(dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1));
    if (what != "health" && what != "useOpenLibs" && what != "ignoreDifferences")
        return; // actions, knownTypeFields, ignoreResourceUpdates: nothing that we do
    if (kind.empty())
        return problem(key, "names no kind");
    if (what == "health")
        addHealth(key, group, kind, text);
    else if (what == "useOpenLibs")
        openLibraries[{group, kind}] = core::trimmed(text) == "true";
    else if (group.empty() && kind == "all")
        addYamlIgnored(key, "*", "*", text);
    else
        addYamlIgnored(key, group, kind, text);
}

/// The one key that holds all: {"apps/Deployment": {health.lua: …, ignoreDifferences: …}}.
void Reader::readAll(const std::string& text)
{
    const std::string key(kPrefix);
    const auto parsed = core::parseYamlDocuments(text, key);
    if (!parsed || parsed->size() != 1 || !parsed->front().is_object())
        return problem(key, parsed ? "is not one map" : parsed.error().text());
    for (const auto& [name, value] : parsed->front().get_object()) {
        const std::string place = key + " \"" + std::string(name) + "\"";
        if (!value.is_object()) {
            problem(place, "is not a map");
            continue;
        }
        const std::string_view view = name;
        const auto slash = view.rfind('/');
        const bool hasGroup = slash != std::string_view::npos;
        const std::string group(hasGroup ? view.substr(0, slash) : std::string_view());
        const std::string kind(hasGroup ? view.substr(slash + 1) : view);
        if (const core::Json* script = core::find(value, "health.lua");
            script && script->is_string())
            addHealth(place, group, kind, std::string(script->get_string()));
        if (const core::Json* open = core::find(value, "health.lua.useOpenLibs");
            open && open->is_bool())
            openLibraries[{group, kind}] = open->get_bool();
        const core::Json* ignored = core::find(value, "ignoreDifferences");
        if (ignored && ignored->is_string())
            addYamlIgnored(place, group, kind, ignored->get_string());
        else if (ignored)
            addIgnored(place, group, kind, *ignored);
    }
}

void Reader::finish()
{
    for (HealthScript& script : result.health)
        if (const auto found = openLibraries.find({script.group, script.kind});
            found != openLibraries.end())
            script.openLibraries = found->second;
}

bool isExact(const HealthScript& script, const core::GroupKind& kind)
{
    return script.group == kind.group && script.kind == kind.kind;
}

} // namespace

const HealthScript* Customizations::healthOf(const core::GroupKind& kind) const
{
    const auto exact = std::ranges::find_if(
        health, [&](const HealthScript& script) { return isExact(script, kind); });
    if (exact != health.end())
        return &*exact;
    const auto globbed = std::ranges::find_if(health, [&](const HealthScript& script) {
        return core::globMatches(script.group, kind.group)
            && core::globMatches(script.kind, kind.kind);
    });
    return globbed == health.end() ? nullptr : &*globbed;
}

bool Customizations::operator==(const Customizations& other) const
{
    const auto isSame = [](const core::IgnoreDifference& a, const core::IgnoreDifference& b) {
        return a.group == b.group && a.kind == b.kind && a.jsonPointers == b.jsonPointers
            && a.jqPathExpressions == b.jqPathExpressions
            && a.managedFieldsManagers == b.managedFieldsManagers;
    };
    return health == other.health && problems == other.problems
        && std::ranges::equal(ignoreDifferences, other.ignoreDifferences, isSame);
}

Customizations readCustomizations(const core::Json& configMap)
{
    Reader reader;
    const core::Json* data = core::find(configMap, "data");
    if (!data || !data->is_object())
        return {};
    for (const auto& [name, value] : data->get_object()) {
        const std::string key(name);
        if (!key.starts_with(kPrefix) || !value.is_string())
            continue;
        const std::string text(value.get_string());
        if (key.size() == kPrefix.size())
            reader.readAll(text);
        else if (key[kPrefix.size()] == '.')
            reader.readSplit(key, std::string_view(key).substr(kPrefix.size() + 1), text);
    }
    reader.finish();
    return std::move(reader.result);
}

bool isCustomizationsMap(const core::Json& object)
{
    return core::stringAt(object, {"apiVersion"}) == "v1"
        && core::stringAt(object, {"kind"}) == "ConfigMap"
        && core::stringAt(object, {"metadata", "name"}) == "argocd-cm";
}

} // namespace gitops
