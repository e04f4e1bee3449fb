// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

#include <string>

namespace gitops::practice {

/// 403 when a write would pass a ResourceQuota of its namespace: "exceeded quota: …".
ApiResult<void> admitQuota(const ObjectStore& store, const ResourceType& type,
                           const core::Json* old, const core::Json& object);
/// Default requests and limits of the namespace's LimitRanges, for a new pod's containers.
void applyLimitRanges(const ObjectStore& store, core::Json& pod);
/// What a namespace uses of each resource that a quota's spec.hard names.
core::JsonObject quotaUsage(const ObjectStore& store, const std::string& namespaceName,
                            const core::Json& hard);

} // namespace gitops::practice
