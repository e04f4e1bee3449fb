// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"

#include <string>

namespace app {

/// Where the engine keeps its state: below --state. The control socket and the practice cluster
/// stand beside it.
std::string stateFolderOf(const Options& options);

} // namespace app
