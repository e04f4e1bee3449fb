// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "gitops/cluster/clusteraccess.h"

#include <memory>
#include <string>

namespace app {

/// The cluster of --kubeconfig and --context, for verbs that only ask it; prints its warnings.
core::Result<std::unique_ptr<gitops::ClusterAccess>> openCluster(const Options& options);

/// -n, else the context's namespace; "" with -A.
std::string namespaceOf(const Options& options, const gitops::ClusterAccess& access);

/// Prints the error; what is not there is No, all else CouldNotTell.
int exitWith(const core::Error& error);

} // namespace app
