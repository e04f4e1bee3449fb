// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secret.h"
#include "gitops/telemetry/kafkaclient.h"

#include <chrono>
#include <memory>

namespace gitops {

/// How to reach a Kafka cluster, and as whom.
struct KafkaConnection
{
    std::string brokers; ///< "host:port,host:port"
    bool tls = false;
    std::string caPem; ///< "": the system's store
    core::Secret certificatePem;
    core::Secret keyPem;
    std::string mechanism; ///< "SCRAM-SHA-512"; "": no SASL
    std::string username;
    core::Secret password;
    /// An address that brokers advertise, and what to connect to instead: forwarded ports.
    std::map<std::string, std::string> addresses;
    std::chrono::milliseconds timeout {4'000}; ///< of each question
};

/// KafkaClient by librdkafka. It belongs to no group, subscribes to nothing, commits nothing and
/// creates nothing: there is no call in it that could.
class LibrdkafkaClient : public KafkaClient
{
public:
    static core::Result<std::unique_ptr<LibrdkafkaClient>> make(const KafkaConnection& connection);
    ~LibrdkafkaClient() override;

    core::Result<KafkaMetadata> metadata() override;
    void choose(const std::vector<std::string>& topics,
                const std::vector<KafkaPartitionRef>& partitions) override;
    core::Result<std::vector<std::int64_t>> endOffsets() override;
    core::Result<std::vector<KafkaGroup>> groups() override;
    core::Result<std::vector<KafkaCommit>> commits(const std::string& group) override;

private:
    struct Private;
    explicit LibrdkafkaClient(std::unique_ptr<Private> p);
    std::unique_ptr<Private> d;
};

} // namespace gitops
