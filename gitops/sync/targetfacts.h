// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/manifest.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gitops {

/// What a plan needs of a declared object beside its identity.
struct TargetFacts
{
    std::map<std::string, std::string> annotations;
    std::string name; ///< "" when there is only a generateName
    std::string generateName;
    std::optional<core::GroupKind> defines; ///< of a CustomResourceDefinition
    bool isSuspended = false; ///< declared with spec.suspend or spec.paused
    /// Some controller deletes it after its end (a Job's ttlSecondsAfterFinished, a Workflow's
    /// ttlStrategy).
    bool vanishes = false;
};

/// Reads them out of the compact text without making a value of it: a plan asks every object at
/// every step.
TargetFacts factsOf(const core::Manifest& manifest);

/// A copy with this name, and the tracking annotation changed along.
core::Result<core::ManifestPtr> withName(const core::Manifest& manifest, const std::string& name);
/// A copy with one more finalizer.
core::Result<core::ManifestPtr> withFinalizer(const core::Manifest& manifest,
                                              std::string_view finalizer);

/// True when a comma list under argocd.argoproj.io/sync-options has this item, as it is written.
bool hasSyncOption(const std::map<std::string, std::string>& annotations, std::string_view option);

} // namespace gitops
