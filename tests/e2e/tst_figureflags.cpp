// SPDX-License-Identifier: GPL-3.0-or-later
// Where live figures come from, by flags of topics, lineage, findings and run: fake servers that
// speak real HTTP, librdkafka's mock brokers, and Debian's Prometheus where it is installed.
#include "gitops/history/samplehistory.h"
#include "tests/e2e/workspace.h"
#include "tests/gitops/telemetry/mockkafka.h"
#include "tests/gitops/telemetry/realservices.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <csignal>

using tests::Finished;
using tests::LoopbackServer;
using tests::Workspace;

namespace {

const char* const kPlatform =
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: kafka}\n---\n"
    "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k, namespace: kafka}\n"
    "spec: {kafka: {listeners: [{name: plain, port: 9092, type: internal, tls: false}]}}\n---\n"
    "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: orders, namespace: "
    "kafka, labels: {strimzi.io/cluster: k}}\nspec: {partitions: 3, replicas: 1}\n---\n"
    "apiVersion: rabbitmq.com/v1beta1\nkind: RabbitmqCluster\nmetadata: {name: r, namespace: "
    "mq}\n---\n"
    "apiVersion: rabbitmq.com/v1beta1\nkind: Queue\nmetadata: {name: jobs, namespace: mq}\n"
    "spec: {name: jobs, rabbitmqClusterReference: {name: r}}\n";
const char* const kOrders = "kafka://k-kafka-bootstrap.kafka.svc:9092/orders";

QByteArray all(const Finished& finished)
{
    return (finished.output + finished.errors).toUtf8();
}

QJsonObject jsonOf(const Finished& finished)
{
    return QJsonDocument::fromJson(finished.output.toUtf8()).object();
}

Finished ask(const Workspace& here, const QStringList& more)
{
    return here.wavewright(more
                           + QStringList {"--path", "app", "--state", here.stateFolder(),
                                          "--config", here.path("none.yaml")});
}

/// What the state folder keeps of "orders".
std::vector<core::Series> keptOrders(const Workspace& here)
{
    const auto file = gitops::SampleHistory::open(
        QString(here.stateFolder() + "/engine/samples.db").toStdString());
    return file ? (*file)->of(kOrders, {}, {}, core::WallTime::max()) : std::vector<core::Series>();
}

QString lineOf(const Finished& finished, const QString& word)
{
    for (const QString& line : finished.output.split('\n'))
        if (line.contains(word))
            return line;
    return {};
}

/// A Prometheus that knows how much is written to "orders".
LoopbackServer fakePrometheus(std::atomic<int>* asked = nullptr)
{
    return LoopbackServer(
        std::nullopt,
        [asked](LoopbackServer::Connection& connection, const LoopbackServer::Request& request) {
            const bool isTargets = request.target.starts_with("/api/v1/targets");
            const bool isIn = request.target.starts_with("/api/v1/query?")
                && request.target.find("messagesin_total") != std::string::npos;
            if (isIn && asked)
                ++*asked;
            connection.respond(
                200,
                isTargets ? R"({"status":"success","data":{"activeTargets":[]}})"
                    : isIn
                    ? R"({"status":"success","data":{"resultType":"vector","result":[{"metric":)"
                      R"({"topic":"orders"},"value":[1767225600,"12.5"]}]}})"
                    : R"({"status":"success","data":{"resultType":"vector","result":[]}})",
                {{"Content-Type", "application/json"}});
        });
}

} // namespace

