// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/threadexecutor.h"
#include "gitops/telemetry/connectkafka.h"
#include "gitops/telemetry/kafkareader.h"
#include "tests/gitops/telemetry/fakekafka.h"
#include "tests/gitops/telemetry/mockkafka.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;
using namespace std::chrono_literals;

class TestKafkaReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (*tests::whyNoLibrdkafka())
            QSKIP(tests::whyNoLibrdkafka());
    }
    /// librdkafka's mock brokers, a producer of a known rate, and what we make of it.
    void rateOfARealProducer()
    {
        tests::MockKafka kafka;
        kafka.create("orders", 3);
        KafkaAccess access;
        access.brokers = kafka.bootstrap();
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        KafkaReader reader(
            access, [access] { return connectKafka(access, nullptr); }, pool, executor.clock());
        QCOMPARE(reader.name(), "Kafka " + access.brokers);
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        Reading reading;
        const auto look = [&] {
            executor.advance(5s);
            reader.read(subjects, [&](Reading made) { reading = std::move(made); });
            executor.runUntilIdle();
        };
        look();
        QVERIFY2(reading.state == core::TelemetrySource::State::Waiting, reading.message.c_str());
        for (int partition = 0; partition < 3; ++partition)
            QVERIFY(kafka.produce("orders", partition, 100));
        look();
        const Measurement* rate = tests::figureOf(reading, tests::kOrders, Measure::RecordsIn);
        QVERIFY(rate);
        QCOMPARE(rate->value, 60.0); // 300 in 5 s
        QCOMPARE(reading.topics.front().partitions, std::optional<std::int64_t>(3));
    }

    void aNewConnectionAfterAFailure()
    {
        tests::ManualExecutor executor;
        tests::ManualWorkPool pool(executor);
        int made = 0;
        bool fails = true;
        KafkaReader reader(
            {.brokers = "x:1"},
            [&]() -> core::Result<std::unique_ptr<KafkaClient>> {
                ++made;
                auto fake = std::make_unique<tests::FakeKafka>();
                fake->topics["orders"].resize(1);
                if (fails)
                    fake->failure = core::Error {core::ErrorCode::Network, "away"};
                return fake;
            },
            pool, executor.clock());
        std::vector<std::string> messages;
        for (int i = 0; i < 4; ++i) {
            fails = i < 2;
            reader.read(std::make_shared<Subjects>(),
                        [&](Reading reading) { messages.push_back(reading.message); });
            executor.runUntilIdle();
            executor.advance(5s);
        }
        QCOMPARE(made, 3); // two that failed, and one that stays
        QCOMPARE(messages[1], std::string("away"));
        QCOMPARE(messages[2], std::string("a rate needs a second look"));
    }

    void filesThatAreMissingAreSaid()
    {
        const auto client =
            connectKafka({.brokers = "x:1", .tls = true, .caFile = "/nowhere/ca.crt"}, nullptr);
        QVERIFY(!client);
        QVERIFY(client.error().text().find("/nowhere/ca.crt") != std::string::npos);
        KafkaAccess secret;
        secret.brokers = "x:1";
        secret.secret = "kafka/user";
        QVERIFY(!connectKafka(secret, nullptr));
    }
};

WW_TEST_CLASS(TestKafkaReader)
#include "tst_kafkareader.moc"
