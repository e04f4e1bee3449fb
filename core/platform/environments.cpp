// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/environments.h"

#include "core/base/strings.h"
#include "core/object/kindtable.h"
#include "core/object/selector.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace core {

namespace {

constexpr std::size_t kMaxDifferences = 20'000;
constexpr const char* kMasked = "\"(masked)\"";

/// The same object in each environment; null where it is not there.
using Group = std::vector<const PlatformObject*>;
using Values = std::vector<const Json*>;

bool isComplement(const Group& a, const Group& b)
{
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] && b[i])
            return false;
    return true;
}

std::map<ObjectKey, Group> groupsOf(const std::vector<Environment>& environments)
{
    std::map<ObjectKey, Group> groups;
    for (std::size_t i = 0; i < environments.size(); ++i)
        for (const PlatformObject& object : environments[i].input->objects)
            if (object.isDeclared()) {
                Group& group = groups.try_emplace(object.key, environments.size()).first->second;
                group[i] = &object;
            }
    // Overlays may put the same things into namespaces of their own.
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<ObjectKey>> byName;
    for (const auto& [key, group] : groups)
        if (!key.namespaceName.empty() && std::ranges::find(group, nullptr) != group.end())
            byName[{key.group, key.kind, key.name}].push_back(key);
    for (const auto& [name, keys] : byName) {
        Group whole = groups.at(keys.front());
        const bool fits = std::ranges::all_of(keys.begin() + 1, keys.end(), [&](const auto& key) {
            const Group& other = groups.at(key);
            if (!isComplement(whole, other))
                return false;
            for (std::size_t i = 0; i < whole.size(); ++i)
                whole[i] = whole[i] ? whole[i] : other[i];
            return true;
        });
        if (!fits || keys.size() < 2)
            continue;
        for (const ObjectKey& key : keys)
            groups.erase(key);
        groups.emplace(keys.front(), std::move(whole));
    }
    return groups;
}

/// Compares one object over all environments.
class ObjectComparer
{
public:
    ObjectComparer(const ObjectKey& key, const Group& group,
                   const std::vector<Environment>& environments, EnvironmentComparison& out)
        : m_key(key)
        , m_group(group)
        , m_environments(environments)
        , m_out(out)
    {
    }

    void compare()
    {
        std::vector<Json> whole(m_group.size());
        Values values;
        for (std::size_t i = 0; i < m_group.size(); ++i) {
            if (m_group[i])
                whole[i] = cleaned(*m_group[i]->manifest());
            values.push_back(m_group[i] ? &whole[i] : nullptr);
        }
        if (std::ranges::find(values, nullptr) != values.end()) {
            if (isPerhapsEverywhere()) {
                ++m_out.unknown;
                return;
            }
            add("", {}, values);
            return; // fields of those that have it are compared where all do
        }
        visit("", std::vector<std::string>(m_group.size()), "", values);
    }

private:
    /// Absence says nothing where not all of an environment could be read.
    bool isKnown(std::size_t side) const
    {
        return m_group[side] || m_environments[side].input->gaps.empty();
    }

    bool isPerhapsEverywhere() const
    {
        for (std::size_t i = 0; i < m_group.size(); ++i)
            if (!m_group[i] && isKnown(i))
                return false;
        return true;
    }

    /// What tells where an object belongs is different by nature.
    static Json cleaned(const Manifest& manifest)
    {
        Json value = manifest.value();
        if (Json* annotations = findIn(value, "metadata", "annotations")) {
            annotations->as_object().erase(kTrackingAnnotation);
            annotations->as_object().erase(kArgoTrackingAnnotation);
            if (annotations->as_object().empty())
                find(value, "metadata")->as_object().erase("annotations");
        }
        return value;
    }

    static Json* findIn(Json& value, std::string_view a, std::string_view b)
    {
        Json* outer = find(value, a);
        Json* inner = outer ? find(*outer, b) : nullptr;
        return inner && inner->is_object() ? inner : nullptr;
    }

    static bool all(const Values& values, bool (*is)(const Json&))
    {
        return std::ranges::all_of(values, [&](const Json* value) { return value && is(*value); });
    }

    /// plain: the field without list keys, as the tables of kinds write it.
    void visit(const std::string& field, const std::vector<std::string>& pointers,
               const std::string& plain, const Values& values)
    {
        if (m_out.differences.size() >= kMaxDifferences || areEqual(values))
            return;
        if (all(values, [](const Json& value) { return value.is_object(); }))
            visitObjects(field, pointers, plain, values);
        else if (!all(values, [](const Json& value) { return value.is_array(); })
                 || !visitLists(field, pointers, plain, values))
            add(field, pointers, values);
    }

