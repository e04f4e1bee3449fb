// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/buildcontext.h"

namespace gitops::kustomize {

/// Marks the resources that the vars take their values from. Called in the layer that declares
/// them, with the names of that layer.
core::Result<void> bindVars(BuildContext& context, const ResourceMap& resources,
                            const std::vector<Var>& vars);
/// Puts values in the place of $(NAME), where the built-in references and the extra ones point to.
/// Once, at the root, after the names are final.
core::Result<void> resolveVars(BuildContext& context, ResourceMap& resources,
                               const std::vector<Var>& vars,
                               const std::vector<FieldSpec>& extraReferences);

} // namespace gitops::kustomize
