// SPDX-License-Identifier: GPL-3.0-or-later
// What the document of the greenfield platform asks for is in its manifests, as they render.
#include "tests/manifests/facttable.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestGreenfield : public QObject
{
    Q_OBJECT
    tests::PlatformManifests m_manifests {"greenfield"};

    static void dataFacts();
    static void messagingFacts();
    static void observabilityFacts();
    static void meshFacts();
    static void applicationFacts();
private Q_SLOTS:
    void facts_data()
    {
        tests::addFactColumns();
        dataFacts();
        messagingFacts();
        observabilityFacts();
        meshFacts();
        applicationFacts();
    }
    void facts()
    {
        const QString wrong = tests::checkFact(m_manifests);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
    void waves()
    {
        const std::map<std::string, std::string> expected {
            {"sealed-secrets", "0"}, {"istio", "0"},       {"data", "1"},    {"messaging", "1"},
            {"observability", "1"},  {"application", "2"}, {"release", "3"}, {"backup", "3"}};
        for (const char* overlay : {"practice", "local", "production"})
            QCOMPARE(tests::wavesOf(m_manifests, overlay), expected);
    }
    void aReleaseMovesByStages_data()
    {
        QTest::addColumn<QString>("stage");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::newRow("stable") << "stable" << "100" << "";
        QTest::newRow("canary 5") << "canary-5" << "95" << "5";
        QTest::newRow("canary 25") << "canary-25" << "75" << "25";
        QTest::newRow("canary 50") << "canary-50" << "50" << "50";
        QTest::newRow("canary 100") << "canary-100" << "0" << "100";
        QTest::newRow("blue") << "blue" << "100" << "0";
        QTest::newRow("green") << "green" << "0" << "100";
    }
    void aReleaseMovesByStages()
    {
        QFETCH(QString, stage);
        QFETCH(QString, first);
        QFETCH(QString, second);
        const QString folder = "release/overlays/" + stage;
        const auto weight = [&](int route) {
            return QString::fromStdString(
                m_manifests.fact(folder, "VirtualService", "fastapi",
                                 "/spec/http/0/route/" + std::to_string(route) + "/weight"));
        };
        QCOMPARE(weight(0), first);
        QCOMPARE(weight(1), second.isEmpty() ? "<absent>" : second);
        QCOMPARE(tests::countOf(m_manifests, folder, "Deployment"), second.isEmpty() ? 1 : 2);
        QCOMPARE(m_manifests.fact(folder, "DestinationRule", "fastapi", "/spec/subsets/1/name"),
                 std::string(second.isEmpty() ? "<absent>" : "v2"));
    }
    /// "MaxSurge: 1, MaxUnavailable: 0", limits everywhere, nobody is root but istio-init.
    void workloadsAreCareful()
    {
        for (const QString& folder : m_manifests.overlays()) {
            if (folder.startsWith("observability/overlays/production"))
                continue; // disks with one user: Recreate
            const auto rendered = m_manifests.render(folder);
            QVERIFY(rendered);
            for (const core::ManifestPtr& manifest : rendered->manifests) {
                const std::string& kind = manifest->key().kind;
                const std::string& name = manifest->key().name;
                if (kind == "Deployment") {
                    const auto at = [&](const char* field) {
                        return m_manifests.fact(folder, kind, name,
                                                std::string("/spec/strategy/rollingUpdate/")
                                                    + field);
                    };
                    QVERIFY2(at("maxSurge") == "1" && at("maxUnavailable") == "0", name.c_str());
                }
                if (kind != "Deployment" && kind != "StatefulSet")
                    continue;
                const std::string pod =
                    core::toText(*core::findPath(manifest->value(), {"spec", "template", "spec"}));
                QVERIFY2(pod.find("\"runAsNonRoot\":true") != std::string::npos, name.c_str());
                QVERIFY2(pod.find("\"limits\"") != std::string::npos, name.c_str());
                QVERIFY2(name == "kafka"
                             || pod.find("\"readOnlyRootFilesystem\":true") != std::string::npos,
                         name.c_str());
            }
        }
    }
    void credentialsAreSealedOnRealClusters()
    {
        for (const char* part : {"istio", "data", "observability", "application"}) {
            const QString folder = QString(part) + "/overlays/";
            QVERIFY(tests::countOf(m_manifests, folder + "practice", "Secret") > 0);
            QCOMPARE(tests::countOf(m_manifests, folder + "practice", "SealedSecret"), 0);
            for (const char* real : {"local", "production"}) {
                QCOMPARE(tests::countOf(m_manifests, folder + real, "Secret"), 0);
                QCOMPARE(tests::countOf(m_manifests, folder + real, "SealedSecret"),
                         tests::countOf(m_manifests, folder + "practice", "Secret"));
            }
        }
    }
};

void TestGreenfield::dataFacts()
{
    constexpr const char* practice = "data/overlays/practice";
    constexpr const char* size = "/spec/volumeClaimTemplates/0/spec/resources/requests/storage";
    constexpr const char* replicas = "/spec/replicas";
    tests::addFact(practice, "StatefulSet", "redis-master", replicas, "1");
    tests::addFact(practice, "StatefulSet", "redis-replica", replicas, "2");
    tests::addFact(practice, "StatefulSet", "redis-master", size, "1Gi");
    tests::addFact(practice, "StatefulSet", "redis-replica", size, "1Gi");
    for (const char* name : {"postgresql", "mysql", "mongodb"}) {
        tests::addFact(practice, "StatefulSet", name, replicas, "3");
        tests::addFact(practice, "StatefulSet", name, size, "5Gi");
        tests::addFact("data/overlays/production", "StatefulSet", name,
                       "/spec/volumeClaimTemplates/0/spec/storageClassName", "ssd-regional");
        tests::addFact("data/overlays/production", "StatefulSet", name,
                       "/spec/template/metadata/annotations/prometheus.io~1scrape", "true");
    }
    tests::addFact(practice, "StatefulSet", "mongodb",
                   "/spec/volumeClaimTemplates/1/spec/resources/requests/storage", "1Gi");
    tests::addFact(practice, "NetworkPolicy", "default-deny", "/spec/podSelector", "{}");
    tests::addFact("backup/overlays/production", "Schedule", "greenfield-daily", "/spec/schedule",
                   "0 2 * * *");
    tests::addFact("backup/overlays/production", "Schedule", "greenfield-weekly", "/spec/schedule",
                   "0 3 * * 0");
    tests::addFact("backup/overlays/production", "PersistentVolumeClaim", "dumps",
                   "/spec/storageClassName", "ssd");
    for (const char* name : {"pg-dump", "mysqldump", "mongodump"})
        tests::addFact("backup/overlays/practice", "CronJob", name, "/spec/concurrencyPolicy",
                       "Forbid");
}

void TestGreenfield::messagingFacts()
{
    constexpr const char* practice = "messaging/overlays/practice";
    constexpr const char* size = "/spec/volumeClaimTemplates/0/spec/resources/requests/storage";
    tests::addFact(practice, "StatefulSet", "kafka", "/spec/replicas", "3");
    tests::addFact(practice, "StatefulSet", "kafka", size, "10Gi");
    tests::addFact(practice, "StatefulSet", "zookeeper", "/spec/replicas", "3");
    tests::addFact(practice, "StatefulSet", "zookeeper", size, "2Gi");
    constexpr const char* command = "/spec/template/spec/containers/0/command";
    tests::addFact(
        practice, "Job", "test-topic", command,
        "[\"kafka-topics\",\"--bootstrap-server\",\"kafka.messaging.svc.cluster.local:9092\","
        "\"--create\",\"--if-not-exists\",\"--topic\",\"test-topic\",\"--partitions\",\"3\","
        "\"--replication-factor\",\"3\"]");
}

void TestGreenfield::observabilityFacts()
{
    constexpr const char* practice = "observability/overlays/practice";
    tests::addFact(practice, "Deployment", "otel-collector", "/spec/replicas", "2");
    for (const char* name : {"jaeger", "prometheus", "grafana"})
        tests::addFact(practice, "Deployment", name, "/spec/replicas", "1");
    tests::addFact(practice, "Deployment", "prometheus", "/spec/template/spec/volumes/1/emptyDir",
                   "{}");
    tests::addFact("observability/overlays/production", "Deployment", "prometheus",
                   "/spec/template/spec/volumes/1/persistentVolumeClaim/claimName",
                   "prometheus-data");
    tests::addFact("observability/overlays/production", "Deployment", "jaeger",
                   "/spec/template/spec/containers/0/env/1/value", "badger");
}

void TestGreenfield::meshFacts()
{
    constexpr const char* practice = "istio/overlays/practice";
    tests::addFact(practice, "PeerAuthentication", "default", "/spec/mtls/mode", "STRICT");
    tests::addFact(practice, "Gateway", "greenfield-gateway", "/spec/servers/0/port/number", "80");
    tests::addFact(practice, "Gateway", "greenfield-gateway", "/spec/servers/1/port/number", "443");
    tests::addFact("istio/overlays/production", "Gateway", "greenfield-gateway",
                   "/spec/servers/0/tls/httpsRedirect", "true");
    tests::addFact("istio/overlays/local", "Service", "istio-ingressgateway", "/spec/type",
                   "NodePort");
    tests::addFact("sealed-secrets/overlays/practice", "Deployment", "sealed-secrets-controller",
                   "/metadata/namespace", "kube-system");
    tests::addFact("data/overlays/practice", "AuthorizationPolicy", "databases", "/spec/action",
                   "ALLOW");
}

void TestGreenfield::applicationFacts()
{
    constexpr const char* stable = "release/overlays/stable";
    tests::addFact(stable, "Deployment", "fastapi", "/spec/replicas", "2");
    tests::addFact(stable, "Deployment", "fastapi", "/metadata/namespace", "application");
    tests::addFact(stable, "HorizontalPodAutoscaler", "fastapi", "/spec/minReplicas", "2");
    tests::addFact(stable, "HorizontalPodAutoscaler", "fastapi", "/spec/maxReplicas", "3");
    tests::addFact(stable, "VirtualService", "fastapi", "/spec/http/0/retries/attempts", "3");
    tests::addFact(stable, "VirtualService", "fastapi", "/spec/gateways/0",
                   "istio-system/greenfield-gateway");
    tests::addFact(stable, "DestinationRule", "fastapi",
                   "/spec/trafficPolicy/outlierDetection/consecutive5xxErrors", "5");
    tests::addFact(stable, "DestinationRule", "fastapi", "/spec/trafficPolicy/tls/mode",
                   "ISTIO_MUTUAL");
}

WW_TEST_CLASS(TestGreenfield)
#include "tst_greenfield.moc"
