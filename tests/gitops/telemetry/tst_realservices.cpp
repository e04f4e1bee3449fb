// SPDX-License-Identifier: GPL-3.0-or-later
// The readers against a real Kafka broker, Prometheus and RabbitMQ, where this machine has them.
#include "core/base/strings.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/telemetry/connectkafka.h"
#include "gitops/telemetry/kafkareader.h"
#include "gitops/telemetry/prometheusreader.h"
#include "gitops/telemetry/rabbitreader.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/gitops/telemetry/mockkafka.h"
#include "tests/gitops/telemetry/realservices.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <future>
#include <librdkafka/rdkafka.h>
#include <mutex>
#include <numeric>
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

/// A practice cluster that has Secrets as Strimzi makes them for a KafkaUser.
class Secrets
{
public:
    Secrets()
    {
        m_practice.create("/api/v1/namespaces",
                          R"({"apiVersion":"v1","kind":"Namespace",)"
                          R"("metadata":{"name":"kafka"}})");
    }
    void add(const std::string& name, const std::map<std::string, std::string>& data)
    {
        core::JsonObject encoded;
        for (const auto& [key, value] : data)
            encoded[key] = core::base64Encode(value);
        m_practice.create(
            "/api/v1/namespaces/kafka/secrets",
            core::toText(core::JsonObject {{"apiVersion", "v1"},
                                           {"kind", "Secret"},
                                           {"metadata", core::JsonObject {{"name", name}}},
                                           {"data", std::move(encoded)}}));
    }
    Transport* cluster() { return &m_practice.access().transport(); }

private:
    tests::PracticePod m_practice;
};

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

    std::unique_ptr<tests::RealKafka> m_kafka;
    std::unique_ptr<Secrets> m_secrets;
    QString m_whyNoKafka;

