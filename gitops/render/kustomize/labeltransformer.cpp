// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;

core::Result<void> setPairs(BuildContext& context, ResourceMap& resources, const Pairs& pairs,
                            const std::vector<FieldSpec>& specs)
{
    const FieldSetter set = [&](YamlNode& node) -> core::Result<void> {
        if (!node.isMapping())
            return context.invalid("labels and annotations must be a mapping", &node);
        for (const auto& [key, text] : pairs)
            context.yaml.setString(node, key, text.value, text.from);
        return {};
    };
    if (pairs.empty())
        return {};
    for (const ResourcePtr& resource : resources.all())
        for (const FieldSpec& spec : specs)
            if (auto done = applyFieldSpec(context.yaml, spec, *resource, Creation {}, set); !done)
                return done;
    return {};
}

namespace {

bool isSame(const FieldSpec& a, const FieldSpec& b)
{
    return a.path == b.path && a.gvk == b.gvk;
}

void addSpecs(std::vector<FieldSpec>& specs, const std::vector<FieldSpec>& more)
{
    for (const FieldSpec& spec : more)
        if (std::none_of(specs.begin(), specs.end(),
                         [&](const FieldSpec& known) { return isSame(known, spec); }))
            specs.push_back(spec);
}

} // namespace

core::Result<void> applyLabels(BuildContext& context, ResourceMap& resources,
                               const Kustomization& kustomization)
{
    for (const LabelRule& rule : kustomization.labels) {
        std::vector<FieldSpec> specs = rule.fields;
        if (rule.includeSelectors) {
            addSpecs(specs, labelSpecs());
        } else {
            if (rule.includeTemplates)
                addSpecs(specs, templateLabelSpecs());
            addSpecs(specs, {makeFieldSpec("metadata/labels", {}, true)});
        }
        if (auto done = setPairs(context, resources, rule.pairs, specs); !done)
            return done;
    }
    return setPairs(context, resources, kustomization.commonLabels, labelSpecs());
}

} // namespace gitops::kustomize
