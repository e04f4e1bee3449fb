// SPDX-License-Identifier: GPL-3.0-or-later
// What the platform's document asks for is in its manifests, as they render.
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <map>

namespace {

core::Json objectIn(const QString& folder, const std::string& kind, const std::string& name)
{
    static tests::PlatformManifests manifests("event-driven");
    return manifests.object(folder, kind, name);
}

} // namespace

class TestEventDriven : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wavesOfTheApplications()
    {
        const std::map<std::string, std::string> expected {
            {"argocd", "0"},     {"operators", "0"},   {"kafka", "1"},      {"rabbitmq", "1"},
            {"camelk", "1"},     {"backstage", "2"},   {"user-alice", "3"}, {"user-bob", "3"},
            {"user-carol", "3"}, {"integrations", "2"}};
        QCOMPARE(tests::wavesOf(tests::PlatformManifests("event-driven"), "practice"), expected);
    }
    void kafka()
    {
        const core::Json kafka = objectIn("kafka/overlays/practice", "Kafka", "event-cluster");
        QCOMPARE(core::integerAt(kafka, {"spec", "kafka", "replicas"}, 0), 3);
        QCOMPARE(core::integerAt(kafka, {"spec", "zookeeper", "replicas"}, 0), 3);
        QVERIFY(core::toText(kafka).find("\"size\":\"10Gi\"") != std::string::npos);
        for (const auto& [name, partitions] :
             std::map<std::string, int> {{"events", 6}, {"commands", 3}, {"notifications", 3}}) {
            const core::Json topic = objectIn("kafka/overlays/practice", "KafkaTopic", name);
            QCOMPARE(core::integerAt(topic, {"spec", "partitions"}, 0), partitions);
            QCOMPARE(core::integerAt(topic, {"spec", "replicas"}, 0), 2);
        }
    }
    void operatorsWatchWhatTheyShould()
    {
        const auto environment = [](const char* deployment) {
            return core::toText(objectIn("operators/overlays/practice", "Deployment", deployment));
        };
        QVERIFY(environment("strimzi-cluster-operator")
                    .find("{\"name\":\"STRIMZI_NAMESPACE\",\"value\":\"kafka\"}")
                != std::string::npos);
        QVERIFY(environment("rabbitmq-cluster-operator")
                    .find("{\"name\":\"OPERATOR_SCOPE_NAMESPACE\",\"value\":\"rabbitmq\"}")
                != std::string::npos);
        QVERIFY(
            environment("camel-k-operator").find("{\"name\":\"WATCH_NAMESPACE\",\"value\":\"\"}")
            != std::string::npos);
    }
    void rabbitMq()
    {
        const core::Json cluster =
            objectIn("rabbitmq/overlays/practice", "RabbitmqCluster", "rabbitmq-cluster");
        QCOMPARE(core::integerAt(cluster, {"spec", "replicas"}, 0), 3);
        QCOMPARE(core::stringAt(cluster, {"spec", "persistence", "storage"}),
                 std::string_view("10Gi"));
        QCOMPARE(core::toText(*core::findPath(cluster, {"spec", "rabbitmq", "additionalPlugins"})),
                 std::string("[\"rabbitmq_federation\",\"rabbitmq_shovel\",\"rabbitmq_stream\"]"));
    }
    /// "All queues replicated": quorum queues, bound to exchanges of the same cluster.
    void queuesAreQuorumQueues()
    {
        for (const char* name : {"notifications", "webhooks"}) {
            const char* folder = "rabbitmq/overlays/practice";
            QCOMPARE(core::stringAt(objectIn(folder, "Queue", name), {"spec", "type"}),
                     std::string_view("quorum"));
            const core::Json binding = objectIn(folder, "Binding", name);
            QCOMPARE(core::stringAt(binding, {"spec", "source"}), std::string_view(name));
            QCOMPARE(core::stringAt(binding, {"spec", "destination"}), std::string_view(name));
            for (const char* kind : {"Exchange", "Queue", "Binding"})
                QCOMPARE(core::stringAt(objectIn(folder, kind, name),
                                        {"spec", "rabbitmqClusterReference", "name"}),
                         std::string_view("rabbitmq-cluster"));
        }
    }
    void dataFlowPatterns_data();
    void dataFlowPatterns()
    {
        QFETCH(QString, folder);
        QFETCH(QString, integration);
        QFETCH(QString, from);
        QFETCH(QString, to);
        const QString text = QString::fromStdString(
            core::toText(objectIn(folder, "Integration", integration.toStdString())));
        QVERIFY2(text.contains(from), qPrintable(text));
        QVERIFY2(text.contains(to), qPrintable(text));
        if (folder.startsWith("users")) {
            QVERIFY2(text.contains("\"serviceAccountName\":\"user-sa\""), qPrintable(text));
        }
    }
    void credentialsAreSealedOnRealClusters()
    {
        const tests::PlatformManifests manifests("event-driven");
        for (const char* part : {"backstage", "integrations"})
            for (const auto& [overlay, sealed] :
                 std::map<QString, int> {{"practice", 0}, {"local", 1}}) {
                const QString folder = QString(part) + "/overlays/" + overlay;
                QCOMPARE(tests::countOf(manifests, folder, "Secret"), 1 - sealed);
                QCOMPARE(tests::countOf(manifests, folder, "SealedSecret"), sealed);
            }
    }
    void productionIsAsTheChecklistAsks_data();
    void productionIsAsTheChecklistAsks()
    {
        static const tests::PlatformManifests manifests("event-driven");
        const QString wrong = tests::checkFact(manifests);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    void productionLeavesNoDefaultCredentials()
    {
        const tests::PlatformManifests manifests("event-driven");
        const auto rendered = manifests.render("rabbitmq/overlays/production");
        QVERIFY(rendered);
        QCOMPARE(rendered->yaml.find("guest"), std::string::npos);
        for (const auto& child : manifests.children("production"))
            QCOMPARE(tests::countOf(manifests, child.path, "Secret"), 0);
    }
    void aUsersNamespace()
    {
        const core::Json quota = objectIn("users/overlays/alice", "ResourceQuota", "user-quota");
        QCOMPARE(core::toCanonicalText(*core::findPath(quota, {"spec", "hard"})),
                 std::string("{\"limits.cpu\":\"8\",\"limits.memory\":\"16Gi\","
                             "\"persistentvolumeclaims\":\"10\",\"pods\":\"20\",\"requests.cpu\":"
                             "\"4\",\"requests.memory\":\"8Gi\",\"services\":\"10\"}"));
        QCOMPARE(core::stringAt(quota, {"metadata", "namespace"}), std::string_view("user-alice"));
        const std::string limits =
            core::toText(objectIn("users/overlays/alice", "LimitRange", "user-limits"));
        for (const char* word : {"200m", "500m", "256Mi", "512Mi"})
            QVERIFY2(limits.find(word) != std::string::npos, word);
        QVERIFY(!objectIn("users/overlays/alice", "IntegrationPlatform", "camel-k").is_null());
        QVERIFY(!objectIn("users/overlays/alice", "ServiceAccount", "user-sa").is_null());
    }
    void nodePortsOfTheLocalOverlays()
    {
        QVERIFY(core::toText(objectIn("kafka/overlays/local", "Kafka", "event-cluster"))
                    .find("\"nodePort\":30000")
                != std::string::npos);
        QVERIFY(core::toText(objectIn("rabbitmq/overlays/local", "Service", "rabbitmq-ui"))
                    .find("\"nodePort\":30001")
                != std::string::npos);
        QVERIFY(core::toText(objectIn("backstage/overlays/local", "Service", "backstage"))
                    .find("\"nodePort\":30002")
                != std::string::npos);
    }
};

