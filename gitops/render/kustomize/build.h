// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "gitops/render/kustomize/buildcontext.h"

namespace gitops::kustomize {

/// The kustomization file of a folder: exactly one of three names. NotFound when there is none.
core::Result<std::string> findKustomization(const FileTree& files, std::string_view folder);

/// Builds the kustomization of a folder, with an Application's options laid over it as Argo CD
/// does. The objects are in output order, their annotations cleaned as Kustomize leaves them.
core::Result<std::vector<ResourcePtr>> build(BuildContext& context, std::string_view folder,
                                             const core::KustomizeOptions& overlay);

} // namespace gitops::kustomize
