// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/manifest.h"
#include "gitops/cluster/livestate.h"
#include "gitops/sync/syncplanner.h"

#include <optional>
#include <set>
#include <string>

namespace gitops {

/// What an object's own words prove, read once from its manifest.
struct LiveFacts
{
    LiveView view;
    bool hasApplyEntry = false; ///< managedFields holds an Apply entry of ours
    std::optional<std::int64_t> observedGeneration; ///< of its status
    bool isJudgedBySpec = false; ///< its health waits for no controller
    core::Digest status; ///< of the status alone
};

/// Reads the facts of a live object for an application. Without a kept manifest nothing is proven.
LiveFacts readFacts(const LiveObject& object, const std::string& application);

/// Does the tracking id name this very object of this application? The namespace of cluster-scoped
/// objects is not looked at.
bool tracksItself(const std::string& tracking, const std::string& application,
                  const core::ObjectKey& key);
/// The application that a tracking id names, when it names this very object; else "".
std::string trackedApplication(const std::string& tracking, const core::ObjectKey& key);

/// The manifest with the annotations that prove ownership, its namespace set or cleared. The
/// origins stay.
core::Result<core::ManifestPtr> withOwnership(const core::Manifest& manifest,
                                              const std::string& application,
                                              const std::string& namespaceName, bool preexisting);

/// Must this object carry "preexisting" in our next apply? True when it is live without our Apply
/// entry and without our tracking, or says so already, and nobody adopted it.
bool isPreexisting(const LiveFacts& facts, const LiveObject& object,
                   const std::set<std::string>& adopted);

} // namespace gitops
