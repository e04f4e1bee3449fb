// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/typedvalue.h"

#include <algorithm>
#include <map>
#include <utility>

namespace core {

namespace {

using Position = TypeSchema::Position;

constexpr int kMaximumDepth = FieldSet::kMaximumDepth;

bool isEmptyContainer(const Json& value)
{
    return value.is_null() || (value.is_object() && value.get_object().empty())
        || (value.is_array() && value.get_array().empty());
}

/// The items of a list with the steps that lead to them; nullopt when the list is atomic or breaks
/// its type.
using KeyedItems = std::vector<std::pair<PathElement, const Json*>>;

std::optional<KeyedItems> keyedItems(const TypeSchema& schema, const Position& list,
                                     const ListKeys& keys, const Json& value)
{
    KeyedItems result;
    if (value.is_null())
        return result;
    if (!value.is_array())
        return {};
    for (const Json& item : value.get_array()) {
        Result<PathElement> element = itemElement(schema, list, keys, item);
        if (!element)
            return {};
        result.emplace_back(std::move(*element), &item);
    }
    return result;
}

/// Items by their keys. More than one of a key are duplicates, which live objects may have: they
/// are one value together, owned and replaced as a whole.
using ItemGroups = std::map<PathElement, std::vector<const Json*>>;

ItemGroups byElement(const KeyedItems& items)
{
    ItemGroups result;
    for (const auto& [element, item] : items)
        result[element].push_back(item);
    return result;
}

bool isSameGroup(const std::vector<const Json*>& a, const std::vector<const Json*>& b)
{
    return std::ranges::equal(a, b, [](const Json* x, const Json* y) { return isEqual(*x, *y); });
}

class SetBuilder
{
public:
    enum class Lists
    {
        Strict,
        Tolerant
    };

    SetBuilder(const TypeSchema& schema, Lists lists)
        : m_schema(schema)
        , m_lists(lists)
    {
    }

    Result<void> addMap(const Json& map, const Position& position, FieldSet& set)
    {
        for (const auto& [name, value] : map.get_object()) {
            FieldSet::Node& node = set.nodeFor(PathElement::field(name));
            m_path.push_back(node.element);
            const Position next = m_schema.member(position, name);
            if (Result<void> done = addBelow(value, next, node); !done)
                return done;
            if (!m_schema.isNamedField(position, name, &value))
                node.isMember = true;
            else if (node.children.isEmpty())
                node.isMember = !isEmptyKeyedList(value, next);
            m_path.pop_back();
        }
        dropEmpty(set);
        return {};
    }

private:
    /// An empty list with keys or of a set owns nothing of its own.
    bool isEmptyKeyedList(const Json& value, const Position& position) const
    {
        return value.is_array() && value.get_array().empty()
            && m_schema.listKeys(position).type != ListKeys::Type::Atomic;
    }

    static void dropEmpty(FieldSet& set)
    {
        bool hasEmpty = false;
        for (const FieldSet::Node& node : set.nodes())
            hasEmpty = hasEmpty || (!node.isMember && node.children.isEmpty());
        if (hasEmpty)
            set = set.without({}); // leaves the nodes without content out
    }

    Result<void> addBelow(const Json& value, const Position& position, FieldSet::Node& node)
    {
        if (m_path.size() > std::size_t(kMaximumDepth))
            return failure(ErrorCode::LimitExceeded, "the object is nested too deep");
        if (value.is_object() && !value.get_object().empty() && !m_schema.isAtomicMap(position))
            return addMap(value, position, node.children);
        if (value.is_array() && !value.get_array().empty())
            return addList(value, position, node.children);
        return {};
    }

