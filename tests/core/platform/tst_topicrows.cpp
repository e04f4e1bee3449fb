// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/topicrows.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

Topic kafkaTopic(const std::string& name)
{
    Topic out {.system = "kafka", .name = name};
    out.cluster = "kafka/k";
    out.id = "kafka://k/" + name;
    out.declared = true;
    out.producers = {"p"};
    out.consumers = {"c"};
    return out;
}

std::string marks(const TopicRow& row)
{
    std::string out;
    for (const TopicMark mark : row.marks)
        out += (out.empty() ? "" : " ") + std::string(toString(mark));
    return out;
}

void measure(Telemetry& telemetry, const std::string& subject, Measure what, double value,
             const std::string& part = {})
{
    telemetry.latest[{subject, what, part}] = {value, {}, "Kafka kafka/k", false};
}

} // namespace

class TestTopicRows : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marksTellWhatIsKnown_data()
    {
        QTest::addColumn<bool>("declared");
        QTest::addColumn<int>("existing"); // -1: nobody asked
        QTest::addColumn<int>("producers");
        QTest::addColumn<int>("consumers");
        QTest::addColumn<double>("in"); // below 0: not measured
        QTest::addColumn<QString>("marks");
        QTest::newRow("from Git alone") << true << -1 << 1 << 1 << -1.0 << "declared";
        QTest::newRow("there") << true << 1 << 1 << 1 << -1.0 << "declared existing";
        QTest::newRow("not there") << true << 0 << 1 << 1 << -1.0 << "declared missing";
        QTest::newRow("flowing") << true << 1 << 1 << 1 << 5.0 << "declared existing flowing";
        QTest::newRow("measured, and nothing comes")
            << true << 1 << 1 << 1 << 0.0 << "declared existing";
        QTest::newRow("nobody writes") << true << -1 << 0 << 1 << -1.0 << "declared silent";
        QTest::newRow("nobody is declared to write, and it flows")
            << true << 1 << 0 << 1 << 3.0 << "declared existing flowing";
        QTest::newRow("nobody reads") << true << -1 << 1 << 0 << -1.0 << "declared unread";
        QTest::newRow("undeclared") << false << 1 << 1 << 1 << -1.0 << "existing undeclared";
    }
    void marksTellWhatIsKnown()
    {
        QFETCH(bool, declared);
        QFETCH(int, existing);
        QFETCH(int, producers);
        QFETCH(int, consumers);
        QFETCH(double, in);
        QFETCH(QString, marks);
        Topic topic = kafkaTopic("t");
        topic.declared = declared;
        if (existing >= 0)
            topic.existing = existing == 1;
        topic.producers.resize(std::size_t(producers));
        topic.consumers.resize(std::size_t(consumers));
        Telemetry telemetry;
        if (in >= 0)
            measure(telemetry, topic.id, Measure::RecordsIn, in);
        const auto rows = topicRows({topic}, &telemetry, "");
        QCOMPARE(QString::fromStdString(::marks(rows.front())), marks);
    }

    void aMissingFigureHasAReason()
    {
        const Topic topic = kafkaTopic("t");
        QCOMPARE(topicRows({topic}, nullptr, "The engine measures nothing.").front().in.reason,
                 std::string("The engine measures nothing."));
        QVERIFY(!topicRows({topic}, nullptr, "").front().in.reason.empty());
        Telemetry telemetry;
        QCOMPARE(topicRows({topic}, &telemetry, "").front().lag.reason,
                 std::string("There is no source of figures."));
        telemetry.sources = {
            {TelemetrySource::State::Failed, "Prometheus m/p", "prometheus", "m/p refuses.", {}},
            {TelemetrySource::State::Missing, "Kafka kafka/k", "kafka", "No listener.", {}}};
        QCOMPARE(topicRows({topic}, &telemetry, "").front().lag.reason,
                 std::string("No listener."));
        telemetry.reasons[topic.id] = "target kafka-0 is down: timeout";
        QCOMPARE(topicRows({topic}, &telemetry, "").front().lag.reason,
                 std::string("target kafka-0 is down: timeout"));
    }

    void lagIsThatOfTheGroupFurthestBehind()
    {
        const Topic topic = kafkaTopic("t");
        Telemetry telemetry;
        measure(telemetry, topic.id, Measure::Lag, 10, "a");
        measure(telemetry, topic.id, Measure::Lag, 5, "b");
        measure(telemetry, topic.id, Measure::LagSeconds, 3, "a");
        measure(telemetry, topic.id, Measure::LagSeconds, 30, "b");
        measure(telemetry, "kafka://k/other", Measure::Lag, 1000, "a");
        const auto row = topicRows({topic}, &telemetry, "").front();
        QCOMPARE(row.lag.value.value_or(-1), 10.0);
        QCOMPARE(row.lagSeconds.value.value_or(-1), 30.0);
        QCOMPARE(row.groups.size(), std::size_t(2));
        QCOMPARE(row.groups[0].name, std::string("a"));
        QCOMPARE(row.groups[1].lag.value.value_or(-1), 5.0);
        QVERIFY(!row.groups[1].out.value && !row.groups[1].out.reason.empty());
    }

    void theWholeGoesBeforeItsParts()
    {
        const Topic topic = kafkaTopic("t");
        Telemetry telemetry;
        measure(telemetry, topic.id, Measure::RecordsOut, 7);
        measure(telemetry, topic.id, Measure::RecordsOut, 5, "a");
        QCOMPARE(topicRows({topic}, &telemetry, "").front().out.value, 7.0);
    }

    void queuesCountWhatLiesInThem()
    {
        Topic queue {.type = Topic::Type::Queue, .system = "rabbitmq", .name = "q"};
        queue.id = "rabbitmq://r/%2F/queue/q";
        Telemetry telemetry;
        measure(telemetry, queue.id, Measure::Depth, 42);
        QCOMPARE(topicRows({queue}, &telemetry, "").front().lag.value, 42.0);
    }

    void whatOnlyTheBrokerKnows()
    {
        Telemetry telemetry;
        telemetry.topics = {{.subject = "kafka://k/secret",
                             .system = "kafka",
                             .cluster = "kafka/k",
                             .name = "secret",
                             .partitions = 3,
                             .groups = {"g"}},
                            {.subject = "kafka://k/t",
                             .system = "kafka",
                             .cluster = "kafka/k",
                             .name = "t",
                             .partitions = 6,
                             .clients = {"app@10.0.0.7"}}};
        const auto rows = topicRows({kafkaTopic("t")}, &telemetry, "");
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].topic.partitions.value_or(0), std::int64_t(6));
        QCOMPARE(rows[0].clients.front(), std::string("app@10.0.0.7"));
        QVERIFY(rows[0].has(TopicMark::Existing));
        QCOMPARE(rows[1].topic.name, std::string("secret"));
        QVERIFY(rows[1].has(TopicMark::Undeclared));
        QCOMPARE(rows[1].groups.front().name, std::string("g"));
    }

    void missingSourcesAreNamed()
    {
        QCOMPARE(missingSources(nullptr, "why"), std::string("why"));
        Telemetry telemetry;
        QVERIFY(!missingSources(&telemetry, "").empty());
        telemetry.sources = {{TelemetrySource::State::Missing, "a", "kafka", "Add a.", {}},
                             {TelemetrySource::State::Failed, "b", "prometheus", "b fails.", {}}};
        QCOMPARE(missingSources(&telemetry, ""), std::string("Add a. b fails."));
        telemetry.sources[0].state = TelemetrySource::State::Live;
        QCOMPARE(missingSources(&telemetry, ""), std::string());
    }

    void findingsAreThoseOfItsDeclaration()
    {
        Topic topic = kafkaTopic("t");
        topic.place = {"kafka/topics.yaml", 12, 0, "KafkaTopic kafka/t"};
        std::vector<Finding> all(3);
        all[0].place = {"kafka/topics.yaml", 12, 0, ""};
        all[1].related = {{"", 0, 0, "KafkaTopic kafka/t"}};
        all[2].place = {"kafka/topics.yaml", 13, 0, "KafkaTopic kafka/u"};
        QCOMPARE(findingsOf(topic, all).size(), std::size_t(2));
        topic.place = {};
        QCOMPARE(findingsOf(topic, all).size(), std::size_t(0));
    }
};

WW_TEST_CLASS(TestTopicRows)
#include "tst_topicrows.moc"
