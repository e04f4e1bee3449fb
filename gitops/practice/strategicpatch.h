// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/apierror.h"
#include "gitops/practice/resourcetype.h"

namespace gitops::practice {

/// A strategic merge patch on an object of a built-in kind: lists with merge keys merge by item,
/// "$patch": "delete" and "replace", "$deleteFromPrimitiveList/…", "$setElementOrder/…" and
/// "$retainKeys" are known. 422 when an item lacks its key.
ApiResult<void> applyStrategicPatch(const ResourceType& type, core::Json& object,
                                    const core::Json& patch);

} // namespace gitops::practice
