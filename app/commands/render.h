// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "gitops/render/renderer.h"

namespace app {

/// The folder that is to be rendered, without --repo.
core::Result<gitops::RenderRequest> folderRequest(const Options& options);

/// What the options say of how it is rendered.
void applyOptions(gitops::RenderRequest& request, const Options& options);

/// Prints a render as the options say, or why there is none; the exit code.
int printRendered(const core::Result<gitops::RenderedPtr>& rendered, const Options& options);

} // namespace app
