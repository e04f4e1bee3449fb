// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/git/gitpool.h"
#include "gitops/git/remoteurl.h"

#include <optional>
#include <string>
#include <vector>

struct git_remote;
struct git_transport;

namespace gitops {

/// How ssh remotes are spoken to.
struct SshOptions
{
    std::string program = "ssh"; ///< OpenSSH's, found in PATH
    std::vector<std::string> arguments = {}; ///< put before ours: {"-i", "key"}
};

/// What one connection and its transport share; must outlive the git_remote.
struct SshExchange
{
    JobWatch* watch = nullptr;
    const SshOptions* options = nullptr;
    const RemoteUrl* url = nullptr;
    std::optional<core::Error> error = {}; ///< why a call failed
};

/// libgit2's smart protocol through OpenSSH's client, started without a shell: with the user's
/// agent, configuration and known_hosts, and today's algorithms (libgit2's own libssh2 cannot use
/// RSA keys with modern servers, nor be interrupted). It never asks anything: an unknown host key
/// and a missing key are errors. A cancelled watch kills it.
int makeSshTransport(git_transport** out, git_remote* owner, SshExchange& exchange);

} // namespace gitops