    static bool areEqual(const Values& values)
    {
        return std::ranges::all_of(values, [&](const Json* value) {
            return (value == nullptr) == (values.front() == nullptr)
                && (!value || isEqual(*value, *values.front()));
        });
    }

    void visitObjects(const std::string& field, const std::vector<std::string>& pointers,
                      const std::string& plain, const Values& values)
    {
        std::vector<std::string> names;
        for (const Json* value : values)
            for (const auto& [name, member] : value->as_object())
                if (std::ranges::find(names, std::string_view(name)) == names.end())
                    names.emplace_back(name);
        for (const std::string& name : names) {
            Values members;
            std::vector<std::string> places;
            for (std::size_t i = 0; i < values.size(); ++i) {
                members.push_back(find(*values[i], name));
                places.push_back(pointers[i] + "/" + escaped(name));
            }
            const bool isPlain = name.find('.') == std::string::npos;
            visit(field + (field.empty() ? "" : ".") + (isPlain ? name : "\"" + name + "\""),
                  places, plain + (plain.empty() ? "" : ".") + name, members);
        }
    }

    static std::string escaped(const std::string& name)
    {
        std::string out;
        for (const char c : name)
            out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return out;
    }

    /// "name=web" of an item, "" when it has not all keys.
    static std::string keyOf(const Json& item, const std::vector<std::string>& keys)
    {
        std::string out;
        for (const std::string& key : keys) {
            const Json* value = find(item, key);
            if (value || keyDefault(key))
                out += (out.empty() ? "" : ",") + key + "="
                    + (!value                   ? *keyDefault(key)
                           : value->is_string() ? std::string(std::string_view(value->get_string()))
                                                : toText(*value));
            else if (keys.size() == 1)
                return {};
        }
        return out;
    }

    struct Item
    {
        Values values;
        std::vector<std::string> pointers;
    };

    bool collect(const Values& lists, const std::vector<std::string>& pointers,
                 const std::vector<std::string>& keys, std::vector<std::string>& order,
                 std::map<std::string, Item>& items) const
    {
        for (std::size_t side = 0; side < lists.size(); ++side) {
            const JsonArray& list = lists[side]->as_array();
            for (std::size_t i = 0; i < list.size(); ++i) {
                const std::string key = keyOf(list[i], keys);
                if (key.empty())
                    return false;
                const auto [found, added] = items.try_emplace(
                    key, Item {Values(lists.size()), std::vector<std::string>(lists.size())});
                if (added)
                    order.push_back(key);
                if (found->second.values[side])
                    return false; // two items of one key
                found->second.values[side] = &list[i];
                found->second.pointers[side] = pointers[side] + "/" + std::to_string(i);
            }
        }
        return true;
    }

    bool visitLists(const std::string& field, const std::vector<std::string>& pointers,
                    const std::string& plain, const Values& values)
    {
        const ListKeys known = builtinListKeys(m_key.groupKind(), plain);
        std::vector<std::vector<std::string>> candidates;
        if (known.type == ListKeys::Type::Map)
            candidates.push_back(known.keys);
        candidates.push_back({"name"}); // custom kinds name their items, too
        candidates.push_back({"id"});
        for (const auto& keys : candidates) {
            std::vector<std::string> order;
            std::map<std::string, Item> items;
            if (!collect(values, pointers, keys, order, items))
                continue;
            for (const std::string& key : order)
                visit(field + "[" + key + "]", items[key].pointers, plain, items[key].values);
            return true;
        }
        return visitByIndex(field, pointers, plain, values);
    }

    /// Objects without a key, as many on every side: the first is compared with the first.
    bool visitByIndex(const std::string& field, const std::vector<std::string>& pointers,
                      const std::string& plain, const Values& values)
    {
        const std::size_t count = values.front()->as_array().size();
        for (const Json* list : values)
            if (list->as_array().size() != count
                || !std::ranges::all_of(list->as_array(),
                                        [](const Json& item) { return item.is_object(); }))
                return false;
        for (std::size_t i = 0; i < count; ++i) {
            Values items;
            std::vector<std::string> places;
            for (std::size_t side = 0; side < values.size(); ++side) {
                items.push_back(&values[side]->as_array()[i]);
                places.push_back(pointers[side] + "/" + std::to_string(i));
            }
            visit(field + "[" + std::to_string(i) + "]", places, plain, items);
        }
        return true;
    }

