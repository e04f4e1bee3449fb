// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <vector>

namespace app {

/// Python files that import Airflow: those below the folders of the platform's applications, and in
/// the folder dags of their repositories. Read from the commit that is in force for an application
/// (nothing is fetched), else from the working copy that --path or -f lies in. At most 2,000 files
/// and 32 MiB; symbolic links that leave the tree are not followed. Files that ConfigMaps are made
/// of are left out: their ConfigMaps are read.
std::vector<core::LineageFile> lineageFiles(const Options& options,
                                            const core::PlatformInput& input);

} // namespace app
