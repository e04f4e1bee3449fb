// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/customlistkeys.h"

#include <utility>

namespace core {

namespace {

constexpr int kDepth = 100;
constexpr std::size_t kLists = 20'000; ///< of one version

using Lists = std::map<std::string, ListKeys, std::less<>>;

std::string joined(const std::string& path, std::string_view name)
{
    std::string result = path;
    if (!result.empty())
        result += '.';
    return result += name;
}

ListKeys keysOf(const Json& schema)
{
    const std::string_view type = stringAt(schema, {"x-kubernetes-list-type"});
    if (type == "set")
        return {ListKeys::Type::Set, {}};
    const Json* names = find(schema, "x-kubernetes-list-map-keys");
    if (type != "map" || !names || !names->is_array())
        return {};
    ListKeys keys {ListKeys::Type::Map, {}};
    for (const Json& name : names->get_array())
        if (name.is_string())
            keys.keys.emplace_back(name.get_string());
    return keys.keys.empty() ? ListKeys {} : keys;
}

void collect(const Json& schema, const std::string& path, int depth, Lists& out)
{
    if (depth > kDepth || out.size() >= kLists || !schema.is_object())
        return;
    if (ListKeys keys = keysOf(schema); keys.type != ListKeys::Type::Atomic)
        out.try_emplace(path, std::move(keys));
    if (const Json* items = find(schema, "items"))
        collect(*items, path, depth + 1, out);
    if (const Json* properties = find(schema, "properties"); properties && properties->is_object())
        for (const auto& [name, value] : properties->get_object())
            if (!(path.empty() && name == "metadata"))
                collect(value, joined(path, name), depth + 1, out);
    if (const Json* others = find(schema, "additionalProperties"); others && others->is_object())
        collect(*others, joined(path, "*"), depth + 1, out);
}

/// A "*" of the pattern takes one or more names: a map's key may have dots in it.
bool isMatch(std::string_view pattern, std::string_view path)
{
    for (;;) {
        const std::size_t end = pattern.find('.');
        const std::string_view step = pattern.substr(0, end);
        const std::string_view rest =
            end == std::string_view::npos ? std::string_view() : pattern.substr(end + 1);
        if (step == "*") {
            if (rest.empty())
                return !path.empty();
            for (std::size_t dot = path.find('.', 1); dot != std::string_view::npos;
                 dot = path.find('.', dot + 1))
                if (isMatch(rest, path.substr(dot + 1)))
                    return true;
            return false;
        }
        if (!path.starts_with(step))
            return false;
        path.remove_prefix(step.size());
        if (end == std::string_view::npos)
            return path.empty();
        if (!path.starts_with('.'))
            return false;
        path.remove_prefix(1);
        pattern = rest;
    }
}

bool hasWildcard(std::string_view path)
{
    return path == "*" || path.starts_with("*.") || path.ends_with(".*")
        || path.find(".*.") != std::string_view::npos;
}

} // namespace

std::shared_ptr<const CustomListKeys> CustomListKeys::of(const Json& definition)
{
    auto result = std::make_shared<CustomListKeys>();
    const Json* versions = findPath(definition, {"spec", "versions"});
    if (!versions || !versions->is_array())
        return result;
    for (const Json& version : versions->get_array()) {
        Lists lists;
        if (const Json* schema = findPath(version, {"schema", "openAPIV3Schema"}))
            collect(*schema, "", 0, lists);
        if (!lists.empty())
            result->m_versions.insert_or_assign(std::string(stringAt(version, {"name"})),
                                                std::move(lists));
    }
    return result;
}

std::shared_ptr<const CustomListKeys> CustomListKeys::none()
{
    static const auto nothing = std::make_shared<const CustomListKeys>();
    return nothing;
}

ListKeys CustomListKeys::at(std::string_view version, std::string_view path) const
{
    const auto lists = m_versions.find(version);
    if (lists == m_versions.end())
        return {};
    if (const auto exact = lists->second.find(path); exact != lists->second.end())
        return exact->second;
    for (const auto& [pattern, keys] : lists->second)
        if (hasWildcard(pattern) && isMatch(pattern, path))
            return keys;
    return {};
}

std::size_t CustomListKeys::size() const
{
    std::size_t count = 0;
    for (const auto& [version, lists] : m_versions)
        count += lists.size();
    return count;
}

} // namespace core
