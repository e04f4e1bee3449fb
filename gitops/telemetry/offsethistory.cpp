// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/offsethistory.h"

#include <chrono>
#include <utility>

namespace gitops {

namespace {

constexpr auto kInFull = std::chrono::minutes(2);
constexpr auto kKept = std::chrono::hours(2);
constexpr auto kCoarse = std::chrono::minutes(1);

} // namespace

void OffsetHistory::add(core::SteadyTime at, std::vector<std::int64_t> offsets)
{
    m_looks.push_back({at, std::move(offsets)});
    thin(at);
}

void OffsetHistory::thin(core::SteadyTime now)
{
    while (!m_looks.empty() && now - m_looks.front().at > kKept)
        m_looks.pop_front();
    // One look grows old at a time: it goes if its neighbours are close.
    for (std::size_t i = 1; i + 1 < m_looks.size() && now - m_looks[i].at > kInFull;)
        if (m_looks[i + 1].at - m_looks[i - 1].at <= kCoarse)
            m_looks.erase(m_looks.begin() + std::ptrdiff_t(i));
        else
            ++i;
}

void OffsetHistory::renumber(const std::vector<std::ptrdiff_t>& from)
{
    for (Look& look : m_looks) {
        std::vector<std::int64_t> offsets(from.size(), -1);
        for (std::size_t i = 0; i < from.size(); ++i)
            if (from[i] >= 0 && std::size_t(from[i]) < look.offsets.size())
                offsets[i] = look.offsets[std::size_t(from[i])];
        look.offsets = std::move(offsets);
    }
}

std::optional<core::SteadyTime> OffsetHistory::writtenAt(std::size_t partition,
                                                         std::int64_t offset) const
{
    const Look* after = nullptr; // the earliest in a row back from now at which it was written
    for (auto look = m_looks.rbegin(); look != m_looks.rend(); ++look) {
        const std::int64_t end =
            partition < look->offsets.size() ? look->offsets[partition] : std::int64_t(-1);
        if (end < 0)
            continue;
        if (end > offset) {
            after = &*look;
            continue;
        }
        if (!after)
            return std::nullopt;
        // Between this look and the next: as far as the offset is on the way.
        const double part = double(offset + 1 - end) / double(after->offsets[partition] - end);
        return look->at
            + std::chrono::duration_cast<core::SteadyTime::duration>(
                   std::chrono::duration<double>(after->at - look->at) * part);
    }
    return std::nullopt;
}

} // namespace gitops
