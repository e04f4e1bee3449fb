// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// An Argo CD AppProject as its manifest declares it. A value; nothing here decides anything.
struct Project
{
    /// Globs; one that begins with '!' denies.
    struct Destination
    {
        std::string server;
        std::string name;
        std::string namespaceName;
        bool operator==(const Destination&) const = default;
    };
    struct Resource
    {
        std::string group;
        std::string kind;
        std::string name;
        bool operator==(const Resource&) const = default;
    };
    struct SyncWindow
    {
        bool allow = true;
        std::string schedule; ///< cron
        std::string duration;
        std::vector<std::string> applications;
        std::vector<std::string> namespaces;
        std::vector<std::string> clusters;
        bool manualSync = false;
        std::string timeZone;
        bool andOperator = false; ///< all of the three lists that are given must fit, not any
        bool syncOverrun = false; ///< what runs when it closes may go on
        bool operator==(const SyncWindow&) const = default;
    };

    std::string name;
    std::string namespaceName;
    std::vector<std::string> sourceRepos; ///< globs; '!' denies
    std::vector<std::string> sourceNamespaces;
    std::vector<Destination> destinations;
    std::vector<Resource> clusterResourceWhitelist; ///< empty: nothing of the cluster scope
    std::vector<Resource> clusterResourceBlacklist;
    std::optional<std::vector<Resource>> namespaceResourceWhitelist; ///< nullopt: everything
    std::vector<Resource> namespaceResourceBlacklist;
    std::vector<SyncWindow> syncWindows;
    struct OrphanedResources
    {
        bool warn = false;
        std::vector<Resource> ignore;
    };
    std::optional<OrphanedResources> orphanedResources;
    core::Place place;
};

/// Reads an AppProject; a wrong field is Invalid and named; signed commits and impersonation are
/// Unsupported, since leaving them out would widen what the project allows. warnings gets a
/// sentence for each field that has no effect.
core::Result<Project> readProject(const core::Json& object, core::Place place = {},
                                  std::vector<std::string>* warnings = nullptr);

} // namespace gitops
