// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/kubeconfigfile.h"

namespace gitops {

/// Makes a connection of a context, its cluster and its user: reads the files that they name,
/// decodes, and refuses what contradicts itself. user may be null: anonymous.
class ClusterResolver
{
public:
    core::Result<ClusterConnection> resolve(const KubeconfigContext& context,
                                            const KubeconfigCluster& cluster,
                                            const KubeconfigUser* user);

private:
    using Check = core::Result<void>;
    Check takeServer(const KubeconfigCluster& cluster);
    Check takeTrust(const KubeconfigCluster& cluster);
    Check takeProxy(const KubeconfigCluster& cluster);
    Check takePlugin(const KubeconfigUser& user);
    Check takeCertificate(const KubeconfigUser& user);
    Check takeToken(const KubeconfigUser& user);
    Check takePassword(const KubeconfigUser& user);
    Check takeImpersonation(const KubeconfigUser& user);
    /// data (base64) before file; "" when neither is there.
    core::Result<std::string> bytesOf(const std::string& data, const std::string& file,
                                      const char* name, const core::Place& place);

    ClusterConnection m_out;
};

/// "https://host:6443/prefix/" made plain: no query, no slash at the end; refused unless it is an
/// http or https URL without user, password and odd characters.
core::Result<std::string> checkedServerUrl(std::string_view url, const core::Place& place);

} // namespace gitops
