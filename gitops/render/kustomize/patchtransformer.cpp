// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/jsonpatch.h"
#include "gitops/render/kustomize/merge.h"
#include "gitops/render/kustomize/selection.h"
#include "gitops/render/kustomize/transformers.h"

#include <algorithm>

namespace gitops::kustomize {

using core::YamlNode;

namespace {

/// A patch's text and where it stands.
struct PatchText
{
    std::string text;
    std::string file;
    int firstLine = 1;
};

/// The text of a scalar in a kustomization: its lines are the file's lines, where YAML allows that.
PatchText inlineText(const BuildContext& context, const Text& text)
{
    PatchText result {.text = text.value};
    const std::size_t start = result.text.find_first_not_of(" \t\r\n");
    if (start == std::string::npos)
        return {};
    int skipped = 0;
    std::size_t lineStart = 0;
    for (std::size_t i = 0; i < start; ++i)
        if (result.text[i] == '\n') {
            ++skipped;
            lineStart = i + 1;
        }
    result.text.erase(0, lineStart);
    if (text.from) {
        result.file = context.yaml.fileName(text.from->file);
        const bool isBlock = text.from->style == YamlNode::Style::Literal
            || text.from->style == YamlNode::Style::Folded;
        result.firstLine = text.from->line + (isBlock ? 1 : 0) + skipped;
    }
    return result;
}

core::Result<PatchText> patchText(const Folder& folder, const Patch& patch)
{
    const BuildContext& context = folder.context();
    const bool hasText = !core::trimmed(patch.text.value).empty();
    if (hasText == !patch.path.isEmpty())
        return context.invalid(hasText ? "a patch has either 'path' or 'patch', not both"
                                       : "a patch needs 'path' or 'patch'",
                               patch.from);
    if (hasText)
        return inlineText(context, patch.text);
    auto text = folder.read(patch.path);
    if (!text)
        return std::unexpected(std::move(text.error()));
    return PatchText {.text = std::move(*text), .file = folder.pathOf(patch.path)};
}

core::Result<std::vector<YamlNode*>> documentsOf(BuildContext& context, const PatchText& patch,
                                                 core::YamlSchema schema)
{
    return core::readYaml(context.yaml, patch.text, patch.file,
                          {.schema = schema,
                           .firstLine = patch.firstLine,
                           .limits = {.bytes = context.limits.fileBytes}});
}

/// Merges a patch into a resource; its name, namespace and kind stay unless they may change.
core::Result<void> mergeInto(BuildContext& context, Resource& resource, YamlNode& patch,
                             const Patch& options)
{
    YamlNode* object = resource.node();
    if (options.allowNameChange || options.allowKindChange)
        resource.storePreviousId();
    const auto copyOf = [&](const YamlNode* node) {
        return node ? context.yaml.copy(*node) : nullptr;
    };
    const YamlNode* meta = resource.metadata();
    YamlNode* kind = copyOf(object->find("kind"));
    YamlNode* name = copyOf(meta ? meta->find("name") : nullptr);
    YamlNode* space = copyOf(meta ? meta->find("namespace") : nullptr);
    auto merged = mergePatch(context.yaml, context.schema, *object, patch);
    if (!merged)
        return std::unexpected(std::move(merged.error()));
    if (!*merged || (*merged)->size() == 0) {
        resource.clear();
        return {};
    }
    object = *merged;
    if (!options.allowKindChange && kind)
        context.yaml.set(*object, "kind", kind);
    YamlNode* newMeta = context.yaml.mappingAt(*object, "metadata");
    if (!newMeta)
        return context.invalid("metadata must be a mapping", object);
    if (!options.allowNameChange && name)
        context.yaml.set(*newMeta, "name", name);
    if (space)
        context.yaml.set(*newMeta, "namespace", space);
    else
        newMeta->remove("namespace");
    resource.setNode(object);
    return {};
}

/// Kustomize rewrites labels and annotations of a patch that it copies, with strings alone: there
/// a null takes nothing away.
void rewritePairs(core::YamlTree& tree, YamlNode& patch)
{
    YamlNode* meta = patch.find("metadata");
    if (!meta || !meta->isMapping())
        return;
    for (const char* name : {"labels", "annotations"}) {
        const YamlNode* old = meta->find(name);
        if (!old)
            continue;
        if (!old->isMapping() || old->size() == 0) {
            meta->remove(name);
            continue;
        }
        YamlNode* pairs = tree.newMapping();
        for (std::size_t i = 0; i < old->size(); ++i)
            tree.setString(*pairs, old->key(i)->text,
                           old->value(i)->isScalar() ? old->value(i)->text : "", old->value(i));
        tree.set(*meta, name, pairs);
    }
}

core::Result<void> mergeIntoSelected(BuildContext& context, ResourceMap& resources,
                                     const Resource& patch, const Patch& options)
{
    auto selection = Selection::make(*options.target, context.placeOf(options.from));
    if (!selection)
        return std::unexpected(std::move(selection.error()));
    for (const ResourcePtr& resource : resources.all()) {
        if (!selection->matches(*resource))
            continue;
        YamlNode* copy = context.yaml.copy(*patch.node());
        rewritePairs(context.yaml, *copy);
        // The patch is for whatever was selected: its own version does not count.
        if (const YamlNode* version = resource->node()->find("apiVersion"))
            context.yaml.set(*copy, "apiVersion", context.yaml.copy(*version));
        if (auto done = mergeInto(context, *resource, *copy, options); !done)
            return done;
    }
    resources.idsChanged();
    if (const auto [first, second] = resources.conflict(); first)
        return context.invalid("the patch makes two objects the same: " + second->id().text(),
                               options.from);
    return {};
}

core::Result<void> mergeIntoNamed(BuildContext& context, ResourceMap& resources, Resource& patch,
                                  const Patch& options)
{
    const std::vector<std::size_t> found = resources.findByAnyId(patch.id());
    if (found.size() != 1)
        return context.invalid((found.empty() ? "no resource matches the strategic merge patch "
                                              : "several resources match the strategic merge "
                                                "patch ")
                                   + patch.id().text(),
                               patch.node());
    Resource& resource = *resources.all()[found[0]];
    const std::string before = resource.key();
    auto done = mergeInto(context, resource, *patch.node(), options);
    // Most patches leave the id alone, and then the index by id stays good.
    if (resource.isEmpty() || resource.key() != before || options.allowNameChange
        || options.allowKindChange)
        resources.idsChanged();
    return done;
}

core::Result<void> applyOperations(BuildContext& context, ResourceMap& resources,
                                   const YamlNode& operations, const Patch& patch)
{
    if (!patch.target)
        return context.invalid("a JSON patch needs a target", patch.from);
    auto selection = Selection::make(*patch.target, context.placeOf(patch.from));
    if (!selection)
        return std::unexpected(std::move(selection.error()));
    for (const ResourcePtr& resource : resources.all()) {
        if (!selection->matches(*resource))
            continue;
        resource->storePreviousId();
        if (auto done = applyJsonPatch(context.yaml, *resource->node(), operations); !done)
            return done;
        resource->refresh();
    }
    resources.idsChanged();
    return {};
}

/// The operations of a JSON patch, read as Kustomize reads them: text that begins with '[' is JSON.
core::Result<const YamlNode*> operationsOf(BuildContext& context, const PatchText& patch,
                                           const YamlNode* at)
{
    if (core::trimmed(patch.text).starts_with('['))
        if (auto json = core::parseJson(core::trimmed(patch.text)); !json)
            return context.invalid(
                "a patch that begins with '[' must be JSON: " + json.error().message, at);
    auto documents = documentsOf(context, patch, core::YamlSchema::Yaml11);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (documents->empty() || !documents->front()->isSequence())
        return context.invalid("a JSON patch must be a list of operations", at);
    return documents->front();
}

core::Result<void> mergeAll(BuildContext& context, ResourceMap& resources,
                            std::vector<YamlNode*> documents, const Patch& options,
                            bool isLegacy = false)
{
    auto patches = makeResources(context, std::move(documents));
    if (!patches)
        return std::unexpected(std::move(patches.error()));
    if (options.target) {
        if (patches->size() > 1)
            return context.invalid("a patch with several documents cannot have a target",
                                   options.from);
        return patches->empty() ? core::Result<void> {}
                                : mergeIntoSelected(context, resources, *patches->front(), options);
    }
    for (const ResourcePtr& patch : *patches) {
        if (isLegacy)
            rewritePairs(context.yaml, *patch->node());
        if (auto done = mergeIntoNamed(context, resources, *patch, options); !done)
            return done;
        // An object that a patch deleted is gone for the next one.
        resources.dropEmpty();
    }
    return {};
}

} // namespace

core::Result<void> applyPatch(const Folder& folder, ResourceMap& resources, const Patch& patch)
{
    BuildContext& context = folder.context();
    auto text = patchText(folder, patch);
    if (!text)
        return std::unexpected(std::move(text.error()));
    auto documents = documentsOf(context, *text, core::YamlSchema::Resources);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (!documents->empty() && documents->front()->isSequence()) {
        auto operations = operationsOf(context, *text, patch.from);
        if (!operations)
            return std::unexpected(std::move(operations.error()));
        return applyOperations(context, resources, **operations, patch);
    }
    return mergeAll(context, resources, std::move(*documents), patch);
}

core::Result<void> applyStrategicMerge(const Folder& folder, ResourceMap& resources,
                                       const Text& entry)
{
    BuildContext& context = folder.context();
    const PatchText inlined = inlineText(context, entry);
    auto documents = documentsOf(context, inlined, core::YamlSchema::Resources);
    const bool isInline = documents && !documents->empty() && documents->front()->isMapping();
    if (isInline)
        return mergeAll(context, resources, std::move(*documents), {.from = entry.from}, true);
    auto text = folder.read(entry);
    if (!text)
        return std::unexpected(std::move(text.error()));
    documents = documentsOf(context, {.text = *text, .file = folder.pathOf(entry)},
                            core::YamlSchema::Resources);
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    return mergeAll(context, resources, std::move(*documents), {.from = entry.from}, true);
}

core::Result<void> applyJson6902(const Folder& folder, ResourceMap& resources, const Patch& patch)
{
    BuildContext& context = folder.context();
    if (!patch.target || patch.target->name.empty())
        return context.invalid("an entry of patchesJson6902 needs a target with a name",
                               patch.from);
    auto text = patchText(folder, patch);
    if (!text)
        return std::unexpected(std::move(text.error()));
    auto operations = operationsOf(context, *text, patch.from);
    if (!operations)
        return std::unexpected(std::move(operations.error()));
    return applyOperations(context, resources, **operations, patch);
}

} // namespace gitops::kustomize
