// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/downsample.h"

#include <algorithm>

namespace gitops {

namespace {

using core::Sample;

Sample meanOf(const Sample* begin, const Sample* end)
{
    Sample out = *begin;
    const auto count = double(end - begin);
    core::WallTime::duration offset {};
    for (const Sample* each = begin; each != end; ++each) {
        // A sum of large values may be more than a double holds.
        out.value += (each->value - begin->value) / count;
        offset += each->at - begin->at;
        out.afterGap = out.afterGap || each->afterGap;
    }
    out.at = begin->at + offset / (end - begin);
    return out;
}

std::vector<Sample> joined(const std::vector<Sample>& samples, std::size_t width, bool acrossGaps)
{
    std::vector<Sample> out;
    for (std::size_t at = 0; at < samples.size();) {
        std::size_t end = std::min(at + width, samples.size());
        for (std::size_t i = at + 1; !acrossGaps && i < end; ++i)
            if (samples[i].afterGap)
                end = i;
        out.push_back(meanOf(&samples[at], &samples[at] + (end - at)));
        at = end;
    }
    return out;
}

} // namespace

std::vector<Sample> downsampled(std::vector<Sample> samples, std::size_t maxPoints)
{
    maxPoints = std::max<std::size_t>(maxPoints, 1);
    if (samples.size() <= maxPoints)
        return samples;
    for (std::size_t width = (samples.size() + maxPoints - 1) / maxPoints; width < samples.size();
         width *= 2) {
        auto out = joined(samples, width, false);
        if (out.size() <= maxPoints)
            return out;
    }
    return joined(samples, (samples.size() + maxPoints - 1) / maxPoints, true);
}

} // namespace gitops
