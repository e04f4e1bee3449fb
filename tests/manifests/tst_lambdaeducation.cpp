// SPDX-License-Identifier: GPL-3.0-or-later
// What the document of the lambda architecture asks for is in its manifests, as they render.
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::PlatformManifests;

namespace {

void kafkaFacts()
{
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster", "/spec/kafka/replicas",
                   "3");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/0/port", "9092");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/1/port", "9093");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/1/tls", "true");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/2/port", "9094");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/2/type", "nodeport");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/listeners/2/configuration/bootstrap/nodePort", "30092");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/config/log.retention.hours", "168");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/resources/requests/cpu", "500m");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster",
                   "/spec/kafka/resources/requests/memory", "1Gi");
    tests::addFact("kafka/overlays/practice", "Kafka", "kafka-cluster", "/metadata/namespace",
                   "kafka");
}

void minioFacts()
{
    tests::addFact("minio/overlays/practice", "Deployment", "minio", "/metadata/namespace",
                   "minio");
    tests::addFact("minio/overlays/practice", "Deployment", "minio", "/spec/replicas", "1");
    tests::addFact("minio/overlays/practice", "Service", "minio", "/spec/ports/0/port", "9000");
    tests::addFact("minio/overlays/practice", "Service", "minio", "/spec/ports/0/nodePort",
                   "30900");
    tests::addFact("minio/overlays/practice", "Service", "minio", "/spec/ports/1/port", "9001");
    tests::addFact("minio/overlays/practice", "Service", "minio", "/spec/ports/1/nodePort",
                   "30901");
    tests::addFact("minio/overlays/practice", "Deployment", "minio",
                   "/spec/template/spec/containers/0/livenessProbe/httpGet/path",
                   "/minio/health/live");
    tests::addFact("minio/overlays/practice", "Deployment", "minio",
                   "/spec/template/spec/containers/0/resources/requests/cpu", "500m");
    tests::addFact("minio/overlays/practice", "Deployment", "minio",
                   "/spec/template/spec/containers/0/resources/requests/memory", "512Mi");
    tests::addFact("minio/overlays/practice", "Secret", "minio-credentials",
                   "/stringData/access-key", "minioadmin");
}

void cassandraFacts()
{
    tests::addFact("cassandra/overlays/practice", "StatefulSet", "cassandra", "/metadata/namespace",
                   "default");
    tests::addFact("cassandra/overlays/practice", "StatefulSet", "cassandra", "/spec/replicas",
                   "1");
    tests::addFact("cassandra/overlays/practice", "Service", "cassandra", "/spec/ports/0/port",
                   "9042");
    tests::addFact("cassandra/overlays/practice", "StatefulSet", "cassandra",
                   "/spec/template/spec/containers/0/resources/requests/cpu", "1");
    tests::addFact("cassandra/overlays/practice", "StatefulSet", "cassandra",
                   "/spec/template/spec/containers/0/resources/requests/memory", "2Gi");
    tests::addFact("cassandra/overlays/practice", "StatefulSet", "cassandra",
                   "/spec/template/spec/containers/0/readinessProbe/exec/command",
                   "[\"cqlsh\",\"-e\",\"DESCRIBE KEYSPACES;\"]");
}

void sparkFacts()
{
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/spec/driver/cores", "1");
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/spec/driver/memory", "1g");
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/spec/executor/instances", "2");
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/spec/executor/cores", "1");
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/spec/executor/memory", "1g");
    tests::addFact("ingestion/overlays/practice", "SparkApplication", "ingestion",
                   "/metadata/namespace", "spark");
}

void layerFacts()
{
    tests::addFact("speed-layer/overlays/practice", "Deployment", "speed-layer",
                   "/spec/template/spec/containers/0/resources/requests/cpu", "1");
    tests::addFact("speed-layer/overlays/practice", "Deployment", "speed-layer",
                   "/spec/template/spec/containers/0/resources/requests/memory", "1Gi");
    tests::addFact("serving-layer/overlays/practice", "Service", "serving-layer",
                   "/spec/ports/0/port", "8501");
    tests::addFact("serving-layer/overlays/practice", "Service", "serving-layer",
                   "/spec/ports/0/nodePort", "30001");
    tests::addFact("serving-layer/overlays/practice", "Service", "serving-layer",
                   "/spec/ports/1/port", "8000");
    tests::addFact("serving-layer/overlays/practice", "Service", "serving-layer",
                   "/spec/ports/1/nodePort", "30002");
    tests::addFact("serving-layer/overlays/practice", "Deployment", "serving-layer",
                   "/spec/template/spec/containers/1/readinessProbe/httpGet/path", "/");
}

