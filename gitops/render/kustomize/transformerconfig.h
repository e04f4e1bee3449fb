// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/fieldspec.h"

namespace gitops::kustomize {

/// What `configurations` files add to the built-in field specs. A layer's configuration counts for
/// the layers above it too.
struct TransformerConfig
{
    std::vector<FieldSpec> namePrefix;
    std::vector<FieldSpec> nameSuffix;
    std::vector<FieldSpec> namespaces;
    std::vector<FieldSpec> commonLabels;
    std::vector<FieldSpec> labels;
    std::vector<FieldSpec> templateLabels;
    std::vector<FieldSpec> commonAnnotations;
    std::vector<FieldSpec> images;
    std::vector<FieldSpec> replicas;
    std::vector<FieldSpec> varReferences;
    std::vector<NameReference> nameReferences;
};

core::Result<TransformerConfig> readTransformerConfig(core::YamlTree& tree, std::string_view text,
                                                      const std::string& file);
/// Specs of one path and type that differ in `create` are an error.
core::Result<void> mergeConfig(TransformerConfig& config, const TransformerConfig& more);
/// The first list, then what the second adds to it.
std::vector<FieldSpec> joinedSpecs(const std::vector<FieldSpec>& specs,
                                   const std::vector<FieldSpec>& more);

} // namespace gitops::kustomize
