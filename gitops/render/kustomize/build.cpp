// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/build.h"

#include "core/base/strings.h"
#include "gitops/render/kustomize/foldedtext.h"
#include "gitops/render/kustomize/overlay.h"
#include "gitops/render/kustomize/transformers.h"
#include "gitops/render/kustomize/vars.h"

#include <array>
#include <functional>

namespace gitops::kustomize {

namespace {

using core::YamlNode;
using Done = core::Result<void>;

/// What a layer hands to the one above it.
struct Layer
{
    ResourceMap resources;
    TransformerConfig config;
    std::vector<Var> vars;
};

class Builder
{
public:
    explicit Builder(BuildContext& context)
        : m_context(context)
    {
    }

    core::Result<Kustomization> load(const Folder& folder)
    {
        auto file = findKustomization(m_context.files, folder.path());
        if (!file)
            return std::unexpected(std::move(file.error()));
        auto text = m_context.files.read(*file, m_context.limits.fileBytes);
        if (!text)
            return std::unexpected(std::move(text.error()));
        return readKustomization(m_context.yaml, *text, *file, m_context.warnings);
    }

    Done accumulate(Layer& into, const Folder& folder, const Kustomization& kustomization)
    {
        for (const Text& entry : kustomization.resources)
            if (auto done = addResource(into, folder, entry); !done)
                return done;
        for (const Text& entry : kustomization.configurations)
            if (auto done = addConfiguration(into, folder, entry); !done)
                return done;
        for (const std::vector<Generator>* generators :
             {&kustomization.configMaps, &kustomization.secrets})
            for (const Generator& generator : *generators)
                if (auto done = runGenerator(folder, into.resources, generator,
                                             kustomization.generatorOptions);
                    !done)
                    return done;
        for (const Text& entry : kustomization.components)
            if (auto done = addComponent(into, folder, entry); !done)
                return done;
        if (auto done = transform(into, folder, kustomization); !done)
            return done;
        if (auto done = bindVars(m_context, into.resources, kustomization.vars); !done)
            return done;
        return mergeVars(into, kustomization.vars);
    }

private:
    Done mergeVars(Layer& into, const std::vector<Var>& vars)
    {
        for (const Var& var : vars) {
            for (const Var& known : into.vars)
                if (known.name == var.name)
                    return m_context.invalid("the var '" + var.name + "' is there already",
                                             var.from);
            into.vars.push_back(var);
        }
        return {};
    }

    Done addConfiguration(Layer& into, const Folder& folder, const Text& entry)
    {
        auto text = folder.read(entry);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto config = readTransformerConfig(m_context.yaml, *text, folder.pathOf(entry));
        if (!config)
            return std::unexpected(std::move(config.error()));
        auto merged = mergeConfig(into.config, *config);
        if (!merged)
            merged.error().place = m_context.placeOf(entry.from);
        return merged;
    }

    Done addResource(Layer& into, const Folder& folder, const Text& entry)
    {
        auto found = folder.find(entry);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (found->type == TreeEntry::Type::Directory)
            return addFolder(into, folder, entry);
        if (found->type == TreeEntry::Type::Submodule)
            return m_context.invalid("'" + entry.value + "' is a Git submodule, which is not read",
                                     entry.from);
        auto text = folder.read(entry);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto resources = readResources(m_context, *text, folder.pathOf(entry));
        if (!resources)
            return std::unexpected(std::move(resources.error()));
        return appendAll(into.resources, *resources, entry);
    }

    Done addFolder(Layer& into, const Folder& folder, const Text& entry)
    {
        auto entered = folder.enter(entry);
        if (!entered)
            return std::unexpected(std::move(entered.error()));
        auto kustomization = load(*entered);
        if (!kustomization)
            return std::unexpected(std::move(kustomization.error()));
        if (kustomization->isComponent)
            return m_context.invalid(
                "'" + entry.value + "' is a Component: it belongs under 'components'", entry.from);
        Layer layer;
        if (auto done = accumulate(layer, *entered, *kustomization); !done)
            return done;
        if (auto done = appendAll(into.resources, layer.resources.all(), entry); !done)
            return done;
        if (auto done = mergeConfig(into.config, layer.config); !done)
            return done;
        return mergeVars(into, layer.vars);
    }

    Done addComponent(Layer& into, const Folder& folder, const Text& entry)
    {
        auto found = folder.find(entry);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (found->type != TreeEntry::Type::Directory)
            return m_context.invalid("the component '" + entry.value + "' is no folder",
                                     entry.from);
        auto entered = folder.enter(entry);
        if (!entered)
            return std::unexpected(std::move(entered.error()));
        auto kustomization = load(*entered);
        if (!kustomization)
            return std::unexpected(std::move(kustomization.error()));
        if (!kustomization->isComponent)
            return m_context.invalid(
                "'" + entry.value + "' is no Component: it belongs under 'resources'", entry.from);
        return accumulate(into, *entered, *kustomization);
    }

    Done appendAll(ResourceMap& into, const std::vector<ResourcePtr>& resources, const Text& entry)
    {
        for (const ResourcePtr& resource : resources) {
            if (into.append(resource))
                continue;
            return m_context.invalid(resource->id().text() + " of '" + entry.value
                                         + "' is there already",
                                     resource->node()->line > 0 ? resource->node() : entry.from);
        }
        return {};
    }

