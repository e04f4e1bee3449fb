// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/value/yamltree.h"
#include "gitops/render/renderer.h"

#include <vector>

namespace gitops {

/// Turns finished objects into a render's text, manifests and digest. Refuses values that are still
/// encrypted (SOPS) or wait for a vault plugin, by name and never by value.
core::Result<void> writeOutput(const core::YamlTree& tree,
                               const std::vector<core::YamlNode*>& objects, Rendered& rendered);

} // namespace gitops
