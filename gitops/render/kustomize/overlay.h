// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "gitops/render/kustomize/buildcontext.h"

namespace gitops::kustomize {

/// Changes the root kustomization as "kustomize edit" would for an Application's
/// spec.source.kustomize.
core::Result<void> layOver(const Folder& folder, Kustomization& kustomization,
                           const core::KustomizeOptions& options);

} // namespace gitops::kustomize
