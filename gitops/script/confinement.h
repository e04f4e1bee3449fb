// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace gitops::script {

/// Gives up for good what a script could misuse: opening files, making processes, the network,
/// memory beyond a limit. False when the kernel does not let us; nothing must be run then.
bool confine();

} // namespace gitops::script
