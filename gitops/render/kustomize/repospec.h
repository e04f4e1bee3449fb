// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/git/remotecontent.h"

#include <optional>
#include <string>
#include <string_view>

namespace gitops::kustomize {

/// What an entry of a kustomization that names a Git repository says, taken apart as Kustomize does
/// (api/internal/git/repospec.go): HOST REPOSITORY [//] PATH ? ref, version, timeout, submodules.
struct RepoSpec
{
    std::string cloneUrl; ///< what Git is given
    std::string path; ///< folder in the repository, "" its root
    std::string reference; ///< "" the default branch
    std::chrono::milliseconds timeout {0}; ///< 0: not given
    bool submodules = true;
    /// No file has such a URL: "//", "_git/" or ".git" at the end says where the repository ends.
    bool isCertain = false;

    RemoteAddress address() const;
};

/// nullopt when the entry is a path, or a URL of something else.
std::optional<RepoSpec> parseRepoSpec(std::string_view entry);

/// An entry that Kustomize asks a web server for: a resource, a patch, a file of a generator.
bool isWebUrl(std::string_view entry);

/// Go's time.ParseDuration, above zero: "90s", "1m1.5s".
std::optional<std::chrono::milliseconds> parseGoDuration(std::string_view text);

} // namespace gitops::kustomize
