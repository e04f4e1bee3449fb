// SPDX-License-Identifier: GPL-3.0-or-later
// Folders of tests/data/lineage: input.yaml (and *.py, as files of the repository) to the edges and
// unresolved ends of expected.txt.
#include "core/platform/lineagemodel.h"
#include "tests/core/platform/lineagecase.h"
#include "tests/support/testregistry.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QtTest/QTest>

using namespace core;

namespace {

const QString kCases = QStringLiteral(TEST_DATA_DIR "/lineage");

std::string readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

std::string textOf(const LineageGraph& graph)
{
    std::string out;
    for (const std::string& edge : edgesOf(graph))
        out += edge + "\n";
    for (const LineageNode& node : graph.nodes())
        if (!node.note.empty())
            out += "? " + node.id() + ": " + node.note + "\n";
    return out;
}

constexpr const char* kKafka = "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\n"
                               "metadata: {name: k, namespace: kafka}\n"
                               "spec: {kafka: {listeners: [{name: plain, port: 9092}]}}\n---\n";

std::string client(const std::string& environment)
{
    return std::string(kKafka)
        + "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
          "spec: {template: {spec: {containers: [{name: c, image: web, env: ["
        + environment + "]}]}}}\n";
}

} // namespace

class TestLineageModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void folders_data()
    {
        QTest::addColumn<QString>("folder");
        for (const QString& name : QDir(kCases).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(name)) << kCases + "/" + name;
    }
    void folders()
    {
        QFETCH(QString, folder);
        const auto manifests = manifestsOf(readFile(folder + "/input.yaml"));
        QVERIFY(!manifests.empty() || QFile::exists(folder + "/empty"));
        std::vector<LineageFile> files;
        for (const QString& name : QDir(folder).entryList({"*.py"}, QDir::Files))
            files.push_back({name.toStdString(), "app",
                             std::make_shared<const std::string>(readFile(folder + "/" + name))});
        const auto graph = makeLineage(*inputOf(manifests), files);
        const std::string got = textOf(*graph);
        const std::string expected = readFile(folder + "/expected.txt");
        if (got != expected && qEnvironmentVariableIsSet("WAVEWRIGHT_RECORD")) {
            QFile file(folder + "/expected.txt");
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(got.c_str());
            QSKIP("recorded");
        }
        QCOMPARE(QString::fromStdString(got), QString::fromStdString(expected));
    }

    void variables_data()
    {
        QTest::addColumn<QString>("environment");
        QTest::addColumn<QString>("expected"); // without "kubernetes://shop/Deployment/web "
        const char* kBrokers = "{name: KAFKA_BROKERS, value: 'k-kafka-bootstrap.kafka:9092'}, ";
        const QString brokers(kBrokers);
        QTest::newRow("output")
            << brokers + "{name: OUTPUT_TOPIC, value: t}"
            << "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/t  inferred";
        QTest::newRow("several")
            << brokers + "{name: SINK_TOPICS, value: 'a, b'}"
            << "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/a  inferred; "
               "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/b  inferred";
        QTest::newRow("no direction")
            << brokers + "{name: KAFKA_TOPIC, value: t}"
            << "<-uses-> kafka://k-kafka-bootstrap.kafka.svc:9092/t  inferred";
        QTest::newRow("only the address")
            << brokers << "<-uses-> kubernetes://kafka/Kafka/k  inferred";
        QTest::newRow("no address, one cluster")
            << "{name: OUTPUT_TOPIC, value: t}"
            << "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/t  inferred";
        QTest::newRow("another listener")
            << "{name: KAFKA_URL, value: "
               "'SASL_SSL://k-kafka-bootstrap.kafka.svc.cluster.local:9093'}, "
               "{name: OUTPUT_TOPIC, value: t}"
            << "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/t  inferred";
        QTest::newRow("outside")
            << "{name: DATABASE_URL, value: 'postgres://u:secret@db.example.com:5432/app'}"
            << "<-uses-> postgres://db.example.com:5432/app  inferred";
        QTest::newRow("external service") << "{name: API_URL, value: 'https://api.example.com/v1'}"
                                          << "--calls--> http://api.example.com/  inferred";
        QTest::newRow("nobody has that name")
            << "{name: REDIS_URL, value: 'redis://cache:6379'}"
            << "<-uses-> unresolved://shop/Deployment/web/cache:6379  inferred";
        QTest::newRow("in a Secret")
            << "{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: db, key: url}}}"
            << "<-uses-> unresolved://shop/Deployment/web/DATABASE_URL  inferred";
        QTest::newRow("a password is nobody's business")
            << "{name: KAFKA_PASSWORD, value: 'kafka://a:1/b'}" << "";
        QTest::newRow("itself")
            << "{name: LISTEN_URL, value: 'http://0.0.0.0:80'}, {name: X_URL, value: "
               "'http://localhost'}"
            << "";
        QTest::newRow("odd values")
            << "{name: KAFKA_BROKERS, value: ''}, {name: OUTPUT_TOPIC, value: ',,'}, "
               "{name: '', value: x}"
            << "";
        QTest::newRow("substituted")
            << "{name: A, value: t}, {name: OUTPUT_TOPIC, value: 'x-$(A)'}"
            << "--writes--> kafka://k-kafka-bootstrap.kafka.svc:9092/x-t  inferred";
    }
    void variables()
    {
        QFETCH(QString, environment);
        const auto graph = lineageOf(client(environment.toStdString()));
        const std::string self = "kubernetes://shop/Deployment/web ";
        std::string got;
        for (const std::string& edge : edgesOf(*graph))
            if (edge.starts_with(self))
                got += (got.empty() ? "" : "; ") + edge.substr(self.size());
        QTEST(QString::fromStdString(got), "expected");
        for (const LineageNode& node : graph->nodes())
            QVERIFY(node.id().find("secret") == std::string::npos);
    }

    void readsOnlyWhatChanged()
    {
        LineageModel model;
        auto manifests = manifestsOf(client("{name: OUTPUT_TOPIC, value: t}"));
        const auto first = model.update(*inputOf(manifests));
        QCOMPARE(model.statistics().extracted, std::size_t(2));
        QVERIFY(model.update(*inputOf(manifests)) == first);
        QCOMPARE(model.statistics().extracted, std::size_t(0));
        QVERIFY(!model.statistics().joined);
        // Another value: one object is read, the graph is made anew.
        manifests[1] = manifestsOf(client("{name: OUTPUT_TOPIC, value: u}"))[1];
        const auto second = model.update(*inputOf(manifests));
        QCOMPARE(model.statistics().extracted, std::size_t(1));
        QVERIFY(model.statistics().joined);
        QVERIFY(second->find("kafka://k-kafka-bootstrap.kafka.svc:9092/u"));
        QVERIFY(!second->find("kafka://k-kafka-bootstrap.kafka.svc:9092/t"));
        // Equal to what is made from scratch.
        QCOMPARE(edgesOf(*second), edgesOf(*makeLineage(*inputOf(manifests))));
        // One object less.
        manifests.pop_back();
        QCOMPARE(model.update(*inputOf(manifests))->edges().size(), std::size_t(0));
    }

    void followsConfigMaps()
    {
        const std::string workload = std::string(kKafka)
            + "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: "
              "shop}\nspec: {template: "
              "{spec: {containers: [{name: c, image: web, envFrom: [{configMapRef: {name: "
              "m}}]}]}}}\n---\n";
        const auto map = [](const char* topic) {
            return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\n"
                   "data: {OUTPUT_TOPIC: "
                + std::string(topic) + "}\n";
        };
        LineageModel model;
        QVERIFY(model.update(*inputOf(manifestsOf(workload + map("a"))))
                    ->find("kafka://k-kafka-bootstrap.kafka.svc:9092/a"));
        QVERIFY(model.update(*inputOf(manifestsOf(workload + map("b"))))
                    ->find("kafka://k-kafka-bootstrap.kafka.svc:9092/b"));
        // Without it nothing is told, and nothing fails.
        QVERIFY(!model.update(*inputOf(manifestsOf(workload)))
                     ->find("kafka://k-kafka-bootstrap.kafka.svc:9092/b"));
    }

    void placesAreThoseOfTheFields()
    {
        const auto graph = lineageOf(client("\n{name: OUTPUT_TOPIC,\nvalue: t}"));
        QCOMPARE(graph->edges().size(), std::size_t(1));
        const LineageProof& proof = graph->edges().front().proofs.front();
        QCOMPARE(proof.place.file, std::string("input.yaml"));
        QCOMPARE(proof.place.line, 11);
        QCOMPARE(proof.detail, std::string("env OUTPUT_TOPIC of container c"));
    }

    void largeArgumentsAreNotFollowed()
    {
        const std::string large(10u << 20, 'a');
        const Json object = JsonObject {
            {"apiVersion", "batch/v1"},
            {"kind", "Job"},
            {"metadata", JsonObject {{"name", "j"}, {"namespace", "n"}}},
            {"spec",
             JsonObject {
                 {"template",
                  JsonObject {
                      {"spec",
                       JsonObject {
                           {"containers",
                            JsonArray {JsonObject {
                                {"name", "c"},
                                {"args",
                                 JsonArray {"--output-topic", Json(large),
                                            Json("kafka://" + large)}},
                                {"command", JsonArray {"sh", "-c", Json("a " + large)}}}}}}}}}}}};
        QElapsedTimer timer;
        timer.start();
        const auto graph = makeLineage(*inputOf({*Manifest::make(object)}));
        QVERIFY(graph->edges().size() <= 1);
        QVERIFY(timer.elapsed() < 20'000);
    }

    /// What an operator made of a declared store leads to the store, not to itself.
    void madeServicesLeadToWhoeverMadeThem()
    {
        PlatformInputBuilder builder;
        builder.input().hasLive = true;
        for (const ManifestPtr& manifest : manifestsOf(
                 std::string(kKafka)
                 + "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
                   "spec: {template: {spec: {containers: [{name: c, env: [{name: "
                   "KAFKA_BOOTSTRAP_SERVERS, value: 'k-kafka-bootstrap.kafka:9092'}, {name: "
                   "KAFKA_TOPIC, value: a}]}]}}}\n"))
            builder.declare({manifest, "app", 0, ""});
        LiveRecord record;
        record.text = std::make_shared<const std::string>(
            "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":"
            "\"k-kafka-bootstrap\",\"namespace\":\"kafka\"},\"spec\":{\"selector\":{"
            "\"strimzi.io/cluster\":\"k\"},\"ports\":[{\"port\":9092}]}}");
        builder.live({"", "Service", "kafka", "k-kafka-bootstrap"},
                     std::make_shared<const LiveRecord>(std::move(record)));
        const auto graph = makeLineage(*std::move(builder).build());
        QVERIFY(graph->find("kafka://k-kafka-bootstrap.kafka.svc:9092/a"));
        QVERIFY(!graph->find("kafka://k-kafka-bootstrap.kafka.svc/a"));
    }

    void liveStateIsObserved()
    {
        const auto manifests =
            manifestsOf(std::string(kKafka)
                        + "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnect\nmetadata: "
                          "{name: c, namespace: kafka}\n"
                          "spec: {bootstrapServers: 'k-kafka-bootstrap:9092'}\n---\n"
                          "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaConnector\n"
                          "metadata: {name: s, namespace: kafka, labels: {strimzi.io/cluster: c}}\n"
                          "spec: {class: x.FooSink, config: {topics: a}}\n");
        PlatformInputBuilder builder;
        builder.input().hasLive = true;
        for (const ManifestPtr& manifest : manifests) {
            builder.declare({manifest, "app", 0, ""});
            if (manifest->key().kind != "KafkaConnector")
                continue;
            Json live = manifest->value();
            live.get_object()["status"] = JsonObject {{"topics", JsonArray {"a", "b"}}};
            LiveRecord record;
            record.text = std::make_shared<const std::string>(toText(live));
            builder.live(manifest->key(), std::make_shared<const LiveRecord>(std::move(record)));
        }
        const auto graph = makeLineage(*std::move(builder).build());
        const auto edges = edgesOf(*graph);
        const std::string to = " --reads--> kubernetes://kafka/KafkaConnector/s  observed";
        const std::string topics = "kafka://k-kafka-bootstrap.kafka.svc:9092/";
        QVERIFY(std::ranges::find(edges, topics + "a" + to) != edges.end());
        QVERIFY(std::ranges::find(edges, topics + "b" + to) != edges.end());
        QVERIFY(graph->node(*graph->find(manifests.back()->key())).existing);
    }
};

WW_TEST_CLASS(TestLineageModel)
#include "tst_lineagemodel.moc"