    Result<void> addList(const Json& list, const Position& position, FieldSet& set)
    {
        const ListKeys keys = m_schema.listKeys(position);
        if (keys.type == ListKeys::Type::Atomic
            || (m_lists == Lists::Tolerant && !keyedItems(m_schema, position, keys, list)))
            return {};
        const Position itemPosition = m_schema.item(position);
        std::map<PathElement, int> seen;
        for (const Json& item : list.get_array()) {
            Result<PathElement> element = itemElement(m_schema, position, keys, item);
            if (!element)
                return std::unexpected(std::move(element.error()).within(displayText(m_path)));
            const int count = ++seen[*element];
            if (count > 1 && m_lists == Lists::Strict)
                return failure(ErrorCode::Invalid,
                               displayText(m_path) + ": duplicate entries for key "
                                   + element->display());
            FieldSet::Node& node = set.nodeFor(*element);
            node.isMember = true;
            if (count > 1) {
                node.children = {};
                continue;
            }
            m_path.push_back(*element);
            if (Result<void> done = addBelow(item, itemPosition, node); !done)
                return done;
            m_path.pop_back();
        }
        return {};
    }

    const TypeSchema& m_schema;
    Lists m_lists;
    FieldPath m_path;
};

class Comparer
{
public:
    Comparer(const TypeSchema& schema, TypedComparison& result)
        : m_schema(schema)
        , m_result(result)
    {
    }

    /// Either value may be null pointer: not there.
    void compare(const Json* before, const Json* after, const Position& position)
    {
        if (m_path.size() > std::size_t(kMaximumDepth))
            return;
        const Json* shape = after && !after->is_null() ? after : before;
        const bool bothEmpty =
            (!before || isEmptyContainer(*before)) && (!after || isEmptyContainer(*after));
        bool isLeaf = bothEmpty;
        if (!isLeaf && isMapLike(before) && isMapLike(after) && !m_schema.isAtomicMap(position))
            compareMaps(before, after, position);
        else if (isLeaf || !shape->is_array() || !compareLists(before, after, position))
            isLeaf = true;
        if (!before)
            m_result.added.insert(m_path);
        else if (!after)
            m_result.removed.insert(m_path);
        else if (isLeaf && !isEqual(*before, *after))
            m_result.modified.insert(m_path);
    }

    void compareMaps(const Json* before, const Json* after, const Position& position)
    {
        static const JsonObject empty;
        const JsonObject& old = before && before->is_object() ? before->get_object() : empty;
        const JsonObject& now = after && after->is_object() ? after->get_object() : empty;
        for (const auto& [name, value] : old)
            compareAt(PathElement::field(name), &value, now.if_contains(name),
                      m_schema.member(position, name));
        for (const auto& [name, value] : now)
            if (!old.contains(name))
                compareAt(PathElement::field(name), nullptr, &value,
                          m_schema.member(position, name));
    }

private:
    static bool isMapLike(const Json* value)
    {
        return !value || value->is_object() || value->is_null();
    }

    void compareAt(PathElement element, const Json* before, const Json* after,
                   const Position& position)
    {
        m_path.push_back(std::move(element));
        compare(before, after, position);
        m_path.pop_back();
    }

    bool compareLists(const Json* before, const Json* after, const Position& position)
    {
        const ListKeys keys = m_schema.listKeys(position);
        if (keys.type == ListKeys::Type::Atomic)
            return false;
        static const Json none;
        const auto old = keyedItems(m_schema, position, keys, before ? *before : none);
        const auto now = keyedItems(m_schema, position, keys, after ? *after : none);
        if (!old || !now)
            return false;
        const auto oldByElement = byElement(*old);
        const auto nowByElement = byElement(*now);
        const Position itemPosition = m_schema.item(position);
        static const std::vector<const Json*> nothing;
        for (const auto& [element, items] : oldByElement) {
            const auto other = nowByElement.find(element);
            compareGroups(element, items, other == nowByElement.end() ? nothing : other->second,
                          itemPosition);
        }
        for (const auto& [element, items] : nowByElement)
            if (!oldByElement.contains(element))
                compareGroups(element, nothing, items, itemPosition);
        return true;
    }

    void compareGroups(const PathElement& element, const std::vector<const Json*>& before,
                       const std::vector<const Json*>& after, const Position& position)
    {
        if (before.size() <= 1 && after.size() <= 1)
            return compareAt(element, before.empty() ? nullptr : before.front(),
                             after.empty() ? nullptr : after.front(), position);
        // A single item that becomes several loses its fields to the whole, and the reverse.
        if (before.size() == 1)
            compareAt(element, before.front(), nullptr, position);
        else if (after.size() == 1)
            compareAt(element, nullptr, after.front(), position);
        m_path.push_back(element);
        if (before.empty())
            m_result.added.insert(m_path);
        else if (after.empty())
            m_result.removed.insert(m_path);
        else if (!isSameGroup(before, after))
            m_result.modified.insert(m_path);
        m_path.pop_back();
    }

