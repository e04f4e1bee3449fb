// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"

#include <functional>
#include <vector>

namespace widgets {

/// What the views of the platform are made of beside the engine's answer: the answer with layers
/// below it (Terraform's), and files of the repositories (Airflow's DAGs).
struct PlatformBeside
{
    core::PlatformInputPtr input;
    std::vector<core::LineageFile> files;
};

/// Called in a thread of the feed's, one call at a time; what it cannot read stands among the
/// input's gaps.
using PlatformBesideReader = std::function<PlatformBeside(const core::PlatformInputPtr&)>;

} // namespace widgets