/// "Production recommendations" of the document.
void productionFacts()
{
    const char* kafka = "kafka/overlays/production";
    for (const char* listener : {"0", "1", "2"})
        tests::addFact(
            kafka, "Kafka", "kafka-cluster",
            qPrintable(QString("/spec/kafka/listeners/%1/authentication/type").arg(listener)),
            "scram-sha-512");
    tests::addFact(kafka, "Kafka", "kafka-cluster", "/spec/kafka/listeners/2/tls", "true");
    tests::addFact(kafka, "Kafka", "kafka-cluster", "/spec/kafka/authorization/type", "simple");
    for (const char* user : {"producer", "speed-layer", "ingestion"})
        tests::addFact(kafka, "KafkaUser", user, "/spec/authentication/type", "scram-sha-512");
    tests::addFact("minio/overlays/production", "Service", "minio", "/spec/type", "ClusterIP");
    tests::addFact("minio/overlays/production", "Service", "minio", "/spec/ports/0/nodePort",
                   "<absent>");
    tests::addFact("minio/overlays/production", "Job", "minio-users", "/metadata/namespace",
                   "minio");
    tests::addFact("minio/overlays/production", "CronJob", "minio-backup", "/metadata/namespace",
                   "minio");
    tests::addFact("cassandra/overlays/production", "CronJob", "cassandra-backup",
                   "/metadata/namespace", "default");
    tests::addFact("serving-layer/overlays/production", "Service", "serving-layer", "/spec/type",
                   "ClusterIP");
    tests::addFact("serving-layer/overlays/production", "Ingress", "serving-layer",
                   "/spec/tls/0/secretName", "serving-layer-tls");
    for (const auto& [component, name] :
         {std::pair {"strimzi", "kafka"}, std::pair {"minio", "minio"},
          std::pair {"spark-operator", "spark"}})
        tests::addFact(qPrintable(QString("%1/overlays/production").arg(component)), "Namespace",
                       name, "/metadata/labels/pod-security.kubernetes.io~1enforce", "baseline");
    for (const auto& [component, policy] :
         {std::pair {"minio", "minio"}, std::pair {"cassandra", "cassandra"},
          std::pair {"ingestion", "ingestion"}, std::pair {"serving-layer", "serving-layer"}})
        tests::addFact(qPrintable(QString("%1/overlays/production").arg(component)),
                       "NetworkPolicy", policy, "/spec/policyTypes/0", "Ingress");
}

} // namespace

