// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

#include <vector>

namespace gitops::practice {

/// What the API server refuses in built-in kinds, as far as people run into it: selectors that do
/// not fit, containers without a name or image, bad quantities and ports (facts: k/k
/// pkg/apis/*/validation). Objects come with their defaults.
std::vector<Cause> validateCreate(const ResourceType& type, const core::Json& object);
/// The same, and what may not change.
std::vector<Cause> validateUpdate(const ResourceType& type, const core::Json& old,
                                  const core::Json& object);

} // namespace gitops::practice
