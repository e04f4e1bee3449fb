// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/model/application.h"
#include "core/object/identity.h"
#include "core/value/json.h"

#include <string>
#include <vector>

namespace gitops {

/// How a kind's health is to be judged: a script in Lua.
struct HealthScript
{
    std::string group; ///< globs, as in Argo CD's resource.customizations
    std::string kind;
    std::string text;
    bool openLibraries = false;
    bool operator==(const HealthScript&) const = default;
};

/// What Argo CD's ConfigMap argocd-cm says about kinds: resource.customizations and its split keys
/// (….health.GROUP_KIND, ….useOpenLibs.GROUP_KIND, ….ignoreDifferences.GROUP_KIND or ….all).
struct Customizations
{
    std::vector<HealthScript> health;
    std::vector<core::IgnoreDifference> ignoreDifferences; ///< of every application
    std::vector<std::string> problems; ///< what could not be followed, each naming its key

    /// Exact names go before globs.
    const HealthScript* healthOf(const core::GroupKind& kind) const;
    bool operator==(const Customizations& other) const;
};

/// Never fails: what is wrong in one place becomes a problem, and the rest is read.
Customizations readCustomizations(const core::Json& configMap);

/// The ConfigMap that the above reads.
bool isCustomizationsMap(const core::Json& object);

} // namespace gitops
