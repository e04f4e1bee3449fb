// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

/// Where two graphs differ, "" where they are the same: nodes, what holds them, edges with their
/// proofs, all in their order, and what is found by id and by object.
std::string differenceOf(const core::LineageGraph& a, const core::LineageGraph& b);

/// After each change of a history the graph of one model that saw all of it is held against one
/// made from scratch. The first difference with the step that led to it; "" when there is none.
std::string runLineage(const core::PlatformInput& input, std::vector<core::LineageFile> files,
                       std::uint32_t seed, int steps);

} // namespace tests
