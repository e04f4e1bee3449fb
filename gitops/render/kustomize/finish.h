// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/render/kustomize/buildcontext.h"
#include "gitops/render/kustomize/resource.h"

namespace gitops::kustomize {

/// An object that only configures the build: it is left out of the output.
bool isLocalConfig(const Resource& resource);

/// The last touch to an object: what buildMetadata asks for, annotations as strings without
/// internal ones, texts folded as they will be printed.
void finishObject(BuildContext& context, Resource& resource, const Kustomization& root);

} // namespace gitops::kustomize