private Q_SLOTS:
    void initTestCase()
    {
        if (*tests::whyNoLibrdkafka())
            QSKIP(tests::whyNoLibrdkafka());
        m_kafka = std::make_unique<tests::RealKafka>();
        m_whyNoKafka = m_kafka->start();
        if (!m_whyNoKafka.isEmpty())
            return;
        const tests::TestAuthority other;
        const auto user = m_kafka->authority().issue("certified", "");
        const auto stranger = other.issue("certified", "");
        const std::string authority = m_kafka->authority().certificatePem();
        m_secrets = std::make_unique<Secrets>();
        m_secrets->add("reader",
                       {{"ca.crt", authority}, {"password", tests::RealKafka::kPassword}});
        m_secrets->add("mistaken", {{"ca.crt", authority}, {"password", "a-wrong-word"}});
        m_secrets->add(
            "elsewhere",
            {{"ca.crt", other.certificatePem()}, {"password", tests::RealKafka::kPassword}});
        m_secrets->add(
            "certified",
            {{"ca.crt", authority}, {"user.crt", user.certificatePem}, {"user.key", user.keyPem}});
        m_secrets->add("stranger",
                       {{"ca.crt", authority},
                        {"user.crt", stranger.certificatePem},
                        {"user.key", stranger.keyPem}});
        m_secrets->add("authority", {{"ca.crt", authority}});
    }
    void cleanupTestCase()
    {
        m_secrets.reset();
        m_kafka.reset();
    }

    void usersOfKafka_data()
    {
        QTest::addColumn<QString>("listener");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QString>("secret");
        QTest::addColumn<QString>("username");
        QTest::addColumn<QString>("problem"); // "": none
        const auto row = [](const char* name, const char* listener, bool tls, const char* secret,
                            const char* username, const char* problem) {
            QTest::newRow(name) << listener << tls << secret << username << problem;
        };
        row("a user with a password", "scram", true, "kafka/reader", "", "");
        row("a user with a certificate", "mutual", true, "kafka/certified", "", "");
        row("a wrong password", "scram", true, "kafka/mistaken", "reader",
            "the broker does not accept the user name or the password");
        row("a user that is none", "scram", true, "kafka/reader", "nobody",
            "the broker does not accept the user name or the password");
        row("another authority", "scram", true, "kafka/elsewhere", "reader",
            "the broker's certificate is not of the authority that is trusted here");
        row("an expired certificate", "expired", true, "kafka/authority", "",
            "the broker's certificate has expired");
        row("a certificate of strangers", "mutual", true, "kafka/stranger", "",
            "the broker does not accept our certificate");
        row("no certificate", "mutual", true, "kafka/authority", "",
            "this listener wants a certificate");
        row("no user", "scram", true, "kafka/authority", "", "this listener wants a user");
        row("a user where none is wanted", "expired", true, "kafka/reader", "",
            "the broker's certificate has expired");
        row("plain to a TLS listener", "mutual", false, "", "",
            "this listener does not speak without TLS");
        row("TLS to a plain listener", "plain", true, "kafka/authority", "",
            "this listener does not speak TLS");
        row("no such Secret", "scram", true, "kafka/none", "",
            "the Secret kafka/none could not be read: HTTP 404");
    }
    void usersOfKafka()
    {
        if (!m_whyNoKafka.isEmpty())
            QSKIP(qPrintable(m_whyNoKafka));
        QFETCH(QString, listener);
        QFETCH(QString, problem);
        QFETCH(bool, tls);
        QFETCH(QString, secret);
        QFETCH(QString, username);
        const std::map<QString, std::string> listeners {{"plain", m_kafka->bootstrap()},
                                                        {"scram", m_kafka->scram()},
                                                        {"mutual", m_kafka->mutualTls()},
                                                        {"expired", m_kafka->expired()}};
        KafkaAccess access;
        access.brokers = listeners.at(listener);
        access.tls = tls;
        access.secret = secret.toStdString();
        access.username = username.toStdString();
        const auto client = connectKafka(access, m_secrets->cluster());
        const auto metadata = client ? (*client)->metadata() : std::unexpected(client.error());
        if (problem.isEmpty()) {
            QVERIFY2(metadata, metadata ? "" : metadata.error().text().c_str());
            QCOMPARE(metadata->brokers, std::vector<std::string> {access.brokers});
            const auto groups = (*client)->groups();
            QVERIFY2(groups, groups ? "" : groups.error().text().c_str());
            return;
        }
        QVERIFY(!metadata);
        const QString text = QString::fromStdString(metadata.error().text());
        QVERIFY2(text.contains(problem), qPrintable(text));
        if (client) // it names the broker
            QVERIFY2(text.contains(QString::fromStdString(access.brokers)), qPrintable(text));
        QVERIFY(!text.contains("-word"));
    }

    /// As with Strimzi: a user's Secret names the authority of users, another Secret the cluster's.
    void authorityOfTheCluster()
    {
        if (!m_whyNoKafka.isEmpty())
            QSKIP(qPrintable(m_whyNoKafka));
        KafkaAccess access;
        access.brokers = m_kafka->scram();
        access.tls = true;
        access.secret = "kafka/elsewhere";
        access.username = "reader";
        access.caSecret = "kafka/authority";
        const auto client = connectKafka(access, m_secrets->cluster());
        const auto metadata = client ? (*client)->metadata() : std::unexpected(client.error());
        QVERIFY2(metadata, metadata ? "" : metadata.error().text().c_str());
        access.caSecret = "kafka/none";
        const auto away = connectKafka(access, m_secrets->cluster());
        QVERIFY(!away);
        QVERIFY(away.error().text().find("the Secret kafka/none could not be read")
                != std::string::npos);
    }

    /// Through an API server's port-forwards (a practice one's), to a broker that advertises a
    /// pod's name.
    void kafkaFromOutsideOfTheCluster()
    {
        if (!m_whyNoKafka.isEmpty())
            QSKIP(qPrintable(m_whyNoKafka));
        tests::PracticePod practice(
            {{"kafka/events-kafka-0:9092", std::uint16_t(m_kafka->insidePort())}});
        practice.create("/api/v1/namespaces",
                        R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kafka"}})");
        practice.create(
            "/apis/apps/v1/namespaces/kafka/statefulsets",
            R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"events-kafka"},
                "spec":{"replicas":1,"serviceName":"events-kafka-brokers",
                "selector":{"matchLabels":{"app":"k"}},"template":{"metadata":{"labels":{"app":"k"}},
                "spec":{"containers":[{"name":"c","image":"i:1",
                "ports":[{"containerPort":9092}]}]}}}})");
        practice.create("/api/v1/namespaces/kafka/services",
                        R"({"apiVersion":"v1","kind":"Service",
                "metadata":{"name":"events-kafka-bootstrap"},
                "spec":{"selector":{"app":"k"},"ports":[{"port":9092}]}})");
        KafkaAccess access;
        access.brokers = "events-kafka-bootstrap.kafka.svc:9092";
        const auto open = [&]() -> core::Result<std::unique_ptr<ClusterAccess>> {
            return practice.openAccess();
        };
        const auto client = connectForwardedKafka(access, "kafka", nullptr, open);
        QVERIFY2(client, client ? "" : client.error().text().c_str());
        core::Result<KafkaMetadata> metadata = (*client)->metadata();
        // The pod takes a moment.
        QTRY_VERIFY2_WITH_TIMEOUT((metadata = (*client)->metadata()),
                                  metadata ? "" : metadata.error().text().c_str(), 30'000);
        QCOMPARE(metadata->brokers, std::vector<std::string> {tests::RealKafka::kInside});
        {
            SteadyProducer producer(m_kafka->bootstrap(), "forwarded", 50);
            QTRY_VERIFY_WITH_TIMEOUT(producer.written() >= 30, 60'000);
        }
        (*client)->choose({"forwarded"}, {{0, 0}, {0, 1}, {0, 2}});
        const auto ends = (*client)->endOffsets();
        QVERIFY2(ends, ends ? "" : ends.error().text().c_str());
        QVERIFY(std::accumulate(ends->begin(), ends->end(), std::int64_t(0)) >= 30);
    }

    void kafkaAndPrometheus()
    {
        if (!m_whyNoKafka.isEmpty())
            QSKIP(qPrintable(m_whyNoKafka));
        tests::RealKafka& kafka = *m_kafka;
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

        // The same through an API server's proxy of its Service.
        tests::PracticePod practice({{"monitoring/prometheus:9090", prometheus.port()}});
        practice.create("/api/v1/namespaces",
                        R"({"apiVersion":"v1","kind":"Namespace",)"
                        R"("metadata":{"name":"monitoring"}})");
        practice.create("/api/v1/namespaces/monitoring/services",
                        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"prometheus"},)"
                        R"("spec":{"ports":[{"port":9090}]}})");
        PrometheusReader proxied("Prometheus", "",
                                 fetchThrough(practice.access().transport(), "monitoring",
                                              "services", "prometheus", "9090"),
                                 pool, m_clock);
        Looker third(proxied, m_subjects);
        reading = third.lookUntil([&](const Reading& each) {
            return isNear(valueOf(each, tests::kOrders, Measure::RecordsIn), kRate, 0.3);
        });
        const double through = valueOf(reading, tests::kOrders, Measure::RecordsIn);
        QVERIFY2(isNear(through, kRate, 0.3),
                 qPrintable(QString("%1: %2").arg(through).arg(reading.message.c_str())));
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

        // The same through an API server's proxy of a pod.
        tests::PracticePod practice({{"mq/rabbit-server-0:15692", rabbit.metricsPort()}});
        practice.create("/api/v1/namespaces",
                        R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"mq"}})");
        practice.create("/api/v1/namespaces/mq/pods",
                        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"rabbit-server-0"},)"
                        R"("spec":{"containers":[{"name":"rabbitmq","image":"r:1"}]}})");
        std::vector<RabbitReader::Node> pods;
        pods.push_back({"rabbit-server-0",
                        fetchThrough(practice.access().transport(), "mq", "pods", "rabbit-server-0",
                                     "15692")});
        RabbitReader proxied("RabbitMQ", "", std::move(pods), pool, m_clock);
        reading = Looker(proxied, m_subjects).look();
        QCOMPARE(valueOf(reading, tests::kJobs, Measure::Depth), 30.0);
    }
};

WW_TEST_CLASS(TestRealServices)
#include "tst_realservices.moc"
