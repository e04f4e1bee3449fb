// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/operation.h"
#include "core/object/manifest.h"

#include <map>
#include <string>
#include <vector>

namespace gitops {

/// Keeps a hook that some controller deletes after its end, until its result was read.
inline constexpr const char* kHookFinalizer = "argocd.argoproj.io/hook-finalizer";

/// What the annotations of an object say about when it runs (Argo CD's own, else Helm's).
struct Hook
{
    bool isHook = false; ///< false: an ordinary object, in phase Sync
    bool isSkipped = false; ///< Skip alone: no task, and its live object stays
    std::vector<core::SyncPhase> phases; ///< none: a hook of no phase of a sync (a Helm test)
    std::string text; ///< "PreSync,PostSync"
    bool deleteBefore = false; ///< BeforeHookCreation, the default
    bool deleteOnSuccess = false;
    bool deleteOnFailure = false;
};

Hook hookOf(const std::map<std::string, std::string>& annotations);

/// The name of a hook that only has a generateName: the same at every step of one operation.
std::string hookName(const std::string& generateName, const std::string& revision,
                     core::SyncPhase phase, core::WallTime startedAt);

} // namespace gitops
