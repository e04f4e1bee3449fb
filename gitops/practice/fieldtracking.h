// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

#include <string>

namespace gitops::practice {

/// Who writes, for managedFields.
struct FieldWriter
{
    std::string manager;
    std::string subresource;
    core::WallTime time;
};

/// Gives next the managedFields that a create or update (no apply) leads to: what it changed
/// against live (null: it is new) is the writer's now. What next itself says of managedFields
/// counts only where Kubernetes lets it: an empty list resets.
void trackUpdate(const ResourceType& type, const core::Json* live, core::Json& next,
                 const FieldWriter& writer);

/// Server-side apply: the object that live (null: none) becomes, managedFields included. 409 with
/// causes on conflicts, unless forced.
ApiResult<core::Json> applyConfiguration(const ResourceType& type, const core::Json* live,
                                         const core::Json& configuration, const FieldWriter& writer,
                                         bool force);

} // namespace gitops::practice
