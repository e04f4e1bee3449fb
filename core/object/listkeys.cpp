// SPDX-License-Identifier: GPL-3.0-or-later
// builtinListKeys: resources/listkeys.json, unfolded once into one flat table.
#include "core/base/embedded.h"
#include "core/object/kindtable.h"

#include <cassert>
#include <unordered_map>

namespace core {

namespace {

ListKeys readKeys(const Json& value)
{
    ListKeys keys;
    if (const JsonArray* names = value.if_array()) {
        keys.type = ListKeys::Type::Map;
        for (const Json& name : *names)
            keys.keys.emplace_back(std::string_view(name.get_string()));
    } else {
        keys.type = ListKeys::Type::Set;
    }
    return keys;
}

struct Table
{
    std::unordered_map<std::string, ListKeys>
        byKindAndPath; ///< "Deployment.apps spec.template.spec.containers"
    std::unordered_map<std::string, ListKeys> metadata; ///< "finalizers"
    std::unordered_map<std::string, std::string> defaults;
};

const Table& table()
{
    static const Table unfolded = [] {
        Table out;
        const Result<Json> parsed = parseJson(embedded("resources/listkeys.json"));
        assert(parsed);
        const Json& rules = *parsed;
        for (const auto& [path, keys] : find(rules, "metadata")->get_object())
            out.metadata.emplace(path, readKeys(keys));
        for (const auto& [kind, prefix] : find(rules, "podSpecAt")->get_object())
            for (const auto& [path, keys] : find(rules, "podSpec")->get_object())
                out.byKindAndPath.emplace(std::string(kind) + " " + std::string(prefix.get_string())
                                              + "." + std::string(path),
                                          readKeys(keys));
        for (const auto& [kind, paths] : find(rules, "kinds")->get_object())
            for (const auto& [path, keys] : paths.get_object())
                out.byKindAndPath.emplace(std::string(kind) + " " + std::string(path),
                                          readKeys(keys));
        for (const auto& [key, value] : find(rules, "keyDefaults")->get_object())
            out.defaults.emplace(key, std::string_view(value.get_string()));
        return out;
    }();
    return unfolded;
}

} // namespace

ListKeys builtinListKeys(const GroupKind& kind, std::string_view path)
{
    // Every ObjectMeta has the same lists: the object's own and those of templates.
    const std::size_t meta = path.rfind("metadata.");
    if (meta == 0 || (meta != std::string_view::npos && path[meta - 1] == '.')) {
        const auto found = table().metadata.find(std::string(path.substr(meta + 9)));
        if (found != table().metadata.end())
            return found->second;
    }
    const auto found = table().byKindAndPath.find(kind.text() + " " + std::string(path));
    return found == table().byKindAndPath.end() ? ListKeys {} : found->second;
}

std::optional<std::string> keyDefault(std::string_view key)
{
    const auto found = table().defaults.find(std::string(key));
    return found == table().defaults.end() ? std::nullopt : std::optional(found->second);
}

} // namespace core
