// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "gitops/git/gitservice.h"
#include "gitops/render/renderer.h"

#include <functional>
#include <vector>

namespace gitops {

/// Finds the tree that an application is to be rendered from; may wait.
using TreeLookup = std::function<core::Result<Revision>(const core::Application&)>;

/// Renders applications and all that descend from them (App of Apps), without a cluster. An
/// application that cannot be rendered is told among the gaps: what it declares is then unknown,
/// never absent. Children whose name was seen before are left out, with a gap that names them.
/// Without renderer, nothing is fetched from elsewhere.
void declarePlatform(const std::vector<core::Application>& roots, const TreeLookup& lookup,
                     core::PlatformInputBuilder& out, const RenderFunction& renderer = {});

} // namespace gitops
