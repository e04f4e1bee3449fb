// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/lineage.h"

namespace core {

/// The graph with what was seen to happen: run events (OpenLineage) become edges between their job
/// and datasets, consumer groups of brokers edges to who is called like them. A dataset is known by
/// its name under any address of its server; a job by its name, or the name of what runs it. What
/// the graph does not have is added, and stands outside. Indices of nodes that were there stay.
LineageGraph withObserved(const LineageGraph& graph, const Telemetry& telemetry);

} // namespace core
