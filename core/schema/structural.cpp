// SPDX-License-Identifier: GPL-3.0-or-later
// Pruning and defaulting of structural.h.
#include "core/schema/structural.h"

#include <algorithm>

namespace core {

namespace {

constexpr int kMaximumDepth = 100;

bool flag(const Json& schema, std::string_view extension)
{
    return boolAt(schema, {extension});
}

bool isIdentity(std::string_view name)
{
    return name == "apiVersion" || name == "kind" || name == "metadata";
}

const Json* propertySchema(const Json& schema, std::string_view name)
{
    const Json* properties = find(schema, "properties");
    return properties ? find(*properties, name) : nullptr;
}

std::string childPath(const std::string& path, std::string_view name)
{
    return path.empty() ? std::string(name) : path + "." + std::string(name);
}

class Pruner
{
public:
    explicit Pruner(std::vector<std::string>* unknown)
        : m_unknown(unknown)
    {
    }

    Json prune(const Json& value, const Json& schema, const std::string& path, bool isResource,
               int depth)
    {
        if (depth > kMaximumDepth)
            return value;
        if (value.is_array()) {
            const Json* items = find(schema, "items");
            if (!items)
                return value;
            JsonArray result;
            for (std::size_t i = 0; i < value.get_array().size(); ++i)
                result.push_back(prune(value.get_array()[i], *items,
                                       path + "[" + std::to_string(i) + "]", isEmbedded(*items),
                                       depth + 1));
            return result;
        }
        return value.is_object() ? pruneMap(value.get_object(), schema, path, isResource, depth)
                                 : value;
    }

private:
    static bool isEmbedded(const Json& schema)
    {
        return flag(schema, "x-kubernetes-embedded-resource");
    }

    Json pruneMap(const JsonObject& map, const Json& schema, const std::string& path,
                  bool isResource, int depth)
    {
        const Json* additional = find(schema, "additionalProperties");
        const bool isMap = additional && additional->is_object();
        const bool keepsUnknown = flag(schema, "x-kubernetes-preserve-unknown-fields")
            || boolAt(schema, {"additionalProperties"});
        JsonObject result;
        for (const auto& [name, value] : map) {
            const std::string where = childPath(path, name);
            if ((isResource && isIdentity(name))
                || (keepsUnknown && !propertySchema(schema, name) && !isMap))
                result.emplace(name, value);
            else if (const Json* known = propertySchema(schema, name))
                result.emplace(name, prune(value, *known, where, isEmbedded(*known), depth + 1));
            else if (isMap)
                result.emplace(
                    name, prune(value, *additional, where, isEmbedded(*additional), depth + 1));
            else if (m_unknown)
                m_unknown->push_back(where);
        }
        return result;
    }

    std::vector<std::string>* m_unknown;
};

Json fill(const Json& value, const Json& schema, bool isResource, int depth);

Json fillMap(const JsonObject& map, const Json& schema, bool isResource, int depth)
{
    const Json* additional = find(schema, "additionalProperties");
    JsonObject result;
    for (const auto& [name, value] : map) {
        const Json* known = propertySchema(schema, name);
        if (!known && additional && additional->is_object())
            known = additional;
        if ((isResource && isIdentity(name)) || !known) {
            result.emplace(name, value);
        } else if (!value.is_null() || flag(*known, "nullable")) {
            result.emplace(
                name,
                fill(value, *known, flag(*known, "x-kubernetes-embedded-resource"), depth + 1));
        }
    }
    if (const Json* properties = find(schema, "properties"); properties && properties->is_object())
        for (const auto& [name, known] : properties->get_object()) {
            if ((isResource && isIdentity(name)) || result.contains(name))
                continue;
            if (const Json* byDefault = find(known, "default"))
                result.emplace(name, fill(*byDefault, known, false, depth + 1));
        }
    return result;
}

Json fill(const Json& value, const Json& schema, bool isResource, int depth)
{
    if (depth > kMaximumDepth)
        return value;
    if (value.is_object())
        return fillMap(value.get_object(), schema, isResource, depth);
    const Json* items = value.is_array() ? find(schema, "items") : nullptr;
    if (!items)
        return value;
    JsonArray result;
    for (const Json& item : value.get_array())
        result.push_back(
            fill(item, *items, flag(*items, "x-kubernetes-embedded-resource"), depth + 1));
    return result;
}

} // namespace

Json withoutUnknownFields(const Json& object, const Json& schema, std::vector<std::string>* unknown)
{
    return Pruner(unknown).prune(object, schema, "", true, 0);
}

Json withDefaults(const Json& object, const Json& schema)
{
    return fill(object, schema, true, 0);
}

} // namespace core
