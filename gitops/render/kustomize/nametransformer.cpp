// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

namespace {

/// Kinds whose names mean something elsewhere and are left alone.
bool keepsName(const ResourceId& id)
{
    return id.gvk.kind == "CustomResourceDefinition" || id.gvk.kind == "Namespace"
        || (id.gvk.kind == "APIService" && id.gvk.group == "apiregistration.k8s.io");
}

void rename(BuildContext& context, Resource& resource, const std::string& name,
            const core::YamlNode* from)
{
    core::YamlNode* meta = resource.metadata();
    core::YamlNode* node = meta ? meta->find("name") : nullptr;
    if (!node)
        return;
    resource.storePreviousId();
    setScalarText(context.yaml, *node, name, from);
    resource.refresh();
}

} // namespace

core::Result<void> addNamePrefix(BuildContext& context, ResourceMap& resources, const Text& prefix)
{
    if (prefix.isEmpty())
        return {};
    for (const ResourcePtr& resource : resources.all()) {
        if (keepsName(resource->originalId()))
            continue;
        resource->prefixes.push_back(prefix.value);
        rename(context, *resource, prefix.value + resource->id().name, prefix.from);
    }
    resources.idsChanged();
    return {};
}

core::Result<void> addNameSuffix(BuildContext& context, ResourceMap& resources, const Text& suffix)
{
    if (suffix.isEmpty())
        return {};
    for (const ResourcePtr& resource : resources.all()) {
        if (keepsName(resource->originalId()))
            continue;
        resource->suffixes.push_back(suffix.value);
        rename(context, *resource, resource->id().name + suffix.value, suffix.from);
    }
    resources.idsChanged();
    return {};
}

} // namespace gitops::kustomize
