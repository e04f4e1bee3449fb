// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/eventlines.h"

#include "core/base/strings.h"

#include <fmt/format.h>

namespace app {

std::vector<std::string> EventLines::of(const core::Event& event)
{
    if (const auto* applied = std::get_if<core::event::ResourceApplied>(&event.what);
        applied && applied->result.code == core::ResultCode::Pruned) {
        if (++m_pruned[applied->application] > kNamedPrunes)
            return {};
        return {core::sanitised(applied->application + ": pruned " + applied->result.key.text())};
    }
    if (const auto* raised = std::get_if<core::event::ConditionRaised>(&event.what);
        raised && raised->condition.type == "SyncError" && m_failed.erase(raised->application) > 0)
        return {};
    std::vector<std::string> lines;
    if (const auto* finished = std::get_if<core::event::OperationFinished>(&event.what))
        if (const auto found = m_pruned.extract(finished->application);
            found && found.mapped() > kNamedPrunes)
            lines.push_back(core::sanitised(fmt::format("{}: pruned {} more", finished->application,
                                                        found.mapped() - kNamedPrunes)));
    if (const auto* finished = std::get_if<core::event::OperationFinished>(&event.what)) {
        if (finished->operation.phase == core::OperationPhase::Succeeded)
            m_failed.erase(finished->application);
        else
            m_failed.insert(finished->application);
    }
    lines.push_back(core::describe(event));
    return lines;
}

} // namespace app
