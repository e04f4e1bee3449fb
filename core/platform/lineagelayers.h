// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform/lineage.h"
#include "core/platform/lineagerules.h"

#include <vector>

namespace core {

/// Gives a layer to each node that has none, by the first rule that fits. Rules that need other
/// layers (three lanes of a lambda architecture) count only where words name those.
void assignLayers(std::vector<LineageNode>& nodes, const LineageRules& rules);

} // namespace core
