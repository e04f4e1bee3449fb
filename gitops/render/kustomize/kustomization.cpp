// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/kustomization.h"

#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/fielddecoder.h"

#include <utility>

namespace gitops::kustomize {

namespace {

using core::YamlNode;

class Reader
{
public:
    Reader(const core::YamlTree& tree, std::vector<std::string>& warnings)
        : m_decoder(tree)
        , m_warnings(warnings)
    {
    }

    core::Result<Kustomization> kustomization(const YamlNode& node, const std::string& file)
    {
        m_result.file = file;
        topLevel(node);
        if (!m_decoder.hasFailed())
            check(node);
        if (m_decoder.hasFailed())
            return std::unexpected(m_decoder.takeError());
        m_result.resources.insert(m_result.resources.end(), m_bases.begin(), m_bases.end());
        m_result.images.insert(m_result.images.end(), m_imageTags.begin(), m_imageTags.end());
        return std::move(m_result);
    }

    core::Result<Patch> patchEntry(const YamlNode& node)
    {
        Patch result = patch(node, "patches");
        if (m_decoder.hasFailed())
            return std::unexpected(m_decoder.takeError());
        return result;
    }

    core::Result<std::vector<Replacement>> replacementFile(const YamlNode& node)
    {
        std::vector<Replacement> result;
        if (node.isSequence())
            for (std::size_t i = 0; i < node.count; ++i)
                result.push_back(replacement(*node.item(i)));
        else
            result.push_back(replacement(node));
        if (m_decoder.hasFailed())
            return std::unexpected(m_decoder.takeError());
        return result;
    }

private:
    /// A field that Kustomize has and we do not do: only an empty one passes.
    FieldDecoder::Field unsupported(std::string_view name)
    {
        return {name, [this, name](const YamlNode& node) {
                    if (node.isScalar() || node.count > 0)
                        m_decoder.fail(node,
                                       "the kustomization field '" + std::string(name)
                                           + "' is not supported",
                                       core::ErrorCode::Unsupported);
                }};
    }

    template<class List, class Read>
    void each(const YamlNode& node, std::string_view name, List& list, Read read)
    {
        m_decoder.items(node, name, [&](const YamlNode& item) { list.push_back(read(item)); });
    }

    void topLevel(const YamlNode& node)
    {
        FieldDecoder& in = m_decoder;
        std::vector<FieldDecoder::Field> fields {
            {"apiVersion", [&](const YamlNode& n) { m_apiVersion = in.string(n, "apiVersion"); }},
            {"kind", [&](const YamlNode& n) { m_kind = in.string(n, "kind"); }},
            {"metadata", [](const YamlNode&) {}}};
        addSourceFields(fields);
        addTransformerFields(fields);
        addPatchFields(fields);
        for (std::string_view name : {"crds", "vars", "configurations", "generators",
                                      "transformers", "validators", "openapi", "helmGlobals",
                                      "helmCharts", "helmChartInflationGenerator", "buildMetadata"})
            fields.push_back(unsupported(name));
        in.fields(node, "", fields);
    }

    using Fields = std::vector<FieldDecoder::Field>;

    void addTexts(Fields& fields, std::string_view name, std::vector<Text>& member)
    {
        fields.push_back({name, [this, name, &member](const YamlNode& node) {
                              member = m_decoder.texts(node, name);
                          }});
    }
    void addText(Fields& fields, std::string_view name, Text& member)
    {
        fields.push_back({name, [this, name, &member](const YamlNode& node) {
                              member = m_decoder.text(node, name);
                          }});
    }
    template<class List, class Read>
    void addList(Fields& fields, std::string_view name, List& list, Read read)
    {
        fields.push_back({name, [this, name, &list, read](const YamlNode& node) {
                              list.clear();
                              each(node, name, list, read);
                          }});
    }
    /// Says that the last field added is deprecated when it is used.
    void deprecate(Fields& fields, std::string_view instead)
    {
        fields.back().read = [this, name = fields.back().name, instead,
                              read = fields.back().read](const YamlNode& node) {
            m_warnings.push_back(m_result.file + ": '" + std::string(name)
                                 + "' is deprecated; use '" + std::string(instead) + "' instead");
            read(node);
        };
    }

    void addSourceFields(Fields& fields)
    {
        addTexts(fields, "resources", m_result.resources);
        addTexts(fields, "bases", m_bases);
        deprecate(fields, "resources");
        addTexts(fields, "components", m_result.components);
        addList(fields, "configMapGenerator", m_result.configMaps,
                [this](const YamlNode& item) { return generator(item, false); });
        addList(fields, "secretGenerator", m_result.secrets,
                [this](const YamlNode& item) { return generator(item, true); });
        fields.push_back({"generatorOptions", [this](const YamlNode& node) {
                              m_result.generatorOptions = generatorOptions(node);
                          }});
        fields.push_back({"sortOptions", [this](const YamlNode& node) {
                              m_result.sortOptions = sortOptions(node);
                          }});
    }

