// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/resourceid.h"

#include <string_view>
#include <vector>

namespace gitops::kustomize {

/// What Kustomize's schema (Kubernetes 1.21) says of merging: which lists are merged item by item,
/// and by which keys. A place in it is a small number; 0 is a place that the schema does not know.
using SchemaPlace = std::uint8_t;
inline constexpr SchemaPlace kNoSchema = 0;

/// The root of a type, kNoSchema for types that the schema lacks (custom resources, newer kinds).
SchemaPlace schemaOf(const Gvk& gvk);
/// The place of a field. kNoSchema when nothing is known below it.
SchemaPlace schemaField(SchemaPlace place, std::string_view field);

/// How the list in a field is merged.
struct ListMerge
{
    bool isMerged = false; ///< else a patch replaces the list
    std::vector<std::string_view> keys; ///< none: a set of scalars
    SchemaPlace item = kNoSchema;
};
const ListMerge& listMerge(SchemaPlace place, std::string_view field);

} // namespace gitops::kustomize