    const TypeSchema& m_schema;
    TypedComparison& m_result;
    FieldPath m_path;
};

Json mergeAt(const Json& base, const Json& patch, const TypeSchema& schema,
             const Position& position, int depth);

Json mergeMaps(const JsonObject& base, const JsonObject& patch, const TypeSchema& schema,
               const Position& position, int depth)
{
    JsonObject result;
    for (const auto& [name, value] : base) {
        const Json* over = patch.if_contains(name);
        result.emplace(
            name,
            over ? mergeAt(value, *over, schema, schema.member(position, name), depth + 1) : value);
    }
    for (const auto& [name, value] : patch)
        if (!base.contains(name))
            result.emplace(name, value);
    return result;
}

Json mergeLists(const KeyedItems& base, const KeyedItems& patch, const TypeSchema& schema,
                const Position& position, int depth)
{
    const auto baseByElement = byElement(base);
    const auto patchByElement = byElement(patch);
    const Position itemPosition = schema.item(position);
    JsonArray result;
    std::size_t left = 0;
    std::size_t right = 0;
    std::size_t nextShared = 0; // the next item of patch that base has too
    const auto findShared = [&] {
        while (nextShared < patch.size() && !baseByElement.contains(patch[nextShared].first))
            ++nextShared;
    };
    findShared();
    // The order of patch holds; items of base alone stay before the shared one that they preceded.
    while (left < base.size() || right < patch.size()) {
        if (left < base.size() && !patchByElement.contains(base[left].first)) {
            result.push_back(*base[left++].second);
            continue;
        }
        const bool isWanted = left < base.size() && nextShared < patch.size()
            && base[left].first == patch[nextShared].first;
        if (left < base.size() && !isWanted) {
            ++left; // taken where patch has it
            continue;
        }
        if (right == patch.size())
            break;
        const auto& [element, item] = patch[right];
        const auto known = baseByElement.find(element);
        result.push_back(
            known == baseByElement.end() || known->second.size() > 1
                ? *item
                : mergeAt(*known->second.front(), *item, schema, itemPosition, depth + 1));
        if (right++ == nextShared) {
            ++nextShared;
            findShared();
        }
    }
    return result;
}

Json mergeAt(const Json& base, const Json& patch, const TypeSchema& schema,
             const Position& position, int depth)
{
    if (depth > kMaximumDepth)
        return patch;
    if (base.is_object() && patch.is_object() && !schema.isAtomicMap(position))
        return mergeMaps(base.get_object(), patch.get_object(), schema, position, depth);
    if (base.is_object() && patch.is_null() && !schema.isAtomicMap(position))
        return base; // null is an empty map: there is nothing to lay over
    if (base.is_array() && (patch.is_array() || patch.is_null())) {
        const ListKeys keys = schema.listKeys(position);
        if (keys.type != ListKeys::Type::Atomic) {
            const auto old = keyedItems(schema, position, keys, base);
            const auto now = keyedItems(schema, position, keys, patch);
            if (old && now)
                return mergeLists(*old, *now, schema, position, depth);
        }
    }
    return patch;
}

/// What is left when fields go; a container that loses all its content is null from then on, as
/// opposed to absent: it may still have owners.
Json removeAt(const Json& value, const FieldSet& fields, const TypeSchema& schema,
              const Position& position)
{
    if (value.is_object() && !value.get_object().empty() && !schema.isAtomicMap(position)) {
        JsonObject result;
        for (const auto& [name, member] : value.get_object()) {
            const FieldSet::Node* node = fields.node(PathElement::field(name));
            if (!node)
                result.emplace(name, member);
            else if (!node->isMember)
                result.emplace(
                    name, removeAt(member, node->children, schema, schema.member(position, name)));
        }
        return result.empty() ? Json() : Json(std::move(result));
    }
    if (!value.is_array() || value.get_array().empty())
        return value;
    const ListKeys keys = schema.listKeys(position);
    if (keys.type == ListKeys::Type::Atomic)
        return value;
    const auto items = keyedItems(schema, position, keys, value);
    if (!items)
        return value;
    JsonArray result;
    const Position itemPosition = schema.item(position);
    for (const auto& [element, item] : *items) {
        const FieldSet::Node* node = fields.node(element);
        if (!node)
            result.push_back(*item);
        else if (!node->isMember)
            result.push_back(removeAt(*item, node->children, schema, itemPosition));
    }
    return result.empty() ? Json() : Json(std::move(result));
}

Json dropNulls(const Json& value, const TypeSchema& schema, const Position& position, int depth)
{
    if (depth > kMaximumDepth || !value.is_structured())
        return value;
    if (value.is_array()) {
        JsonArray result;
        const Position itemPosition = schema.item(position);
        for (const Json& item : value.get_array())
            result.push_back(dropNulls(item, schema, itemPosition, depth + 1));
        return result;
    }
    JsonObject result;
    for (const auto& [name, member] : value.get_object()) {
        const Position next = schema.member(position, name);
        if (!member.is_null() || schema.isNullable(next))
            result.emplace(name, dropNulls(member, schema, next, depth + 1));
    }
    return result;
}

FieldSet nameFields(const FieldSet& set, const Json* value, const TypeSchema& schema,
                    const Position& position)
{
    ItemGroups items;
    Position itemPosition;
    if (value && value->is_array()) {
        const ListKeys keys = schema.listKeys(position);
        if (keys.type != ListKeys::Type::Atomic)
            if (const auto keyed = keyedItems(schema, position, keys, *value))
                items = byElement(*keyed);
        itemPosition = schema.item(position);
    }
    FieldSet result;
    for (const FieldSet::Node& node : set.nodes()) {
        const bool isField = node.element.kind == PathElement::Kind::Field;
        const Json* next = nullptr;
        if (isField)
            next = value ? find(*value, node.element.text) : nullptr;
        else if (const auto found = items.find(node.element); found != items.end())
            next = found->second.front();
        FieldSet::Node& made = result.nodeFor(node.element);
        made.isMember = node.isMember
            || (isField && !node.children.isEmpty()
                && schema.isNamedField(position, node.element.text, next));
        made.children =
            nameFields(node.children, next, schema,
                       isField ? schema.member(position, node.element.text) : itemPosition);
    }
    return result;
}

} // namespace

Result<FieldSet> fieldSetOf(const Json& object, const TypeSchema& schema)
{
    FieldSet set;
    if (!object.is_object())
        return failure(ErrorCode::Invalid, "the object is not a map");
    SetBuilder builder(schema, SetBuilder::Lists::Strict);
    if (Result<void> done = builder.addMap(object, schema.root(), set); !done)
        return std::unexpected(done.error());
    return set;
}

FieldSet liveFieldSetOf(const Json& object, const TypeSchema& schema)
{
    FieldSet set;
    if (!object.is_object())
        return set;
    SetBuilder builder(schema, SetBuilder::Lists::Tolerant);
    const Result<void> done = builder.addMap(object, schema.root(), set);
    static_cast<void>(done); // only its depth can end it early: what was found holds
    return set;
}

TypedComparison compareTyped(const Json& before, const Json& after, const TypeSchema& schema)
{
    TypedComparison result;
    Comparer(schema, result).compareMaps(&before, &after, schema.root());
    return result;
}

Json mergeTyped(const Json& base, const Json& patch, const TypeSchema& schema)
{
    return mergeAt(base, patch, schema, schema.root(), 0);
}

Json withoutFields(const Json& value, const FieldSet& fields, const TypeSchema& schema)
{
    Json rest = removeAt(value, fields, schema, schema.root());
    return rest.is_null() ? Json(JsonObject()) : rest;
}

Json withoutNulls(const Json& value, const TypeSchema& schema)
{
    return dropNulls(value, schema, schema.root(), 0);
}

FieldSet withNamedFields(const FieldSet& set, const Json& object, const TypeSchema& schema)
{
    return nameFields(set, &object, schema, schema.root());
}

} // namespace core
