// SPDX-License-Identifier: GPL-3.0-or-later
// The transformers of a kustomization's fields, in the order in which Kustomize runs them.
#include "gitops/render/kustomize/history.h"
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

namespace {

using Done = core::Result<void>;

class LayerTransformers
{
public:
    LayerTransformers(const Folder& folder, ResourceMap& resources, const Kustomization& k,
                      const TransformerConfig& config)
        : m_folder(folder)
        , m_context(folder.context())
        , m_resources(resources)
        , m_k(k)
        , m_config(config)
    {
    }

    Done run()
    {
        for (Done (LayerTransformers::*part)() :
             {&LayerTransformers::patches, &LayerTransformers::names, &LayerTransformers::labels,
              &LayerTransformers::values})
            if (auto done = (this->*part)(); !done)
                return done;
        return {};
    }

private:
    template<class Apply>
    Done step(const char* kind, bool isWanted, const Apply& apply)
    {
        if (!isWanted)
            return {};
        if (auto done = apply(); !done)
            return done;
        if (m_context.keepsOrigins)
            noteTransformation(m_context, m_resources, m_folder.configured("builtin", kind));
        if (m_context.history)
            m_context.history->note(m_resources, kind, m_folder.filePath());
        m_resources.dropEmpty();
        return {};
    }

    template<class List, class Apply>
    Done each(const char* kind, const List& list, const Apply& apply)
    {
        for (const auto& item : list)
            if (auto done = step(kind, true, [&] { return apply(item); }); !done)
                return done;
        return {};
    }

    Done patches()
    {
        const bool hasMerges = !m_k.patchesStrategicMerge.empty();
        auto done = step("PatchStrategicMergeTransformer", hasMerges, [&]() -> Done {
            for (const Text& entry : m_k.patchesStrategicMerge) {
                if (auto merged = applyStrategicMerge(m_folder, m_resources, entry); !merged)
                    return merged;
                m_resources.dropEmpty();
            }
            return {};
        });
        if (!done)
            return done;
        return each("PatchTransformer", m_k.patches,
                    [&](const Patch& patch) { return applyPatch(m_folder, m_resources, patch); });
    }

    Done names()
    {
        static const std::vector<FieldSpec> kName {makeFieldSpec("metadata/name")};
        auto done = step("NamespaceTransformer", !m_k.namespaceName.isEmpty(), [&] {
            return setNamespace(m_context, m_resources,
                                {.name = m_k.namespaceName,
                                 .specs = joinedSpecs(namespaceSpecs(), m_config.namespaces)});
        });
        if (!done)
            return done;
        done = step("PrefixTransformer", !m_k.namePrefix.isEmpty(), [&] {
            return addNamePrefix(m_context, m_resources, m_k.namePrefix,
                                 joinedSpecs(kName, m_config.namePrefix));
        });
        if (!done)
            return done;
        return step("SuffixTransformer", !m_k.nameSuffix.isEmpty(), [&] {
            return addNameSuffix(m_context, m_resources, m_k.nameSuffix,
                                 joinedSpecs(kName, m_config.nameSuffix));
        });
    }

    Done labels()
    {
        auto done = each("LabelTransformer", m_k.labels, [&](const LabelRule& rule) {
            return setPairs(m_context, m_resources, rule.pairs, labelRuleSpecs(rule, m_config));
        });
        if (!done)
            return done;
        // With labels alone the transformer of commonLabels runs too, with nothing to do.
        done = step("LabelTransformer", !m_k.commonLabels.empty() || !m_k.labels.empty(), [&] {
            return setPairs(m_context, m_resources, m_k.commonLabels,
                            joinedSpecs(labelSpecs(), m_config.commonLabels));
        });
        if (!done)
            return done;
        return step("AnnotationsTransformer", !m_k.commonAnnotations.empty(), [&] {
            return setPairs(m_context, m_resources, m_k.commonAnnotations,
                            joinedSpecs(annotationSpecs(), m_config.commonAnnotations));
        });
    }

    Done values()
    {
        auto done = each("PatchJson6902Transformer", m_k.patchesJson6902, [&](const Patch& patch) {
            return applyJson6902(m_folder, m_resources, patch);
        });
        if (!done)
            return done;
        const std::vector<FieldSpec> counts = joinedSpecs(replicaSpecs(), m_config.replicas);
        done = each("ReplicaCountTransformer", m_k.replicas, [&](const Replica& replica) {
            return setReplica(m_context, m_resources, replica, counts);
        });
        if (!done)
            return done;
        done = images();
        if (!done)
            return done;
        return step("ReplacementTransformer", !m_k.replacements.empty(), [&]() -> Done {
            for (const Replacement& replacement : m_k.replacements)
                if (auto made = applyReplacement(m_folder, m_resources, replacement); !made)
                    return made;
            return {};
        });
    }

    /// All images at once are one walk over the objects; one at a time is the same, and slower.
    Done images()
    {
        const std::vector<FieldSpec> specs = joinedSpecs(imageSpecs(), m_config.images);
        auto done = setImages(m_context, m_resources, m_k.images, specs);
        if (!done || !(m_context.keepsOrigins || m_context.history))
            return done;
        return each("ImageTagTransformer", m_k.images, [](const Image&) { return Done {}; });
    }

    const Folder& m_folder;
    BuildContext& m_context;
    ResourceMap& m_resources;
    const Kustomization& m_k;
    const TransformerConfig& m_config;
};

} // namespace

core::Result<void> transformLayer(const Folder& folder, ResourceMap& resources,
                                  const Kustomization& kustomization,
                                  const TransformerConfig& config)
{
    return LayerTransformers(folder, resources, kustomization, config).run();
}

void noteTransformation(const BuildContext& context, const ResourceMap& resources,
                        const OriginPtr& by)
{
    if (!context.keepsOrigins || !by)
        return;
    for (const ResourcePtr& resource : resources.all()) {
        if (resource->origin)
            resource->transformations.push_back(by);
        else
            resource->origin = by;
    }
}

} // namespace gitops::kustomize
