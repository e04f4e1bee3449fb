// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "gitops/render/renderer.h"

namespace app {

/// Renders what is asked for, or says why it could not be found; prints it as the options say.
/// fromRoot: the tree begins at the file system's root, and so do the names of its files.
int renderAndPrint(core::Result<gitops::RenderRequest> request, const Options& options,
                   bool fromRoot = false);

} // namespace app
