// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusterconnection.h"

#include "gitops/cluster/execplugin.h"

namespace gitops {

core::Digest ClusterConnection::digest() const
{
    std::string bytes;
    const auto add = [&bytes](const std::string& part) {
        bytes += std::to_string(part.size());
        bytes += ':';
        bytes += part;
    };
    add(server);
    add(caPem);
    add(tlsServerName);
    add(insecureSkipTlsVerify ? "insecure" : "");
    add(proxyUrl.reveal());
    add(disableCompression ? "plain" : "");
    add(clientCertificatePem.reveal());
    add(clientKeyPem.reveal());
    add(token.reveal());
    add(tokenFile);
    add(username);
    add(password.reveal());
    add(impersonation.user);
    add(impersonation.uid);
    add(std::to_string(impersonation.groups.size()));
    for (const std::string& group : impersonation.groups)
        add(group);
    for (const auto& [key, values] : impersonation.extra) {
        add(key);
        add(std::to_string(values.size()));
        for (const std::string& value : values)
            add(value);
    }
    if (exec) {
        add(exec->command);
        add(exec->apiVersion);
        add(std::to_string(exec->arguments.size()));
        for (const std::string& argument : exec->arguments)
            add(argument);
        for (const auto& [name, value] : exec->environment) {
            add(name);
            add(value.reveal());
        }
    }
    const core::Digest digest = core::sha256(bytes);
    // The text held secrets: overwritten as core::Secret does it.
    core::Secret wiped(std::move(bytes));
    return digest;
}

} // namespace gitops
