// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/fielddecoder.h"

namespace gitops::kustomize {

/// Reads the items of a kustomization's lists. Errors stay in the decoder.
class ItemReader
{
public:
    explicit ItemReader(FieldDecoder& decoder)
        : m_decoder(decoder)
    {
    }

    Patch patch(const core::YamlNode& node, std::string_view where);
    LabelRule labelRule(const core::YamlNode& node);
    Image image(const core::YamlNode& node);
    Replica replica(const core::YamlNode& node);
    GeneratorOptions generatorOptions(const core::YamlNode& node);
    Generator generator(const core::YamlNode& node, bool isSecret);
    Var var(const core::YamlNode& node);
    Replacement replacement(const core::YamlNode& node);
    SortOptions sortOptions(const core::YamlNode& node);
    Selector selector(const core::YamlNode& node, std::string_view where);

private:
    Behavior behavior(const core::YamlNode& node);
    FieldOptions fieldOptions(const core::YamlNode& node);
    ReplacementTarget replacementTarget(const core::YamlNode& node);
    void replacementSource(const core::YamlNode& node, Replacement& result);
    template<class List, class Read>
    void each(const core::YamlNode& node, std::string_view name, List& list, Read read)
    {
        m_decoder.items(node, name,
                        [&](const core::YamlNode& item) { list.push_back(read(item)); });
    }

    FieldDecoder& m_decoder;
};

} // namespace gitops::kustomize
