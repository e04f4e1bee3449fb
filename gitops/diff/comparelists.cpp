// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of ObjectComparer that deal with lists and with values that are compared whole.
#include "gitops/diff/objectcomparer.h"

#include <algorithm>

namespace gitops {

using core::FieldChange;
using core::Json;
using core::ListKeys;
using core::PathElement;

namespace {

/// What managedFields has at a place, of one entry.
const core::FieldSet::Node* nodeAt(const core::FieldSet& set, const core::FieldPath& path)
{
    const core::FieldSet* level = &set;
    const core::FieldSet::Node* node = nullptr;
    for (const PathElement& element : path) {
        node = level->node(element);
        if (!node)
            return nullptr;
        level = &node->children;
    }
    return node;
}

std::vector<std::string> keyNames(const PathElement& element)
{
    std::vector<std::string> names;
    if (const auto keys = core::parseJson(element.text); keys && keys->is_object())
        for (const auto& [name, value] : keys->get_object())
            names.emplace_back(name);
    return names;
}

/// The key field of an item, or what it is when absent; nullopt when nobody knows.
std::optional<Json> keyField(const Json& item, const std::string& key)
{
    if (const Json* value = core::find(item, key))
        return *value;
    if (const auto byDefault = core::keyDefault(key))
        return Json(*byDefault);
    return {};
}

/// Keys that the desired item leaves out match whatever the server filled in.
bool isSameItem(const Json& desired, const Json& live, const ListKeys& keys)
{
    bool any = false;
    for (const std::string& key : keys.keys) {
        const auto wanted = keyField(desired, key);
        if (!wanted)
            continue;
        const auto there = keyField(live, key);
        if (!there || !core::isEqual(*wanted, *there))
            return false;
        any = true;
    }
    return any;
}

std::optional<std::size_t> indexOf(const Json& item, const Json* list, const ListKeys& keys)
{
    if (!list || !list->is_array())
        return {};
    const core::JsonArray& items = list->get_array();
    for (std::size_t i = 0; i < items.size(); ++i)
        if (isSameItem(item, items[i], keys))
            return i;
    return {};
}

const Json* itemAt(const Json* list, std::optional<std::size_t> index)
{
    return index ? &list->get_array()[*index] : nullptr;
}

} // namespace

/// What the owners of a list's items say of it.
std::optional<ListKeys> ObjectComparer::managedListKeys() const
{
    bool isWhole = false;
    for (const core::ManagedFieldsEntry& entry : m_managed.entries()) {
        const Node* node = nodeAt(entry.fields, m_location.fields());
        if (!node)
            continue;
        if (node->children.isEmpty()) {
            isWhole = isWhole || node->isMember;
            continue;
        }
        const PathElement& first = node->children.nodes().front().element;
        if (first.kind == PathElement::Kind::Key)
            return ListKeys {ListKeys::Type::Map, keyNames(first)};
        if (first.kind == PathElement::Kind::Value)
            return ListKeys {ListKeys::Type::Set, {}};
    }
    return isWhole ? std::optional(ListKeys {}) : std::nullopt;
}

ListKeys ObjectComparer::listKeys() const
{
    if (auto managed = managedListKeys())
        return std::move(*managed);
    return m_schema.listKeys({.path = m_location.names(),
                              .isTyped = m_builtin || m_location.names().starts_with("metadata.")});
}

bool ObjectComparer::hasNoSchema() const
{
    return !m_builtin && !m_context.listKeys && !m_location.names().starts_with("metadata.")
        && !managedListKeys();
}

bool ObjectComparer::isAtomicMap(const Json& desired, const Json& live) const
{
    if (m_builtin)
        return m_schema.isAtomicMap({.path = m_location.names(), .isTyped = true});
    if (desired.get_object().empty() || live.get_object().empty())
        return false;
    bool isWhole = false;
    for (const core::ManagedFieldsEntry& entry : m_managed.entries())
        if (const Node* node = nodeAt(entry.fields, m_location.fields())) {
            if (!node->children.isEmpty())
                return false;
            isWhole = isWhole || node->isMember;
        }
    return isWhole;
}

PathElement ObjectComparer::elementOf(const Json& item, const ListKeys& keys) const
{
    core::JsonObject fields;
    for (const std::string& key : keys.keys)
        if (auto value = keyField(item, key))
            fields.emplace(key, std::move(*value));
    return PathElement::key(fields);
}

void ObjectComparer::compareLists(const Sides& sides, const Node* ours)
{
    const ListKeys keys = listKeys();
    if (hasNoSchema() && !core::isEqual(*sides.desired, *sides.live))
        m_isWithoutListKeys = true;
    const auto isFit = [&](const Json& item) {
        return keys.type == ListKeys::Type::Set ? item.is_primitive() : item.is_object();
    };
    if (keys.type == ListKeys::Type::Atomic
        || !std::ranges::all_of(sides.desired->get_array(), isFit)
        || !std::ranges::all_of(sides.live->get_array(), isFit))
        return compareAtomic(sides, ours);
    if (keys.type == ListKeys::Type::Set)
        compareSets(sides, ours);
    else
        compareKeyed(sides, keys, ours);
}

void ObjectComparer::compareKeyed(const Sides& sides, const ListKeys& keys, const Node* ours)
{
    std::vector<PathElement> declared;
    const core::JsonArray& items = sides.desired->get_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto liveIndex = indexOf(items[i], sides.live, keys);
        const Json* live = itemAt(sides.live, liveIndex);
        PathElement element = elementOf(live ? *live : items[i], keys);
        declared.push_back(element);
        const Node* ourItem = ours ? ours->children.node(element) : nullptr;
        const Location::Step step(m_location, std::move(element), i,
                                  liveIndex.value_or(sides.live->get_array().size()));
        compareValue(
            {&items[i], live, itemAt(sides.predicted, indexOf(items[i], sides.predicted, keys))},
            ourItem);
    }
    if (ours)
        undeclaredItems(*sides.live, keys, ours, declared);
}

