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

class Renamer
{
public:
    Renamer(BuildContext& context, const Text& part, Rename make,
            std::vector<std::string> Resource::* history)
        : m_context(context)
        , m_part(part)
        , m_make(std::move(make))
        , m_history(history)
    {
    }

    core::Result<void> run(ResourceMap& resources, const std::vector<FieldSpec>& specs) const
    {
        for (const ResourcePtr& resource : resources.all()) {
            const ResourceId original = resource->originalId();
            if (keepsName(original))
                continue;
            for (const FieldSpec& spec : specs)
                if (original.gvk.isSelectedBy(spec.gvk))
                    if (auto done = rename(*resource, spec); !done)
                        return done;
            resource->refresh();
        }
        resources.idsChanged();
        return {};
    }

private:
    core::Result<void> rename(Resource& resource, const FieldSpec& spec) const
    {
        const Creation kString {core::YamlNode::Type::Scalar, core::YamlTag::String};
        // Only this path counts as a name in what was before.
        if (spec.path == "metadata/name") {
            (resource.*m_history).push_back(m_part.value);
            resource.storePreviousId();
        }
        return applyFieldSpec(m_context.yaml, spec, resource, kString,
                              [&](core::YamlNode& node) -> core::Result<void> {
                                  if (!node.isScalar())
                                      return m_context.invalid("a name must be a scalar", &node);
                                  setScalarText(m_context.yaml, node, m_make(node.text),
                                                m_part.from);
                                  return {};
                              });
    }

    BuildContext& m_context;
    const Text& m_part;
    Rename m_make;
    std::vector<std::string> Resource::* m_history;
};

} // namespace

core::Result<void> addNamePrefix(BuildContext& context, ResourceMap& resources, const Text& prefix,
                                 const std::vector<FieldSpec>& specs)
{
    if (prefix.isEmpty())
        return {};
    return Renamer(
               context, prefix,
               [&](std::string_view name) { return prefix.value + std::string(name); },
               &Resource::prefixes)
        .run(resources, specs);
}

core::Result<void> addNameSuffix(BuildContext& context, ResourceMap& resources, const Text& suffix,
                                 const std::vector<FieldSpec>& specs)
{
    if (suffix.isEmpty())
        return {};
    return Renamer(
               context, suffix,
               [&](std::string_view name) { return std::string(name) + suffix.value; },
               &Resource::suffixes)
        .run(resources, specs);
}

} // namespace gitops::kustomize
