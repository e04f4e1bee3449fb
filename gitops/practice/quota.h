// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/quantity.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gitops::practice {

/// Amounts by the names of quotas: "pods", "requests.cpu", "count/deployments.apps".
using Amounts = std::map<std::string, core::Quantity, std::less<>>;

/// What one object takes of a quota. A pod that has ended takes nothing.
Amounts quotaCost(std::string_view storage, const core::Json& object);

/// 403 when a write would pass a ResourceQuota of its namespace, or leaves out an amount that the
/// quota counts: "exceeded quota: …", "failed quota: …".
ApiResult<void> admitQuota(const ObjectStore& store, const ResourceType& type,
                           const core::Json* old, const core::Json& object);

/// 403 where a LimitRange of the namespace does not allow what a pod or a claim asks for.
ApiResult<void> admitLimits(const ObjectStore& store, std::string_view storage,
                            const core::Json& object);
/// Default requests and limits of the namespace's LimitRanges, for a new pod's containers; an
/// annotation tells which.
void applyLimitRanges(const ObjectStore& store, core::Json& pod);

} // namespace gitops::practice
