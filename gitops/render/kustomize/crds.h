// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/transformerconfig.h"

namespace gitops::kustomize {

/// Reads a file of `crds`: OpenAPI definitions by name, whose x-kubernetes-annotation,
/// -label-selector, -identity and -object-ref-… tell where names and labels stand in that kind.
core::Result<TransformerConfig> readCrds(core::YamlTree& tree, std::string_view text,
                                         const std::string& file);

} // namespace gitops::kustomize
