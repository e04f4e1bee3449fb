// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/clusterverb.h"

#include "app/console.h"

namespace app {

core::Result<std::unique_ptr<gitops::ClusterAccess>> openCluster(const Options& options)
{
    gitops::KubeconfigSource source = gitops::KubeconfigSource::fromEnvironment();
    if (!options.kubeconfig.empty())
        source.explicitPath = options.kubeconfig;
    auto access = gitops::ClusterAccess::open(source, options.context);
    if (access)
        for (const std::string& warning : (*access)->connection().warnings)
            printError(warning);
    return access;
}

std::string namespaceOf(const Options& options, const gitops::ClusterAccess& access)
{
    if (options.allNamespaces)
        return {};
    return options.namespaceName.empty() ? access.connection().defaultNamespace
                                         : options.namespaceName;
}

int exitWith(const core::Error& error)
{
    printError(error.text());
    return error.code == core::ErrorCode::NotFound ? No : CouldNotTell;
}

} // namespace app
