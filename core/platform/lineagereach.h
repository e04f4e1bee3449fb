// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"
#include "core/platform/platformmodel.h"

namespace core {

/// The graph with edges of what NetworkPolicies permit: from each workload or job of a namespace
/// whose outgoing traffic is restricted, to each store that a rule lets it reach. Such an edge is a
/// "uses" whose evidence is permitted, with the policy and the number of its rule; where the graph
/// has one already, the proof is added to it. Both must be of the same input. At most 20,000 edges.
LineageGraph withPermittedReach(const LineageGraph& graph, const PlatformModel& model);

} // namespace core
