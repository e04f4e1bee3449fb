// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/application.h"
#include "core/object/manifest.h"
#include "gitops/diff/jqpath.h"

#include <span>

namespace gitops {

/// The manifest as it may be applied over a live object: what ignoreDifferences lets be has the
/// live object's value, and is left out where the live object has none. So an apply with force does
/// not take it over. Fails when a rule cannot be followed exactly. Any thread.
core::Result<core::ManifestPtr> withLiveIgnored(const core::ManifestPtr& manifest,
                                                const core::Json& live,
                                                std::span<const core::IgnoreDifference> rules,
                                                const JqSelect& jq = {});

} // namespace gitops