void TestEventDriven::dataFlowPatterns_data()
{
    for (const char* column : {"folder", "integration", "from", "to"})
        QTest::addColumn<QString>(column);
    const QString shared = "integrations/overlays/practice";
    QTest::newRow("1 event sourcing, producer")
        << "users/overlays/alice" << "event-producer" << "timer:" << "kafka:events";
    QTest::newRow("1 event sourcing, consumer")
        << "users/overlays/alice" << "event-sourcing" << "kafka:commands" << "kafka:notifications";
    QTest::newRow("2 bridge, out") << shared << "kafka-to-rabbitmq" << "kafka:notifications"
                                   << "spring-rabbitmq:notifications";
    QTest::newRow("2 bridge, in") << shared << "rabbitmq-to-kafka"
                                  << "queues=webhooks" << "kafka:events";
    QTest::newRow("2 bridge, reader") << shared << "notification-log"
                                      << "spring-rabbitmq:notifications" << "log";
    QTest::newRow("3 webhook, Kafka")
        << "users/overlays/bob" << "webhook" << "platform-http:/events" << "kafka:events";
    QTest::newRow("3 webhook, RabbitMQ") << shared << "webhook-to-rabbitmq"
                                         << "platform-http:/webhooks" << "spring-rabbitmq:webhooks";
    QTest::newRow("4 transformation")
        << "users/overlays/carol" << "transformer" << "kafka:events" << "kafka:commands";
}

