// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/openapischema.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"

namespace gitops::kustomize {

namespace {

using core::YamlNode;

constexpr std::string_view kTypes = "x-kubernetes-group-version-kind";

std::string typeKey(const Gvk& gvk)
{
    return (gvk.group.empty() ? gvk.version : gvk.group + '/' + gvk.version) + ' ' + gvk.kind;
}

std::string typeKey(const YamlNode& type)
{
    return typeKey({std::string(type.textAt("group")), std::string(type.textAt("version")),
                    std::string(type.textAt("kind"))});
}

bool isMergedByPatch(const YamlNode& schema)
{
    const std::string_view strategy = schema.textAt("x-kubernetes-patch-strategy");
    for (std::string_view word : core::split(strategy, ','))
        if (word == "merge")
            return true;
    return false;
}

std::vector<std::string_view> mergeKeys(const YamlNode& schema)
{
    std::vector<std::string_view> keys;
    if (const YamlNode* list = schema.find("x-kubernetes-list-map-keys");
        list && list->isSequence()) {
        for (std::uint32_t i = 0; i < list->count; ++i)
            keys.push_back(list->item(i)->text);
        return keys;
    }
    if (const YamlNode* key = schema.find("x-kubernetes-patch-merge-key"); key && key->isScalar())
        keys.push_back(key->text);
    return keys;
}

} // namespace

core::Result<std::shared_ptr<OpenApiSchema>>
OpenApiSchema::read(core::YamlTree& tree, std::string_view text, const std::string& file)
{
    auto documents =
        core::readYaml(tree, text, file, {.schema = core::YamlSchema::Yaml11, .lastKeyWins = true});
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (documents->empty() || !documents->front()->isMapping())
        return core::failure(core::ErrorCode::Invalid, "an OpenAPI schema must be a mapping",
                             {.file = file}, core::Fault::Repository);
    auto schema = std::make_shared<OpenApiSchema>();
    const YamlNode& root = *documents->front();
    if (const YamlNode* definitions = root.find("definitions"))
        schema->readDefinitions(*definitions);
    if (const YamlNode* paths = root.find("paths"))
        schema->readPaths(*paths);
    return schema;
}

void OpenApiSchema::readDefinitions(const YamlNode& definitions)
{
    if (!definitions.isMapping())
        return;
    for (std::size_t i = 0; i < definitions.size(); ++i)
        m_definitions.emplace(definitions.key(i)->text, definitions.value(i));
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        const YamlNode* schema = definitions.value(i);
        const YamlNode* types = schema->find(kTypes);
        // Definitions of several types are options and lists of all groups.
        if (types && types->isSequence() && types->count == 1)
            m_types.emplace(typeKey(*types->item(0)), add(schema));
    }
}

void OpenApiSchema::readPaths(const YamlNode& paths)
{
    for (std::size_t i = 0; paths.isMapping() && i < paths.size(); ++i) {
        const YamlNode* type = paths.value(i)->findPath({"get", kTypes});
        if (!type)
            continue;
        KnownScope& scope = m_scopes[typeKey(*type)];
        if (paths.key(i)->text.find("namespaces/{namespace}") != std::string_view::npos)
            scope = KnownScope::Namespaced;
        else if (scope == KnownScope::Unknown)
            scope = KnownScope::Cluster;
    }
}

SchemaPlace OpenApiSchema::add(const YamlNode* schema)
{
    m_entries.push_back({.schema = schema});
    return SchemaPlace(m_entries.size());
}

const YamlNode* OpenApiSchema::resolved(const YamlNode* schema) const
{
    constexpr std::string_view kPrefix = "#/definitions/";
    constexpr int kMostHops = 32;
    for (int hops = 0; schema && hops < kMostHops; ++hops) {
        const std::string_view reference = schema->textAt("$ref");
        if (reference.empty())
            return schema;
        if (!reference.starts_with(kPrefix))
            return nullptr;
        const auto found = m_definitions.find(std::string(reference.substr(kPrefix.size())));
        schema = found == m_definitions.end() ? nullptr : found->second;
    }
    return nullptr;
}

const YamlNode* OpenApiSchema::fieldSchema(const Entry& entry, std::string_view name) const
{
    const YamlNode* schema = resolved(entry.schema);
    if (!schema)
        return nullptr;
    const YamlNode* properties = schema->find("properties");
    if (const YamlNode* field = properties ? properties->find(name) : nullptr)
        return field;
    const YamlNode* rest = schema->find("additionalProperties");
    return rest && rest->isMapping() ? rest : nullptr;
}

SchemaPlace OpenApiSchema::of(const Gvk& gvk) const
{
    const auto found = m_types.find(typeKey(gvk));
    return found == m_types.end() ? kNoSchema : found->second;
}

SchemaPlace OpenApiSchema::field(SchemaPlace place, std::string_view name)
{
    if (place == kNoSchema)
        return kNoSchema;
    Entry& entry = m_entries[place - 1];
    if (const auto known = entry.fields.find(name); known != entry.fields.end())
        return known->second;
    const YamlNode* schema = resolved(fieldSchema(entry, name));
    const SchemaPlace found = schema ? add(schema) : kNoSchema;
    entry.fields.emplace(name, found);
    return found;
}

const ListMerge& OpenApiSchema::list(SchemaPlace place, std::string_view name)
{
    static const ListMerge kReplaced;
    if (place == kNoSchema)
        return kReplaced;
    Entry& entry = m_entries[place - 1];
    if (const auto known = entry.lists.find(name); known != entry.lists.end())
        return known->second;
    ListMerge merge;
    // What stands beside a reference is not looked at.
    const YamlNode* schema = resolved(fieldSchema(entry, name));
    if (schema && isMergedByPatch(*schema)) {
        merge = {.isMerged = true, .keys = mergeKeys(*schema)};
        const YamlNode* items = schema->find("items");
        if (const YamlNode* item = resolved(items && items->isMapping() ? items : nullptr))
            merge.item = add(item);
    }
    return entry.lists.emplace(std::string(name), std::move(merge)).first->second;
}

} // namespace gitops::kustomize
