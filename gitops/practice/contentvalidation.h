// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

#include <vector>

namespace gitops::practice {

/// What the API server refuses in objects that hold content rather than run something: keys and
/// types of ConfigMaps and Secrets, rules of roles and Ingresses, schedules, budgets, Leases.
void checkContent(const ResourceType& type, const core::Json& object, std::vector<Cause>& causes);

} // namespace gitops::practice