void TestEventDriven::productionIsAsTheChecklistAsks_data()
{
    tests::addFactColumns();
    constexpr const char* kafka = "kafka/overlays/production";
    tests::addFact(kafka, "Kafka", "event-cluster", "/spec/kafka/listeners/0/port", "9093");
    tests::addFact(kafka, "Kafka", "event-cluster", "/spec/kafka/listeners/1", "<absent>");
    tests::addFact(kafka, "Kafka", "event-cluster", "/spec/kafka/listeners/0/authentication/type",
                   "scram-sha-512");
    tests::addFact(kafka, "Kafka", "event-cluster", "/spec/kafka/authorization/type", "simple");
    for (const char* user : {"alice", "bob", "carol", "bridge"})
        tests::addFact(kafka, "KafkaUser", user,
                       "/spec/authentication/password/valueFrom/secretKeyRef/key", user);
    tests::addFact("rabbitmq/overlays/production", "RabbitmqCluster", "rabbitmq-cluster",
                   "/spec/tls/secretName", "rabbitmq-tls");
    tests::addFact("backstage/overlays/production", "Ingress", "backstage",
                   "/spec/tls/0/secretName", "backstage-tls");
    tests::addFact("argocd/overlays/production", "ConfigMap", "argocd-cmd-params-cm",
                   "/data/server.insecure", "false");
    for (const auto& [folder, integration] : std::map<const char*, const char*> {
             {"users/overlays/production-alice", "event-sourcing"},
             {"users/overlays/production-bob", "webhook"},
             {"users/overlays/production-carol", "transformer"},
             {"integrations/overlays/production", "kafka-to-rabbitmq"}})
        tests::addFact(folder, "Integration", integration, "/spec/traits/camel/properties/0",
                       "kafka.brokers=event-cluster-kafka-bootstrap.kafka.svc.cluster.local:9093");
    for (const char* user : {"alice", "bob", "carol"}) {
        const std::string folder = std::string("users/overlays/production-") + user;
        const std::string space = std::string("user-") + user;
        tests::addFact(folder.c_str(), "Namespace", space.c_str(),
                       "/metadata/labels/pod-security.kubernetes.io~1enforce", "baseline");
    }
    tests::addFact("monitoring/overlays/production", "Deployment", "prometheus",
                   "/spec/template/spec/volumes/1/persistentVolumeClaim/claimName",
                   "prometheus-data");
    for (const char* name : {"pg-dump", "rabbitmq-definitions"})
        tests::addFact("backup/overlays/production", "CronJob", name, "/spec/concurrencyPolicy",
                       "Forbid");
}

WW_TEST_CLASS(TestEventDriven)
#include "tst_eventdriven.moc"
