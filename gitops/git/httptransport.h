// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/secret.h"
#include "gitops/git/gitpool.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

struct git_remote;
struct git_transport;

namespace gitops {

struct GitCredential
{
    std::string username;
    core::Secret password; ///< or token
};

/// How https remotes are spoken to.
struct HttpOptions
{
    std::string caFile; ///< PEM; "": the system's certificate authorities
    /// Asked once for each connection; url is without user name. Any thread of the pool.
    std::function<std::optional<GitCredential>(const std::string& url)> credential = {};
};

/// What one connection and its transport share; must outlive the git_remote.
struct HttpExchange
{
    JobWatch* watch = nullptr;
    const HttpOptions* options = nullptr;
    std::string url; ///< without user name
    std::optional<core::Error> error = {}; ///< why a call failed; libgit2 has only a text for it
};

/// libgit2's smart protocol over libcurl, for https (and http on loopback): libgit2's own client
/// has no time-outs and cannot be interrupted. Certificates are always verified, redirects not
/// followed (the error names the new place), netrc not read; a cancelled watch ends any call within
/// a fifth of a second.
int makeHttpTransport(git_transport** out, git_remote* owner, HttpExchange& exchange);

} // namespace gitops
