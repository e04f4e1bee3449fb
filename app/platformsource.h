// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/platforminput.h"

namespace app {

/// The platform that a verb is about. What Git declares is rendered from -f, --path or the
/// configuration; with --practice, --context or --kubeconfig the cluster's side is asked for too
/// ($KUBECONFIG alone names no cluster here, which is said: CI must not depend on what is
/// exported). Without a cluster, an application whose repository is not mapped by the configuration
/// is read from the working copy that its -f file or --path lies in, where that has its folder: so
/// that CI checks what was checked out. Waits; reads only.
core::Result<core::PlatformInputPtr> loadPlatform(const Options& options);

/// Of folders alone, each a kustomization, a plain directory or an App of Apps.
core::Result<core::PlatformInputPtr> loadDeclaredPlatform(const Options& options,
                                                          const std::string& folder);

/// Of a revision of --repo, its folder --path.
core::Result<core::PlatformInputPtr> loadRevision(const Options& options,
                                                  const std::string& revision);

/// Prints what is not known of a platform, one sentence each, to standard error. False when there
/// is anything.
bool reportGaps(const core::PlatformInput& input);

} // namespace app
