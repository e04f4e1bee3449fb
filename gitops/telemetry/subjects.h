// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/platforminput.h"
#include "core/platform/lineage.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gitops {

/// A Kafka cluster or RabbitMQ of the platform.
struct Broker
{
    std::string system; ///< "kafka", "rabbitmq"
    std::string cluster; ///< "kafka/event-cluster", as core::Topic has it
    std::string
        namespaceName; ///< of its topics: "kafka://event-cluster-kafka-bootstrap.kafka.svc:9092"
    std::string kubernetesNamespace;
    std::string name; ///< of its object: "event-cluster"
    bool isManaged = false; ///< by an operator's custom resource
    core::LineageGraph::Index node = 0;
};

/// What figures are about: the names that the lineage graph gives to topics, queues, exchanges and
/// jobs. Immutable; any thread.
class Subjects
{
public:
    Subjects();
    Subjects(core::PlatformInputPtr platform, core::LineageGraphPtr graph);

    const core::LineageGraph& graph() const { return *m_graph; }
    const core::PlatformInput& platform() const { return *m_platform; }
    const std::vector<Broker>& brokers() const { return m_brokers; }
    /// By what a person calls it: "kafka/event-cluster" or "event-cluster"; without a text the only
    /// one there is. Null when none or several fit.
    const Broker* broker(std::string_view system, std::string_view cluster) const;
    /// The Kafka cluster that one of these addresses ("host:port") belongs to.
    const Broker* kafkaAt(const std::vector<std::string>& addresses) const;
    /// The id of a Camel K Integration's node, by namespace and name; "" when there is none.
    std::string integration(const std::string& namespaceName, const std::string& name) const;

    static std::string topic(const Broker& broker, std::string_view name);
    static std::string queue(const Broker& broker, std::string_view vhost, std::string_view name);
    static std::string exchange(const Broker& broker, std::string_view vhost,
                                std::string_view name);

private:
    core::PlatformInputPtr m_platform;
    core::LineageGraphPtr m_graph;
    std::vector<Broker> m_brokers;
};

using SubjectsPtr = std::shared_ptr<const Subjects>;

} // namespace gitops
