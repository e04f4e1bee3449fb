// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformers.h"

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

core::Result<void> applyLabels(BuildContext& context, ResourceMap& resources,
                               const Kustomization& kustomization, const TransformerConfig& config)
{
    for (const LabelRule& rule : kustomization.labels) {
        std::vector<FieldSpec> specs = joinedSpecs(rule.fields, config.labels);
        if (rule.includeSelectors) {
            specs = joinedSpecs(joinedSpecs(specs, labelSpecs()), config.commonLabels);
        } else {
            if (rule.includeTemplates)
                specs =
                    joinedSpecs(joinedSpecs(specs, templateLabelSpecs()), config.templateLabels);
            specs = joinedSpecs(specs, {makeFieldSpec("metadata/labels", {}, true)});
        }
        if (auto done = setPairs(context, resources, rule.pairs, specs); !done)
            return done;
    }
    return setPairs(context, resources, kustomization.commonLabels,
                    joinedSpecs(labelSpecs(), config.commonLabels));
}

} // namespace gitops::kustomize
