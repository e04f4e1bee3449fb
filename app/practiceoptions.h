// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "gitops/practice/practicecluster.h"

namespace app {

/// The practice cluster of these options: its folder is "practice" in the state folder.
gitops::practice::PracticeCluster::Options practiceOptions(const Options& options);

} // namespace app
