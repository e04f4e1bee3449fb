// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

using core::YamlNode;

namespace {

const Creation kString {YamlNode::Type::Scalar, core::YamlTag::String};

core::Result<void> setInSubjects(BuildContext& context, Resource& resource,
                                 const Text& namespaceName)
{
    const YamlNode* subjects = resource.node()->find("subjects");
    if (!subjects || !subjects->isSequence())
        return {};
    for (std::uint32_t i = 0; i < subjects->count; ++i) {
        YamlNode& subject = *subjects->item(i);
        if (subject.isMapping() && subject.textAt("name") == "default")
            context.yaml.setString(subject, "namespace", namespaceName.value, namespaceName.from);
    }
    return {};
}

core::Result<void> setInResource(BuildContext& context, Resource& resource,
                                 const Text& namespaceName, const std::vector<FieldSpec>& specs)
{
    static const FieldSpec kMetadata = makeFieldSpec("metadata/namespace", {}, true);
    const FieldSetter set = [&](YamlNode& node) -> core::Result<void> {
        if (!node.isScalar())
            return context.invalid("a namespace must be a scalar", &node);
        setStringText(context.yaml, node, namespaceName.value, namespaceName.from);
        return {};
    };
    const Gvk gvk = resource.id().gvk;
    if (!resource.id().isClusterScoped())
        if (auto done = applyFieldSpec(context.yaml, kMetadata, resource, kString, set); !done)
            return done;
    if (gvk.kind == "RoleBinding" || gvk.kind == "ClusterRoleBinding")
        if (auto done = setInSubjects(context, resource, namespaceName); !done)
            return done;
    for (const FieldSpec& spec : specs) {
        if (spec.path == "metadata/namespace")
            continue;
        const bool isBinding =
            spec.gvk.kind == "RoleBinding" || spec.gvk.kind == "ClusterRoleBinding";
        if (isBinding && spec.path == "subjects/namespace")
            continue;
        // Only the core Namespace is renamed.
        if (spec.path == "metadata/name" && !(gvk.group.empty() && gvk.version == "v1"))
            continue;
        if (auto done = applyFieldSpec(context.yaml, spec, resource, kString, set); !done)
            return done;
    }
    return {};
}

} // namespace

core::Result<void> setNamespace(BuildContext& context, ResourceMap& resources,
                                const Text& namespaceName, const TransformerConfig& config)
{
    if (namespaceName.isEmpty())
        return {};
    const std::vector<FieldSpec> specs = joinedSpecs(namespaceSpecs(), config.namespaces);
    for (const ResourcePtr& resource : resources.all()) {
        resource->storePreviousId();
        if (auto done = setInResource(context, *resource, namespaceName, specs); !done)
            return done;
        resource->refresh();
    }
    resources.idsChanged();
    if (const auto [first, second] = resources.conflict(); first)
        return context.invalid("the namespace '" + namespaceName.value
                                   + "' makes two objects the same: " + second->id().text()
                                   + " is at " + context.placeOf(first->node()).text() + " too",
                               second->node());
    return {};
}

} // namespace gitops::kustomize
