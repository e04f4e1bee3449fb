// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright history: what happened, from the journal in the state folder; another process may be
// writing it.
#include "app/commands.h"
#include "app/console.h"
#include "app/statefolders.h"
#include "core/base/strings.h"
#include "gitops/history/journal.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace app {

int runHistory(const Options& options)
{
    if (std::error_code ignored; !std::filesystem::is_directory(stateFolderOf(options), ignored)) {
        printError(options.stateFolder
                   + ": no Wavewright has run with this state folder: it has no history");
        return CouldNotTell;
    }
    const auto folder =
        gitops::StateFolder::open(stateFolderOf(options), gitops::StateFolder::Access::Read);
    if (!folder) {
        printError(folder.error().text());
        return CouldNotTell;
    }
    gitops::JournalQuery query;
    query.limit = std::size_t(options.limit);
    if (!options.applications.empty())
        query.application = options.applications.front();
    const auto events = gitops::Journal::read(**folder, query);
    if (!events) {
        printError(events.error().text());
        return CouldNotTell;
    }
    for (const core::Json& event : *events) {
        if (options.format == Format::Json) {
            std::puts(core::toText(event).c_str());
            continue;
        }
        std::puts((coloured(core::stringAt(event, {"time"}).substr(0, 19), Colour::Grey) + " "
                   + core::sanitised(core::stringAt(event, {"text"})))
                      .c_str());
    }
    return Yes;
}

} // namespace app
