// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/objectstore.h"
#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// What a cluster adds to a new object of a built-in kind beyond the kind's own defaults: a pod's
/// account, priority, tolerations and limits, the default classes of claims and Ingresses. Nobody
/// owns these fields. 403 where a limit of the namespace or a missing class forbids the object.
ApiResult<void> applyAdmission(const ObjectStore& store, const ResourceType& type,
                               core::Json& object);

/// Members that answers of a kind always have: an empty status, a template's metadata.
void fillPresent(const ResourceType& type, core::Json& object);

/// "BestEffort", "Burstable" or "Guaranteed": by what its containers ask for.
std::string_view qosClass(const core::Json& pod);

} // namespace gitops::practice
