// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusteraccess.h"
#include "gitops/telemetry/sources.h"
#include "tests/gitops/telemetry/telemetryfixture.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

namespace {

/// An API server that is never asked here.
class NoTransport : public Transport
{
public:
    CallId send(core::HttpRequest, ResponseHandler) override { return 1; }
    CallId stream(core::HttpRequest, StreamHandler) override { return 1; }
    void cancel(CallId) override { }
};

struct Bench
{
    tests::ManualExecutor executor;
    tests::ManualWorkPool pool {executor};
    NoTransport cluster;

    /// "key" of those that are asked, "type: message" of others.
    QStringList find(const TelemetryConfig& config, const SubjectsPtr& subjects, bool hasCluster)
    {
        const Sources sources({pool, executor.clock(), hasCluster ? &cluster : nullptr}, config);
        QStringList out;
        for (const FoundSource& each : sources(*subjects)) {
            if (each.make)
                out << QString::fromStdString(each.make()->name());
            else
                out << QString::fromStdString(each.missing.type + " missing");
        }
        return out;
    }
};

/// The fixture's platform as a cluster shows it, with the Services given.
SubjectsPtr livePlatform(const std::vector<std::string>& services, bool practice = false)
{
    core::PlatformInputBuilder builder;
    for (const core::ManifestPtr& manifest : manifestsOf(tests::kTelemetryPlatform)) {
        builder.declare({manifest, "app", 1, ""});
        builder.live(manifest->key(), std::make_shared<core::LiveRecord>());
    }
    for (const std::string& name : services)
        builder.live({"", "Service", "monitoring", name}, std::make_shared<core::LiveRecord>());
    builder.input().hasLive = true;
    builder.input().practice = practice;
    const auto input = std::move(builder).build();
    return std::make_shared<Subjects>(input, core::makeLineage(*input));
}

} // namespace

