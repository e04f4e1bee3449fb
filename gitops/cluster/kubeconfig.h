// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/kubeconfigfile.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// Where to look for a configuration. Values, so that a test needs no environment.
struct KubeconfigSource
{
    std::string explicitPath; ///< --kubeconfig; then nothing else is looked at
    std::string kubeconfigVariable; ///< $KUBECONFIG, paths with ":" between them
    std::string home; ///< for ~/.kube/config
    std::string serviceHost; ///< $KUBERNETES_SERVICE_HOST: inside a cluster
    std::string servicePort;
    std::string serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    static KubeconfigSource fromEnvironment();
    /// The files that are looked at, in the order in which they win.
    std::vector<std::string> paths() const;
};

/// kubectl's configuration, merged from its files as client-go merges them: of two clusters, users
/// or contexts of one name the first file's wins whole; current-context comes from the first file
/// that sets it. A value; any thread. (client-go tools/clientcmd/loader.go, client_config.go.)
class Kubeconfig
{
public:
    /// Missing files are skipped, save for the explicit one. Without any file and inside a cluster
    /// the only context is "in-cluster".
    static core::Result<Kubeconfig> load(const KubeconfigSource& source);
    /// Earlier files win.
    static core::Result<Kubeconfig> merge(std::vector<KubeconfigFile> files);

    const std::string& currentContext() const { return m_merged.currentContext; }
    std::vector<KubeconfigContext> contexts() const; ///< sorted by name

    /// Resolves a context ("" is the current one), reading the files that it names. The error says
    /// what to fix, and in which file.
    core::Result<ClusterConnection> connection(std::string_view context = {}) const;

    static constexpr std::string_view kInClusterContext = "in-cluster";

private:
    core::Result<const KubeconfigContext*> chosenContext(std::string_view name) const;

    KubeconfigFile m_merged;
    std::vector<std::string> m_files;
};

} // namespace gitops
