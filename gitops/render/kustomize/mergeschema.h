// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/resourceid.h"

#include <memory>
#include <string_view>
#include <vector>

namespace gitops::kustomize {

/// What Kustomize's schema (Kubernetes 1.21) says of merging: which lists are merged item by item,
/// and by which keys. A place in it is a small number; 0 is a place that the schema does not know.
using SchemaPlace = std::uint32_t;
inline constexpr SchemaPlace kNoSchema = 0;

/// How the list in a field is merged.
struct ListMerge
{
    bool isMerged = false; ///< else a patch replaces the list
    std::vector<std::string_view> keys; ///< none: a set of scalars
    SchemaPlace item = kNoSchema;
};

class OpenApiSchema;

/// The built-in schema, or the one that a kustomization brings in its place. A build's own; one
/// thread.
class MergeSchema
{
public:
    MergeSchema() = default;
    explicit MergeSchema(std::shared_ptr<OpenApiSchema> custom)
        : m_custom(std::move(custom))
    {
    }
    bool isCustom() const { return m_custom != nullptr; }

    /// The root of a type, kNoSchema for types that the schema lacks (custom resources, newer
    /// kinds).
    SchemaPlace of(const Gvk& gvk) const;
    /// The place of a field. kNoSchema when nothing is known below it.
    SchemaPlace field(SchemaPlace place, std::string_view name) const;
    const ListMerge& list(SchemaPlace place, std::string_view name) const;

private:
    std::shared_ptr<OpenApiSchema> m_custom;
};

} // namespace gitops::kustomize
