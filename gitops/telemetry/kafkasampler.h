// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/telemetry/kafkaclient.h"
#include "gitops/telemetry/offsethistory.h"
#include "gitops/telemetry/reading.h"
#include "gitops/telemetry/subjects.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gitops {

/// Makes figures of what a Kafka cluster tells: records/s from the ends of the partitions (an upper
/// bound: markers of transactions and records that compaction took away count), and what groups
/// have not read yet. A topic has a rate only where all its partitions do: one that lost its
/// leader, moved, or was made again leaves a gap, never a lower number. One thread at a time.
class KafkaSampler
{
public:
    struct Options
    {
        std::string source; ///< name of the TelemetrySource
        std::string cluster; ///< as configured, or ""
        std::vector<std::string> bootstrap;
        std::chrono::milliseconds metadataInterval {30'000};
        std::chrono::milliseconds groupInterval {15'000};
        std::size_t maxGroups = 1'000;
        std::size_t maxPartitions = 200'000;
    };

    KafkaSampler(Options options, const core::Clock& clock)
        : m_options(std::move(options))
        , m_clock(clock)
    {
    }

    /// One look; waits for the client's answers.
    Reading sample(KafkaClient& client, const Subjects& subjects);

private:
    struct Slot
    {
        std::int32_t leader = -1;
        std::int64_t last = -1; ///< end at the last look, -1: not known
    };
    struct Topic
    {
        std::string name;
        std::string subject;
        std::string error;
        std::size_t firstSlot = 0;
        std::size_t slotCount = 0;
        std::size_t replicas = 0;
        bool hadRate = false;
    };
    /// What a group had committed of a topic at the last look.
    struct Progress
    {
        core::SteadyTime at {};
        std::vector<std::pair<std::int32_t, std::int64_t>> commits; ///< by partition
        bool hadRate = false;
    };
    using ProgressKey = std::pair<std::string, std::string>; ///< group, topic

    core::Result<void> refresh(KafkaClient& client, const Subjects& subjects);
    void rebuild(KafkaClient& client, const KafkaMetadata& metadata);
    void name(const Subjects& subjects);
    void addRates(const std::vector<std::int64_t>& ends, core::SteadyTime now, Reading& out);
    void addGroups(KafkaClient& client, core::SteadyTime now, Reading& out);
    void addGroup(const std::string& group, const std::vector<KafkaCommit>& commits,
                  core::SteadyTime now, Reading& out);
    void addProgress(const std::string& group, const Topic& topic,
                     std::vector<std::pair<std::int32_t, std::int64_t>> commits,
                     core::SteadyTime now, Reading& out);
    void addWholes(Reading& out) const;
    void addTopics(Reading& out) const;
    const Topic* find(const std::string& name) const;
    std::optional<std::size_t> slotOf(const Topic& topic, std::int32_t partition) const;

    const Options m_options;
    const core::Clock& m_clock;
    Broker m_broker;
    bool m_isKnownCluster = false;
    KafkaMetadata m_metadata;
    std::vector<Topic> m_topics; ///< by name
    std::vector<KafkaPartitionRef> m_partitions; ///< of each slot
    std::vector<Slot> m_slots;
    OffsetHistory m_history;
    std::map<ProgressKey, Progress> m_progress;
    std::map<std::string, std::vector<std::string>> m_groupsOf; ///< of each topic
    std::map<std::string, std::vector<std::string>> m_clientsOf;
    std::string m_groupProblem;
    const core::LineageGraph* m_named = nullptr; ///< whose names the topics carry
    core::SteadyTime m_lastLook {};
    std::optional<core::SteadyTime> m_lastMetadata;
    std::optional<core::SteadyTime> m_lastGroups;
};

} // namespace gitops
