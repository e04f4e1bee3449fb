// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"
#include "app/commands.h"
#include "core/value/json.h"

#include <cstdio>

namespace app {

int runVersion(const Options& options)
{
    if (options.format == Format::Json)
        std::puts(
            core::toText(core::JsonObject {{"name", "wavewright"}, {"version", WAVEWRIGHT_VERSION}})
                .c_str());
    else
        std::puts("wavewright " WAVEWRIGHT_VERSION);
    return Yes;
}

int runCompletion(const Options& options)
{
    std::fputs(completionScript(options.shell).c_str(), stdout);
    return Yes;
}

} // namespace app
