// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "gitops/render/renderer.h"

#include <map>
#include <string>

namespace gitops {

/// What Argo CD calls the build environment of an application at a commit.
std::map<std::string, std::string> renderVariables(const core::Application& application,
                                                   const std::string& commit);

/// The request with its variables filled in where Argo CD does so: kustomize images, commonLabels,
/// and commonAnnotations that ask for it. "$$" is a dollar; an unknown variable is empty.
RenderRequest withVariables(RenderRequest request);

} // namespace gitops
