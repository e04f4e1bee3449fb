// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/objectwriter.h"
#include "gitops/engine/operationhost.h"

namespace gitops {

/// What is written to carry an action of the planner's out. live is the object that the planner
/// saw, null when there is none. Pure but for what the host decorates.
core::Result<WriteRequest> writeRequestOf(const SyncAction& action, const LiveView* live,
                                          OperationHost& host);

} // namespace gitops
