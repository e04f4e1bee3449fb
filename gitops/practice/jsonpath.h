// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/json.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops::practice {

/// The values at a JSONPath of the kind that printer columns use: ".status.phase",
/// ".spec.listeners[*].name", ".status.conditions[?(@.type==\"Ready\")].status",
/// ".metadata.annotations['a.b/c']", ".metadata.labels.a\\.b". Empty where the path leads nowhere
/// or is none.
std::vector<const core::Json*> valuesAt(const core::Json& value, std::string_view path);

} // namespace gitops::practice
