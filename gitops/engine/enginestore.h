// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/history/statestore.h"

namespace gitops {

/// Where the engine keeps what must outlive it.
using EngineStore = StateStore;

} // namespace gitops