    void addTransformerFields(Fields& fields)
    {
        addText(fields, "namespace", m_result.namespaceName);
        addText(fields, "namePrefix", m_result.namePrefix);
        addText(fields, "nameSuffix", m_result.nameSuffix);
        addList(fields, "labels", m_result.labels,
                [this](const YamlNode& item) { return labelRule(item); });
        fields.push_back({"commonLabels", [this](const YamlNode& node) {
                              m_result.commonLabels = m_decoder.pairs(node, "commonLabels");
                          }});
        deprecate(fields, "labels");
        fields.push_back({"commonAnnotations", [this](const YamlNode& node) {
                              m_result.commonAnnotations =
                                  m_decoder.pairs(node, "commonAnnotations");
                          }});
        addList(fields, "images", m_result.images,
                [this](const YamlNode& item) { return image(item); });
        addList(fields, "imageTags", m_imageTags,
                [this](const YamlNode& item) { return image(item); });
        deprecate(fields, "images");
        addList(fields, "replicas", m_result.replicas,
                [this](const YamlNode& item) { return replica(item); });
    }

    void addPatchFields(Fields& fields)
    {
        addList(fields, "patches", m_result.patches,
                [this](const YamlNode& item) { return patch(item, "patches"); });
        addTexts(fields, "patchesStrategicMerge", m_result.patchesStrategicMerge);
        deprecate(fields, "patches");
        addList(fields, "patchesJson6902", m_result.patchesJson6902,
                [this](const YamlNode& item) { return patch(item, "patchesJson6902"); });
        deprecate(fields, "patches");
        addTexts(fields, "configurations", m_result.configurations);
        addList(fields, "vars", m_result.vars, [this](const YamlNode& item) { return var(item); });
        deprecate(fields, "replacements");
        addList(fields, "replacements", m_result.replacements,
                [this](const YamlNode& item) { return replacement(item); });
    }

    void check(const YamlNode& node)
    {
        m_result.isComponent = m_kind == "Component";
        if (!m_kind.empty() && m_kind != "Kustomization" && !m_result.isComponent)
            return m_decoder.fail(node,
                                  "the kind of a kustomization must be 'Kustomization' or "
                                  "'Component', not '"
                                      + m_kind + "'");
        const std::string wanted = m_result.isComponent ? "kustomize.config.k8s.io/v1alpha1"
                                                        : "kustomize.config.k8s.io/v1beta1";
        if (!m_apiVersion.empty() && m_apiVersion != wanted)
            m_decoder.fail(node,
                           "the apiVersion of a kustomization must be '" + wanted + "', not '"
                               + m_apiVersion + "'");
    }

    Selector selector(const YamlNode& node, std::string_view where)
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

    Patch patch(const YamlNode& node, std::string_view where)
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

    LabelRule labelRule(const YamlNode& node)
    {
        LabelRule result;
        FieldDecoder& in = m_decoder;
        in.fields(node, "labels",
                  {{"pairs", [&](const YamlNode& n) { result.pairs = in.pairs(n, "pairs"); }},
                   {"includeSelectors",
                    [&](const YamlNode& n) {
                        result.includeSelectors = in.boolean(n, "includeSelectors");
                    }},
                   {"includeTemplates",
                    [&](const YamlNode& n) {
                        result.includeTemplates = in.boolean(n, "includeTemplates");
                    }},
                   {"fields", [&](const YamlNode& n) {
                        each(n, "fields", result.fields,
                             [&](const YamlNode& item) { return in.fieldSpec(item, "fields"); });
                    }}});
        return result;
    }

    Image image(const YamlNode& node)
    {
        Image result;
        result.from = &node;
        FieldDecoder& in = m_decoder;
        in.fields(
            node, "images",
            {{"name", [&](const YamlNode& n) { result.name = in.string(n, "name"); }},
             {"newName", [&](const YamlNode& n) { result.newName = in.string(n, "newName"); }},
             {"newTag", [&](const YamlNode& n) { result.newTag = in.string(n, "newTag"); }},
             {"tagSuffix",
              [&](const YamlNode& n) { result.tagSuffix = in.string(n, "tagSuffix"); }},
             {"digest", [&](const YamlNode& n) { result.digest = in.string(n, "digest"); }}});
        return result;
    }

    Replica replica(const YamlNode& node)
    {
        Replica result;
        result.from = &node;
        FieldDecoder& in = m_decoder;
        in.fields(node, "replicas",
                  {{"name", [&](const YamlNode& n) { result.name = in.string(n, "name"); }},
                   {"count", [&](const YamlNode& n) { result.count = in.integer(n, "count"); }}});
        return result;
    }

