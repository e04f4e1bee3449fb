// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/reading.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// Where a reading comes from, as far as its samples are concerned.
struct SampleOrigin
{
    std::string source; ///< TelemetrySource::name
    bool simulated = false;
    std::chrono::milliseconds interval {5'000};
    int rank = 0; ///< of two sources that tell the same, the lower one is believed
};

/// The samples of the last while, in memory. On one thread at a time.
class SampleStore
{
public:
    struct Limits
    {
        std::size_t samples = 720; ///< of each series
        std::size_t series = 50'000; ///< what comes beyond is dropped, and counted
    };
    SampleStore() = default;
    explicit SampleStore(Limits limits)
        : m_limits(limits)
    {
    }

    /// Takes finite values only; a time that does not grow is dropped. What comes later than three
    /// intervals after the last one is after a gap.
    void add(const SampleOrigin& origin, const Reading& reading);
    /// The newest of each key that are not older than three of their source's intervals.
    std::map<core::SeriesKey, core::Figure> latest(core::WallTime now) const;
    /// By key and source, of one subject; downsampled by who asks.
    std::vector<core::Series> of(const std::string& subject,
                                 const std::vector<core::Measure>& measures, core::WallTime from,
                                 core::WallTime to) const;
    /// Samples that came since the last call of this, for the store on disk.
    std::vector<core::Series> takeNew();
    std::size_t size() const { return m_series.size(); }
    std::size_t dropped() const { return m_dropped; }

private:
    struct Entry
    {
        std::deque<core::Sample> samples;
        core::WallTime taken {}; ///< up to here they went to disk
        std::chrono::milliseconds every {0};
    };
    using Key = std::pair<core::SeriesKey, std::string>;

    Entry* entry(const core::SeriesKey& key, const std::string& source);
    void addPast(const SampleOrigin& origin, const core::Series& series);
    void append(Entry& entry, core::Sample sample, const SampleOrigin& origin);

    Limits m_limits;
    std::map<Key, Entry> m_series;
    std::map<std::string, SampleOrigin> m_origins;
    std::size_t m_dropped = 0;
};

} // namespace gitops
