// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/platform/lineage.h"
#include "core/value/json.h"

#include <string>

namespace core {

/// {"nodes": […], "edges": […]}: ids instead of indices, places as file and line.
Json toJson(const LineageGraph& graph);

/// Graphviz: boxes by type, clusters by container, edges by evidence (solid declared, dashed
/// inferred, dotted permitted, bold observed).
std::string toDot(const LineageGraph& graph);

/// OpenLineage 2-0-2: one JobEvent for each node that reads or writes a dataset, and one for each
/// way between two datasets (a mirrored topic, a binding). Edges of which the direction is not told
/// are inputs and outputs, and the job's facet "wavewright_evidence" says so.
JsonArray toOpenLineage(const LineageGraph& graph, WallTime at);

/// For a terminal or a review: every node with what goes into it and out of it, one line each.
std::string toText(const LineageGraph& graph);

} // namespace core
