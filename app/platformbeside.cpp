// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/platformbeside.h"

#include "app/lineagefiles.h"
#include "app/terraformfiles.h"
#include "core/platform/platformviews.h"

#include <memory>
#include <utility>

namespace app {

namespace {

constexpr std::chrono::minutes kInterval {1};

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

core::PlatformInputPtr PlatformBeside::input(const core::PlatformInputPtr& answer)
{
    const bool due = isDue(*answer);
    if (due)
        m_files = lineageFiles(m_options, *answer);
    if (m_answer && !due && core::isSameInput(*m_answer, *answer))
        return m_input;
    m_answer = answer;
    auto layered = withTerraformLayers(m_options, answer);
    if (layered) {
        m_input = std::move(*layered);
        return m_input;
    }
    auto without = std::make_shared<core::PlatformInput>(*answer);
    without->gaps.push_back("The layer below the cluster is left out: " + layered.error().text());
    m_input = std::move(without);
    return m_input;
}

} // namespace app
