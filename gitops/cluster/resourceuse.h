// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"
#include "core/value/quantity.h"

#include <map>
#include <string>

namespace gitops {

class ClusterAccess;

/// What is used now, as metrics.k8s.io tells it.
struct ResourceUse
{
    core::Quantity cpu;
    core::Quantity memory;
    int pods = 0; ///< that were measured
};

/// Of a PodMetricsList: the sum of each namespace. What is malformed is left out.
std::map<std::string, ResourceUse> podUse(const core::Json& list);
/// Of a NodeMetricsList, by node.
std::map<std::string, ResourceUse> nodeUse(const core::Json& list);

/// Asks the server. Unsupported: it does not serve metrics.k8s.io. Waits.
core::Result<std::map<std::string, ResourceUse>> readPodUse(ClusterAccess& access);
core::Result<std::map<std::string, ResourceUse>> readNodeUse(ClusterAccess& access);

} // namespace gitops
