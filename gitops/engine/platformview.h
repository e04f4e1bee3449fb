// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/desiredstate.h"

#include <memory>
#include <set>

namespace gitops {

/// What every view of the platform needs of a live object.
std::shared_ptr<const core::LiveRecord> liveRecordOf(const LiveObject& object);

/// What an application declares, hooks included.
void declareAll(const DesiredState& desired, const std::string& application,
                core::PlatformInputBuilder& out);

/// Begins to watch the kinds that the platform's views need beside those of the applications, and
/// to keep their manifests: an undeclared NetworkPolicy counts as much as a declared one.
void watchPlatform(ClusterKnowledge& cluster, LiveState& live,
                   const std::vector<core::GroupKind>& alsoKinds);

/// The cluster's side: every live object that is known, and which kinds are not.
void addLive(const ClusterKnowledge& cluster, const LiveState& live,
             const std::vector<core::GroupKind>& alsoKinds, core::PlatformInputBuilder& out);

} // namespace gitops
