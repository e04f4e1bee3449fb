// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "gitops/cluster/livestate.h"

#include <set>
#include <string>

namespace gitops {

/// Kinds that people look for in a namespace before they agree that it goes. They are watched while
/// such a question is open, whatever else is.
const std::set<core::GroupKind>& askedContents();

/// A Namespace or CustomResourceDefinition: what is in it, or of it, goes with it.
bool takesOthers(const core::ObjectKey& key);

/// What goes with a namespace and is not the application's: "Namespace user-bob, with 2 objects
/// that are not ours: Deployment rogue, ConfigMap rogue". Of the kinds that are watched; without
/// what the cluster makes itself, and what another object there owns.
std::string describeContents(const LiveState& live, const std::string& namespaceName,
                             const std::string& application);

} // namespace gitops
