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

std::vector<FieldSpec> labelRuleSpecs(const LabelRule& rule, const TransformerConfig& config)
{
    std::vector<FieldSpec> specs = joinedSpecs(rule.fields, config.labels);
    if (rule.includeSelectors)
        return joinedSpecs(joinedSpecs(specs, labelSpecs()), config.commonLabels);
    if (rule.includeTemplates)
        specs = joinedSpecs(joinedSpecs(specs, templateLabelSpecs()), config.templateLabels);
    return joinedSpecs(specs, {makeFieldSpec("metadata/labels", {}, true)});
}

} // namespace gitops::kustomize
