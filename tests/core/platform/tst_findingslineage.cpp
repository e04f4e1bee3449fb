// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findingsspace.h"
#include "core/platform/flowfindings.h"
#include "core/platform/lineagemodel.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace core;
using namespace tests;

namespace {

const std::string kLabel = "  labels: {strimzi.io/cluster: c}\n";
const std::string kKafka =
    object("kafka.strimzi.io/v1beta2", "Kafka", "kafka", "c",
           "spec: {kafka: {replicas: 1, listeners: [{name: tls, port: 9093, type: internal, tls: "
           "true}]}}\n");

std::string topic(const std::string& name, const std::string& more = {})
{
    return object("kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", name,
                  kLabel + "spec: {partitions: 3, replicas: 1}\n" + more);
}

/// A Deployment that names topics: "OUTPUT_TOPIC=a INPUT_TOPIC=b".
std::string client(const std::string& space, const std::string& name, const std::string& variables,
                   const std::string& more = {})
{
    std::string env = "{name: KAFKA_BOOTSTRAP_SERVERS, value: 'c-kafka-bootstrap.kafka:9093'}";
    for (const QString& each : QString::fromStdString(variables).split(' ', Qt::SkipEmptyParts))
        env += ", {name: " + each.section('=', 0, 0).toStdString() + ", value: '"
            + each.section('=', 1).toStdString() + "'}";
    return deployment(space, name, "          env: [" + env + "]\n" + more);
}

std::string acl(const std::string& user, const std::string& topicName,
                const std::string& operations)
{
    return object("kafka.strimzi.io/v1beta2", "KafkaUser", "kafka", user,
                  kLabel
                      + "spec: {authorization: {type: simple, acls: [{resource: {type: topic, "
                        "name: "
                      + topicName + "}, operations: " + operations + "}]}}\n");
}

std::string bucketJob(const std::string& name, const std::string& from, const std::string& to)
{
    return object("apps/v1", "Deployment", "lake", name,
                  "  annotations: {wavewright.dev/consumes: 's3:lake/" + from
                      + "', wavewright.dev/produces: 's3:lake/" + to
                      + "'}\nspec: {template: {metadata: {labels: {app: x}}, spec: {containers: "
                        "[{name: app}]}}}\n");
}

std::string connector(const std::string& seen)
{
    return object("kafka.strimzi.io/v1beta2", "KafkaConnector", "kafka", "sink",
                  "  labels: {strimzi.io/cluster: connect}\n"
                  "spec: {class: org.example.S3SinkConnector, config: {topics: orders, "
                  "s3.bucket.name: b}}\n"
                      + (seen.empty() ? "" : "status: {topics: [" + seen + "]}\n"));
}

const std::string kConnect = object("kafka.strimzi.io/v1beta2", "KafkaConnect", "kafka", "connect",
                                    "spec: {bootstrapServers: 'c-kafka-bootstrap:9093'}\n");

std::vector<Finding> flowsOf(const PlatformInputPtr& input)
{
    const PlatformModel model(input);
    FindingList list;
    FlowFindings flows;
    flows.update(model, makeLineage(*input), FindingGround(tenantSpaces(model)), nullptr, list);
    std::vector<Finding> out;
    for (const Finding* each : list.settle())
        out.push_back(*each);
    return out;
}

std::vector<Finding> flowsOf(const std::string& yaml)
{
    return flowsOf(PlatformFixture().declare(yaml).build());
}

const Finding* find(const std::vector<Finding>& all, const QString& code)
{
    const auto found = std::ranges::find(all, code.toStdString(), &Finding::code);
    return found == all.end() ? nullptr : &*found;
}

QString listOf(const std::vector<Finding>& found)
{
    QString out;
    for (const Finding& each : found)
        out += QString::fromStdString(each.code + ": " + each.message + "\n");
    return out;
}

} // namespace

