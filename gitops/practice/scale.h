// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// The autoscaling/v1 Scale of an object (a workload, or a custom resource with that subresource).
core::Json scaleOf(const ResourceType& type, const StoredObject& object);
/// Sets the replicas of an object to those of a Scale.
ApiResult<void> setScale(const ResourceType& type, core::Json& object, const core::Json& scale);

} // namespace gitops::practice
