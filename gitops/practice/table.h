// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/presentation.h"
#include "gitops/practice/resourcetype.h"

#include <functional>
#include <string>
#include <vector>

namespace gitops::practice {

/// One column of a kind's table and how its cell is made.
struct TableColumn
{
    std::string name;
    std::string type = "string";
    int priority = 0; ///< above 0: only kubectl's -o wide shows it
    std::function<core::Json(const core::Json& object, core::WallTime now)> cell;
    std::string format;
    std::string description;
};

/// The columns after the name, as kubectl users know them; empty for a kind without any of its own.
const std::vector<TableColumn>& builtinColumns(const core::GroupKind& kind);
/// "5m", or "<unknown>".
std::string ageOf(const core::Json& object, core::WallTime now);

/// A meta.k8s.io/v1 Table of the objects.
core::Json makeTable(const ResourceType& type, const std::vector<const StoredObject*>& objects,
                     core::JsonObject metadata, Representation::Include include,
                     core::WallTime now);

} // namespace gitops::practice
