// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/yamltree.h"
#include "gitops/render/kustomize/mergeschema.h"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>

namespace gitops::kustomize {

/// A schema that a kustomization brings (`openapi.path`): Kubernetes' OpenAPI 2 definitions. It
/// stands in the place of the built-in one as a whole. Reads what it is asked for, when it is.
class OpenApiSchema
{
public:
    /// root lives as long as this does.
    static core::Result<std::shared_ptr<OpenApiSchema>>
    read(core::YamlTree& tree, std::string_view text, const std::string& file);

    SchemaPlace of(const Gvk& gvk) const;
    SchemaPlace field(SchemaPlace place, std::string_view name);
    const ListMerge& list(SchemaPlace place, std::string_view name);

    /// The scope of the types that its `paths` name.
    const std::unordered_map<std::string, KnownScope>& scopes() const { return m_scopes; }

private:
    struct Entry
    {
        const core::YamlNode* schema = nullptr;
        std::map<std::string, SchemaPlace, std::less<>> fields;
        std::map<std::string, ListMerge, std::less<>> lists;
    };

    void readDefinitions(const core::YamlNode& definitions);
    void readPaths(const core::YamlNode& paths);
    const core::YamlNode* resolved(const core::YamlNode* schema) const;
    const core::YamlNode* fieldSchema(const Entry& entry, std::string_view name) const;
    SchemaPlace add(const core::YamlNode* schema);

    std::unordered_map<std::string, const core::YamlNode*> m_definitions;
    std::unordered_map<std::string, SchemaPlace> m_types;
    std::unordered_map<std::string, KnownScope> m_scopes;
    std::deque<Entry> m_entries; ///< a place is an index, counted from 1
};

} // namespace gitops::kustomize
