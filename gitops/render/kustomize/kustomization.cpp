// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/kustomization.h"

#include "core/base/strings.h"
#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/itemreader.h"

#include <algorithm>
#include <utility>

namespace gitops::kustomize {

namespace {

using core::YamlNode;

class Reader
{
public:
    Reader(const core::YamlTree& tree, std::vector<std::string>& warnings)
        : m_decoder(tree)
        , m_items(m_decoder)
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
        Patch result = m_items.patch(node, "patches");
        if (m_decoder.hasFailed())
            return std::unexpected(m_decoder.takeError());
        return result;
    }

    core::Result<std::vector<Replacement>> replacementFile(const YamlNode& node)
    {
        std::vector<Replacement> result;
        if (node.isSequence())
            for (std::size_t i = 0; i < node.count; ++i)
                result.push_back(m_items.replacement(*node.item(i)));
        else
            result.push_back(m_items.replacement(node));
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
        addPluginFields(fields);
        for (std::string_view name : {"helmGlobals", "helmCharts", "helmChartInflationGenerator"})
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
                [this](const YamlNode& item) { return m_items.generator(item, false); });
        addList(fields, "secretGenerator", m_result.secrets,
                [this](const YamlNode& item) { return m_items.generator(item, true); });
        fields.push_back({"generatorOptions", [this](const YamlNode& node) {
                              m_result.generatorOptions = m_items.generatorOptions(node);
                          }});
        fields.push_back({"sortOptions", [this](const YamlNode& node) {
                              m_result.sortOptions = m_items.sortOptions(node);
                          }});
    }

    void addTransformerFields(Fields& fields)
    {
        addText(fields, "namespace", m_result.namespaceName);
        addText(fields, "namePrefix", m_result.namePrefix);
        addText(fields, "nameSuffix", m_result.nameSuffix);
        addList(fields, "labels", m_result.labels,
                [this](const YamlNode& item) { return m_items.labelRule(item); });
        fields.push_back({"commonLabels", [this](const YamlNode& node) {
                              m_result.commonLabels = m_decoder.pairs(node, "commonLabels");
                          }});
        deprecate(fields, "labels");
        fields.push_back({"commonAnnotations", [this](const YamlNode& node) {
                              m_result.commonAnnotations =
                                  m_decoder.pairs(node, "commonAnnotations");
                          }});
        addList(fields, "images", m_result.images,
                [this](const YamlNode& item) { return m_items.image(item); });
        addList(fields, "imageTags", m_imageTags,
                [this](const YamlNode& item) { return m_items.image(item); });
        deprecate(fields, "images");
        addList(fields, "replicas", m_result.replicas,
                [this](const YamlNode& item) { return m_items.replica(item); });
    }

    void addPatchFields(Fields& fields)
    {
        addList(fields, "patches", m_result.patches,
                [this](const YamlNode& item) { return m_items.patch(item, "patches"); });
        addTexts(fields, "patchesStrategicMerge", m_result.patchesStrategicMerge);
        deprecate(fields, "patches");
        addList(fields, "patchesJson6902", m_result.patchesJson6902,
                [this](const YamlNode& item) { return m_items.patch(item, "patchesJson6902"); });
        deprecate(fields, "patches");
        addTexts(fields, "configurations", m_result.configurations);
        addList(fields, "vars", m_result.vars,
                [this](const YamlNode& item) { return m_items.var(item); });
        deprecate(fields, "replacements");
        addList(fields, "replacements", m_result.replacements,
                [this](const YamlNode& item) { return m_items.replacement(item); });
    }

    void addPluginFields(Fields& fields)
    {
        addTexts(fields, "crds", m_result.crds);
        addTexts(fields, "generators", m_result.generators);
        addTexts(fields, "transformers", m_result.transformers);
        addTexts(fields, "validators", m_result.validators);
        fields.push_back({"openapi", [this](const YamlNode& node) {
                              for (auto& [key, text] : m_decoder.pairs(node, "openapi"))
                                  if (key == "path")
                                      m_result.openApiPath = text;
                                  else if (key == "version")
                                      m_result.openApiVersion = text;
                          }});
        fields.push_back({"buildMetadata", [this](const YamlNode& node) {
                              m_result.buildMetadata = m_decoder.strings(node, "buildMetadata");
                          }});
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

    FieldDecoder m_decoder;
    ItemReader m_items;
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

/// Whether no field but apiVersion and kind has a value. An empty list is one.
bool saysNothing(const YamlNode& root)
{
    for (std::size_t i = 0; i < root.size(); ++i) {
        const std::string_view key = root.key(i)->text;
        if (core::equalsIgnoringCase(key, "apiVersion") || core::equalsIgnoringCase(key, "kind"))
            continue;
        const YamlNode& value = *root.value(i);
        if (!value.isNull() && !(value.isString() && value.text.empty()))
            return false;
    }
    return true;
}

} // namespace

bool Kustomization::asksFor(std::string_view metadata) const
{
    return std::find(buildMetadata.begin(), buildMetadata.end(), metadata) != buildMetadata.end();
}

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
    if (*root && !(*root)->isMapping())
        return invalid("a kustomization must be a mapping");
    if (!*root || saysNothing(**root))
        return invalid("the kustomization is empty");
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
