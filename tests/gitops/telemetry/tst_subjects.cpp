// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/subjects.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestSubjects : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesAreThoseOfTheGraph()
    {
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        QCOMPARE(subjects->brokers().size(), std::size_t(2));
        const Broker* kafka = subjects->broker("kafka", "");
        const Broker* rabbit = subjects->broker("rabbitmq", "mq/rabbit");
        QVERIFY(kafka && rabbit);
        QCOMPARE(kafka->cluster, std::string("kafka/events"));
        for (const std::string& id :
             {Subjects::topic(*kafka, "orders"), Subjects::queue(*rabbit, "/", "jobs"),
              Subjects::exchange(*rabbit, "/", "inbox"), subjects->integration("shop", "relay")})
            QVERIFY2(subjects->graph().find(id), id.c_str());
        QCOMPARE(Subjects::queue(*rabbit, "a/b", "x/queue/y"),
                 std::string("rabbitmq://rabbit.mq.svc:5672/a/b/queue/x/queue/y"));
    }

    void aStoreWithoutTopicsHasAnAddress()
    {
        const auto subjects = tests::subjectsOf(
            "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k, namespace: n}\n"
            "spec: {kafka: {listeners: [{name: tls, port: 9093}]}}\n");
        QCOMPARE(subjects->brokers().front().namespaceName,
                 std::string("kafka://k-kafka-bootstrap.n.svc:9093"));
    }

    void brokerByWhatPeopleCallIt()
    {
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        QVERIFY(subjects->broker("kafka", "events"));
        QVERIFY(subjects->broker("kafka", "kafka/events"));
        QVERIFY(!subjects->broker("kafka", "other"));
        QVERIFY(!Subjects().broker("kafka", ""));
        const auto two = tests::subjectsOf(
            "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: a, namespace: n}\n"
            "---\n"
            "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: b, namespace: "
            "n}\n");
        QVERIFY(!two->broker("kafka", "")); // which one is not guessed
        QCOMPARE(two->broker("kafka", "n/b")->name, std::string("b"));
    }

    void kafkaByAddress_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("known");
        QTest::newRow("bootstrap") << "events-kafka-bootstrap.kafka.svc:9092" << true;
        QTest::newRow("with domain")
            << "events-kafka-bootstrap.kafka.svc.cluster.local:9093" << true;
        QTest::newRow("broker of a pool")
            << "events-pool-0.events-kafka-brokers.kafka.svc.cluster.local:9092" << true;
        QTest::newRow("another cluster") << "other-kafka-bootstrap.kafka.svc:9092" << false;
        QTest::newRow("another namespace") << "events-kafka-bootstrap.kafka2.svc:9092" << false;
        QTest::newRow("forwarded") << "localhost:9092" << false;
        QTest::newRow("no port") << "events-kafka-bootstrap.kafka.svc" << true;
        QTest::newRow("empty") << "" << false;
    }

    void kafkaByAddress()
    {
        QFETCH(QString, address);
        QFETCH(bool, known);
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        QCOMPARE(subjects->kafkaAt({"x:1", address.toStdString()}) != nullptr, known);
    }
};

WW_TEST_CLASS(TestSubjects)
#include "tst_subjects.moc"
