// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/kafkaclient.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// A Kafka cluster in memory, for what librdkafka's own mock cannot do: groups, moved leaders,
/// topics made again.
class FakeKafka : public gitops::KafkaClient
{
public:
    struct Partition
    {
        std::int64_t end = 0;
        std::int32_t leader = 1;
        bool fails = false;
    };
    std::vector<std::string> brokers {"events-kafka-0.events-kafka-brokers.kafka.svc:9092"};
    std::map<std::string, std::vector<Partition>> topics;
    std::vector<gitops::KafkaGroup> groupList;
    std::map<std::string, std::vector<gitops::KafkaCommit>> committed;
    std::optional<core::Error> failure;
    std::optional<core::Error> groupFailure;
    int metadataCalls = 0;
    int offsetCalls = 0;
    int commitCalls = 0;

    core::Result<gitops::KafkaMetadata> metadata() override
    {
        ++metadataCalls;
        if (failure)
            return std::unexpected(*failure);
        gitops::KafkaMetadata out;
        out.brokers = brokers;
        for (const auto& [name, partitions] : topics) {
            gitops::KafkaMetadata::Topic topic {name, "", {}};
            for (std::size_t i = 0; i < partitions.size(); ++i)
                topic.partitions.push_back({std::int32_t(i), partitions[i].leader, 1});
            out.topics.push_back(std::move(topic));
        }
        return out;
    }
    void choose(const std::vector<std::string>& names,
                const std::vector<gitops::KafkaPartitionRef>& partitions) override
    {
        m_names = names;
        m_partitions = partitions;
    }
    core::Result<std::vector<std::int64_t>> endOffsets() override
    {
        ++offsetCalls;
        if (failure)
            return std::unexpected(*failure);
        std::vector<std::int64_t> out;
        for (const auto& each : m_partitions) {
            const auto topic = topics.find(m_names[each.topic]);
            const bool isThere = topic != topics.end()
                && std::size_t(each.partition) < topic->second.size()
                && !topic->second[std::size_t(each.partition)].fails;
            out.push_back(isThere ? topic->second[std::size_t(each.partition)].end
                                  : kUnknownOffset);
        }
        return out;
    }
    core::Result<std::vector<gitops::KafkaGroup>> groups() override
    {
        if (groupFailure)
            return std::unexpected(*groupFailure);
        return groupList;
    }
    core::Result<std::vector<gitops::KafkaCommit>> commits(const std::string& group) override
    {
        ++commitCalls;
        return committed[group];
    }

private:
    std::vector<std::string> m_names;
    std::vector<gitops::KafkaPartitionRef> m_partitions;
};

} // namespace tests
