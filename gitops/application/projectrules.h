// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/identity.h"
#include "gitops/application/projectreader.h"

#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// What a destination is called: "in-cluster" and https://kubernetes.default.svc are one.
struct DestinationNames
{
    std::vector<std::string> names;
    std::vector<std::string> servers;
};
DestinationNames namesOf(const core::Application& application);

/// What a project permits, as Argo CD decides it (reference argocd.md, 5.6). Pure; any thread.
bool permitsSource(const Project& project, std::string_view repoUrl);
bool permitsDestination(const Project& project, const DestinationNames& destination,
                        std::string_view namespaceName);
bool permitsKind(const Project& project, const core::GroupKind& kind, std::string_view name,
                 bool isNamespaced);

/// Why an application may not be in its project as its spec stands; "" when it may.
std::string whyNotPermitted(const Project& project, const core::Application& application);
/// Why an application of the project may not have this object; "" when it may. The key's namespace
/// is "" for what has cluster scope.
std::string whyNotPermitted(const Project& project, const core::Application& application,
                            const core::ObjectKey& key);
/// An object of the application's namespace that no application tracks, and that the project asks
/// to be told of.
bool isOrphan(const Project& project, const core::ObjectKey& key);

/// A repository's URL as projects compare it: lower case, without ".git", scp's form as a path.
std::string normalisedRepository(std::string_view url);

} // namespace gitops
