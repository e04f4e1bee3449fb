// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/yamltree.h"
#include "gitops/render/kustomize/mergeschema.h"

namespace gitops::kustomize {

/// Merges a strategic merge patch into an object, as kyaml's merge2 does: that is not what the API
/// server does (lists are merged only where Kubernetes 1.21's schema says so; of the directives
/// only $patch is known). The result is object itself, a node of the patch, or nullptr when the
/// patch deletes it. The patch is taken apart on the way: copy it to use it again.
core::Result<core::YamlNode*> mergePatch(core::YamlTree& tree, const MergeSchema& schema,
                                         core::YamlNode& object, core::YamlNode& patch);

} // namespace gitops::kustomize
