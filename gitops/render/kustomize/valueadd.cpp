// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/fieldpath.h"
#include "gitops/render/kustomize/itemreader.h"
#include "gitops/render/kustomize/plugin.h"
#include "gitops/render/kustomize/selection.h"
#include "gitops/render/kustomize/transformers.h"

namespace gitops::kustomize {

namespace {

using core::YamlNode;

struct Target
{
    std::optional<Selector> selector;
    std::string fieldPath;
    std::int64_t position = 0; ///< in a path that the field holds, from 1; 0: the whole field
    const YamlNode* from = nullptr;
};

struct Config
{
    Text value;
    Text targetFile;
    std::vector<Target> targets;
};

core::Result<Config> readConfig(const core::YamlTree& tree, const YamlNode& node)
{
    FieldDecoder in(tree, FieldDecoder::Rules::Plugin);
    ItemReader items(in);
    Config config;
    const auto target = [&](const YamlNode& item) {
        Target read {.from = &item};
        in.fields(
            item, "targets",
            {{"selector",
              [&](const YamlNode& n) { read.selector = items.selector(n, "selector"); }},
             {"fieldPath", [&](const YamlNode& n) { read.fieldPath = in.string(n, "fieldPath"); }},
             {"filePathPosition",
              [&](const YamlNode& n) { read.position = in.integer(n, "filePathPosition"); }}});
        config.targets.push_back(std::move(read));
    };
    in.fields(node, "",
              {{"value", [&](const YamlNode& n) { config.value = in.text(n, "value"); }},
               {"targetFilePath",
                [&](const YamlNode& n) { config.targetFile = in.text(n, "targetFilePath"); }},
               {"targets", [&](const YamlNode& n) { in.items(n, "targets", target); }}});
    if (in.hasFailed())
        return std::unexpected(in.takeError());
    return config;
}

/// Puts a part into a path: "a/b" with X at 2 is "a/X/b"; past the end it is the last part.
std::string withPart(std::string_view path, std::int64_t position, const std::string& part)
{
    const bool isAbsolute = path.starts_with('/');
    std::vector<std::string> parts;
    for (std::string_view one : core::split(path, '/'))
        if (!one.empty())
            parts.emplace_back(one);
    const auto at = std::min<std::size_t>(std::size_t(position - 1), parts.size());
    parts.insert(parts.begin() + std::ptrdiff_t(at), part);
    return (isAbsolute ? "/" : "") + core::join(parts, "/");
}

/// "a/b\/c" -> a, b/c.
std::vector<std::string> splitPath(std::string_view path)
{
    std::vector<std::string> parts;
    for (std::string_view part : core::split(path, '/')) {
        if (!parts.empty() && parts.back().ends_with('\\')) {
            parts.back().back() = '/';
            parts.back() += part;
        } else {
            parts.emplace_back(part);
        }
    }
    return parts;
}

core::Result<void> addTo(BuildContext& context, Resource& resource, const Target& target,
                         const Text& value)
{
    if (target.fieldPath == "metadata/namespace")
        return setNamespaceIn(context, resource, {.name = value});
    auto fields = findFields(context.yaml, *resource.node(), splitPath(target.fieldPath),
                             YamlNode::Type::Scalar);
    if (!fields)
        return std::unexpected(std::move(fields.error()));
    for (YamlNode* field : *fields) {
        if (!field->isScalar())
            return context.invalid("the field '" + target.fieldPath + "' must be a scalar", field);
        const std::string text = target.position > 0
            ? withPart(field->isNull() ? "" : field->text, target.position, value.value)
            : value.value;
        setScalarText(context.yaml, *field, text, value.from);
    }
    resource.refresh();
    return {};
}

} // namespace

core::Result<void> addValue(const Folder& folder, ResourceMap& resources, const YamlNode& node)
{
    BuildContext& context = folder.context();
    auto config = readConfig(context.yaml, node);
    if (!config)
        return std::unexpected(std::move(config.error()));
    config->value.value = core::trimmed(config->value.value);
    if (config->value.isEmpty())
        config->value = {folder.path().substr(folder.path().rfind('/') + 1), &node};
    if (!config->targetFile.isEmpty()) {
        auto text = folder.read(config->targetFile);
        if (!text)
            return std::unexpected(std::move(text.error()));
        auto documents = core::readYaml(context.yaml, *text, folder.pathOf(config->targetFile),
                                        {.schema = core::YamlSchema::Yaml11, .lastKeyWins = true});
        if (!documents)
            return std::unexpected(std::move(documents.error()));
        auto more = documents->empty() ? Config {} : readConfig(context.yaml, *documents->front());
        if (!more)
            return std::unexpected(std::move(more.error()));
        for (Target& target : more->targets)
            config->targets.push_back(std::move(target));
    }
    if (config->targets.empty())
        return context.invalid("a ValueAddTransformer needs at least one target", &node);
    for (const Target& target : config->targets) {
        if (target.fieldPath.empty() || target.position < 0)
            return context.invalid(
                "a target needs a fieldPath, and a filePathPosition of 0 or more", target.from);
        auto selection =
            Selection::make(target.selector.value_or(Selector {}), context.placeOf(target.from));
        if (!selection)
            return std::unexpected(std::move(selection.error()));
        for (const ResourcePtr& resource : resources.all())
            if (selection->matches(*resource))
                if (auto done = addTo(context, *resource, target, config->value); !done)
                    return done;
    }
    resources.idsChanged();
    return {};
}

} // namespace gitops::kustomize