class TestLambdaEducation : public QObject
{
    Q_OBJECT
    PlatformManifests m_platform {"lambda-education"};

private Q_SLOTS:
    void isAsTheDocumentHasIt_data()
    {
        tests::addFactColumns();
        kafkaFacts();
        minioFacts();
        cassandraFacts();
        sparkFacts();
        layerFacts();
        productionFacts();
    }
    void isAsTheDocumentHasIt()
    {
        const QString wrong = tests::checkFact(m_platform);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    /// In production no client goes to a listener that is open.
    void clientsSayWhoTheyAreInProduction()
    {
        for (const char* name : {"producer", "speed-layer"}) {
            const std::string text = core::toText(
                m_platform.object(QString(name) + "/overlays/production", "Deployment", name));
            for (const char* part : {"kafka-cluster-kafka-bootstrap.kafka.svc:9093", "SASL_SSL",
                                     "/kafka-client/ca.crt"})
                QVERIFY2(text.find(part) != std::string::npos, part);
            QVERIFY(text.find(":9092") == std::string::npos);
        }
        const std::string job = core::toText(
            m_platform.object("ingestion/overlays/production", "SparkApplication", "ingestion"));
        QVERIFY(job.find(":9093") != std::string::npos && job.find(":9092") == std::string::npos);
    }
    void wavesFollowTheDeploymentCommands()
    {
        const std::map<std::string, std::string> waves {
            {"sealed-secrets", "0"}, {"strimzi", "0"},       {"kafka", "1"},
            {"minio", "2"},          {"cassandra", "3"},     {"spark-operator", "4"},
            {"ingestion", "5"},      {"producer", "5"},      {"speed-layer", "5"},
            {"batch-layer", "5"},    {"serving-layer", "6"},
        };
        for (const QString& environment : m_platform.environments()) {
            QCOMPARE(tests::wavesOf(m_platform, environment), waves);
            for (const auto& child : m_platform.children(environment))
                QVERIFY(child.path.endsWith("/overlays/" + environment));
        }
    }
    void sixTopicsThatKeepSevenDays_data()
    {
        QTest::addColumn<QString>("topic");
        for (const char* name :
             {"auth", "assessment", "video", "course", "profile", "notification"})
            QTest::newRow(name) << name;
    }
    void sixTopicsThatKeepSevenDays()
    {
        QFETCH(QString, topic);
        const std::string name = topic.toStdString() + "-topic";
        const core::Json object = m_platform.object("kafka/overlays/practice", "KafkaTopic", name);
        QCOMPARE(tests::textAt(object, "/spec/topicName"), topic.toStdString() + "_topic");
        QCOMPARE(tests::textAt(object, "/spec/config/retention.ms"), std::string("604800000"));
        QCOMPARE(tests::textAt(object, "/metadata/labels/strimzi.io~1cluster"),
                 std::string("kafka-cluster"));
    }
    void bucketsPrefixesAndTablesAreMade()
    {
        const std::string buckets = m_platform.fact("minio/overlays/practice", "ConfigMap",
                                                    "minio-buckets", "/data/create.sh");
        QVERIFY(buckets.find("mc mb --ignore-existing minio/spark-data\n") != std::string::npos);
        QVERIFY(buckets.find("auth assessments videos courses profiles notifications")
                != std::string::npos);
        const std::string schema = m_platform.fact("cassandra/overlays/practice", "ConfigMap",
                                                   "cassandra-schema", "/data/schema.cql");
        for (const char* part :
             {"education_platform", "'SimpleStrategy', 'replication_factor': 1",
              "batch_event_counts", "realtime_event_counts", "default_time_to_live = 1800"})
            QVERIFY2(schema.find(part) != std::string::npos, part);
    }
    /// The table has one row for the two containers of the serving layer.
    void theServingLayersContainersShareItsRow()
    {
        int cpu = 0;
        int memory = 0;
        for (const char* container : {"0", "1"}) {
            const std::string requests =
                std::string("/spec/template/spec/containers/") + container + "/resources/requests/";
            const auto number = [&](const char* what, const char* unit) {
                QString text = QString::fromStdString(
                    m_platform.fact("serving-layer/overlays/practice", "Deployment",
                                    "serving-layer", requests + what));
                return text.endsWith(unit) ? text.chopped(int(qstrlen(unit))).toInt() : -1'000'000;
            };
            cpu += number("cpu", "m");
            memory += number("memory", "Mi");
        }
        QCOMPARE(cpu, 500);
        QCOMPARE(memory, 512);
    }
    void credentialsOfRealClustersAreSealed_data()
    {
        QTest::addColumn<QString>("folder");
        for (const QString& folder : m_platform.overlays())
            if (!folder.startsWith("apps/"))
                QTest::newRow(qPrintable(folder)) << folder;
    }
    void credentialsOfRealClustersAreSealed()
    {
        QFETCH(QString, folder);
        const auto rendered = m_platform.render(folder);
        QVERIFY(rendered);
        for (const core::ManifestPtr& manifest : rendered->manifests)
            QVERIFY2(folder.endsWith("/practice") ? manifest->key().kind != "SealedSecret"
                                                  : manifest->key().kind != "Secret",
                     manifest->key().text().c_str());
    }
};

WW_TEST_CLASS(TestLambdaEducation)
#include "tst_lambdaeducation.moc"
