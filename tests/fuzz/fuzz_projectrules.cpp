// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/cronschedule.h"
#include "gitops/application/glob.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const std::string_view first = all.substr(0, all.find('\n'));
    (void)gitops::projectGlobMatches(first, all.substr(first.size()), '/');
    if (const auto schedule = gitops::CronSchedule::parse(first))
        (void)schedule->next({});
    return 0;
}