class TestFigureFlags : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void prometheus()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        const LoopbackServer server = fakePrometheus();
        const QStringList flag {"--prometheus", QString::fromStdString(server.url())};
        const Finished topics = ask(here, QStringList {"topics"} + flag);
        QVERIFY2(topics.isOk(), all(topics));
        QVERIFY2(lineOf(topics, "orders").contains("12.5/s"), all(topics));
        QVERIFY2(topics.output.contains("# Prometheus http://127.0.0.1"), all(topics));
        const Finished lineage = ask(here, QStringList {"lineage", "-o", "json"} + flag);
        bool found = false;
        for (const QJsonValue& figure : jsonOf(lineage)["figures"].toArray())
            if (figure["node"].toString() == kOrders) {
                QCOMPARE(figure["value"].toDouble(), 12.5);
                QVERIFY(!figure["simulated"].toBool());
                found = true;
            }
        QVERIFY2(found, all(lineage));
        QCOMPARE(jsonOf(lineage)["sources"][0]["type"].toString(), QString("kafka"));
    }

    void prometheusThatIsAway()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        const Finished topics =
            ask(here,
                {"topics", "--prometheus", QString("http://127.0.0.1:%1").arg(tests::freePort())});
        QVERIFY2(topics.output.contains(": failed, "), all(topics));
        QVERIFY(topics.output.contains("orders")); // what Git says is there all the same
        const Finished wrong = ask(here, {"topics", "--prometheus", "localhost:9090"});
        QVERIFY2(wrong.output.contains("localhost:9090"), all(wrong));
    }

    /// What scrapes a counter that grows by 20 a second.
    void realPrometheus()
    {
        QElapsedTimer running;
        running.start();
        const LoopbackServer exporter(
            std::nullopt,
            [&](LoopbackServer::Connection& connection, const LoopbackServer::Request&) {
                const auto count = QByteArray::number(running.elapsed() / 50);
                connection.respond(200,
                                   "# TYPE kafka_server_brokertopicmetrics_messagesin_total "
                                   "counter\nkafka_server_brokertopicmetrics_messagesin_total{"
                                   "topic=\"orders\"} "
                                       + count.toStdString() + "\n",
                                   {{"Content-Type", "text/plain; version=0.0.4"}});
            });
        tests::RealPrometheus server;
        if (const QString why = server.start("kafka", exporter.port()); !why.isEmpty())
            QSKIP(qPrintable(why));
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        const QStringList verb {"topics", "--prometheus", QString::fromStdString(server.url())};
        QString line;
        QTRY_VERIFY_WITH_TIMEOUT((line = lineOf(ask(here, verb), "orders"))
                                     .contains(QRegularExpression("\\b(1[5-9]|2[0-5])(\\.\\d)?/s")),
                                 60'000);
    }

    void rabbitMq()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        const LoopbackServer server(
            std::nullopt,
            [](LoopbackServer::Connection& connection, const LoopbackServer::Request& request) {
                connection.respond(request.target.starts_with("/metrics/detailed?") ? 200 : 404,
                                   "rabbitmq_detailed_queue_messages{vhost=\"/\",queue=\"jobs\"} "
                                   "41\n");
            });
        const Finished topics =
            ask(here, {"topics", "--rabbitmq", QString::fromStdString(server.url())});
        QVERIFY2(topics.isOk(), all(topics));
        QVERIFY2(lineOf(topics, "jobs").contains("41"), all(topics));
    }

    void kafka()
    {
        if (*tests::whyNoLibrdkafka())
            QSKIP(tests::whyNoLibrdkafka());
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        tests::MockKafka kafka(1);
        kafka.create("orders", 3);
        kafka.create("stranger", 1);
        QVERIFY(kafka.produce("orders", 0, 3));
        const QStringList flag {"--kafka", QString::fromStdString(kafka.bootstrap())};
        const Finished topics = ask(here, QStringList {"topics"} + flag);
        QVERIFY2(topics.isOk(), all(topics));
        QVERIFY2(lineOf(topics, "orders").contains("0/s"), all(topics)); // nothing is written now
        QVERIFY2(topics.output.contains("stranger"), all(topics)); // nobody declares it
    }

    void kafkaThatIsAway()
    {
        if (*tests::whyNoLibrdkafka())
            QSKIP(tests::whyNoLibrdkafka());
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        const QString address = QString("127.0.0.1:%1").arg(tests::freePort());
        const Finished topics = ask(here, {"topics", "--kafka", address});
        QVERIFY2(lineOf(topics, "# Kafka").contains("refused"), all(topics));
    }

    void openLineage()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        here.write("events.ndjson",
                   R"({"eventType":"COMPLETE","eventTime":"2026-01-02T03:04:05Z",)"
                   R"("run":{"runId":"3f5e83fa-3480-44ff-99c5-ff943904e5e8"},)"
                   R"("job":{"namespace":"shop","name":"daily"},"inputs":[{"namespace":)"
                   R"("kafka://k-kafka-bootstrap.kafka.svc:9092","name":"orders"}],)"
                   R"("outputs":[]})"
                   "\n");
        const Finished without = ask(here, {"lineage", "-o", "json"});
        QVERIFY(!without.output.contains("observed"));
        const Finished lineage =
            ask(here, {"lineage", "-o", "json", "--openlineage", "events.ndjson"});
        QVERIFY2(lineage.isOk(), all(lineage));
        QVERIFY2(lineage.output.contains("\"observed\"") && lineage.output.contains("daily"),
                 all(lineage));
    }

    /// `run` asks by itself, and what it was told outlives it.
    void runKeepsTheDay()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        here.commit("Topics");
        std::atomic<int> asked {0};
        const LoopbackServer server = fakePrometheus(&asked);
        const QStringList run {"run",          "--practice",
                               "--path",       "app",
                               "--state",      here.stateFolder(),
                               "--config",     here.path("none.yaml"),
                               "--prometheus", QString::fromStdString(server.url())};
        QProcess& first = here.start(run);
        // Once it asks again, it has kept what it was told before.
        QTRY_VERIFY_WITH_TIMEOUT(asked >= 2 || !here.isRunning(), 60'000);
        QVERIFY2(here.isRunning(), qPrintable(here.outputSoFar()));
        first.terminate();
        QVERIFY(first.waitForFinished(30'000));
        const auto kept = keptOrders(here);
        QVERIFY(!kept.empty());
        QCOMPARE(kept.front().key.measure, core::Measure::RecordsIn);
        QCOMPARE(kept.front().samples.front().value, 12.5);
        QVERIFY(!kept.front().simulated);

        const int before = asked;
        QProcess& second = here.start(run);
        QTRY_VERIFY_WITH_TIMEOUT(asked >= before + 2 || !here.isRunning(), 60'000);
        second.terminate();
        QVERIFY(second.waitForFinished(30'000));
        const auto longer = keptOrders(here);
        QCOMPARE(longer.front().samples.front().at, kept.front().samples.front().at);
        QVERIFY(longer.front().samples.size() > kept.front().samples.size());
    }

    void simulatedTrafficIsForPracticeOnly()
    {
        Workspace here;
        here.write("app/a.yaml", kPlatform);
        here.commit("first");
        const Finished refused = ask(here, {"topics", "--simulated-traffic"});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.errors.contains("--practice"), all(refused));
    }
};

WW_TEST_CLASS(TestFigureFlags)
#include "tst_figureflags.moc"
