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
    std::vector<std::string> lines;
    if (const auto* finished = std::get_if<core::event::OperationFinished>(&event.what))
        if (const auto found = m_pruned.extract(finished->application);
            found && found.mapped() > kNamedPrunes)
            lines.push_back(core::sanitised(fmt::format("{}: pruned {} more", finished->application,
                                                        found.mapped() - kNamedPrunes)));
    lines.push_back(core::describe(event));
    return lines;
}

} // namespace app
