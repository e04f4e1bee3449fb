// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/yamltree.h"

namespace gitops::kustomize {

/// Applies a JSON patch (RFC 6902, a list of operations) to an object's tree, as evanphx/json-patch
/// does: negative indices count from the end, "add" wants the parent to be there. Values are copied
/// out of the patch. Errors name the operation's path, with the place in the patch.
core::Result<void> applyJsonPatch(core::YamlTree& tree, core::YamlNode& object,
                                  const core::YamlNode& operations);

} // namespace gitops::kustomize
