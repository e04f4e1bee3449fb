// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkasampler.h"
#include "tests/gitops/telemetry/fakekafka.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::Measure;
using namespace std::chrono_literals;

namespace {

/// A cluster, the time, and who samples it.
struct Bench
{
    tests::ManualExecutor executor;
    tests::FakeKafka kafka;
    SubjectsPtr subjects = tests::subjectsOf(tests::kTelemetryPlatform);
    KafkaSampler sampler;

    explicit Bench(KafkaSampler::Options options = {})
        : sampler(std::move(options), executor.clock())
    {
        kafka.topics["orders"].resize(3);
    }
    Reading look(std::chrono::seconds after = 5s)
    {
        executor.advance(after);
        return sampler.sample(kafka, *subjects);
    }
    std::vector<tests::FakeKafka::Partition>& orders() { return kafka.topics["orders"]; }
    void commit(std::vector<std::int64_t> offsets, const std::string& group = "g")
    {
        auto& list = kafka.committed[group];
        list.clear();
        for (std::size_t i = 0; i < offsets.size(); ++i)
            list.push_back({"orders", std::int32_t(i), offsets[i]});
        if (std::ranges::find(kafka.groupList, group, &KafkaGroup::id) == kafka.groupList.end())
            kafka.groupList.push_back({group, "Stable", {"app@10.0.0.7"}});
    }
};

QString rateOf(const Reading& reading, const std::string& subject = tests::kOrders)
{
    const Measurement* found = tests::figureOf(reading, subject, Measure::RecordsIn);
    return found ? QString::number(found->value) + (found->afterGap ? "!" : "") : "-";
}

QString figure(const Reading& reading, Measure measure, const std::string& group = "g")
{
    const Measurement* found = tests::figureOf(reading, tests::kOrders, measure, group);
    return found ? QString::number(found->value) : "-";
}

} // namespace

