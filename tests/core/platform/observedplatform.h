// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/telemetry.h"
#include "tests/core/platform/lineagecase.h"

#include <string>

/// One Kafka cluster, kafka/k: what tests of its live state start from.
namespace observedplatform {

inline const std::string kPlace = "kafka://k-kafka-bootstrap.kafka.svc:9092/";
inline const std::string kOrders = kPlace + "orders";
inline const std::string kSource = "Kafka kafka/k";

inline const std::string kCluster = "apiVersion: kafka.strimzi.io/v1beta2\n"
                                    "kind: Kafka\n"
                                    "metadata: {name: k, namespace: kafka}\n";

inline std::string topic(const std::string& name)
{
    return "---\napiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: " + name
        + ", namespace: kafka, labels: {strimzi.io/cluster: k}}\nspec: {partitions: 3}\n";
}

/// A Deployment shop/NAME that reads a topic.
inline std::string reader(const std::string& name, const std::string& topic)
{
    return "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name
        + ", namespace: shop}\nspec: {template: {spec: {containers: [{name: c, image: w, env: "
          "[{name: INPUT_TOPIC, value: "
        + topic
        + "}, {name: KAFKA_BOOTSTRAP_SERVERS, value: 'k-kafka-bootstrap.kafka.svc:9092'}]}]}}}\n";
}

/// A topic as its broker tells of it.
inline core::ObservedTopic observed(const std::string& name)
{
    core::ObservedTopic out;
    out.subject = kPlace + name;
    out.system = "kafka";
    out.cluster = "kafka/k";
    out.name = name;
    out.partitions = 7;
    out.source = kSource;
    return out;
}

} // namespace observedplatform
