// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/output.h"

#include "core/value/yamlreader.h"
#include "core/value/yamlwriter.h"

#include <string>

namespace gitops {

namespace {

using core::YamlNode;
using core::YamlTag;

std::unexpected<core::Error> refused(const core::YamlTree& tree, const YamlNode& node,
                                     std::string message)
{
    return core::failure(
        core::ErrorCode::Invalid, std::move(message),
        {.file = tree.fileName(node.file), .line = node.line, .column = node.column},
        core::Fault::Repository);
}

/// The first mapping key that is no string.
const YamlNode* oddKey(const YamlNode& node)
{
    if (node.isScalar())
        return nullptr;
    for (std::uint32_t i = 0; i < node.count; ++i) {
        const YamlNode& child = *node.children[i];
        if (node.isMapping() && i % 2 == 0) {
            if (child.tag != YamlTag::String && child.tag != YamlTag::Merge)
                return &child;
        } else if (const YamlNode* found = oddKey(child)) {
            return found;
        }
    }
    return nullptr;
}

/// argocd-vault-plugin's "<path:...>" and "<name>" in a Secret, or its annotation.
const YamlNode* vaultPlaceholder(const YamlNode& object)
{
    const YamlNode* annotations = object.findPath({"metadata", "annotations"});
    if (annotations)
        for (const char* key : {"avp.kubernetes.io/path", "avp.kubernetes.io/secret-version"})
            if (const YamlNode* found = annotations->find(key))
                return found;
    if (object.textAt("kind") != "Secret")
        return nullptr;
    for (const char* field : {"data", "stringData"}) {
        const YamlNode* data = object.find(field);
        for (std::size_t i = 0; data && data->isMapping() && i < data->size(); ++i) {
            const YamlNode* value = data->value(i);
            if (value->isScalar() && value->text.starts_with("<path:")
                && value->text.find('>') != std::string_view::npos)
                return value;
        }
    }
    return nullptr;
}

core::Result<void> refuseUnfinished(const core::YamlTree& tree, const YamlNode& object)
{
    const std::string name = std::string(object.textAt("kind")) + ' '
        + std::string(object.find("metadata") ? object.find("metadata")->textAt("name")
                                              : std::string_view());
    if (const YamlNode* sops = object.find("sops"); sops && sops->isMapping() && sops->find("mac"))
        return refused(tree, *sops,
                       "the " + name
                           + " is encrypted with SOPS; Wavewright does not decrypt it and would "
                             "apply the ciphertext");
    if (const YamlNode* node = vaultPlaceholder(object))
        return refused(tree, *node,
                       "the " + name
                           + " holds placeholders for a vault plugin, which "
                             "Wavewright does not fill in");
    return {};
}

} // namespace

core::Result<void> writeOutput(const core::YamlTree& tree, const std::vector<YamlNode*>& objects,
                               Rendered& rendered)
{
    rendered.manifests.reserve(objects.size());
    for (const YamlNode* object : objects) {
        if (rendered.tool == Rendered::Tool::Kustomize)
            if (const YamlNode* key = oddKey(*object))
                return refused(tree, *key,
                               "the mapping key '" + std::string(key->text)
                                   + "' is no string; put it in quotes");
        if (auto good = refuseUnfinished(tree, *object); !good)
            return good;
        // Schemas are as good as generated: the place of the whole is enough for them.
        core::Origins origins;
        auto json = core::toJson(tree, *object, &origins, "openAPIV3Schema");
        if (!json)
            return std::unexpected(std::move(json.error()));
        auto manifest = core::Manifest::make(*json, std::move(origins));
        if (!manifest)
            return std::unexpected(std::move(manifest.error()));
        rendered.manifests.push_back(std::move(*manifest));
        if (!rendered.yaml.empty())
            rendered.yaml += "---\n";
        core::appendYaml(rendered.yaml, *object);
    }
    rendered.digest = core::sha256(rendered.yaml);
    return {};
}

} // namespace gitops