    Done transform(Layer& layer, const Folder& folder, const Kustomization& k)
    {
        ResourceMap& resources = layer.resources;
        const TransformerConfig& config = layer.config;
        const std::array<std::function<Done()>, 11> steps {
            [&] {
                return each(k.patchesStrategicMerge, resources, [&](const Text& entry) {
                    return applyStrategicMerge(folder, resources, entry);
                });
            },
            [&] {
                return each(k.patches, resources, [&](const Patch& patch) {
                    return applyPatch(folder, resources, patch);
                });
            },
            [&] { return setNamespace(m_context, resources, k.namespaceName, config); },
            [&] { return addNamePrefix(m_context, resources, k.namePrefix, config); },
            [&] { return addNameSuffix(m_context, resources, k.nameSuffix, config); },
            [&] { return applyLabels(m_context, resources, k, config); },
            [&] {
                return setPairs(m_context, resources, k.commonAnnotations,
                                joinedSpecs(annotationSpecs(), config.commonAnnotations));
            },
            [&] {
                return each(k.patchesJson6902, resources, [&](const Patch& patch) {
                    return applyJson6902(folder, resources, patch);
                });
            },
            [&] { return setReplicas(m_context, resources, k.replicas, config); },
            [&] { return setImages(m_context, resources, k.images, config); },
            [&] {
                return each(k.replacements, resources, [&](const Replacement& replacement) {
                    return applyReplacement(folder, resources, replacement);
                });
            }};
        for (const auto& step : steps) {
            if (auto done = step(); !done)
                return done;
            resources.dropEmpty();
        }
        return {};
    }

    template<class List, class Apply>
    static Done each(const List& list, ResourceMap& resources, const Apply& apply)
    {
        for (const auto& item : list) {
            if (auto done = apply(item); !done)
                return done;
            resources.dropEmpty();
        }
        return {};
    }

    BuildContext& m_context;
};

/// Annotations are strings in the output, whatever they were; without any there is no mapping.
void cleanAnnotations(Resource& resource)
{
    YamlNode* meta = resource.metadata();
    YamlNode* annotations = meta ? meta->find("annotations") : nullptr;
    if (!annotations)
        return;
    if (annotations->isMapping()) {
        for (std::size_t i = 0; i < annotations->size();) {
            const std::string_view key = annotations->key(i)->text;
            if (key.starts_with("internal.config.kubernetes.io/")
                || key == "config.kubernetes.io/index" || key == "config.kubernetes.io/path"
                || key == "config.k8s.io/id") {
                annotations->removeAt(i);
                continue;
            }
            if (YamlNode* value = annotations->value(i); value->isScalar())
                value->tag = core::YamlTag::String;
            ++i;
        }
    }
    if (annotations->isNull() || (annotations->isMapping() && annotations->size() == 0))
        meta->remove("annotations");
}

bool isLocal(const Resource& resource)
{
    const YamlNode* meta = resource.metadata();
    const YamlNode* annotations = meta ? meta->find("annotations") : nullptr;
    const YamlNode* local =
        annotations ? annotations->find("config.kubernetes.io/local-config") : nullptr;
    return local && local->text != "false";
}

} // namespace

core::Result<std::string> findKustomization(const FileTree& files, std::string_view folder)
{
    std::string found;
    for (const char* name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
        const std::string path = (folder.empty() ? "" : std::string(folder) + '/') + name;
        auto entry = files.entry(path);
        if (!entry && entry.error().code != core::ErrorCode::NotFound)
            return std::unexpected(std::move(entry.error()));
        if (!entry || entry->type != TreeEntry::Type::File)
            continue;
        if (!found.empty())
            return core::failure(core::ErrorCode::Invalid,
                                 "the folder has more than one kustomization file: '" + found
                                     + "' and '" + path + "'",
                                 {.file = path}, core::Fault::Repository);
        found = path;
    }
    if (found.empty())
        return core::failure(core::ErrorCode::NotFound, "the folder has no kustomization.yaml",
                             {.file = folder.empty() ? "." : std::string(folder)},
                             core::Fault::Repository);
    return found;
}

core::Result<std::vector<ResourcePtr>> build(BuildContext& context, std::string_view path,
                                             const core::KustomizeOptions& overlay)
{
    auto folder = Folder::root(context, path);
    if (!folder)
        return std::unexpected(std::move(folder.error()));
    Builder builder(context);
    auto kustomization = builder.load(*folder);
    if (!kustomization)
        return std::unexpected(std::move(kustomization.error()));
    if (auto done = layOver(context, *kustomization, overlay); !done)
        return std::unexpected(std::move(done.error()));
    Layer layer;
    ResourceMap& resources = layer.resources;
    if (auto done = builder.accumulate(layer, *folder, *kustomization); !done)
        return std::unexpected(std::move(done.error()));
    if (auto done = addHashSuffixes(context, resources); !done)
        return std::unexpected(std::move(done.error()));
    if (auto done = fixNameReferences(context, resources, layer.config); !done)
        return std::unexpected(std::move(done.error()));
    if (auto done = resolveVars(context, resources, layer.vars, layer.config.varReferences); !done)
        return std::unexpected(std::move(done.error()));
    std::vector<ResourcePtr> kept;
    for (const ResourcePtr& resource : resources.all())
        if (!isLocal(*resource))
            kept.push_back(resource);
    resources.setAll(std::move(kept));
    sortResources(resources, kustomization->sortOptions);
    for (const ResourcePtr& resource : resources.all()) {
        cleanAnnotations(*resource);
        refold(context.yaml, *resource->node());
    }
    return resources.all();
}

} // namespace gitops::kustomize
