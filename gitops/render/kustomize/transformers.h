// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/buildcontext.h"
#include "gitops/render/kustomize/transformerconfig.h"

/// The transformers of a kustomization layer, one file each. Each changes the layer's resources in
/// place.
namespace gitops::kustomize {

/// What a namespace transformer does; the field `namespace` has the defaults.
struct NamespaceRule
{
    enum class Subjects
    {
        Default, ///< of role bindings: those called "default"
        AllServiceAccounts,
        None
    };
    Text name;
    std::vector<FieldSpec> specs; ///< beside metadata.namespace
    bool unsetOnly = false;
    Subjects subjects = Subjects::Default;
};
core::Result<void> setNamespace(BuildContext& context, ResourceMap& resources,
                                const NamespaceRule& rule);
/// The same in one object, which keeps its history.
core::Result<void> setNamespaceIn(BuildContext& context, Resource& resource,
                                  const NamespaceRule& rule);
core::Result<void> addNamePrefix(BuildContext& context, ResourceMap& resources, const Text& prefix,
                                 const std::vector<FieldSpec>& specs);
core::Result<void> addNameSuffix(BuildContext& context, ResourceMap& resources, const Text& suffix,
                                 const std::vector<FieldSpec>& specs);
/// Sets the pairs in all mappings that the specs lead to: labels and annotations.
core::Result<void> setPairs(BuildContext& context, ResourceMap& resources, const Pairs& pairs,
                            const std::vector<FieldSpec>& specs);
/// Where an entry of `labels` puts its pairs.
std::vector<FieldSpec> labelRuleSpecs(const LabelRule& rule, const TransformerConfig& config);
core::Result<void> setImages(BuildContext& context, ResourceMap& resources,
                             const std::vector<Image>& images, const std::vector<FieldSpec>& specs);
core::Result<void> setReplica(BuildContext& context, ResourceMap& resources, const Replica& replica,
                              const std::vector<FieldSpec>& specs);

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
                                const Generator& generator, const GeneratorOptions& common,
                                OriginPtr origin = {});
/// Puts a generated object beside what is there, or merges it into that, as its behavior says.
core::Result<void> absorbGenerated(BuildContext& context, ResourceMap& resources, ResourcePtr made,
                                   const core::YamlNode* from);

/// Runs the transformers that the fields of a kustomization ask for, in Kustomize's order.
core::Result<void> transformLayer(const Folder& folder, ResourceMap& resources,
                                  const Kustomization& kustomization,
                                  const TransformerConfig& config);
/// Writes down that a transformer had its turn at these resources.
void noteTransformation(const BuildContext& context, const ResourceMap& resources,
                        const OriginPtr& by);

// Once, at the root:
core::Result<void> addHashSuffixes(BuildContext& context, ResourceMap& resources);
core::Result<void> fixNameReferences(BuildContext& context, ResourceMap& resources,
                                     const TransformerConfig& config);
void sortResources(ResourceMap& resources, const std::optional<SortOptions>& options);

} // namespace gitops::kustomize
