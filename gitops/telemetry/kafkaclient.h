// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gitops {

/// What a Kafka cluster says of itself.
struct KafkaMetadata
{
    struct Partition
    {
        std::int32_t id = 0;
        std::int32_t leader = -1; ///< broker, -1: none
        std::size_t replicas = 0;
        bool operator==(const Partition&) const = default;
    };
    struct Topic
    {
        std::string name;
        std::string error; ///< "": none
        std::vector<Partition> partitions; ///< by id
        bool operator==(const Topic&) const = default;
    };
    std::vector<std::string> brokers; ///< as advertised, "host:port"
    std::vector<Topic> topics; ///< by name
};

/// A partition of a topic, by the topic's place in a list.
struct KafkaPartitionRef
{
    std::uint32_t topic = 0;
    std::int32_t partition = 0;
    auto operator<=>(const KafkaPartitionRef&) const = default;
};

struct KafkaGroup
{
    std::string id;
    std::string state; ///< "Stable", "Empty", "Dead" …
    std::vector<std::string> clients; ///< "clientId@host" of its members
};

struct KafkaCommit
{
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t offset = 0; ///< never negative: what was not committed is left out
};

/// The few questions that are asked of a Kafka cluster: all of them read. Calls block, for a few
/// seconds at most; one thread at a time.
class KafkaClient
{
public:
    static constexpr std::int64_t kUnknownOffset = -1001;

    virtual ~KafkaClient() = default;
    virtual core::Result<KafkaMetadata> metadata() = 0;
    /// Which partitions endOffsets is about from now on.
    virtual void choose(const std::vector<std::string>& topics,
                        const std::vector<KafkaPartitionRef>& partitions) = 0;
    /// The end of each chosen partition, in the order given, kUnknownOffset where the cluster would
    /// not tell. One request to each leader for each few hundred partitions.
    virtual core::Result<std::vector<std::int64_t>> endOffsets() = 0;
    virtual core::Result<std::vector<KafkaGroup>> groups() = 0;
    virtual core::Result<std::vector<KafkaCommit>> commits(const std::string& group) = 0;
};

} // namespace gitops
