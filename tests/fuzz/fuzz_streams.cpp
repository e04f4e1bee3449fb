// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as what a cluster says to streams: log lines in two cuts, an exec's last Status, an
// annotation with port-forwards, metrics and events.
#include "gitops/cluster/clusterobjects.h"
#include "gitops/cluster/execsession.h"
#include "gitops/cluster/podlogs.h"
#include "gitops/cluster/portforward.h"
#include "gitops/cluster/resourceuse.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const std::size_t cut = size ? data[0] % size : 0;
    gitops::LogLines lines;
    const auto ignore = [](std::string_view) { };
    lines.feed(text.substr(0, cut), ignore);
    lines.feed(text.substr(cut), ignore);
    lines.end(ignore);
    for (const char* kind : {"Service", "Kafka"})
        (void)gitops::parsePortForwards(text, kind, "own", "space");
    (void)gitops::podUse({text});
    const auto value = core::parseJson(text);
    if (!value)
        return 0;
    (void)gitops::exitCodeOf(*value);
    (void)gitops::eventOf(*value);
    (void)gitops::defaultContainer(*value);
    (void)gitops::containersOf(*value);
    return 0;
}
