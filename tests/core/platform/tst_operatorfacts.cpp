// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/objectfacts.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

ObjectFacts factsOf(const char* text)
{
    const Json value = parseYaml(text, "object.yaml").value();
    return readObjectFacts(objectKeyOf(value), value);
}

QString servicesOf(const ObjectFacts& facts)
{
    QStringList out;
    for (const ServiceFacts& service : facts.services) {
        QString text = QString::fromStdString(service.name);
        for (const ServicePort& port : service.ports)
            text += QString(":%1").arg(port.port);
        out << text;
    }
    return out.join(' ');
}

} // namespace

class TestOperatorFacts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kafka()
    {
        const ObjectFacts facts = factsOf(
            "apiVersion: kafka.strimzi.io/v1beta2\n"
            "kind: Kafka\n"
            "metadata: {name: c, namespace: kafka}\n"
            "spec:\n"
            "  kafka:\n"
            "    replicas: 3\n"
            "    listeners:\n"
            "      - {name: plain, port: 9092, type: internal, tls: false}\n"
            "      - {name: tls, port: 9093, type: internal, tls: true, authentication: {type: "
            "tls}}\n"
            "      - {name: external, port: 9094, type: nodeport, tls: false, configuration: "
            "{bootstrap: {nodePort: 30092}}}\n"
            "    storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 10Gi}]}\n"
            "    resources: {requests: {cpu: 500m}}\n"
            "  zookeeper: {replicas: 3, storage: {type: persistent-claim, size: 5Gi}}\n");
        QCOMPARE(servicesOf(facts),
                 QString("c-kafka-external-bootstrap:9094 c-kafka-bootstrap:9091:9092:9093:9094 "
                         "c-kafka-brokers:9091:9092:9093:9094 c-zookeeper-client:2181"));
        QCOMPARE(facts.services[0].ports[0].nodePort, 30092);
        QCOMPARE(facts.pods.size(), std::size_t(2));
        QCOMPARE(facts.pods[0].labels.at("strimzi.io/name"), std::string("c-kafka"));
        QCOMPARE(facts.pods[0].count, std::int64_t(3));
        QCOMPARE(facts.listeners.size(), std::size_t(3));
        QVERIFY(facts.listeners[1].tls && facts.listeners[1].authenticated);
        QCOMPARE(facts.claims, std::int64_t(6));
        QCOMPARE(needFor(facts.need, "requests.storage").canonical(), std::string("45Gi"));
        QCOMPARE(needFor(podNeed(facts.pods[0], {}), "requests.cpu").canonical(),
                 std::string("500m"));
    }
    void rabbit()
    {
        const ObjectFacts facts = factsOf(
            "apiVersion: rabbitmq.com/v1beta1\n"
            "kind: RabbitmqCluster\n"
            "metadata: {name: r, namespace: rabbitmq}\n"
            "spec:\n"
            "  replicas: 3\n"
            "  rabbitmq: {additionalConfig: \"default_user = guest\\ndefault_pass = guest\\n\"}\n");
        QCOMPARE(servicesOf(facts), QString("r:5672:15672:15692"));
        QCOMPARE(facts.weak.size(), std::size_t(1));
        QCOMPARE(facts.weak[0].what, std::string("default_pass"));
        QCOMPARE(facts.pods[0].count, std::int64_t(3));
    }
    void integration()
    {
        const ObjectFacts facts = factsOf(
            "apiVersion: camel.apache.org/v1\n"
            "kind: Integration\n"
            "metadata: {name: i, namespace: user-a}\n"
            "spec:\n"
            "  replicas: 2\n"
            "  flows: [{from: {uri: \"kafka:events?brokers=c-kafka-bootstrap.kafka:9092\"}}]\n"
            "  traits: {container: {requestCPU: 200m, limitMemory: 512Mi}}\n");
        QCOMPARE(facts.pods[0].labels.at("camel.apache.org/integration"), std::string("i"));
        QCOMPARE(facts.pods[0].endpoints.at(0).endpoint.host,
                 std::string("c-kafka-bootstrap.kafka"));
        QCOMPARE(facts.pods[0].endpoints.at(0).pointer, std::string("/spec/flows"));
        QCOMPARE(needFor(podNeed(facts.pods[0], {}), "limits.memory").canonical(),
                 std::string("512Mi"));
    }
    void spark()
    {
        const ObjectFacts facts = factsOf(
            "apiVersion: sparkoperator.k8s.io/v1beta2\n"
            "kind: SparkApplication\n"
            "metadata: {name: s, namespace: processing}\n"
            "spec:\n"
            "  sparkConf: {spark.hadoop.fs.s3a.endpoint: \"http://minio.deepstorage:9000\"}\n"
            "  driver: {cores: 1, memory: 1g, serviceAccount: spark}\n"
            "  executor: {instances: 2, cores: 1, memory: 1024m}\n");
        QCOMPARE(facts.pods.size(), std::size_t(2));
        QCOMPARE(facts.pods[1].count, std::int64_t(2));
        QCOMPARE(facts.pods[0].serviceAccount, std::string("spark"));
        QCOMPARE(facts.pods[0].endpoints.at(0).endpoint.host, std::string("minio.deepstorage"));
        QCOMPARE(needFor(podNeed(facts.pods[1], {}), "requests.memory").canonical(),
                 std::string("1Gi"));
    }
    void strangeShapes()
    {
        for (const char* text :
             {"{apiVersion: kafka.strimzi.io/v1beta2, kind: Kafka, metadata: {name: a, namespace: "
              "b}, spec: 3}",
              "{apiVersion: kafka.strimzi.io/v1beta2, kind: Kafka, metadata: {name: a, namespace: "
              "b}, spec: {kafka: {listeners: [3, {port: x}], storage: [1]}}}",
              "{apiVersion: rabbitmq.com/v1beta1, kind: RabbitmqCluster, metadata: {name: a, "
              "namespace: b}, spec: {rabbitmq: {additionalConfig: [1]}}}",
              "{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, metadata: {name: "
              "a, namespace: b}, spec: {sparkConf: {a: 3}, driver: {env: [3]}}}"})
            QVERIFY(factsOf(text).weak.empty());
    }
    /// Reflector reads the Secret that comes out of it.
    void mirrorsOfASealedSecret()
    {
        const ObjectFacts facts =
            factsOf("apiVersion: bitnami.com/v1alpha1\n"
                    "kind: SealedSecret\n"
                    "metadata: {name: s, namespace: a}\n"
                    "spec:\n"
                    "  template:\n"
                    "    metadata:\n"
                    "      annotations:\n"
                    "        reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: 'b,c'\n");
        QCOMPARE(facts.mirroredTo, (std::vector<std::string> {"b", "c"}));
    }
    void mirrorsAndAcceptedFindings()
    {
        const ObjectFacts facts =
            factsOf("apiVersion: v1\n"
                    "kind: Secret\n"
                    "metadata:\n"
                    "  name: s\n"
                    "  namespace: a\n"
                    "  annotations:\n"
                    "    reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: \"b, c\"\n"
                    "    wavewright.dev/accept: 'default-credentials: a demo'\n"
                    "stringData: {password: minioadmin}\n"
                    "data: {PASSWORD: Z3Vlc3Q=, other: Z3Vlc3Q=}\n");
        QCOMPARE(facts.mirroredTo, (std::vector<std::string> {"b", "c"}));
        QCOMPARE(facts.accepted,
                 (std::map<std::string, std::string> {{"default-credentials", "a demo"}}));
        QCOMPARE(facts.weak.size(), std::size_t(2));
    }
};

WW_TEST_CLASS(TestOperatorFacts)
#include "tst_operatorfacts.moc"
