// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/livestate.h"

#include <set>
#include <string>

namespace gitops {

/// Whose fields become ours with an apply: those of `kubectl apply` and of the manager that an
/// application names; of an object that a person gave us (adopt) also those of the programs that
/// kept it before: Argo CD, Helm, Flux, `kubectl apply --server-side`. Nothing of theirs is
/// orphaned then when it leaves Git. Source: Argo CD, sync option ClientSideApplyMigration,
/// annotation argocd.argoproj.io/client-side-apply-migration-manager.
std::set<std::string> managersToReplace(const std::string& migrationManager, bool isAdopted);

/// A JSON patch that gives us the fields of these managers, valid for this very version of the
/// object; "" when they have none.
std::string handOverPatch(const core::Json& object, const std::set<std::string>& from);
/// The same of a live object; without a manifest there is none.
std::string handOverPatch(const LiveObject& live, const std::set<std::string>& from);

} // namespace gitops
