// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/finish.h"

#include "gitops/render/kustomize/foldedtext.h"

namespace gitops::kustomize {

namespace {

using core::YamlNode;

/// Annotations are strings in the output, whatever they were; without any there is no mapping.
void cleanAnnotations(Resource& resource)
{
    YamlNode* meta = resource.metadata();
    YamlNode* annotations = meta ? meta->find("annotations") : nullptr;
    if (!annotations)
        return;
    if (annotations->isMapping()) {
        for (std::size_t i = 0; i < annotations->size();) {
            const std::string_view key = annotations->key(i)->text;
            if (key.starts_with("internal.config.kubernetes.io/")
                || key == "config.kubernetes.io/index" || key == "config.kubernetes.io/path"
                || key == "config.k8s.io/id") {
                annotations->removeAt(i);
                continue;
            }
            if (YamlNode* value = annotations->value(i); value->isScalar())
                value->tag = core::YamlTag::String;
            ++i;
        }
    }
    if (annotations->isNull() || (annotations->isMapping() && annotations->size() == 0))
        meta->remove("annotations");
}

/// What `buildMetadata` asks to be written into every object. kubectl's Kustomize calls itself
/// "(devel)".
void addBuildMetadata(BuildContext& context, Resource& resource, const Kustomization& root)
{
    core::YamlTree& tree = context.yaml;
    YamlNode* meta = resource.metadata();
    if (root.buildMetadata.empty() || !meta || !meta->isMapping())
        return;
    if (root.asksFor("managedByLabel"))
        if (YamlNode* labels = tree.mappingAt(*meta, "labels"))
            tree.setString(*labels, "app.kubernetes.io/managed-by", "kustomize-(devel)");
    YamlNode* annotations = context.keepsOrigins ? tree.mappingAt(*meta, "annotations") : nullptr;
    if (!annotations)
        return;
    const auto set = [&](const char* key, const std::string& text) {
        YamlNode* value = tree.newScalar(tree.store(text));
        value->style = YamlNode::Style::Literal;
        tree.set(*annotations, key, value);
    };
    if (root.asksFor("originAnnotations") && resource.origin)
        set("config.kubernetes.io/origin", resource.origin->text());
    if (root.asksFor("transformerAnnotations") && !resource.transformations.empty())
        set("alpha.config.kubernetes.io/transformations", originList(resource.transformations));
}

} // namespace

bool isLocalConfig(const Resource& resource)
{
    const YamlNode* meta = resource.metadata();
    const YamlNode* annotations = meta ? meta->find("annotations") : nullptr;
    const YamlNode* local =
        annotations ? annotations->find("config.kubernetes.io/local-config") : nullptr;
    return local && local->text != "false";
}

void finishObject(BuildContext& context, Resource& resource, const Kustomization& root)
{
    addBuildMetadata(context, resource, root);
    cleanAnnotations(resource);
    refold(context.yaml, *resource.node());
}

} // namespace gitops::kustomize
