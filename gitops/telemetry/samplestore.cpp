// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/samplestore.h"

#include <algorithm>
#include <cmath>

namespace gitops {

namespace {

constexpr int kMissedReadings = 3;

bool contains(const std::vector<core::Measure>& measures, core::Measure measure)
{
    return measures.empty() || std::ranges::find(measures, measure) != measures.end();
}

} // namespace

SampleStore::Entry* SampleStore::entry(const core::SeriesKey& key, const std::string& source)
{
    Key wanted {key, source};
    const auto found = m_series.lower_bound(wanted);
    if (found != m_series.end() && found->first == wanted)
        return &found->second;
    if (m_series.size() >= m_limits.series) {
        ++m_dropped;
        return nullptr;
    }
    return &m_series.emplace_hint(found, std::move(wanted), Entry {})->second;
}

void SampleStore::append(Entry& entry, core::Sample sample, const SampleOrigin& origin)
{
    if (entry.samples.empty()) {
        sample.afterGap = true; // what may be on disk of the time before is of another run
    } else {
        const auto since = sample.at - entry.samples.back().at;
        if (since <= since.zero())
            return;
        sample.afterGap =
            sample.afterGap || since > kMissedReadings * std::max(origin.interval, entry.every);
    }
    entry.samples.push_back(sample);
    if (entry.samples.size() > m_limits.samples)
        entry.samples.pop_front();
}

void SampleStore::addPast(const SampleOrigin& origin, const core::Series& series)
{
    Entry* known = entry(series.key, origin.source);
    if (!known)
        return;
    std::deque<core::Sample> before;
    for (const core::Sample& sample : series.samples)
        if (std::isfinite(sample.value)
            && (known->samples.empty() || sample.at < known->samples.front().at)
            && (before.empty() || sample.at > before.back().at))
            before.push_back(sample);
    const std::size_t room = m_limits.samples - std::min(m_limits.samples, known->samples.size());
    while (before.size() > room)
        before.pop_front();
    if (before.empty())
        return;
    before.front().afterGap = true;
    if (!known->samples.empty()
        && known->samples.front().at - before.back().at <= kMissedReadings * origin.interval)
        known->samples.front().afterGap = false;
    known->samples.insert(known->samples.begin(), before.begin(), before.end());
}

void SampleStore::add(const SampleOrigin& origin, const Reading& reading)
{
    m_origins[origin.source] = origin;
    for (const core::Series& series : reading.past)
        addPast(origin, series);
    for (const Measurement& measurement : reading.measurements)
        if (std::isfinite(measurement.value))
            if (Entry* known = entry(measurement.key, origin.source)) {
                known->every = measurement.every;
                append(*known, {reading.at, measurement.value, measurement.afterGap}, origin);
            }
}

std::map<core::SeriesKey, core::Figure> SampleStore::latest(core::WallTime now) const
{
    std::map<core::SeriesKey, core::Figure> out;
    int rank = 0; // of what stands last in out
    for (const auto& [key, entry] : m_series) {
        const auto origin = m_origins.find(key.second);
        if (entry.samples.empty() || origin == m_origins.end())
            continue;
        const core::Sample& newest = entry.samples.back();
        if (now - newest.at > kMissedReadings * std::max(origin->second.interval, entry.every))
            continue;
        core::Figure figure {newest.value, newest.at, key.second, origin->second.simulated};
        // Series of one key stand side by side: one that is there is the last one.
        if (!out.empty() && std::prev(out.end())->first == key.first) {
            if (origin->second.rank >= rank)
                continue;
            std::prev(out.end())->second = std::move(figure);
        } else {
            out.emplace_hint(out.end(), key.first, std::move(figure));
        }
        rank = origin->second.rank;
    }
    return out;
}

std::vector<core::Series> SampleStore::of(const std::string& subject,
                                          const std::vector<core::Measure>& measures,
                                          core::WallTime from, core::WallTime to) const
{
    std::vector<core::Series> out;
    const Key first {core::SeriesKey {subject, core::Measure {}, {}}, {}};
    for (auto each = m_series.lower_bound(first);
         each != m_series.end() && each->first.first.subject == subject; ++each) {
        const auto& [key, entry] = *each;
        if (!contains(measures, key.first.measure))
            continue;
        core::Series series {key.first, key.second, false, {}};
        if (const auto origin = m_origins.find(key.second); origin != m_origins.end())
            series.simulated = origin->second.simulated;
        for (const core::Sample& sample : entry.samples)
            if (sample.at >= from && sample.at <= to)
                series.samples.push_back(sample);
        if (!series.samples.empty())
            out.push_back(std::move(series));
    }
    return out;
}

std::vector<core::Series> SampleStore::takeNew()
{
    std::vector<core::Series> out;
    for (auto& [key, entry] : m_series) {
        const auto origin = m_origins.find(key.second);
        if (entry.samples.empty() || entry.samples.back().at <= entry.taken
            || origin == m_origins.end())
            continue;
        core::Series series {key.first, key.second, origin->second.simulated, {}};
        const auto begin =
            std::ranges::upper_bound(entry.samples, entry.taken, {}, &core::Sample::at);
        series.samples.assign(begin, entry.samples.end());
        entry.taken = entry.samples.back().at;
        out.push_back(std::move(series));
    }
    return out;
}

} // namespace gitops
