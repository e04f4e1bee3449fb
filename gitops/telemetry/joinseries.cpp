// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/joinseries.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace gitops {

std::vector<core::Series> joinedSeries(std::vector<core::Series> kept,
                                       std::vector<core::Series> fresh)
{
    std::map<std::pair<core::SeriesKey, std::string>, core::Series> all;
    for (core::Series& each : kept) {
        std::pair name(each.key, each.source);
        all.emplace(std::move(name), std::move(each));
    }
    for (core::Series& each : fresh) {
        const auto [place, isNew] = all.try_emplace({each.key, each.source}, core::Series {});
        core::Series& before = place->second;
        if (isNew || each.samples.empty()) {
            if (isNew)
                before = std::move(each);
            continue;
        }
        std::erase_if(before.samples, [&](const core::Sample& sample) {
            return sample.at >= each.samples.front().at;
        });
        before.samples.insert(before.samples.end(), each.samples.begin(), each.samples.end());
    }
    std::vector<core::Series> out;
    for (auto& [name, series] : all)
        out.push_back(std::move(series));
    return out;
}

} // namespace gitops
