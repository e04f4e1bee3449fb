// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/transformerconfig.h"

#include "core/value/yamlreader.h"
#include "gitops/render/kustomize/fielddecoder.h"

#include <algorithm>

namespace gitops::kustomize {

namespace {

using core::YamlNode;

class Reader
{
public:
    explicit Reader(const core::YamlTree& tree)
        : m_decoder(tree)
    {
    }

    core::Result<TransformerConfig> read(const YamlNode& node)
    {
        m_decoder.fields(node, "configurations",
                         {specs("namePrefix", m_config.namePrefix),
                          specs("nameSuffix", m_config.nameSuffix),
                          specs("namespace", m_config.namespaces),
                          specs("commonLabels", m_config.commonLabels),
                          specs("labels", m_config.labels),
                          specs("templateLabels", m_config.templateLabels),
                          specs("commonAnnotations", m_config.commonAnnotations),
                          specs("varReference", m_config.varReferences),
                          specs("images", m_config.images),
                          specs("replicas", m_config.replicas),
                          {"nameReference", [this](const YamlNode& list) { references(list); }},
                          {"apiVersion", [](const YamlNode&) {}},
                          {"kind", [](const YamlNode&) {}}});
        if (m_decoder.hasFailed())
            return std::unexpected(m_decoder.takeError());
        return std::move(m_config);
    }

private:
    FieldDecoder::Field specs(std::string_view name, std::vector<FieldSpec>& into)
    {
        return {name, [this, name, &into](const YamlNode& list) {
                    m_decoder.items(list, name, [&](const YamlNode& item) {
                        into.push_back(m_decoder.fieldSpec(item, name));
                    });
                }};
    }

    void references(const YamlNode& list)
    {
        m_decoder.items(list, "nameReference", [this](const YamlNode& item) {
            Gvk target;
            std::vector<FieldSpec> referrers;
            const auto text = [this](std::string_view name, std::string& into) {
                return FieldDecoder::Field {name, [this, name, &into](const YamlNode& node) {
                                                into = m_decoder.string(node, name);
                                            }};
            };
            m_decoder.fields(item, "nameReference",
                             {text("group", target.group), text("version", target.version),
                              text("kind", target.kind), specs("fieldSpecs", referrers)});
            for (FieldSpec& referrer : referrers)
                m_config.nameReferences.push_back({target, std::move(referrer)});
        });
    }

    FieldDecoder m_decoder;
    TransformerConfig m_config;
};

bool isSamePlace(const FieldSpec& a, const FieldSpec& b)
{
    return a.path == b.path && a.gvk == b.gvk;
}

core::Result<void> merge(std::vector<FieldSpec>& specs, const std::vector<FieldSpec>& more)
{
    for (const FieldSpec& spec : more) {
        const auto known = std::find_if(specs.begin(), specs.end(), [&](const FieldSpec& other) {
            return isSamePlace(spec, other);
        });
        if (known == specs.end())
            specs.push_back(spec);
        else if (known->create != spec.create)
            return core::failure(core::ErrorCode::Invalid,
                                 "configurations disagree about 'create' of the path '" + spec.path
                                     + "'",
                                 {}, core::Fault::Repository);
    }
    return {};
}

} // namespace

core::Result<TransformerConfig> readTransformerConfig(core::YamlTree& tree, std::string_view text,
                                                      const std::string& file)
{
    auto documents =
        core::readYaml(tree, text, file, {.schema = core::YamlSchema::Yaml11, .lastKeyWins = true});
    if (!documents)
        return std::unexpected(std::move(documents.error()));
    if (documents->empty())
        return TransformerConfig {};
    return Reader(tree).read(*documents->front());
}

core::Result<void> mergeConfig(TransformerConfig& config, const TransformerConfig& more)
{
    using Member = std::vector<FieldSpec> TransformerConfig::*;
    constexpr Member kMembers[] = {&TransformerConfig::namePrefix,
                                   &TransformerConfig::nameSuffix,
                                   &TransformerConfig::namespaces,
                                   &TransformerConfig::commonLabels,
                                   &TransformerConfig::labels,
                                   &TransformerConfig::templateLabels,
                                   &TransformerConfig::commonAnnotations,
                                   &TransformerConfig::images,
                                   &TransformerConfig::replicas,
                                   &TransformerConfig::varReferences};
    for (const Member member : kMembers)
        if (auto done = merge(config.*member, more.*member); !done)
            return done;
    for (const NameReference& reference : more.nameReferences)
        if (std::none_of(config.nameReferences.begin(), config.nameReferences.end(),
                         [&](const NameReference& known) {
                             return known.target == reference.target
                                 && isSamePlace(known.referrer, reference.referrer);
                         }))
            config.nameReferences.push_back(reference);
    return {};
}

std::vector<FieldSpec> joinedSpecs(const std::vector<FieldSpec>& specs,
                                   const std::vector<FieldSpec>& more)
{
    std::vector<FieldSpec> result = specs;
    for (const FieldSpec& spec : more)
        if (std::none_of(result.begin(), result.end(),
                         [&](const FieldSpec& known) { return isSamePlace(known, spec); }))
            result.push_back(spec);
    return result;
}

} // namespace gitops::kustomize