    GeneratorOptions generatorOptions(const YamlNode& node)
    {
        GeneratorOptions result;
        FieldDecoder& in = m_decoder;
        in.fields(node, "options",
                  {{"labels", [&](const YamlNode& n) { result.labels = in.pairs(n, "labels"); }},
                   {"annotations",
                    [&](const YamlNode& n) { result.annotations = in.pairs(n, "annotations"); }},
                   {"disableNameSuffixHash",
                    [&](const YamlNode& n) {
                        result.disableNameSuffixHash = in.boolean(n, "disableNameSuffixHash");
                    }},
                   {"immutable",
                    [&](const YamlNode& n) { result.immutable = in.boolean(n, "immutable"); }}});
        return result;
    }

    Behavior behavior(const YamlNode& node)
    {
        const std::string word = m_decoder.string(node, "behavior");
        if (word == "create")
            return Behavior::Create;
        if (word == "replace")
            return Behavior::Replace;
        return word == "merge" ? Behavior::Merge : Behavior::Unspecified;
    }

    Generator generator(const YamlNode& node, bool isSecret)
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
        in.fields(
            node, isSecret ? "secretGenerator" : "configMapGenerator",
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

    Var var(const YamlNode& node)
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
                                   text("version", result.gvk.version),
                                   text("kind", result.gvk.kind), text("name", result.object),
                                   text("namespace", result.space)});
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

    FieldOptions fieldOptions(const YamlNode& node)
    {
        FieldOptions result;
        FieldDecoder& in = m_decoder;
        in.fields(node, "options",
                  {{"delimiter",
                    [&](const YamlNode& n) { result.delimiter = in.string(n, "delimiter"); }},
                   {"index", [&](const YamlNode& n) { result.index = in.integer(n, "index"); }},
                   {"create", [&](const YamlNode& n) { result.create = in.boolean(n, "create"); }},
                   {"encoding", [&](const YamlNode& n) { in.string(n, "encoding"); }}});
        return result;
    }

    ReplacementTarget replacementTarget(const YamlNode& node)
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

    void replacementSource(const YamlNode& node, Replacement& result)
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

    Replacement replacement(const YamlNode& node)
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

    SortOptions sortOptions(const YamlNode& node)
    {
        SortOptions result;
        FieldDecoder& in = m_decoder;
        std::string order;
        const auto legacy = [&](const YamlNode& n) {
            result.hasLists = true;
            in.fields(
                n, "legacySortOptions",
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

    FieldDecoder m_decoder;
    std::vector<std::string>& m_warnings;
    Kustomization m_result;
    std::string m_apiVersion;
    std::string m_kind;
    std::vector<Text> m_bases;
    std::vector<Image> m_imageTags;
};

core::Result<YamlNode*> firstDocument(core::YamlTree& tree, std::string_view text,
                                      const std::string& file)
{
    auto documents =
        core::readYaml(tree, text, file, {.schema = core::YamlSchema::Yaml11, .lastKeyWins = true});
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    return documents->empty() ? nullptr : documents->front();
}

} // namespace

core::Result<Kustomization> readKustomization(core::YamlTree& tree, std::string_view text,
                                              const std::string& file,
                                              std::vector<std::string>& warnings)
{
    auto root = firstDocument(tree, text, file);
    if (!root)
        return std::unexpected(std::move(root.error()));
    const auto invalid = [&](std::string message) {
        return core::failure(core::ErrorCode::Invalid, std::move(message), {.file = file},
                             core::Fault::Repository);
    };
    if (!*root || ((*root)->isMapping() && (*root)->size() == 0))
        return invalid("the kustomization is empty");
    if (!(*root)->isMapping())
        return invalid("a kustomization must be a mapping");
    return Reader(tree, warnings).kustomization(**root, file);
}

core::Result<Patch> readPatchEntry(core::YamlTree& tree, std::string_view text)
{
    auto root = firstDocument(tree, text, "");
    if (!root)
        return std::unexpected(std::move(root.error()));
    if (!*root)
        return core::failure(core::ErrorCode::Invalid, "a patch of the application is empty", {},
                             core::Fault::User);
    std::vector<std::string> warnings;
    return Reader(tree, warnings).patchEntry(**root);
}

core::Result<std::vector<Replacement>> readReplacements(core::YamlTree& tree, std::string_view text,
                                                        const std::string& file)
{
    auto root = firstDocument(tree, text, file);
    if (!root)
        return std::unexpected(std::move(root.error()));
    if (!*root)
        return std::vector<Replacement> {};
    std::vector<std::string> warnings;
    return Reader(tree, warnings).replacementFile(**root);
}

} // namespace gitops::kustomize
