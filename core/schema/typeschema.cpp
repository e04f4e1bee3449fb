// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/typeschema.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

namespace {

/// Fields of built-in kinds whose map is atomic wherever they appear (from the types' map-type
/// marks; they do not depend on the kind). Lists stand for their items. Sorted.
constexpr std::array kAtomicMaps = std::to_array<std::string_view>({
    "configMapKeyRef",
    "controllerExpandSecretRef",
    "controllerPublishSecretRef",
    "dataSource",
    "fieldRef",
    "fileKeyRef",
    "imagePullSecrets",
    "involvedObject",
    "labelSelector",
    "matchConstraints",
    "matchResources",
    "namespaceSelector",
    "nodeExpandSecretRef",
    "nodePublishSecretRef",
    "nodeSelector",
    "nodeStageSecretRef",
    "nodeTopology",
    "objectSelector",
    "ownerReferences",
    "paramKind",
    "paramRef",
    "podSelector",
    "preference",
    "regarding",
    "related",
    "resourceFieldRef",
    "roleRef",
    "scopeSelector",
    "secretKeyRef",
    "selector",
    "targetRef",
});

std::string_view lastName(std::string_view path)
{
    return path.substr(path.rfind('.') + 1); // npos + 1 is 0
}

std::string_view parentName(std::string_view path)
{
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : lastName(path.substr(0, dot));
}

/// Those that are atomic only below one parent.
bool isAtomicBelowParent(std::string_view name, std::string_view parent)
{
    if (name == "requiredDuringSchedulingIgnoredDuringExecution" || name == "required")
        return parent == "nodeAffinity";
    if (name == "secretRef")
        return parent != "envFrom";
    if (name == "resource")
        return parent == "backend" || parent == "defaultBackend";
    return name == "port" && parent == "service";
}

bool isInMetadata(std::string_view path)
{
    return path == "metadata" || path.starts_with("metadata.");
}

std::string joined(const std::string& path, std::string_view name)
{
    std::string result;
    result.reserve(path.size() + 1 + name.size());
    result += path;
    if (!path.empty())
        result += '.';
    result += name;
    return result;
}

const Json* schemaMember(const Json* schema, std::string_view name)
{
    if (!schema)
        return nullptr;
    if (const Json* properties = find(*schema, "properties"))
        if (const Json* property = find(*properties, name))
            return property;
    const Json* additional = find(*schema, "additionalProperties");
    return additional && additional->is_object() ? additional : nullptr;
}

bool marked(const Json* schema, std::string_view extension)
{
    return schema && boolAt(*schema, {extension});
}

} // namespace

BuiltinTypeSchema::BuiltinTypeSchema(GroupKind kind, ListKeysFunction listKeys)
    : m_kind(std::move(kind))
    , m_listKeys(std::move(listKeys))
    , m_isBuiltin(builtinKind(m_kind) != nullptr)
{
}

TypeSchema::Position BuiltinTypeSchema::root() const
{
    return {.isTyped = m_isBuiltin};
}

TypeSchema::Position BuiltinTypeSchema::member(const Position& map, std::string_view name) const
{
    return {.path = joined(map.path, name), .isTyped = map.isTyped || name == "metadata"};
}

TypeSchema::Position BuiltinTypeSchema::item(const Position& list) const
{
    return list;
}

ListKeys BuiltinTypeSchema::listKeys(const Position& list) const
{
    const std::string_view name = lastName(list.path);
    if (parentName(list.path) == "metadata" && list.isTyped) {
        if (name == "ownerReferences")
            return {ListKeys::Type::Map, {"uid"}};
        if (name == "finalizers")
            return {ListKeys::Type::Set, {}};
    }
    return m_listKeys ? m_listKeys(m_kind, list.path) : builtinListKeys(m_kind, list.path);
}

bool BuiltinTypeSchema::isAtomicMap(const Position& map) const
{
    if (!map.isTyped)
        return false;
    if (!m_isBuiltin)
        return map.path == "metadata.ownerReferences";
    const std::string_view name = lastName(map.path);
    return std::ranges::binary_search(kAtomicMaps, name)
        || isAtomicBelowParent(name, parentName(map.path)) || map.path == "secrets";
}

bool BuiltinTypeSchema::isNamedField(const Position& map, std::string_view name,
                                     const Json* value) const
{
    // Free maps of built-in kinds hold scalars, so whatever holds more is a field of the type.
    if (!map.isTyped)
        return name == "metadata" && map.path.empty();
    return value && (value->is_object() || value->is_array());
}

std::optional<Json> BuiltinTypeSchema::keyFieldDefault(const Position&, std::string_view key) const
{
    if (const std::optional<std::string> value = keyDefault(key))
        return Json(*value);
    return {};
}

bool BuiltinTypeSchema::isNullable(const Position&) const
{
    return false;
}

