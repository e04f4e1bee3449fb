// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/itemreader.h"

namespace gitops::kustomize {

using core::YamlNode;

Selector ItemReader::selector(const YamlNode& node, std::string_view where)
{
    Selector result;
    FieldDecoder& in = m_decoder;
    const auto read = [&](std::string& member, std::string_view name) {
        return [&in, &member, name](const YamlNode& n) { member = in.string(n, name); };
    };
    in.fields(node, where,
              {{"group", read(result.group, "group")},
               {"version", read(result.version, "version")},
               {"kind", read(result.kind, "kind")},
               {"name", read(result.name, "name")},
               {"namespace", read(result.namespaceName, "namespace")},
               {"labelSelector", read(result.labelSelector, "labelSelector")},
               {"annotationSelector", read(result.annotationSelector, "annotationSelector")}});
    return result;
}

Patch ItemReader::patch(const YamlNode& node, std::string_view where)
{
    Patch result;
    result.from = &node;
    FieldDecoder& in = m_decoder;
    const auto options = [&](const YamlNode& n) {
        in.fields(n, "options",
                  {{"allowNameChange",
                    [&](const YamlNode& v) {
                        result.allowNameChange = in.boolean(v, "allowNameChange");
                    }},
                   {"allowKindChange", [&](const YamlNode& v) {
                        result.allowKindChange = in.boolean(v, "allowKindChange");
                    }}});
    };
    in.fields(node, where,
              {{"path", [&](const YamlNode& n) { result.path = in.text(n, "path"); }},
               {"patch", [&](const YamlNode& n) { result.text = in.text(n, "patch"); }},
               {"target", [&](const YamlNode& n) { result.target = selector(n, "target"); }},
               {"options", options}});
    return result;
}

LabelRule ItemReader::labelRule(const YamlNode& node)
{
    LabelRule result;
    FieldDecoder& in = m_decoder;
    in.fields(
        node, "labels",
        {{"pairs", [&](const YamlNode& n) { result.pairs = in.pairs(n, "pairs"); }},
         {"includeSelectors",
          [&](const YamlNode& n) { result.includeSelectors = in.boolean(n, "includeSelectors"); }},
         {"includeTemplates",
          [&](const YamlNode& n) { result.includeTemplates = in.boolean(n, "includeTemplates"); }},
         {"fields", [&](const YamlNode& n) {
              each(n, "fields", result.fields,
                   [&](const YamlNode& item) { return in.fieldSpec(item, "fields"); });
          }}});
    return result;
}

Image ItemReader::image(const YamlNode& node)
{
    Image result;
    result.from = &node;
    FieldDecoder& in = m_decoder;
    in.fields(
        node, "images",
        {{"name", [&](const YamlNode& n) { result.name = in.string(n, "name"); }},
         {"newName", [&](const YamlNode& n) { result.newName = in.string(n, "newName"); }},
         {"newTag", [&](const YamlNode& n) { result.newTag = in.string(n, "newTag"); }},
         {"tagSuffix", [&](const YamlNode& n) { result.tagSuffix = in.string(n, "tagSuffix"); }},
         {"digest", [&](const YamlNode& n) { result.digest = in.string(n, "digest"); }}});
    return result;
}

Replica ItemReader::replica(const YamlNode& node)
{
    Replica result;
    result.from = &node;
    FieldDecoder& in = m_decoder;
    in.fields(node, "replicas",
              {{"name", [&](const YamlNode& n) { result.name = in.string(n, "name"); }},
               {"count", [&](const YamlNode& n) { result.count = in.integer(n, "count"); }}});
    return result;
}

GeneratorOptions ItemReader::generatorOptions(const YamlNode& node)
{
    GeneratorOptions result;
    FieldDecoder& in = m_decoder;
    in.fields(
        node, "options",
        {{"labels", [&](const YamlNode& n) { result.labels = in.pairs(n, "labels"); }},
         {"annotations",
          [&](const YamlNode& n) { result.annotations = in.pairs(n, "annotations"); }},
         {"disableNameSuffixHash",
          [&](const YamlNode& n) {
              result.disableNameSuffixHash = in.boolean(n, "disableNameSuffixHash");
          }},
         {"immutable", [&](const YamlNode& n) { result.immutable = in.boolean(n, "immutable"); }}});
    return result;
}

Behavior ItemReader::behavior(const YamlNode& node)
{
    const std::string word = m_decoder.string(node, "behavior");
    if (word == "create")
        return Behavior::Create;
    if (word == "replace")
        return Behavior::Replace;
    return word == "merge" ? Behavior::Merge : Behavior::Unspecified;
}

Generator ItemReader::generator(const YamlNode& node, bool isSecret)
{
    Generator result;
    result.isSecret = isSecret;
    result.from = &node;
    FieldDecoder& in = m_decoder;
    Text env;
    const auto typeField = [&](const YamlNode& n) {
        if (!isSecret)
            return in.fail(n, "unknown field 'type' in configMapGenerator");
        result.type = in.string(n, "type");
    };
    in.fields(node, isSecret ? "secretGenerator" : "configMapGenerator",
              {{"name", [&](const YamlNode& n) { result.name = in.string(n, "name"); }},
               {"namespace",
                [&](const YamlNode& n) { result.namespaceName = in.string(n, "namespace"); }},
               {"behavior", [&](const YamlNode& n) { result.behavior = behavior(n); }},
               {"literals", [&](const YamlNode& n) { result.literals = in.texts(n, "literals"); }},
               {"files", [&](const YamlNode& n) { result.files = in.texts(n, "files"); }},
               {"envs", [&](const YamlNode& n) { result.envs = in.texts(n, "envs"); }},
               {"env", [&](const YamlNode& n) { env = in.text(n, "env"); }},
               {"options", [&](const YamlNode& n) { result.options = generatorOptions(n); }},
               {"type", typeField}});
    if (!env.isEmpty())
        result.envs.push_back(std::move(env));
    return result;
}

Var ItemReader::var(const YamlNode& node)
{
    Var result;
    result.from = &node;
    std::string apiVersion;
    FieldDecoder& in = m_decoder;
    const auto text = [&in](std::string_view name, std::string& into) {
        return FieldDecoder::Field {
            name, [&in, name, &into](const YamlNode& n) { into = in.string(n, name); }};
    };
    std::string fieldPath;
    in.fields(node, "vars",
              {text("name", result.name),
               {"objref",
                [&](const YamlNode& n) {
                    in.fields(n, "objref",
                              {text("apiVersion", apiVersion), text("group", result.gvk.group),
                               text("version", result.gvk.version), text("kind", result.gvk.kind),
                               text("name", result.object), text("namespace", result.space)});
                }},
               {"fieldref", [&](const YamlNode& n) {
                    in.fields(n, "fieldref", {text("fieldPath", fieldPath)});
                }}});
    if (!fieldPath.empty())
        result.fieldPath = fieldPath;
    if (!apiVersion.empty())
        result.gvk = makeGvk(apiVersion, result.gvk.kind);
    return result;
}

FieldOptions ItemReader::fieldOptions(const YamlNode& node)
{
    FieldOptions result;
    FieldDecoder& in = m_decoder;
    in.fields(
        node, "options",
        {{"delimiter", [&](const YamlNode& n) { result.delimiter = in.string(n, "delimiter"); }},
         {"index", [&](const YamlNode& n) { result.index = in.integer(n, "index"); }},
         {"create", [&](const YamlNode& n) { result.create = in.boolean(n, "create"); }},
         {"encoding", [&](const YamlNode& n) { in.string(n, "encoding"); }}});
    return result;
}

ReplacementTarget ItemReader::replacementTarget(const YamlNode& node)
{
    ReplacementTarget result;
    FieldDecoder& in = m_decoder;
    in.fields(node, "targets",
              {{"select",
                [&](const YamlNode& n) {
                    result.select = selector(n, "select");
                    result.hasSelect = true;
                }},
               {"reject",
                [&](const YamlNode& n) {
                    each(n, "reject", result.reject,
                         [&](const YamlNode& item) { return selector(item, "reject"); });
                }},
               {"fieldPaths",
                [&](const YamlNode& n) { result.fieldPaths = in.strings(n, "fieldPaths"); }},
               {"options", [&](const YamlNode& n) { result.options = fieldOptions(n); }}});
    return result;
}

void ItemReader::replacementSource(const YamlNode& node, Replacement& result)
{
    result.hasSource = true;
    FieldDecoder& in = m_decoder;
    ObjectSelector& source = result.source;
    in.fields(
        node, "source",
        {{"group", [&](const YamlNode& n) { source.gvk.group = in.string(n, "group"); }},
         {"version", [&](const YamlNode& n) { source.gvk.version = in.string(n, "version"); }},
         {"kind", [&](const YamlNode& n) { source.gvk.kind = in.string(n, "kind"); }},
         {"name", [&](const YamlNode& n) { source.name = in.string(n, "name"); }},
         {"namespace",
          [&](const YamlNode& n) { source.namespaceName = in.string(n, "namespace"); }},
         {"fieldPath",
          [&](const YamlNode& n) {
              const std::string path = in.string(n, "fieldPath");
              if (!path.empty())
                  result.fieldPath = path;
          }},
         {"options", [&](const YamlNode& n) { result.options = fieldOptions(n); }}});
}

Replacement ItemReader::replacement(const YamlNode& node)
{
    Replacement result;
    result.from = &node;
    FieldDecoder& in = m_decoder;
    in.fields(node, "replacements",
              {{"path", [&](const YamlNode& n) { result.path = in.text(n, "path"); }},
               {"source", [&](const YamlNode& n) { replacementSource(n, result); }},
               {"sourceValue",
                [&](const YamlNode& n) { result.sourceValue = in.string(n, "sourceValue"); }},
               {"targets", [&](const YamlNode& n) {
                    each(n, "targets", result.targets,
                         [&](const YamlNode& item) { return replacementTarget(item); });
                }}});
    return result;
}

SortOptions ItemReader::sortOptions(const YamlNode& node)
{
    SortOptions result;
    FieldDecoder& in = m_decoder;
    std::string order;
    const auto legacy = [&](const YamlNode& n) {
        result.hasLists = true;
        in.fields(n, "legacySortOptions",
                  {{"orderFirst",
                    [&](const YamlNode& v) { result.orderFirst = in.strings(v, "orderFirst"); }},
                   {"orderLast",
                    [&](const YamlNode& v) { result.orderLast = in.strings(v, "orderLast"); }}});
    };
    in.fields(node, "sortOptions",
              {{"order", [&](const YamlNode& n) { order = in.string(n, "order"); }},
               {"legacySortOptions", legacy}});
    result.isLegacy = order != "fifo";
    if (order != "fifo" && order != "legacy")
        in.fail(node, "sortOptions.order must be 'legacy' or 'fifo'");
    if (!result.isLegacy && result.hasLists)
        in.fail(node, "legacySortOptions is for the order 'legacy' only");
    return result;
}

} // namespace gitops::kustomize