void ObjectComparer::compareSets(const Sides& sides, const Node* ours)
{
    const auto find = [](const Json* list, const Json& value) -> std::optional<std::size_t> {
        if (!list || !list->is_array())
            return {};
        const auto found = std::ranges::find_if(
            list->get_array(), [&](const Json& item) { return core::isEqual(item, value); });
        if (found == list->get_array().end())
            return {};
        return std::size_t(found - list->get_array().begin());
    };
    std::vector<PathElement> declared;
    const core::JsonArray& items = sides.desired->get_array();
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto liveIndex = find(sides.live, items[i]);
        PathElement element = PathElement::value(items[i]);
        declared.push_back(element);
        const Node* ourItem = ours ? ours->children.node(element) : nullptr;
        const Location::Step step(m_location, std::move(element), i,
                                  liveIndex.value_or(sides.live->get_array().size()));
        compareValue({&items[i], itemAt(sides.live, liveIndex),
                      itemAt(sides.predicted, find(sides.predicted, items[i]))},
                     ourItem);
    }
    if (ours)
        undeclaredItems(*sides.live, {ListKeys::Type::Set, {}}, ours, declared);
}

void ObjectComparer::undeclaredItems(const Json& live, const ListKeys& keys, const Node* ours,
                                     const std::vector<PathElement>& declared)
{
    if (keys.type == ListKeys::Type::Atomic || !live.is_array())
        return;
    const core::JsonArray& items = live.get_array();
    for (const Node& node : ours->children.nodes()) {
        if (std::ranges::find(declared, node.element) != declared.end())
            continue;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const PathElement element = keys.type == ListKeys::Type::Set
                ? PathElement::value(items[i])
                : elementOf(items[i], keys);
            if (element != node.element)
                continue;
            const Location::Step step(m_location, element, i, i);
            undeclared(node, items[i]);
            break;
        }
    }
}

void ObjectComparer::compareAtomic(const Sides& sides, const Node* ours)
{
    const Json* wanted = m_isPrediction ? sides.predicted : sides.desired;
    if (!wanted || wanted->kind() != sides.live->kind())
        return add(FieldChange::Type::Different, sides.desired, sides.live, Certainty::Certain);
    if (!core::isEqual(*wanted, *sides.live)) {
        const std::size_t before = m_changes.size();
        compareInside(*wanted, *sides.live, ours && ours->isMember);
        if (m_changes.size() != before)
            return;
    }
    checkOwner(sides, ours);
}

void ObjectComparer::compareInside(const Json& wanted, const Json& live, bool isOurs)
{
    if (core::isEqual(wanted, live) || ignoreAnswer() == IgnoreRules::Answer::Ignore)
        return;
    if (wanted.is_object() && live.is_object())
        return compareInsideMaps(wanted, live, isOurs);
    if (wanted.is_array() && live.is_array()
        && wanted.get_array().size() == live.get_array().size()) {
        for (std::size_t i = 0; i < wanted.get_array().size(); ++i) {
            const Location::Step step(m_location, PathElement::at(i), i, i);
            compareInside(wanted.get_array()[i], live.get_array()[i], isOurs);
        }
        return;
    }
    const Likeness alike =
        m_isPrediction ? Likeness::Different : likeness(wanted, live, fieldSort());
    if (alike != Likeness::Equal)
        add(FieldChange::Type::Different, &wanted, &live,
            alike == Likeness::MaybeEqual ? Certainty::Doubtful : Certainty::Certain);
}

void ObjectComparer::compareInsideMaps(const Json& wanted, const Json& live, bool isOurs)
{
    const Certainty unlessPredicted = m_isPrediction ? Certainty::Certain : Certainty::Doubtful;
    for (const auto& [name, value] : wanted.get_object()) {
        const Location::Step step(m_location, name);
        const Json* there = core::find(live, name);
        if (there)
            compareInside(value, *there, isOurs);
        else if (!value.is_null())
            add(FieldChange::Type::Missing, &value, nullptr,
                isNothing(value) ? unlessPredicted : Certainty::Certain);
    }
    // What is there beyond: defaults of the server, or somebody's addition.
    bool isMore = false;
    for (const auto& [name, value] : live.get_object()) {
        if (wanted.get_object().contains(name) || value.is_null())
            continue;
        const Location::Step step(m_location, name);
        if (isOurs)
            add(FieldChange::Type::Undeclared, nullptr, &value, unlessPredicted);
        else
            isMore = isMore || ignoreAnswer() != IgnoreRules::Answer::Ignore;
    }
    if (isMore)
        add(FieldChange::Type::Different, &wanted, &live, unlessPredicted);
}

} // namespace gitops
