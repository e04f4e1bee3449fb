// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/buildcontext.h"
#include "gitops/render/kustomize/transformerconfig.h"

/// The transformers of a kustomization layer, one file each. Each changes the layer's resources in
/// place.
namespace gitops::kustomize {

core::Result<void> setNamespace(BuildContext& context, ResourceMap& resources,
                                const Text& namespaceName, const TransformerConfig& config);
core::Result<void> addNamePrefix(BuildContext& context, ResourceMap& resources, const Text& prefix,
                                 const TransformerConfig& config);
core::Result<void> addNameSuffix(BuildContext& context, ResourceMap& resources, const Text& suffix,
                                 const TransformerConfig& config);
/// Sets the pairs in all mappings that the specs lead to: labels and annotations.
core::Result<void> setPairs(BuildContext& context, ResourceMap& resources, const Pairs& pairs,
                            const std::vector<FieldSpec>& specs);
core::Result<void> applyLabels(BuildContext& context, ResourceMap& resources,
                               const Kustomization& kustomization, const TransformerConfig& config);
core::Result<void> setImages(BuildContext& context, ResourceMap& resources,
                             const std::vector<Image>& images, const TransformerConfig& config);
core::Result<void> setReplicas(BuildContext& context, ResourceMap& resources,
                               const std::vector<Replica>& replicas,
                               const TransformerConfig& config);

/// A strategic merge or JSON patch of `patches`.
core::Result<void> applyPatch(const Folder& folder, ResourceMap& resources, const Patch& patch);
/// An entry of patchesStrategicMerge: a patch's text, else a path.
core::Result<void> applyStrategicMerge(const Folder& folder, ResourceMap& resources,
                                       const Text& entry);
/// An entry of patchesJson6902.
core::Result<void> applyJson6902(const Folder& folder, ResourceMap& resources, const Patch& patch);

core::Result<void> applyReplacement(const Folder& folder, ResourceMap& resources,
                                    const Replacement& replacement);

/// The ConfigMap or Secret that an entry generates, put beside or merged into what is there.
core::Result<void> runGenerator(const Folder& folder, ResourceMap& resources,
                                const Generator& generator, const GeneratorOptions& common);

// Once, at the root:
core::Result<void> addHashSuffixes(BuildContext& context, ResourceMap& resources);
core::Result<void> fixNameReferences(BuildContext& context, ResourceMap& resources,
                                     const TransformerConfig& config);
void sortResources(ResourceMap& resources, const std::optional<SortOptions>& options);

} // namespace gitops::kustomize
