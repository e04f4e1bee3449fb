// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// Where a repository is, checked before anything is done with it.
struct RemoteUrl
{
    bool local = false; ///< a folder on this machine, opened in place
    bool files = false; ///< the folder's files as they are now, whether Git keeps them or not
    std::string path; ///< of a local one, absolute
    std::string url; ///< of a remote one, as libgit2 takes it
    struct Ssh
    {
        std::string user; ///< may be "", as the port
        std::string host; ///< "": not by ssh
        std::string port;
        std::string path; ///< as the server's shell gets it
    } ssh;
    bool loopback = false; ///< a remote one whose host is this machine
    std::string shown; ///< for people: without user name and password
};

/// Allowed: an absolute path, file://, dir:// (files, see above), https://, ssh://, user@host:path,
/// and on loopback also http:// and git://. Everything else is refused by name: other schemes and
/// transports ("ext::"), control characters and blanks, a host or path that starts with '-', a
/// password in the URL.
core::Result<RemoteUrl> parseRemoteUrl(std::string_view text);

/// A URL for people: without the user name and password that stand before its host.
std::string withoutUser(std::string_view url);

/// One rule of the configuration: URLs that start with prefix are read from base instead.
struct InsteadOf
{
    std::string prefix;
    std::string base;
};

/// The longest prefix wins. A prefix ends where a part of the URL ends: "https://host/a" maps
/// "https://host/a", "https://host/a.git" and "https://host/a/b", not "https://host/ab". When only
/// ".git" is left over, base is the repository itself.
std::string mappedUrl(std::string_view url, const std::vector<InsteadOf>& rules);

/// Whether a repository, after the rules, is on this machine: cheap to look at often.
bool isLocalRepository(std::string_view url, const std::vector<InsteadOf>& rules);

} // namespace gitops
