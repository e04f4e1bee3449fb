// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "core/platform/lineage.h"
#include "core/platform/topics.h"
#include "core/value/json.h"

#include <string>
#include <vector>

namespace app {

/// "120/s", "0.4/s simulated": a simulated figure says so wherever it stands.
std::string rateText(double value, bool simulated);

/// The cells IN, OUT and LAG of a topic; of a queue, LAG is what lies in it.
std::vector<std::string> figureCells(const core::Topic& topic);

/// Who told, and why figures are missing: a line for each source and each reason.
std::string sourceLines(const std::vector<core::Topic>& topics, const core::Telemetry& telemetry);
core::Json sourcesJson(const core::Telemetry& telemetry);

/// The figures of a graph's nodes: as lines of text, and as members "figures" and "sources" of its
/// JSON.
std::string figureLines(const core::LineageGraph& graph, const core::Telemetry& telemetry);
void addFigures(const core::LineageGraph& graph, const core::Telemetry& telemetry, core::Json& to);

} // namespace app
