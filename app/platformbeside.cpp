// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformbeside.h"

#include "app/lineagefiles.h"
#include "app/terraformfiles.h"

#include <filesystem>
#include <utility>

namespace app {

namespace {

constexpr std::chrono::minutes kInterval {1};

std::string stampOf(const std::string& file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error)
        return file + " " + error.message();
    const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
    return file + " " + std::to_string(size) + " " + std::to_string(time);
}

} // namespace

PlatformBeside::PlatformBeside(Options options, Now now)
    : m_options(std::move(options))
    , m_now(now)
{
}

bool PlatformBeside::isDue(const core::PlatformInput& answer)
{
    std::vector<std::string> revisions;
    for (const core::PlatformApplication& each : answer.applications)
        revisions.push_back(each.name + " " + each.path + " " + each.revision);
    const auto now = m_now();
    const bool isOther = m_revisions != revisions;
    m_revisions = std::move(revisions);
    if (!isOther && m_read && now - *m_read < kInterval)
        return false;
    m_read = now;
    return true;
}

/// Files that are as they were keep their objects: nothing is modelled again for them.
void PlatformBeside::readLayers()
{
    const auto files = terraformFileNames(m_options);
    if (!files) {
        m_layerFiles.clear();
        m_layers.assign(1, {});
        m_layers.front().gaps = {files.error().text()};
        return;
    }
    std::vector<std::string> stamps;
    for (const std::string& file : *files)
        stamps.push_back(stampOf(file));
    if (stamps == m_layerFiles && stamps.size() == m_layers.size())
        return;
    m_layerFiles = std::move(stamps);
    m_layers = terraformLayersOrGaps(*files);
}

core::PlatformInputPtr PlatformBeside::input(const core::PlatformInputPtr& answer)
{
    if (isDue(*answer)) {
        m_files = lineageFiles(m_options, *answer);
        readLayers();
    }
    return m_layers.empty() ? answer : core::withTerraform(*answer, m_layers);
}

} // namespace app