    bool isSecretValue(const std::string& field) const
    {
        return m_key.kind == "Secret" && m_key.group.empty()
            && (field.starts_with("data") || field.starts_with("stringData"));
    }

    void add(const std::string& field, const std::vector<std::string>& pointers,
             const Values& values)
    {
        EnvironmentDifference difference;
        difference.key = m_key;
        difference.field = field;
        for (std::size_t i = 0; i < values.size(); ++i) {
            EnvironmentDifference::Side side;
            side.present = values[i] != nullptr;
            side.known = isKnown(i);
            if (side.present && !field.empty())
                side.value = isSecretValue(field) ? kMasked : toText(*values[i]);
            if (m_group[i])
                side.place = m_group[i]->place(pointers.empty() ? "" : pointers[i]);
            difference.sides.push_back(std::move(side));
        }
        m_out.differences.push_back(std::move(difference));
    }

    const ObjectKey& m_key;
    const Group& m_group;
    const std::vector<Environment>& m_environments;
    EnvironmentComparison& m_out;
};

/// The annotation of any side that covers a field.
bool isAnnotated(const Group& group, const std::string& field)
{
    for (const PlatformObject* object : group) {
        if (!object || object->manifest()->text().find(kIntendedAnnotation) == std::string::npos)
            continue;
        const auto annotations = annotationsOf(object->manifest()->value());
        const auto found = annotations.find(std::string(kIntendedAnnotation));
        if (found == annotations.end())
            continue;
        for (std::string_view pattern : split(found->second, ','))
            if (globMatches(trimmed(pattern), field))
                return true;
    }
    return false;
}

std::string whyIntended(const EnvironmentDifference& difference, const Group& group,
                        const std::vector<IntendedDifference>& intended)
{
    const std::string object = difference.key.kind + "/" + difference.key.name;
    for (const IntendedDifference& rule : intended)
        if (globMatches(rule.object, object)
            && (rule.field.empty() || globMatches(rule.field, difference.field)))
            return rule.object + (rule.field.empty() ? "" : ":" + rule.field);
    return isAnnotated(group, difference.field) ? "annotation" : std::string();
}

} // namespace

std::optional<IntendedDifference> IntendedDifference::parse(std::string_view text)
{
    const std::size_t colon = text.find(':');
    const std::string_view object = trimmed(text.substr(0, colon));
    if (object.empty() || object.find('/') == std::string_view::npos)
        return std::nullopt;
    IntendedDifference out {std::string(object), {}};
    if (colon != std::string_view::npos)
        out.field = trimmed(text.substr(colon + 1));
    return out;
}

EnvironmentComparison compareEnvironments(const std::vector<Environment>& environments,
                                          const std::vector<IntendedDifference>& intended)
{
    EnvironmentComparison out;
    for (const Environment& environment : environments)
        out.names.push_back(environment.name);
    for (const auto& [key, group] : groupsOf(environments)) {
        const std::size_t before = out.differences.size();
        const std::size_t unknown = out.unknown;
        ObjectComparer(key, group, environments, out).compare();
        ++out.objects;
        out.same += out.differences.size() == before && out.unknown == unknown ? 1 : 0;
        for (std::size_t i = before; i < out.differences.size(); ++i)
            out.differences[i].intendedBy = whyIntended(out.differences[i], group, intended);
    }
    return out;
}

Json toJson(const EnvironmentComparison& comparison)
{
    JsonArray names;
    for (const std::string& name : comparison.names)
        names.push_back(Json(name));
    JsonArray differences;
    for (const EnvironmentDifference& each : comparison.differences) {
        JsonArray sides;
        for (const EnvironmentDifference::Side& side : each.sides) {
            JsonObject out {{"present", side.present}};
            if (!side.known)
                out["known"] = false;
            if (!each.field.empty() && side.present)
                out["value"] = side.value;
            if (!side.place.file.empty()) {
                out["file"] = side.place.file;
                out["line"] = side.place.line;
            }
            sides.push_back(std::move(out));
        }
        differences.push_back(JsonObject {{"object",
                                           JsonObject {{"group", each.key.group},
                                                       {"kind", each.key.kind},
                                                       {"namespace", each.key.namespaceName},
                                                       {"name", each.key.name}}},
                                          {"field", each.field},
                                          {"intended", each.isIntended()},
                                          {"intendedBy", each.intendedBy},
                                          {"sides", std::move(sides)}});
    }
    return JsonObject {{"environments", std::move(names)},
                       {"objects", comparison.objects},
                       {"same", comparison.same},
                       {"unknown", comparison.unknown},
                       {"differences", std::move(differences)}};
}

} // namespace core
