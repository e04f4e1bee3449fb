// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

#include <functional>

namespace gitops::kustomize {

namespace {

/// Kinds whose names mean something elsewhere and are left alone.
bool keepsName(const ResourceId& id)
{
    return id.gvk.kind == "CustomResourceDefinition" || id.gvk.kind == "Namespace"
        || (id.gvk.kind == "APIService" && id.gvk.group == "apiregistration.k8s.io");
}

/// Makes a new text of an old name.
using Rename = std::function<std::string(std::string_view)>;

core::Result<void> rename(BuildContext& context, Resource& resource, const Rename& make,
                          const std::vector<FieldSpec>& extraSpecs, const core::YamlNode* from)
{
    const Creation kString {core::YamlNode::Type::Scalar, core::YamlTag::String};
    const FieldSetter set = [&](core::YamlNode& node) -> core::Result<void> {
        if (!node.isScalar())
            return context.invalid("a name must be a scalar", &node);
        setScalarText(context.yaml, node, make(node.text), from);
        return {};
    };
    resource.storePreviousId();
    core::YamlNode* meta = resource.metadata();
    if (core::YamlNode* name = meta ? meta->find("name") : nullptr)
        if (auto done = set(*name); !done)
            return done;
    for (const FieldSpec& spec : extraSpecs)
        if (spec.path != "metadata/name")
            if (auto done = applyFieldSpec(context.yaml, spec, resource, kString, set); !done)
                return done;
    resource.refresh();
    return {};
}

} // namespace

core::Result<void> addNamePrefix(BuildContext& context, ResourceMap& resources, const Text& prefix,
                                 const TransformerConfig& config)
{
    if (prefix.isEmpty())
        return {};
    const Rename make = [&](std::string_view name) { return prefix.value + std::string(name); };
    for (const ResourcePtr& resource : resources.all()) {
        if (keepsName(resource->originalId()))
            continue;
        resource->prefixes.push_back(prefix.value);
        if (auto done = rename(context, *resource, make, config.namePrefix, prefix.from); !done)
            return done;
    }
    resources.idsChanged();
    return {};
}

core::Result<void> addNameSuffix(BuildContext& context, ResourceMap& resources, const Text& suffix,
                                 const TransformerConfig& config)
{
    if (suffix.isEmpty())
        return {};
    const Rename make = [&](std::string_view name) { return std::string(name) + suffix.value; };
    for (const ResourcePtr& resource : resources.all()) {
        if (keepsName(resource->originalId()))
            continue;
        resource->suffixes.push_back(suffix.value);
        if (auto done = rename(context, *resource, make, config.nameSuffix, suffix.from); !done)
            return done;
    }
    resources.idsChanged();
    return {};
}

} // namespace gitops::kustomize
