// SPDX-License-Identifier: GPL-3.0-or-later
// The readers against a real Kafka broker, Prometheus and RabbitMQ, where this machine has them.
#include "gitops/engine/threadexecutor.h"
#include "gitops/telemetry/kafkareader.h"
#include "gitops/telemetry/prometheusreader.h"
#include "gitops/telemetry/rabbitreader.h"
#include "tests/gitops/telemetry/realservices.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <future>
#include <librdkafka/rdkafka.h>
#include <mutex>
#include <optional>
#include <thread>

using namespace gitops;
using core::Measure;
using namespace std::chrono_literals;

namespace {

void countDelivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque)
{
    if (!message->err)
        ++*static_cast<std::atomic<int>*>(opaque);
}

/// delivered counts what the broker has taken from a producer.
rd_kafka_t* clientOf(rd_kafka_type_t type, const std::string& brokers, const char* group = nullptr,
                     std::atomic<int>* delivered = nullptr)
{
    char message[256] = {};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    const auto set = [&](const char* name, const char* value) {
        rd_kafka_conf_set(conf, name, value, message, sizeof message);
    };
    set("bootstrap.servers", brokers.c_str());
    set("client.id", "known-client");
    if (type == RD_KAFKA_PRODUCER)
        set("linger.ms", "0");
    if (delivered) {
        rd_kafka_conf_set_opaque(conf, delivered);
        rd_kafka_conf_set_dr_msg_cb(conf, &countDelivered);
    }
    if (group) {
        set("group.id", group);
        set("enable.auto.commit", "false");
        set("auto.offset.reset", "earliest");
    }
    return rd_kafka_new(type, conf, message, sizeof message);
}

