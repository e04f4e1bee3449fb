// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/crds.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"

#include <algorithm>

namespace gitops::kustomize {

namespace {

using core::YamlNode;

/// Go reads these names in any case.
const YamlNode* findAnyCase(const YamlNode* node, std::string_view key)
{
    for (std::size_t i = 0; node && node->isMapping() && i < node->size(); ++i)
        if (core::equalsIgnoringCase(node->key(i)->text, key))
            return node->value(i);
    return nullptr;
}

/// A mark counts when it is there with a text, also an empty one.
const YamlNode* mark(const YamlNode& property, std::string_view key)
{
    const YamlNode* found = findAnyCase(&property, key);
    return found && found->isString() ? found : nullptr;
}

class Reader
{
public:
    Reader(const core::YamlTree& tree, const YamlNode& definitions)
        : m_tree(tree)
        , m_definitions(definitions)
    {
    }

    core::Result<TransformerConfig> read()
    {
        for (std::size_t i = 0; i < m_definitions.size(); ++i) {
            const YamlNode* properties = propertiesOf(*m_definitions.value(i));
            if (!properties || !properties->find("kind") || !properties->find("apiVersion")
                || !properties->find("metadata"))
                continue;
            const std::string_view name = m_definitions.key(i)->text;
            m_kind = {.kind = std::string(name.substr(name.rfind('.') + 1))};
            if (auto done = type(*m_definitions.value(i), ""); !done)
                return std::unexpected(std::move(done.error()));
        }
        return std::move(m_config);
    }

private:
    static const YamlNode* propertiesOf(const YamlNode& definition)
    {
        const YamlNode* properties = findAnyCase(findAnyCase(&definition, "Schema"), "properties");
        return properties && properties->isMapping() ? properties : nullptr;
    }

    core::Result<void> type(const YamlNode& definition, const std::string& path)
    {
        constexpr std::size_t kMostLevels = 64;
        constexpr std::size_t kMostFields = 100'000;
        if (std::find(m_open.begin(), m_open.end(), &definition) != m_open.end()
            || m_open.size() > kMostLevels || m_fieldCount > kMostFields)
            return core::failure(
                core::ErrorCode::Invalid,
                "the definitions refer to themselves, or too often to each other",
                {.file = m_tree.fileName(definition.file), .line = definition.line},
                core::Fault::Repository);
        const YamlNode* properties = propertiesOf(definition);
        if (!properties)
            return {};
        m_open.push_back(&definition);
        for (std::size_t i = 0; i < properties->size(); ++i) {
            ++m_fieldCount;
            const std::string name(properties->key(i)->text);
            if (auto done =
                    property(*properties->value(i), path.empty() ? name : path + '/' + name);
                !done)
                return done;
        }
        m_open.pop_back();
        return {};
    }

    core::Result<void> property(const YamlNode& property, const std::string& path)
    {
        const FieldSpec here = makeFieldSpec(path, m_kind);
        if (mark(property, "x-kubernetes-annotation"))
            m_config.commonAnnotations.push_back(here);
        if (mark(property, "x-kubernetes-label-selector"))
            m_config.commonLabels.push_back(here);
        if (mark(property, "x-kubernetes-identity"))
            m_config.namePrefix.push_back(here);
        const YamlNode* version = mark(property, "x-kubernetes-object-ref-api-version");
        const YamlNode* kind = mark(property, "x-kubernetes-object-ref-kind");
        if (version && kind) {
            const YamlNode* key = mark(property, "x-kubernetes-object-ref-name-key");
            m_config.nameReferences.push_back(
                {.target = {.version = std::string(version->text), .kind = std::string(kind->text)},
                 .referrer = makeFieldSpec(
                     path + '/' + (key ? std::string(key->text) : std::string("name")), m_kind)});
        }
        const std::string_view reference = property.textAt("$ref");
        const YamlNode* next = reference.empty() ? nullptr : m_definitions.find(reference);
        return next ? type(*next, path) : core::Result<void> {};
    }

    const core::YamlTree& m_tree;
    const YamlNode& m_definitions;
    TransformerConfig m_config;
    Gvk m_kind;
    std::vector<const YamlNode*> m_open;
    std::size_t m_fieldCount = 0;
};

} // namespace

core::Result<TransformerConfig> readCrds(core::YamlTree& tree, std::string_view text,
                                         const std::string& file)
{
    auto documents =
        core::readYaml(tree, text, file, {.schema = core::YamlSchema::Yaml11, .lastKeyWins = true});
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (documents->empty())
        return TransformerConfig {};
    if (!documents->front()->isMapping())
        return core::failure(core::ErrorCode::Invalid,
                             "a file of crds must map names to OpenAPI definitions", {.file = file},
                             core::Fault::Repository);
    return Reader(tree, *documents->front()).read();
}

} // namespace gitops::kustomize
