// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/telemetry/reading.h"
#include "gitops/telemetry/subjects.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitops {

/// A queue or exchange, by name.
struct RabbitName
{
    std::string vhost;
    std::string name;
    bool exchange = false;
    auto operator<=>(const RabbitName&) const = default;
};

/// What one look at /metrics/detailed tells, summed as far as it may be summed.
struct RabbitLook
{
    /// Counters by what moved: of the queue or exchange itself, or of one channel on it.
    struct CounterKey
    {
        RabbitName name;
        bool out = false;
        std::string channel; ///< "" for the queue's or exchange's own
        std::string metric; ///< a channel's counters begin apart
        auto operator<=>(const CounterKey&) const = default;
    };
    std::map<CounterKey, double> counters;
    std::map<RabbitName, double> depth;
    bool hasQueueCounters = false;
    bool hasExchangeCounters = false;

    /// Adds what a node tells; a node tells of the queues that it leads.
    core::Result<void> read(std::string_view text, std::size_t maxSeries = 400'000);
};

/// The path and query that a look needs.
std::string rabbitTarget();

/// Makes figures of looks. Newer brokers count for queues and exchanges; of older ones, the
/// counters of channels are used: what a channel did between the last look and its end is lost
/// then, which the message says. One thread at a time.
class RabbitSampler
{
public:
    RabbitSampler(std::string source, std::string cluster)
        : m_source(std::move(source))
        , m_cluster(std::move(cluster))
    {
    }
    Reading sample(const RabbitLook& look, core::WallTime at, const Subjects& subjects);
    /// Nothing was seen this time.
    void interrupt() { m_last.reset(); }

private:
    using Way = std::pair<RabbitName, bool>; ///< into it, or out of it (true)
    struct Moved
    {
        double count = 0;
        bool isWhole = true;
    };
    std::map<Way, Moved> movedSince(const RabbitLook& look) const;
    void addTopics(const RabbitLook& look, const Broker& broker, Reading& out) const;

    const std::string m_source;
    const std::string m_cluster;
    std::optional<std::pair<core::WallTime, RabbitLook>> m_last;
    std::set<Way> m_hadRate;
};

} // namespace gitops
