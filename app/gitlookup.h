// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "gitops/git/gitservice.h"

namespace app {

/// Resolves --repo and --revision once, waiting for it; the configuration's insteadOf counts.
core::Result<gitops::Revision> lookUpRevision(const Options& options);

} // namespace app
