// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/render/kustomize/fieldspec.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitops::kustomize {

/// A text of a kustomization and the node that it stands in (nullptr: from the application's own
/// options).
struct Text
{
    std::string value;
    const core::YamlNode* from = nullptr;
    bool isEmpty() const { return value.empty(); }
};

using Pairs = std::vector<std::pair<std::string, Text>>; ///< sorted by key, each key once

/// Which resources; members are regular expressions that must match as a whole.
struct Selector
{
    std::string group;
    std::string version;
    std::string kind;
    std::string name;
    std::string namespaceName;
    std::string labelSelector;
    std::string annotationSelector;
};

struct Patch
{
    Text path; ///< a file, or
    Text text; ///< the patch itself
    std::optional<Selector> target;
    bool allowNameChange = false;
    bool allowKindChange = false;
    const core::YamlNode* from = nullptr;
};

struct LabelRule
{
    Pairs pairs;
    bool includeSelectors = false;
    bool includeTemplates = false;
    std::vector<FieldSpec> fields;
};

struct Image
{
    std::string name;
    std::string newName;
    std::string newTag;
    std::string digest;
    std::string tagSuffix;
    const core::YamlNode* from = nullptr;
};

struct Replica
{
    std::string name;
    std::int64_t count = 0;
    const core::YamlNode* from = nullptr;
};

struct GeneratorOptions
{
    Pairs labels;
    Pairs annotations;
    bool disableNameSuffixHash = false;
    bool immutable = false;
};

struct Generator
{
    bool isSecret = false;
    std::string name;
    std::string namespaceName;
    std::string type; ///< of a Secret
    Behavior behavior = Behavior::Unspecified;
    std::vector<Text> literals;
    std::vector<Text> files;
    std::vector<Text> envs;
    GeneratorOptions options;
    const core::YamlNode* from = nullptr;
};

/// Exact words that name an object; empty members mean any.
struct ObjectSelector
{
    Gvk gvk;
    std::string name;
    std::string namespaceName;
};

struct FieldOptions
{
    std::string delimiter;
    std::int64_t index = 0;
    bool create = false;
};

struct ReplacementTarget
{
    Selector select;
    bool hasSelect = false;
    std::vector<Selector> reject;
    std::vector<std::string> fieldPaths;
    FieldOptions options;
};

struct Replacement
{
    ObjectSelector source;
    bool hasSource = false;
    std::string fieldPath = "metadata.name";
    FieldOptions options;
    std::optional<std::string> sourceValue;
    std::vector<ReplacementTarget> targets;
    Text path; ///< a file that holds one or several instead
    const core::YamlNode* from = nullptr;
};

struct SortOptions
{
    bool isLegacy = true;
    std::vector<std::string> orderFirst;
    std::vector<std::string> orderLast;
    bool hasLists = false;
};

/// A deprecated `vars` entry: a name for a field of an object.
struct Var
{
    std::string name;
    Gvk gvk;
    std::string object;
    std::string space;
    std::string fieldPath = "metadata.name";
    const core::YamlNode* from = nullptr;
};

/// A kustomization.yaml, read and checked.
struct Kustomization
{
    std::string file; ///< its path in the tree
    bool isComponent = false;
    std::vector<Text> resources; ///< with bases at the end
    std::vector<Text> components;
    Text namespaceName;
    Text namePrefix;
    Text nameSuffix;
    std::vector<LabelRule> labels;
    Pairs commonLabels;
    Pairs commonAnnotations;
    std::vector<Patch> patches;
    std::vector<Text> patchesStrategicMerge;
    std::vector<Patch> patchesJson6902;
    std::vector<Image> images;
    std::vector<Replica> replicas;
    std::vector<Replacement> replacements;
    std::vector<Var> vars;
    std::vector<Text> configurations;
    std::vector<Generator> configMaps;
    std::vector<Generator> secrets;
    GeneratorOptions generatorOptions;
    std::optional<SortOptions> sortOptions;
    std::vector<Text> crds;
    std::vector<Text> generators; ///< plugin configurations: paths, or the text itself
    std::vector<Text> transformers;
    std::vector<Text> validators;
    Text openApiPath;
    Text openApiVersion;
    std::vector<std::string> buildMetadata;

    bool asksFor(std::string_view metadata) const;
};

/// Reads a kustomization file's text. Unknown fields, fields that Wavewright does not do, and
/// values of a wrong type are errors with file and line. warnings gets a sentence for each
/// deprecated field.
core::Result<Kustomization> readKustomization(core::YamlTree& tree, std::string_view text,
                                              const std::string& file,
                                              std::vector<std::string>& warnings);
/// One entry of patches as YAML text, as an Argo CD Application has it.
core::Result<Patch> readPatchEntry(core::YamlTree& tree, std::string_view text);
/// The file of a replacement with a path: one replacement or a list of them.
core::Result<std::vector<Replacement>> readReplacements(core::YamlTree& tree, std::string_view text,
                                                        const std::string& file);

} // namespace gitops::kustomize
