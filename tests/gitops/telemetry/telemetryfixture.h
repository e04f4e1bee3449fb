// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/telemetry/subjects.h"
#include "gitops/telemetry/telemetryreader.h"
#include "tests/core/platform/lineagecase.h"

#include <chrono>
#include <memory>
#include <string>

namespace tests {

/// A Kafka cluster by Strimzi with two topics, a RabbitMQ with a queue and an exchange, and an
/// integration between them.
inline const char* const kTelemetryPlatform =
    "apiVersion: kafka.strimzi.io/v1beta2\n"
    "kind: Kafka\n"
    "metadata: {name: events, namespace: kafka}\n"
    "spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}\n"
    "---\n"
    "apiVersion: kafka.strimzi.io/v1beta2\n"
    "kind: KafkaTopic\n"
    "metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: events}}\n"
    "spec: {partitions: 3}\n"
    "---\n"
    "apiVersion: kafka.strimzi.io/v1beta2\n"
    "kind: KafkaTopic\n"
    "metadata: {name: silent, namespace: kafka, labels: {strimzi.io/cluster: events}}\n"
    "spec: {partitions: 1}\n"
    "---\n"
    "apiVersion: rabbitmq.com/v1beta1\n"
    "kind: RabbitmqCluster\n"
    "metadata: {name: rabbit, namespace: mq}\n"
    "---\n"
    "apiVersion: rabbitmq.com/v1beta1\n"
    "kind: Queue\n"
    "metadata: {name: jobs, namespace: mq}\n"
    "spec: {name: jobs, rabbitmqClusterReference: {name: rabbit}}\n"
    "---\n"
    "apiVersion: rabbitmq.com/v1beta1\n"
    "kind: Exchange\n"
    "metadata: {name: inbox, namespace: mq}\n"
    "spec: {name: inbox, rabbitmqClusterReference: {name: rabbit}}\n"
    "---\n"
    "apiVersion: camel.apache.org/v1\n"
    "kind: Integration\n"
    "metadata: {name: relay, namespace: shop}\n"
    "spec:\n"
    "  flows:\n"
    "  - from:\n"
    "      uri: spring-rabbitmq:inbox\n"
    "      parameters: {queues: jobs, addresses: 'rabbit.mq.svc:5672'}\n"
    "      steps:\n"
    "      - to: {uri: 'kafka:orders', parameters: {brokers: "
    "'events-kafka-bootstrap.kafka.svc:9092'}}\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: reader, namespace: shop}\n"
    "spec: {template: {spec: {containers: [{name: c, image: w, env: [{name: INPUT_TOPIC, value: "
    "orders},"
    " {name: KAFKA_BOOTSTRAP_SERVERS, value: 'events-kafka-bootstrap.kafka.svc:9092'}]}]}}}\n";

inline const std::string kOrders = "kafka://events-kafka-bootstrap.kafka.svc:9092/orders";
inline const std::string kSilent = "kafka://events-kafka-bootstrap.kafka.svc:9092/silent";
inline const std::string kJobs = "rabbitmq://rabbit.mq.svc:5672/%2F/queue/jobs";
inline const std::string kInbox = "rabbitmq://rabbit.mq.svc:5672/%2F/exchange/inbox";
inline const std::string kRelay = "kubernetes://shop/Integration/relay";

inline gitops::SubjectsPtr subjectsOf(std::string_view text)
{
    const auto input = inputOf(manifestsOf(text));
    return std::make_shared<gitops::Subjects>(input, core::makeLineage(*input));
}

inline core::WallTime second(double at)
{
    return core::WallTime {} + std::chrono::hours(24 * 365 * 50)
        + std::chrono::duration_cast<core::WallTime::duration>(std::chrono::duration<double>(at));
}

/// The figure of a key among measurements, or nullptr.
inline const gitops::Measurement* figureOf(const gitops::Reading& reading,
                                           const std::string& subject, core::Measure measure,
                                           const std::string& part = {})
{
    const core::SeriesKey key {subject, measure, part};
    const auto found = std::ranges::find(reading.measurements, key, &gitops::Measurement::key);
    return found == reading.measurements.end() ? nullptr : &*found;
}

} // namespace tests
