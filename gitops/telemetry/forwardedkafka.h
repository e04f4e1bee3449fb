// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/portforward.h"
#include "gitops/telemetry/kafkaclient.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace gitops {

class ClusterAccess;

/// Ways from this machine into a cluster. One thread at a time.
class ForwardedPorts
{
public:
    virtual ~ForwardedPorts() = default;
    /// A local address ("127.0.0.1:40123") that leads there as long as this lives.
    virtual core::Result<std::string> open(const PortForward& to) = 0;
};

/// By port-forwards of the API server; access is closed with them.
std::unique_ptr<ForwardedPorts> forwardedPorts(std::unique_ptr<ClusterAccess> access);

/// Where an address leads that a broker inside a cluster advertises: the pod of
/// "kafka-0.kafka-brokers.kafka.svc.cluster.local:9092", the Service of "kafka.kafka.svc:9092". Of
/// a short name the namespace is the one given. nullopt: it is no name of a pod or Service.
std::optional<PortForward> forwardTo(const std::string& address, const std::string& namespaceName);

/// A client of a Kafka inside a cluster, from outside: a port is forwarded to the bootstrap address
/// first, and then to each broker as it advertises itself; the client is made anew when another
/// broker shows up.
class ForwardedKafka : public KafkaClient
{
public:
    /// Makes a client that connects to the second of a pair where brokers advertise the first.
    using Connect = std::function<core::Result<std::unique_ptr<KafkaClient>>(
        const std::map<std::string, std::string>& addresses)>;

    ForwardedKafka(std::string bootstrap, std::string namespaceName,
                   std::unique_ptr<ForwardedPorts> ports, Connect connect);

    core::Result<KafkaMetadata> metadata() override;
    void choose(const std::vector<std::string>& topics,
                const std::vector<KafkaPartitionRef>& partitions) override;
    core::Result<std::vector<std::int64_t>> endOffsets() override;
    core::Result<std::vector<KafkaGroup>> groups() override;
    core::Result<std::vector<KafkaCommit>> commits(const std::string& group) override;

private:
    core::Result<void> forward(const std::string& address);
    core::Result<void> reconnect();
    core::Result<void> ready();

    const std::string m_bootstrap;
    const std::string m_namespace;
    std::unique_ptr<ForwardedPorts> m_ports;
    const Connect m_connect;
    std::map<std::string, std::string> m_addresses;
    std::unique_ptr<KafkaClient> m_client; ///< null until the first question
    std::vector<std::string> m_topics;
    std::vector<KafkaPartitionRef> m_partitions;
};

} // namespace gitops
