// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/strategicpatch.h"

#include "core/object/kindtable.h"
#include "gitops/practice/objectmeta.h"

#include <algorithm>
#include <array>

namespace gitops::practice {

namespace {

constexpr std::string_view kDeletePrimitive = "$deleteFromPrimitiveList/";
constexpr std::string_view kElementOrder = "$setElementOrder/";

struct Merger
{
    core::GroupKind kind;

    ApiResult<void> object(core::JsonObject& target, const core::JsonObject& patch,
                           const std::string& path) const;
    ApiResult<void> list(core::JsonArray& target, const core::JsonArray& patch,
                         const std::string& path, const std::string& key) const;
    ApiResult<void> member(core::JsonObject& target, std::string_view name, const core::Json& value,
                           const std::string& path) const;
    std::string mergeKey(const std::string& path) const;
    bool isPrimitiveSet(const std::string& path) const;
};

/// Server-side apply's keys, but for the three lists whose patch key is one field only.
std::string Merger::mergeKey(const std::string& path) const
{
    const core::ListKeys keys = core::builtinListKeys(kind, path);
    if (keys.type != core::ListKeys::Type::Map || keys.keys.empty())
        return path == "metadata.ownerReferences" ? "uid" : "";
    static constexpr std::array<std::string_view, 3> first {"containerPort", "port", "topologyKey"};
    for (std::string_view known : first)
        if (std::ranges::find(keys.keys, known) != keys.keys.end())
            return std::string(known);
    return keys.keys.front();
}

bool Merger::isPrimitiveSet(const std::string& path) const
{
    return path == "metadata.finalizers"
        || core::builtinListKeys(kind, path).type == core::ListKeys::Type::Set;
}

bool sameKey(const core::Json& a, const core::Json& b, std::string_view key)
{
    const core::Json* left = core::find(a, key);
    const core::Json* right = core::find(b, key);
    return left && right && core::isEqual(*left, *right);
}

core::JsonArray::iterator itemWithKey(core::JsonArray& list, const core::Json& like,
                                      std::string_view key)
{
    return std::find_if(list.begin(), list.end(),
                        [&](const core::Json& each) { return sameKey(each, like, key); });
}

void removePrimitives(core::JsonObject& target, std::string_view name, const core::Json& gone)
{
    core::Json* list = target.if_contains(name);
    if (!list || !list->is_array() || !gone.is_array())
        return;
    core::JsonArray left;
    for (const core::Json& each : list->get_array())
        if (std::ranges::none_of(gone.get_array(),
                                 [&](const core::Json& out) { return core::isEqual(out, each); }))
            left.push_back(each);
    *list = std::move(left);
}

/// Items that the order names stand in that order; others keep their place behind what they
/// followed.
void reorder(core::JsonObject& target, std::string_view name, const core::Json& order,
             const std::string& key)
{
    core::Json* list = target.if_contains(name);
    if (!list || !list->is_array() || !order.is_array())
        return;
    const auto rank = [&](const core::Json& item) {
        std::size_t at = 0;
        for (const core::Json& wanted : order.get_array()) {
            if (key.empty() ? core::isEqual(item, wanted) : sameKey(item, wanted, key))
                return std::ptrdiff_t(at);
            ++at;
        }
        return std::ptrdiff_t(-1);
    };
    core::JsonArray& items = list->get_array();
    std::vector<std::pair<std::ptrdiff_t, core::Json>> ranked;
    std::ptrdiff_t last = -1;
    for (core::Json& item : items) {
        if (const std::ptrdiff_t own = rank(item); own >= 0)
            last = own;
        ranked.emplace_back(last, std::move(item));
    }
    std::ranges::stable_sort(ranked, {}, [](const auto& each) { return each.first; });
    core::JsonArray sorted;
    for (auto& [at, item] : ranked)
        sorted.push_back(std::move(item));
    items = std::move(sorted);
}

void retainKeys(core::JsonObject& target, const core::Json& keys)
{
    if (!keys.is_array())
        return;
    std::vector<std::string> gone;
    for (const auto& [name, value] : target)
        if (std::ranges::none_of(keys.get_array(), [&](const core::Json& key) {
                return key.is_string()
                    && std::string_view(key.get_string()) == std::string_view(name);
            }))
            gone.emplace_back(name);
    for (const std::string& name : gone)
        eraseMember(target, name);
}

std::string below(const std::string& path, std::string_view name)
{
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

ApiResult<void> Merger::member(core::JsonObject& target, std::string_view name,
                               const core::Json& value, const std::string& path) const
{
    if (value.is_null()) {
        eraseMember(target, name);
        return {};
    }
    core::Json& place = target[name];
    if (value.is_object()) {
        if (!place.is_object())
            place = core::JsonObject {};
        return object(place.get_object(), value.get_object(), path);
    }
    const std::string key = value.is_array() ? mergeKey(path) : std::string();
    if (!key.empty()) {
        if (!place.is_array())
            place = core::JsonArray {};
        return list(place.get_array(), value.get_array(), path, key);
    }
    if (value.is_array() && place.is_array() && isPrimitiveSet(path)) {
        core::JsonArray& items = place.get_array();
        for (const core::Json& each : value.get_array())
            if (std::find(items.begin(), items.end(), each) == items.end())
                items.push_back(each);
        return {};
    }
    place = value;
    return {};
}

ApiResult<void> Merger::object(core::JsonObject& target, const core::JsonObject& patch,
                               const std::string& path) const
{
    if (const core::Json* directive = patch.if_contains("$patch");
        directive && directive->is_string()) {
        const bool replace = directive->get_string() == "replace";
        if (!replace && directive->get_string() != "delete")
            return unreasoned("unknown patch type: " + std::string(directive->get_string())
                              + " in map: " + core::toText(patch));
        target.clear();
        if (!replace)
            return {};
    }
    if (const core::Json* keys = patch.if_contains("$retainKeys"))
        retainKeys(target, *keys);
    for (const auto& [name, value] : patch)
        if (std::string_view(name).starts_with(kDeletePrimitive))
            removePrimitives(target, std::string_view(name).substr(kDeletePrimitive.size()), value);
    for (const auto& [name, value] : patch) {
        if (name.starts_with('$'))
            continue;
        if (auto done = member(target, name, value, below(path, name)); !done)
            return done;
    }
    for (const auto& [name, value] : patch)
        if (std::string_view(name).starts_with(kElementOrder)) {
            const std::string_view field = std::string_view(name).substr(kElementOrder.size());
            reorder(target, field, value, mergeKey(below(path, field)));
        }
    return {};
}

ApiResult<void> Merger::list(core::JsonArray& target, const core::JsonArray& patch,
                             const std::string& path, const std::string& key) const
{
    const auto directiveOf = [](const core::Json& item) {
        return core::stringAt(item, {"$patch"});
    };
    if (std::ranges::any_of(
            patch, [&](const core::Json& item) { return directiveOf(item) == "replace"; })) {
        target.clear();
    }
    for (const core::Json& item : patch) {
        if (directiveOf(item) == "replace")
            continue;
        if (!item.is_object() || !item.get_object().contains(key))
            return unreasoned("map: " + core::toText(item)
                              + " does not contain declared merge key: " + key);
        const auto found = itemWithKey(target, item, key);
        if (directiveOf(item) == "delete") {
            if (found != target.end())
                target.erase(found);
            continue;
        }
        if (found == target.end()) {
            core::JsonObject fresh;
            if (auto done = object(fresh, item.get_object(), path); !done)
                return done;
            target.push_back(std::move(fresh));
            continue;
        }
        if (!found->is_object())
            continue;
        if (auto done = object(found->get_object(), item.get_object(), path); !done)
            return done;
    }
    return {};
}

} // namespace

ApiResult<void> applyStrategicPatch(const ResourceType& type, core::Json& object,
                                    const core::Json& patch)
{
    if (!patch.is_object())
        return badRequest("the patch is no JSON object");
    return Merger {{type.kind.group, type.kind.kind}}.object(object.as_object(), patch.get_object(),
                                                             "");
}

} // namespace gitops::practice