/// Writes at a known rate until it is destroyed.
class SteadyProducer
{
public:
    SteadyProducer(const std::string& brokers, const std::string& topic, int perSecond)
        : m_thread([=, this] {
            rd_kafka_t* client = clientOf(RD_KAFKA_PRODUCER, brokers, nullptr, &m_written);
            rd_kafka_topic_t* to = rd_kafka_topic_new(client, topic.c_str(), nullptr);
            std::string record = "a record";
            const auto start = std::chrono::steady_clock::now();
            for (int i = 0; !m_stops; ++i) {
                rd_kafka_produce(to, i % 3, RD_KAFKA_MSG_F_COPY, record.data(), record.size(),
                                 nullptr, 0, nullptr);
                rd_kafka_poll(client, 0);
                std::this_thread::sleep_until(
                    start + std::chrono::microseconds(1'000'000LL * (i + 1) / perSecond));
            }
            rd_kafka_flush(client, 5'000);
            rd_kafka_topic_destroy(to);
            rd_kafka_destroy(client);
        })
    {
    }
    ~SteadyProducer()
    {
        m_stops = true;
        m_thread.join();
    }
    int written() const { return m_written; }

private:
    std::atomic<bool> m_stops = false;
    std::atomic<int> m_written = 0;
    std::thread m_thread; // last: it uses the others
};

/// A member of a group that reads some records, commits, and stays.
class Member
{
public:
    Member(const std::string& brokers, const std::string& topic, const char* group)
        : m_client(clientOf(RD_KAFKA_CONSUMER, brokers, group))
    {
        rd_kafka_poll_set_consumer(m_client);
        rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
        rd_kafka_topic_partition_list_add(list, topic.c_str(), RD_KAFKA_PARTITION_UA);
        rd_kafka_subscribe(m_client, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
    ~Member()
    {
        rd_kafka_consumer_close(m_client);
        rd_kafka_destroy(m_client);
    }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    /// How many were read and committed.
    int read(int records, std::chrono::seconds patience)
    {
        int count = 0;
        const auto until = std::chrono::steady_clock::now() + patience;
        while (count < records && std::chrono::steady_clock::now() < until)
            if (rd_kafka_message_t* message = rd_kafka_consumer_poll(m_client, 100)) {
                count += message->err ? 0 : 1;
                rd_kafka_message_destroy(message);
            }
        rd_kafka_commit(m_client, nullptr, 0);
        return count;
    }

private:
    rd_kafka_t* m_client;
};

/// Looks until something holds.
class Looker
{
public:
    Looker(TelemetryReader& reader, SubjectsPtr subjects)
        : m_reader(reader)
        , m_subjects(std::move(subjects))
    {
    }
    Reading look()
    {
        auto made = std::make_shared<std::promise<Reading>>();
        auto reading = made->get_future();
        m_reader.read(m_subjects, [made](Reading each) { made->set_value(std::move(each)); });
        return reading.get();
    }
    template<class Condition>
    Reading lookUntil(Condition condition, std::chrono::milliseconds pause = 1s,
                      std::chrono::seconds patience = 60s)
    {
        const auto until = std::chrono::steady_clock::now() + patience;
        for (;;) {
            Reading reading = look();
            if (condition(reading) || std::chrono::steady_clock::now() > until)
                return reading;
            std::this_thread::sleep_for(pause);
        }
    }

private:
    TelemetryReader& m_reader;
    SubjectsPtr m_subjects;
};

double valueOf(const Reading& reading, const std::string& subject, Measure measure,
               const std::string& part = {})
{
    const Measurement* found = tests::figureOf(reading, subject, measure, part);
    return found ? found->value : -1;
}

bool isNear(double value, double expected, double part)
{
    return std::abs(value - expected) <= expected * part;
}

} // namespace

class TestRealServices : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    SubjectsPtr m_subjects = tests::subjectsOf(tests::kTelemetryPlatform);

private Q_SLOTS:
    void kafkaAndPrometheus()
    {
        tests::RealKafka kafka;
        if (const QString why = kafka.start(); !why.isEmpty())
            QSKIP(qPrintable(why));
        ThreadWorkPool pool(2, "test");
        KafkaAccess access;
        access.brokers = kafka.bootstrap();
        KafkaReader reader(
            access, [access] { return connectKafka(access, nullptr); }, pool, m_clock, 1s);
        Looker looker(reader, m_subjects);
        constexpr int kRate = 60;
        SteadyProducer producer(kafka.bootstrap(), "orders", kRate);
        const auto hasRate = [](const Reading& reading) {
            return valueOf(reading, tests::kOrders, Measure::RecordsIn) > 0;
        };
        auto reading = looker.lookUntil(hasRate);
        QVERIFY2(hasRate(reading), reading.message.c_str());
        // The machine may be busy: what the broker has really taken is the measure.
        const int before = producer.written();
        const auto start = std::chrono::steady_clock::now();
        (void)looker.look();
        std::this_thread::sleep_for(5s);
        reading = looker.look();
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const double written = (producer.written() - before) / seconds;
        const double rate = valueOf(reading, tests::kOrders, Measure::RecordsIn);
        QVERIFY2(isNear(rate, written, 0.25),
                 qPrintable(QString("%1 against %2").arg(rate).arg(written)));

        Member member(kafka.bootstrap(), "orders", "readers");
        QCOMPARE(member.read(50, 40s), 50);
        reading = looker.lookUntil([](const Reading& each) {
            return valueOf(each, tests::kOrders, Measure::Lag, "readers") > 0;
        });
        const double lag = valueOf(reading, tests::kOrders, Measure::Lag, "readers");
        // Partitions without a commit do not count.
        QVERIFY2(lag > 0 && lag <= producer.written(), qPrintable(QString::number(lag)));
        const auto topic =
            std::ranges::find(reading.topics, tests::kOrders, &core::ObservedTopic::subject);
        QVERIFY(topic != reading.topics.end());
        QCOMPARE(topic->partitions, std::optional<std::int64_t>(3));
        QCOMPARE(topic->groups, std::vector<std::string> {"readers"});
        QVERIFY(!topic->clients.empty() && topic->clients.front().starts_with("known-client@"));

        tests::RealPrometheus prometheus;
        if (const QString why = prometheus.start("kafka", kafka.metricsPort()); !why.isEmpty())
            QSKIP(qPrintable(why));
        PrometheusReader asked("Prometheus", "", *fetchFrom({prometheus.url(), {}, {}, {}}), pool,
                               m_clock);
        Looker second(asked, m_subjects);
        reading = second.lookUntil([&](const Reading& each) {
            return isNear(valueOf(each, tests::kOrders, Measure::RecordsIn), kRate, 0.3);
        });
        const double told = valueOf(reading, tests::kOrders, Measure::RecordsIn);
        QVERIFY2(isNear(told, kRate, 0.3),
                 qPrintable(QString("%1: %2").arg(told).arg(reading.message.c_str())));
        QVERIFY(valueOf(reading, tests::kOrders, Measure::BytesIn) > told);
        QVERIFY(!reading.reasons.contains(tests::kOrders));
        QVERIFY(reading.reasons.contains(tests::kJobs)); // nothing of RabbitMQ is scraped
    }

    void rabbitMq()
    {
        tests::RealRabbit rabbit;
        if (const QString why = rabbit.start(); !why.isEmpty())
            QSKIP(qPrintable(why));
        QVERIFY(rabbit.declare());
        ThreadWorkPool pool(1, "test");
        std::vector<RabbitReader::Node> nodes;
        nodes.push_back({"node", *fetchFrom({rabbit.url(), {}, {}, {}})});
        RabbitReader reader("RabbitMQ", "", std::move(nodes), pool, m_clock);
        Looker looker(reader, m_subjects);
        auto reading = looker.lookUntil(
            [](const Reading& each) { return valueOf(each, tests::kJobs, Measure::Depth) == 0; });
        QVERIFY2(valueOf(reading, tests::kJobs, Measure::Depth) == 0, reading.message.c_str());
        QVERIFY(rabbit.publish(30));
        reading = looker.lookUntil(
            [](const Reading& each) { return valueOf(each, tests::kJobs, Measure::Depth) == 30; });
        QCOMPARE(valueOf(reading, tests::kJobs, Measure::Depth), 30.0);
        QVERIFY(std::ranges::find(reading.topics, tests::kInbox, &core::ObservedTopic::subject)
                != reading.topics.end());
    }
};

WW_TEST_CLASS(TestRealServices)
#include "tst_realservices.moc"
