// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/snapshot.h"
#include "core/value/json.h"

namespace app {

/// Nothing but names was given, and a Wavewright runs with this state folder: it is the one to ask.
bool isForRunning(const Options& options);

/// wavewright sync, done by the Wavewright that runs: asks it, and waits for the end as sync does.
int runSyncElsewhere(const Options& options);

/// As much of an application's state as outcomes are judged by, from what status prints.
core::ApplicationState stateFrom(const core::Json& status);

} // namespace app
