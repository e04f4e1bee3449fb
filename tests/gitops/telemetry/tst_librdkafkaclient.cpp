// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/librdkafkaclient.h"
#include "tests/gitops/telemetry/mockkafka.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

std::unique_ptr<LibrdkafkaClient> clientFor(const std::string& brokers,
                                            std::map<std::string, std::string> addresses = {},
                                            int milliseconds = 4000)
{
    KafkaConnection connection;
    connection.brokers = brokers;
    connection.addresses = std::move(addresses);
    connection.timeout = std::chrono::milliseconds(milliseconds);
    auto client = LibrdkafkaClient::make(connection);
    return client ? std::move(*client) : nullptr;
}

} // namespace

class TestLibrdkafkaClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (*tests::whyNoLibrdkafka())
            QSKIP(tests::whyNoLibrdkafka());
    }
    void metadataAndEnds()
    {
        tests::MockKafka kafka;
        kafka.create("b.topic_with-all", 2);
        kafka.create("a", 3);
        QVERIFY(kafka.produce("a", 1, 7));
        QVERIFY(kafka.produce("b.topic_with-all", 0, 4));
        const auto client = clientFor(kafka.bootstrap());
        QVERIFY(client);
        const auto metadata = client->metadata();
        QVERIFY2(metadata, metadata ? "" : metadata.error().message.c_str());
        QCOMPARE(metadata->brokers.size(), std::size_t(3));
        QCOMPARE(metadata->topics.size(), std::size_t(2));
        QCOMPARE(metadata->topics[0].name, std::string("a"));
        QCOMPARE(metadata->topics[0].partitions.size(), std::size_t(3));
        QVERIFY(metadata->topics[0].partitions[2].leader > 0);
        client->choose({"a", "b.topic_with-all"}, {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}});
        for (int round = 0; round < 2; ++round) {
            const auto ends = client->endOffsets();
            QVERIFY2(ends, ends ? "" : ends.error().message.c_str());
            QCOMPARE(*ends, (std::vector<std::int64_t> {0, 7, 0, 4, 0}));
        }
        QVERIFY(kafka.produce("a", 0, 3));
        QCOMPARE(client->endOffsets()->front(), std::int64_t(3));
    }

    void nothingChosenAsksNothing()
    {
        const auto client = clientFor("127.0.0.1:1");
        QVERIFY(client);
        QVERIFY(client->endOffsets()->empty());
    }

    void aPartitionThatIsNotThereIsUnknown()
    {
        tests::MockKafka kafka(1);
        kafka.create("a", 1);
        const auto client = clientFor(kafka.bootstrap(), {}, 2000);
        client->choose({"a"}, {{0, 0}, {0, 9}});
        const auto ends = client->endOffsets();
        if (ends)
            QCOMPARE(ends->at(1), KafkaClient::kUnknownOffset);
        else
            QVERIFY(!ends.error().message.empty());
    }

    void aBrokerThatIsAwayIsSaid()
    {
        const auto client = clientFor("127.0.0.1:1", {}, 1500);
        const auto metadata = client->metadata();
        QVERIFY(!metadata);
        QVERIFY(!metadata.error().message.empty());
    }

    void advertisedAddressesAreMapped()
    {
        tests::MockKafka kafka(1);
        kafka.create("a", 1);
        QVERIFY(kafka.produce("a", 0, 5));
        // Nothing has this name: only the map makes it reachable.
        const auto client = clientFor("broker-0.brokers.kafka.svc:9092",
                                      {{"broker-0.brokers.kafka.svc:9092", kafka.bootstrap()}});
        const auto metadata = client->metadata();
        QVERIFY2(metadata, metadata ? "" : metadata.error().message.c_str());
        client->choose({"a"}, {{0, 0}});
        QCOMPARE(client->endOffsets()->front(), std::int64_t(5));
    }

    void aListenerThatIsMissingIsSaid()
    {
        const auto client = clientFor("broker-0.brokers.kafka.invalid:9092", {}, 1500);
        const auto metadata = client->metadata();
        QVERIFY(!metadata);
        QVERIFY2(metadata.error().message.find("broker-0.brokers.kafka.invalid:9092")
                         != std::string::npos
                     && metadata.error().message.find("listener") != std::string::npos,
                 metadata.error().message.c_str());
    }

    void secretsAreInNoMessage()
    {
        KafkaConnection connection;
        connection.brokers = "127.0.0.1:1";
        connection.tls = true;
        connection.keyPem = core::Secret("top-secret-key");
        connection.certificatePem = core::Secret("top-secret-certificate");
        connection.timeout = std::chrono::milliseconds(1000);
        const auto client = LibrdkafkaClient::make(connection);
        const std::string message = client ? [&] {
            const auto m = (*client)->metadata();
            return m ? std::string() : m.error().message;
        }()
                                           : client.error().message;
        QVERIFY(!message.empty());
        QVERIFY2(message.find("top-secret") == std::string::npos, message.c_str());
    }

    void groupsOfAMockAreRefusedNotInvented()
    {
        tests::MockKafka kafka(1);
        kafka.create("a", 1);
        const auto client = clientFor(kafka.bootstrap(), {}, 1500);
        QVERIFY(client->metadata());
        QVERIFY(!client->groups()); // it knows no ListGroups: an error, no empty list
    }
};

WW_TEST_CLASS(TestLibrdkafkaClient)
#include "tst_librdkafkaclient.moc"
