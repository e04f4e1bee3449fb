// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// A cluster that a destination may mean: of a kubeconfig's context, or of an Argo CD cluster
/// Secret.
struct KnownCluster
{
    std::string context; ///< what to connect with; of a Secret its name
    std::string name; ///< the cluster's own name
    std::string server; ///< URL
};

/// Which cluster an application goes to. "in-cluster" and https://kubernetes.default.svc mean the
/// chosen one; another name is that of a context or a cluster, another server its URL. NotFound
/// when nothing fits, Invalid when several contexts of other clusters do.
core::Result<KnownCluster> destinationOf(const core::Application& application,
                                         const KnownCluster& chosen,
                                         const std::vector<KnownCluster>& known);

/// Whether two URLs name one server: case of the host, a default port and a last slash aside.
bool isSameServer(std::string_view a, std::string_view b);

} // namespace gitops