CrdTypeSchema::CrdTypeSchema(std::shared_ptr<const Json> openApiV3Schema)
    : m_schema(std::move(openApiV3Schema))
    , m_metadata({})
{
}

Result<std::shared_ptr<const CrdTypeSchema>> CrdTypeSchema::fromCrd(const Json& crd,
                                                                    std::string_view version)
{
    const Json* versions = findPath(crd, {"spec", "versions"});
    if (versions && versions->is_array())
        for (const Json& candidate : versions->get_array())
            if (stringAt(candidate, {"name"}) == version)
                if (const Json* schema = findPath(candidate, {"schema", "openAPIV3Schema"}))
                    return std::make_shared<const CrdTypeSchema>(
                        std::make_shared<const Json>(*schema));
    return failure(
        ErrorCode::NotFound, "version " + std::string(version) + " has no schema",
        {.object = "CustomResourceDefinition " + std::string(stringAt(crd, {"metadata", "name"}))});
}

TypeSchema::Position CrdTypeSchema::root() const
{
    return {.schema = m_schema.get(), .isTyped = true};
}

TypeSchema::Position CrdTypeSchema::member(const Position& map, std::string_view name) const
{
    if (isInMetadata(map.path) || (map.path.empty() && name == "metadata"))
        return {.path = joined(map.path, name), .isTyped = true};
    const Json* next = schemaMember(map.schema, name);
    return {.path = joined(map.path, name), .schema = next, .isTyped = next != nullptr};
}

TypeSchema::Position CrdTypeSchema::item(const Position& list) const
{
    const Json* items = list.schema ? find(*list.schema, "items") : nullptr;
    return {
        .path = list.path, .schema = items, .isTyped = items != nullptr || isInMetadata(list.path)};
}

ListKeys CrdTypeSchema::listKeys(const Position& list) const
{
    if (isInMetadata(list.path))
        return m_metadata.listKeys(list);
    if (!list.schema)
        return {};
    const std::string_view type = stringAt(*list.schema, {"x-kubernetes-list-type"});
    if (type == "set")
        return {ListKeys::Type::Set, {}};
    if (type != "map")
        return {};
    ListKeys result {ListKeys::Type::Map, {}};
    if (const Json* keys = find(*list.schema, "x-kubernetes-list-map-keys");
        keys && keys->is_array())
        for (const Json& key : keys->get_array())
            if (key.is_string())
                result.keys.emplace_back(key.get_string());
    return result.keys.empty() ? ListKeys {} : result;
}

bool CrdTypeSchema::isAtomicMap(const Position& map) const
{
    if (isInMetadata(map.path))
        return m_metadata.isAtomicMap(map);
    return map.schema && stringAt(*map.schema, {"x-kubernetes-map-type"}) == "atomic";
}

bool CrdTypeSchema::isNamedField(const Position& map, std::string_view name,
                                 const Json* value) const
{
    if (map.path.empty() && (name == "metadata" || name == "apiVersion" || name == "kind"))
        return true;
    if (isInMetadata(map.path))
        return m_metadata.isNamedField(map, name, value);
    const Json* properties = map.schema ? find(*map.schema, "properties") : nullptr;
    return properties && find(*properties, name);
}

std::optional<Json> CrdTypeSchema::keyFieldDefault(const Position& list, std::string_view key) const
{
    const Json* items = list.schema ? find(*list.schema, "items") : nullptr;
    const Json* field = schemaMember(items, key);
    const Json* value = field ? find(*field, "default") : nullptr;
    return value ? std::optional<Json>(*value) : std::nullopt;
}

bool CrdTypeSchema::isNullable(const Position& position) const
{
    return marked(position.schema, "nullable") || (!position.schema && !position.isTyped);
}

Result<PathElement> itemElement(const TypeSchema& schema, const TypeSchema::Position& list,
                                const ListKeys& keys, const Json& item)
{
    if (keys.type == ListKeys::Type::Set) {
        if (item.is_object() || item.is_null())
            return failure(ErrorCode::Invalid,
                           "associative list without keys has an element that's "
                               + std::string(item.is_null() ? "null" : "a map type"));
        return PathElement::value(item);
    }
    if (!item.is_object())
        return failure(ErrorCode::Invalid,
                       std::string("associative list with keys may not have ")
                           + (item.is_null() ? "a null element" : "non-map elements"));
    JsonObject fields;
    for (const std::string& key : keys.keys) {
        if (const Json* value = find(item, key))
            fields.emplace(key, *value);
        else if (std::optional<Json> byDefault = schema.keyFieldDefault(list, key))
            fields.emplace(key, std::move(*byDefault));
        else
            return failure(ErrorCode::Invalid,
                           "associative list with keys has an element that omits key field \"" + key
                               + "\" (and doesn't have default value)");
    }
    return PathElement::key(fields);
}

} // namespace core
