// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/secret.h"
#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/execplugin.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gitops {

/// A cluster entry of a kubeconfig file, as written; paths are absolute already.
struct KubeconfigCluster
{
    core::Place place;
    std::string server;
    std::string tlsServerName;
    bool insecureSkipTlsVerify = false;
    std::string caFile;
    std::string caData; ///< base64, as written
    core::Secret proxyUrl;
    bool disableCompression = false;
};

/// A user entry.
struct KubeconfigUser
{
    core::Place place;
    std::string certificateFile;
    core::Secret certificateData; ///< base64, as written
    std::string keyFile;
    core::Secret keyData;
    core::Secret token;
    std::string tokenFile;
    std::string username;
    core::Secret password;
    bool impersonates = false; ///< "as" is there, be it empty
    Impersonation impersonation;
    std::optional<ExecPlugin> exec;
    std::optional<std::string> authProvider;
};

/// A context entry.
struct KubeconfigContext
{
    std::string name;
    core::Place place;
    std::string cluster;
    std::string user;
    std::string namespaceName;
};

/// One kubeconfig file (or several merged): apiVersion v1, kind Config, YAML or JSON.
struct KubeconfigFile
{
    std::string path;
    std::string currentContext;
    std::map<std::string, KubeconfigCluster> clusters;
    std::map<std::string, KubeconfigUser> users;
    std::map<std::string, KubeconfigContext> contexts;

    /// Relative paths in it count from the folder of path. Unknown members are ignored, as kubectl
    /// does. Limits: 1 MiB, 50 levels.
    static core::Result<KubeconfigFile> parse(std::string_view text, const std::string& path);
};

} // namespace gitops
