// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/buildcontext.h"

/// The plugins that Kustomize has built in, configured by objects ("apiVersion: builtin") that
/// `generators`, `transformers` and `validators` name. What would run a program or a container is
/// refused.
namespace gitops::kustomize {

core::Result<void> runGeneratorPlugin(const Folder& folder, ResourceMap& resources,
                                      const Resource& config);
core::Result<void> runTransformerPlugin(const Folder& folder, ResourceMap& resources,
                                        const Resource& config);

/// Puts a value into fields, or into paths that stand in them (ValueAddTransformer).
core::Result<void> addValue(const Folder& folder, ResourceMap& resources,
                            const core::YamlNode& config);

} // namespace gitops::kustomize
