// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"
#include "core/model/snapshot.h"

#include <functional>
#include <string>
#include <vector>

namespace tests {

/// A platform of manifests/ as it is once it runs: rendered from the working copy and synced by the
/// real engine onto a practice cluster in memory, in virtual time, so that every run gives the same
/// values. For pages and their pictures.
struct ReconciledPlatform
{
    std::string name;
    core::SnapshotPtr snapshot; ///< all applications Synced and Healthy
    core::PlatformInputPtr input; ///< what query::Platform answers: Git's side and the cluster's
    /// What query::Telemetry answers a minute later: the practice cluster's simulated traffic, the
    /// same in every run; ask has its past half hour.
    core::TelemetryPtr telemetry;
    /// The engine goes on standing there, its time too: manifests and the like are its answers.
    std::function<core::Result<core::Answer>(const core::Query&)> ask;
};

/// "event-driven", "greenfield", "lakehouse", "lambda-education", "ml-two-layer".
const std::vector<std::string>& platformNames();
/// Made once in a process (it takes a second or two), then the same one. One thread.
const ReconciledPlatform& reconciledPlatform(const std::string& name);

} // namespace tests