class TestSources : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutAnyEachSystemSaysWhatIsMissing()
    {
        Bench bench;
        const auto subjects = tests::subjectsOf(tests::kTelemetryPlatform);
        QCOMPARE(bench.find({}, subjects, false),
                 QStringList({"kafka missing", "rabbitmq missing", "prometheus missing"}));
        QCOMPARE(bench.find({}, std::make_shared<Subjects>(), false),
                 QStringList {"prometheus missing"});
        const Sources sources({bench.pool, bench.executor.clock()}, {});
        for (const FoundSource& each : sources(*subjects)) // and how to add one
            QVERIFY2(each.missing.message.find("telemetry.") != std::string::npos,
                     each.missing.message.c_str());
    }

    void whatIsConfiguredIsAskedInTheOrderOfBelief()
    {
        Bench bench;
        TelemetryConfig config;
        config.prometheus = {{.url = "http://p:9090"}};
        config.rabbitmq = {{"http://r:15692", "mq/rabbit"}};
        KafkaAccess kafka;
        kafka.brokers = "k:9092";
        config.kafka = {kafka};
        config.openLineage = {"/tmp/events.ndjson", "http://marquez:5000"};
        QCOMPARE(
            bench.find(config, tests::subjectsOf(tests::kTelemetryPlatform), false),
            QStringList({"Kafka k:9092", "RabbitMQ mq/rabbit", "Prometheus http://p:9090",
                         "OpenLineage /tmp/events.ndjson", "OpenLineage http://marquez:5000"}));
    }

    void simulatedTrafficIsAlone()
    {
        Bench bench;
        TelemetryConfig config;
        config.simulated = true;
        config.prometheus = {{.url = "http://p:9090"}};
        QCOMPARE(bench.find(config, tests::subjectsOf(tests::kTelemetryPlatform), true),
                 QStringList {"Practice traffic (simulated)"});
    }

    void foundInTheCluster()
    {
        Bench bench;
        QCOMPARE(bench.find({}, livePlatform({"prometheus-server", "grafana"}), true),
                 QStringList({"kafka missing", "RabbitMQ mq/rabbit",
                              "Prometheus monitoring/prometheus-server"}));
        QCOMPARE(
            bench.find({}, livePlatform({"prometheus-server", "prometheus-operated"}), true).back(),
            QString("Prometheus monitoring/prometheus-operated"));
        // Not through a cluster that was not given, or that is a practice one.
        for (const bool practice : {false, true})
            QCOMPARE(bench.find({}, livePlatform({"prometheus"}, practice), practice),
                     QStringList({"kafka missing", "rabbitmq missing", "prometheus missing"}));
        TelemetryConfig quiet;
        quiet.discover = false;
        QVERIFY(!bench.find(quiet, livePlatform({"prometheus"}), true)
                     .join(' ')
                     .contains("monitoring"));
    }

    void kafkaInTheCluster_data()
    {
        QTest::addColumn<QString>("listeners");
        QTest::addColumn<QString>("secret"); // of an entry of the configuration; "": no entry
        QTest::addColumn<QString>("found");
        const QString plain = "{name: plain, port: 9092, type: internal, tls: false}";
        const QString scram = "{name: tls, port: 9093, type: internal, tls: true, authentication: "
                              "{type: scram-sha-512}}";
        QTest::newRow("a plain listener")
            << plain << "" << "kafka in kafka/events events-kafka-bootstrap.kafka.svc:9092 ";
        QTest::newRow("one that wants users")
            << scram << "kafka/reader"
            << "kafka in kafka/events events-kafka-bootstrap.kafka.svc:9093 kafka/reader";
        QTest::newRow("a user is missing") << scram << "" << "missing kafka Kafka kafka/events";
    }
    void kafkaInTheCluster()
    {
        QFETCH(QString, listeners);
        QFETCH(QString, secret);
        QFETCH(QString, found);
        core::PlatformInputBuilder builder;
        builder.input().hasLive = true;
        for (const core::ManifestPtr& manifest :
             manifestsOf("apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: "
                         "events, namespace: kafka}\nspec: {kafka: {listeners: ["
                         + listeners.toStdString() + "]}}\n")) {
            builder.declare({manifest, "app", 1, ""});
            builder.live(manifest->key(), std::make_shared<core::LiveRecord>());
        }
        const auto input = std::move(builder).build();
        const Subjects subjects(input, core::makeLineage(*input));
        Bench bench;
        const auto opener = []() -> core::Result<std::unique_ptr<ClusterAccess>> {
            return core::failure(core::ErrorCode::Network, "not asked here");
        };
        TelemetryConfig config;
        if (!secret.isEmpty()) {
            KafkaAccess access;
            access.cluster = "kafka/events";
            access.secret = secret.toStdString();
            config.kafka = {access};
        }
        const auto keyOf = [&](const TelemetryConfig& with, const AccessOpener& open) {
            const Sources sources({bench.pool, bench.executor.clock(), &bench.cluster, {}, open},
                                  with);
            return QString::fromStdString(sources(subjects).front().key);
        };
        QCOMPARE(keyOf(config, opener), found);
        // Not without a way in, or where nothing is to be looked for.
        QVERIFY(keyOf(config, {}).startsWith("missing kafka"));
        config.discover = false;
        QVERIFY(keyOf(config, opener).startsWith("missing kafka"));
    }

    void anAddressThatIsNoneSaysSo()
    {
        Bench bench;
        TelemetryConfig config;
        config.prometheus = {{.url = "localhost:9090"}};
        const Sources sources({bench.pool, bench.executor.clock()}, config);
        const auto reader = sources(Subjects()).front().make();
        Reading reading;
        reader->read(std::make_shared<Subjects>(),
                     [&](Reading made) { reading = std::move(made); });
        QVERIFY(reading.state == core::TelemetrySource::State::Failed);
        QVERIFY2(reading.message.find("localhost:9090") != std::string::npos,
                 reading.message.c_str());
    }
};

WW_TEST_CLASS(TestSources)
#include "tst_sources.moc"
