// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"
#include "core/base/secret.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

struct ExecPlugin;

/// Acting as somebody else: the Impersonate-… headers.
struct Impersonation
{
    std::string user; ///< never empty when any other member is set
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;
    bool operator==(const Impersonation&) const = default;
};

/// All that is needed to talk to one API server under one identity. A plain value; one transport is
/// made from it, and another one when it changes.
struct ClusterConnection
{
    std::string context;
    std::string cluster;
    std::string user;
    std::string server; ///< "https://host:6443/prefix", without a slash at the end
    std::string defaultNamespace = "default";

    std::string caPem; ///< "": the system's store. Else nothing but this is trusted.
    std::string tlsServerName; ///< "": the server's host
    bool insecureSkipTlsVerify = false; ///< a person asked for it; shown in red
    core::Secret proxyUrl; ///< may hold a password; empty: the environment's
    bool disableCompression = false;

    core::Secret clientCertificatePem;
    core::Secret clientKeyPem;
    core::Secret token;
    std::string tokenFile; ///< read again every minute and after a 401
    std::string username;
    core::Secret password;
    Impersonation impersonation;
    /// Hands out what is not there above; RenewingTransport runs it. Null without.
    std::shared_ptr<const ExecPlugin> exec;

    std::vector<std::string> files; ///< all files read: a change of one asks for a new connection
    std::vector<std::string> warnings; ///< sentences for people

    bool isSecure() const { return server.starts_with("https://"); }
    /// Of all but names, files and warnings: two connections of one digest reach the same server as
    /// the same identity.
    core::Digest digest() const;
};

} // namespace gitops
