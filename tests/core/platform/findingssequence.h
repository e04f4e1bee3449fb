// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

/// How a history comes to the model that is kept.
enum class Changes
{
    ByInput, ///< as an input after another, with other circumstances; the pages' views too
    ByObject, ///< one object after another, between inputs that are rare
    Without, ///< as inputs, without a lineage
};

/// After each change of a history, what a model that saw all of it tells is held against what one
/// made from scratch tells: namespaces, tenants, findings. The first difference with the step that
/// led to it; "" when there is none.
std::string runFindings(const core::PlatformInput& input, std::vector<core::LineageFile> files,
                        std::uint32_t seed, int steps, Changes changes);

} // namespace tests