class TestFindingsLineage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void codes_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("message"); // "" when the code is not to be found
        const auto row = [](const char* name, const char* code, const std::string& yaml,
                            const char* message = "") {
            QTest::newRow(name) << QString(code) << QString::fromStdString(yaml)
                                << QString(message);
        };
        const std::string orders = kKafka + topic("orders");
        const std::string writer = client("shop", "web", "OUTPUT_TOPIC=orders");
        const std::string reader = client("shop", "mail", "INPUT_TOPIC=orders");
        row("read, not written", "no-producer", orders + reader,
            "Topic orders of kafka/c is read, and nothing writes to it.");
        row("declared, not written", "no-producer", orders,
            "Topic orders of kafka/c is declared, and nothing writes to it.");
        row("written", "no-producer", orders + reader + writer);
        row("a user whose direction is not told", "no-producer",
            orders + client("shop", "web", "TOPIC=orders"));
        row("written, not read", "no-consumer", orders + writer,
            "Topic orders of kafka/c is read by nothing.");
        row("read", "no-consumer", orders + reader + writer);
        row("a right alone is no reader", "no-consumer",
            orders + writer + acl("u", "orders", "[Read]"),
            "Topic orders of kafka/c is read by nothing.");
        row("two tenants", "two-writers",
            orders + client("user-a", "x", "OUTPUT_TOPIC=orders")
                + client("user-b", "y", "OUTPUT_TOPIC=orders"),
            "Topic orders of kafka/c is written by several tenants: user-a (x), user-b (y).");
        row("one tenant twice, and the platform", "two-writers",
            orders + writer + client("user-a", "x", "OUTPUT_TOPIC=orders")
                + client("user-a", "y", "OUTPUT_TOPIC=orders"));
        row("two tenants that read", "two-writers",
            orders + client("user-a", "x", "INPUT_TOPIC=orders")
                + client("user-b", "y", "INPUT_TOPIC=orders"));
        row("not declared", "undeclared-topic",
            orders + client("shop", "web", "OUTPUT_TOPIC=ordres"),
            "Topic ordres of kafka/c is used, and no object declares it.");
        row("declared", "undeclared-topic", orders + writer);
        row("nobody declares topics there", "undeclared-topic", kKafka + writer);
        row("past the silver layer", "gold-reads-bronze", bucketJob("job", "bronze/a", "gold/a"),
            "job makes lake/gold/a of lake/bronze/a and leaves the silver layer out.");
        row("from silver", "gold-reads-bronze",
            bucketJob("one", "bronze/a", "silver/a") + bucketJob("two", "silver/a", "gold/a"));
        const std::string mount = "          envFrom: [{secretRef: {name: web}}]\n";
        row("no ACL for the topic", "not-permitted",
            orders + topic("mails") + acl("web", "mails", "[Write]")
                + client("shop", "web", "OUTPUT_TOPIC=orders,mails", mount),
            "web writes to topic orders, which no ACL of its user permits.");
        row("an ACL for it", "not-permitted",
            orders + acl("web", "orders", "[Write]")
                + client("shop", "web", "OUTPUT_TOPIC=orders", mount));
        row("no ACLs at all", "not-permitted", orders + writer);
        row("a right that nobody uses", "permitted-unused", orders + acl("u", "orders", "[Write]"),
            "u may write to orders, and nothing says that it does.");
        row("a right that somebody else may use", "permitted-unused",
            orders + writer + acl("u", "orders", "[Write]"));
        const std::string speed = client("shop", "speed-layer", "INPUT_TOPIC=orders");
        row("speed alone", "speed-without-batch", orders + speed,
            "Topic orders of kafka/c is read by the speed layer (speed-layer) and never comes to "
            "the batch layer.");
        row("speed and batch", "speed-without-batch",
            orders + speed + client("shop", "batch-layer", "INPUT_TOPIC=orders"));
        row("a reader without a layer", "speed-without-batch", orders + reader);
        row("a status that names another topic", "undeclared-flow",
            orders + kConnect + connector("orders, mails"),
            "sink was seen to use mails, which nothing declares.");
        row("a status that names the same", "undeclared-flow",
            orders + kConnect + connector("orders"));
        row("a status without the topic", "idle-connector", orders + kConnect + connector("mails"),
            "sink is configured for orders, and its status does not name it.");
        row("no status", "idle-connector", orders + kConnect + connector(""));
        row("a pattern that is none", "unresolved",
            orders
                + object("kafka.strimzi.io/v1beta2", "KafkaConnector", "kafka", "sink",
                         "  labels: {strimzi.io/cluster: connect}\n"
                         "spec: {class: org.example.XSink, config: {topics.regex: '(('}}\n"),
            "sink reads \"((\", of which the manifests do not tell what it is: the pattern is no "
            "regular expression.");
        row("all resolved", "unresolved", orders + reader + writer);
    }
    void codes()
    {
        QFETCH(QString, code);
        QFETCH(QString, yaml);
        QFETCH(QString, message);
        const auto all = flowsOf(yaml.toStdString());
        const Finding* found = find(all, code);
        QVERIFY2((found != nullptr) == !message.isEmpty(), qPrintable(listOf(all)));
        if (found) {
            QCOMPARE(QString::fromStdString(found->message), message);
            QCOMPARE(found->place.file, std::string("app.yaml"));
            QVERIFY(found->place.line > 0);
        }
        for (const Finding& each : all) {
            QVERIFY2(findingRule(each.code), each.code.c_str());
            QVERIFY2(each.message.ends_with('.'), each.message.c_str());
            QVERIFY(!each.place.object.empty());
        }
    }

    void partitions_data()
    {
        QTest::addColumn<int>("live");
        QTest::addColumn<bool>("isRead");
        QTest::addColumn<QString>("severity"); // "" for none
        QTest::newRow("same") << 3 << true << "";
        QTest::newRow("more") << 2 << true << "warning";
        QTest::newRow("more, and nobody reads") << 2 << false << "";
        QTest::newRow("fewer") << 6 << false << "error";
    }
    void partitions()
    {
        QFETCH(int, live);
        QFETCH(bool, isRead);
        QFETCH(QString, severity);
        PlatformFixture f;
        f.declare(kKafka + topic("orders")
                  + (isRead ? client("shop", "mail", "INPUT_TOPIC=orders") : ""));
        f.live(object("kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", "orders",
                      kLabel + "spec: {partitions: " + std::to_string(live) + "}\n"));
        const auto all = flowsOf(f.build());
        const Finding* found = find(all, "partition-change");
        QCOMPARE(found ? QString::fromStdString(std::string(toString(found->severity))) : "",
                 severity);
    }

    void whatWasNotReadIsNotMissing()
    {
        PlatformFixture f;
        f.declare(kKafka + topic("orders"));
        f.input().gaps.push_back("Application x could not be read.");
        const auto all = flowsOf(f.build());
        QVERIFY2(all.empty(), qPrintable(listOf(all)));
    }
    void anUnresolvedEndMayBeTheOne()
    {
        const auto all =
            flowsOf(kKafka + topic("orders") + kConnect
                    + object("kafka.strimzi.io/v1beta2", "KafkaConnector", "kafka", "sink",
                             "  labels: {strimzi.io/cluster: connect}\n"
                             "spec: {class: org.example.XSink, config: {topics.regex: 'x.*'}}\n"));
        const Finding* found = find(all, "no-consumer");
        QVERIFY2(found, qPrintable(listOf(all)));
        QVERIFY2(found->message.find("could not be resolved") != std::string::npos,
                 found->message.c_str());
    }
    void acceptedWithItsReason()
    {
        const std::string accepted = object(
            "kafka.strimzi.io/v1beta2", "KafkaTopic", "kafka", "orders",
            "  annotations: {wavewright.dev/accept: 'no-producer, no-consumer: comes in May'}\n"
                + kLabel + "spec: {partitions: 3, replicas: 1}\n");
        const auto all = flowsOf(kKafka + accepted);
        QCOMPARE(all.size(), std::size_t(2));
        for (const Finding& each : all) {
            QVERIFY(each.accepted);
            QCOMPARE(each.reason, std::string("comes in May"));
        }
    }
    void addedToTheOthers()
    {
        const auto input =
            PlatformFixture()
                .declare(kKafka + topic("orders")
                         + object("v1", "Secret", "shop", "s", "stringData: {password: guest}\n"))
                .build();
        const PlatformModel model(input);
        const auto all = findings(model, *makeLineage(*input));
        QVERIFY(find(all, "default-credentials") && find(all, "no-producer"));
    }
};

WW_TEST_CLASS(TestFindingsLineage)
#include "tst_findingslineage.moc"
