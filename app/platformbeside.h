// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/options.h"
#include "core/model/platforminput.h"
#include "core/platform/lineagemodel.h"
#include "core/platform/terraform.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// What the desktop shows beside the engine's answer, as the command line does: the layers of
/// --terraform or the configuration, and Airflow's DAG files of the repositories. Looked at again
/// when an application's revision changes, and once a minute. On one thread at a time.
class PlatformBeside
{
public:
    using Now = std::chrono::steady_clock::time_point (*)();
    explicit PlatformBeside(Options options, Now now = &std::chrono::steady_clock::now);

    /// The answer itself where nothing lies below it. What cannot be read is a gap.
    core::PlatformInputPtr input(const core::PlatformInputPtr& answer);
    /// After input().
    const std::vector<core::LineageFile>& files() const { return m_files; }

private:
    bool isDue(const core::PlatformInput& answer);
    void readLayers();

    Options m_options;
    Now m_now;
    std::optional<std::chrono::steady_clock::time_point> m_read;
    std::vector<std::string> m_revisions; ///< of the applications, when files were read
    std::vector<std::string> m_layerFiles; ///< with size and time, when layers were read
    std::vector<core::TerraformLayer> m_layers;
    std::vector<core::LineageFile> m_files;
};

} // namespace app