class TestKafkaSampler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rateIsTheSumOfThePartitions()
    {
        Bench bench;
        const auto first = bench.look();
        QCOMPARE(rateOf(first), QString("-"));
        QVERIFY(first.state == core::TelemetrySource::State::Waiting);
        for (auto& partition : bench.orders())
            partition.end += 50;
        const auto second = bench.look();
        QCOMPARE(rateOf(second), QString("30!"));
        QVERIFY(second.state == core::TelemetrySource::State::Live);
        QCOMPARE(rateOf(bench.look()), QString("0"));
    }

    void aTopicMadeAgainLeavesAGap()
    {
        Bench bench;
        bench.look();
        bench.orders()[0].end = 1000;
        QCOMPARE(rateOf(bench.look()), QString("200!"));
        bench.orders()[0].end = 3; // deleted and made anew
        QCOMPARE(rateOf(bench.look()), QString("-"));
        bench.orders()[0].end = 13;
        QCOMPARE(rateOf(bench.look()), QString("2!"));
    }

    void aPartitionThatDoesNotAnswerHidesTheRate()
    {
        Bench bench;
        bench.look();
        bench.orders()[1].fails = true;
        bench.orders()[0].end = 100;
        const auto broken = bench.look();
        QCOMPARE(rateOf(broken), QString("-"));
        QCOMPARE(broken.reasons.at(tests::kOrders),
                 std::string("1 of 3 partitions did not tell where they end"));
        bench.orders()[1].fails = false;
        QCOMPARE(rateOf(bench.look()), QString("-")); // it has no look to compare with
        QCOMPARE(rateOf(bench.look()), QString("0!"));
    }

    void aNewLeaderLeavesAGap()
    {
        Bench bench({.source = {}, .cluster = {}, .bootstrap = {}, .metadataInterval = 10s});
        bench.look();
        bench.look();
        bench.orders()[2].leader = 9;
        bench.orders()[2].end = 500; // may be another log's end
        const auto moved = bench.look();
        QCOMPARE(rateOf(moved), QString("-"));
        QCOMPARE(rateOf(bench.look()), QString("0!"));
    }

    void newTopicsComeAndOldOnesGo()
    {
        Bench bench({.source = {}, .cluster = {}, .bootstrap = {}, .metadataInterval = 1s});
        bench.look();
        bench.kafka.topics["a-new.one_"].resize(1);
        bench.orders()[0].end = 10;
        const auto grown = bench.look();
        QCOMPARE(rateOf(grown), QString("2!")); // the old one goes on
        QCOMPARE(grown.topics.size(), std::size_t(2));
        bench.kafka.topics.erase("orders");
        const auto shrunk = bench.look();
        QCOMPARE(shrunk.topics.size(), std::size_t(1));
        QCOMPARE(shrunk.topics.front().name, std::string("a-new.one_"));
        QCOMPARE(rateOf(shrunk), QString("-"));
    }

    void metadataIsAskedForSeldom()
    {
        Bench bench;
        for (int i = 0; i < 12; ++i)
            bench.look();
        QCOMPARE(bench.kafka.offsetCalls, 12);
        QCOMPARE(bench.kafka.metadataCalls, 2);
    }

    void lagIsWhatWasNotRead()
    {
        Bench bench;
        bench.look();
        bench.orders()[0].end = 100;
        bench.orders()[1].end = 40;
        bench.commit({60, 40, 0});
        bench.look();
        const auto reading = bench.look(15s);
        QCOMPARE(figure(reading, Measure::Lag), QString("40"));
        QCOMPARE(figure(reading, Measure::Lag, ""), QString("40"));
        const auto& topic = reading.topics.front();
        QCOMPARE(topic.groups, std::vector<std::string> {"g"});
        QCOMPARE(topic.clients, std::vector<std::string> {"app@10.0.0.7"});
    }

    void lagInSecondsIsTheAgeOfTheOldestUnread()
    {
        Bench bench;
        bench.commit({0, 0, 0});
        for (int i = 1; i <= 6; ++i) { // 20 records in each 5 s
            bench.look();
            bench.orders()[0].end = 20 * i;
        }
        bench.commit({60, 0, 0}); // record 60 was written about 15 s ago
        const auto reading = bench.look(15s);
        QVERIFY2(std::abs(figure(reading, Measure::LagSeconds).toDouble() - 27.5) < 3,
                 qPrintable(figure(reading, Measure::LagSeconds)));
        bench.commit({120, 0, 0});
        QCOMPARE(figure(bench.look(15s), Measure::LagSeconds), QString("0"));
    }

    void ageOfWhatWasThereBeforeIsNotKnown()
    {
        Bench bench;
        bench.orders()[0].end = 1000;
        bench.commit({10, 0, 0});
        bench.look();
        const auto reading = bench.look(15s);
        QCOMPARE(figure(reading, Measure::Lag), QString("990"));
        QCOMPARE(figure(reading, Measure::LagSeconds), QString("-"));
    }

    void groupsReadAtARate()
    {
        Bench bench;
        for (auto& partition : bench.orders())
            partition.end = 1000;
        bench.commit({0, 0, 0});
        bench.commit({0, 0, 0}, "other");
        bench.look();
        bench.commit({150, 150, 0});
        bench.commit({15, 0, 0}, "other");
        const auto reading = bench.look(15s);
        QCOMPARE(figure(reading, Measure::RecordsOut), QString("20"));
        QCOMPARE(figure(reading, Measure::RecordsOut, "other"), QString("1"));
        QCOMPARE(figure(reading, Measure::RecordsOut, ""), QString("21"));
        QCOMPARE(figure(reading, Measure::Lag, ""), QString("2985")); // of the last one
        bench.commit({0, 150, 0}); // somebody reset the group
        const auto reset = bench.look(15s);
        QCOMPARE(figure(reset, Measure::RecordsOut), QString("-"));
        QCOMPARE(figure(reset, Measure::RecordsOut, ""), QString("-")); // not the half of it
    }

    void aGroupThatCommitsAheadHasNoNegativeLag()
    {
        Bench bench;
        bench.commit({10, 0, 0}); // committed after the ends were looked at
        bench.look();
        QCOMPARE(figure(bench.look(15s), Measure::Lag), QString("0"));
    }

    void groupsThatMayNotBeListedAreSaid()
    {
        Bench bench;
        bench.kafka.groupFailure = core::Error {core::ErrorCode::Forbidden, "not for you"};
        bench.look();
        const auto reading = bench.look();
        QVERIFY(reading.state == core::TelemetrySource::State::Live);
        QVERIFY(reading.message.find("not for you") != std::string::npos);
    }

    void aFailureIsSaidAndBreaksTheRate()
    {
        Bench bench;
        bench.look();
        bench.kafka.failure = core::Error {core::ErrorCode::Timeout, "no answer"};
        const auto failed = bench.look();
        QVERIFY(failed.state == core::TelemetrySource::State::Failed);
        QCOMPARE(failed.message, std::string("no answer"));
        bench.kafka.failure.reset();
        bench.orders()[0].end = 100;
        QCOMPARE(rateOf(bench.look()), QString("-"));
        QCOMPARE(rateOf(bench.look()), QString("0!"));
    }

    void limits()
    {
        Bench bench(
            {.source = {}, .cluster = {}, .bootstrap = {}, .maxGroups = 2, .maxPartitions = 5});
        for (const char* group : {"a", "b", "c"})
            bench.commit({0, 0, 0}, group);
        const auto reading = bench.look();
        QCOMPARE(bench.kafka.commitCalls, 2);
        bench.kafka.topics["wide"].resize(6);
        bench.executor.advance(30s);
        const auto refused = bench.look();
        QVERIFY(refused.state == core::TelemetrySource::State::Failed);
        QVERIFY(refused.message.find("9 partitions") != std::string::npos);
    }

    void clusterIsFoundByItsAddress_data()
    {
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QString>("advertised");
        QTest::addColumn<bool>("known");
        QTest::newRow("advertised")
            << "" << "events-pool-1.events-kafka-brokers.kafka.svc:9092" << true;
        QTest::newRow("the only one") << "" << "localhost:9092" << true;
        QTest::newRow("configured") << "kafka/events" << "localhost:9092" << true;
        QTest::newRow("configured wrongly") << "kafka/other" << "localhost:9092" << false;
    }

    void clusterIsFoundByItsAddress()
    {
        QFETCH(QString, cluster);
        QFETCH(QString, advertised);
        QFETCH(bool, known);
        Bench bench({.source = {}, .cluster = cluster.toStdString(), .bootstrap = {"boot:1"}});
        bench.kafka.brokers = {advertised.toStdString()};
        const auto reading = bench.look();
        QCOMPARE(reading.topics.front().subject,
                 known ? tests::kOrders : std::string("kafka://boot:1/orders"));
        QCOMPARE(bench.look().message.empty(), known);
    }
};

WW_TEST_CLASS(TestKafkaSampler)
#include "tst_kafkasampler.moc"
