// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagetext.h"
#include "core/platform/topics.h"
#include "tests/core/platform/lineagecase.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

const char* const kPlatform = R"(apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: k, namespace: kafka}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: used, namespace: kafka, labels: {strimzi.io/cluster: k}}
spec: {partitions: 6, replicas: 2, config: {retention.ms: 604800000}}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: silent, namespace: kafka, labels: {strimzi.io/cluster: k}}
spec: {partitions: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: w, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: w, env: [{name: INPUT_TOPIC, value: used}, {name: OUTPUT_TOPIC, value: unknown}]}]}}}
---
apiVersion: rabbitmq.com/v1beta1
kind: RabbitmqCluster
metadata: {name: r, namespace: rabbit}
---
apiVersion: rabbitmq.com/v1beta1
kind: Exchange
metadata: {name: ex, namespace: rabbit}
spec: {name: ex, rabbitmqClusterReference: {name: r}}
---
apiVersion: rabbitmq.com/v1beta1
kind: Binding
metadata: {name: b, namespace: rabbit}
spec: {source: ex, destination: q, destinationType: queue, vhost: v, rabbitmqClusterReference: {name: r}}
---
apiVersion: rabbitmq.com/v1beta1
kind: Queue
metadata: {name: q, namespace: rabbit}
spec: {name: q, vhost: v, rabbitmqClusterReference: {name: r}}
)";

const Topic* named(const std::vector<Topic>& topics, std::string_view name)
{
    const auto found = std::ranges::find(topics, name, &Topic::name);
    return found == topics.end() ? nullptr : &*found;
}

} // namespace

class TestTopics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void list()
    {
        const auto topics = topicsOf(*lineageOf(kPlatform), false);
        std::string names;
        for (const Topic& topic : topics)
            names += std::string(toString(topic.type)) + " " + topic.cluster + " " + topic.vhost
                + " " + topic.name + "; ";
        QCOMPARE(
            names,
            std::string("topic kafka/k  silent; topic kafka/k  unknown; topic kafka/k  used; "
                        "queue rabbit/r v q; exchange rabbit/r / ex; exchange rabbit/r v ex; "));
    }

    void declared()
    {
        const auto topics = topicsOf(*lineageOf(kPlatform), false);
        const Topic* used = named(topics, "used");
        QVERIFY(used);
        QCOMPARE(used->partitions, std::optional<std::int64_t>(6));
        QCOMPARE(used->replicas, std::optional<std::int64_t>(2));
        QCOMPARE(used->retentionMs, std::optional<std::int64_t>(604'800'000));
        QCOMPARE(used->consumers, std::vector<std::string> {"kubernetes://shop/Deployment/w"});
        QVERIFY(used->declared && used->isSilent() && !used->isUnread());
        QVERIFY(!used->existing); // no cluster was asked
        QCOMPARE(used->place.line, 5);
        const Topic* silent = named(topics, "silent");
        QVERIFY(silent->isSilent() && silent->isUnread());
        const Topic* unknown = named(topics, "unknown");
        QVERIFY(!unknown->declared && !unknown->isSilent() && unknown->isUnread());
        const auto asked = topicsOf(*lineageOf(kPlatform), true);
        QCOMPARE(named(asked, "silent")->existing,
                 std::optional(false)); // its KafkaTopic is not there
        QVERIFY(!named(asked, "unknown")->existing); // a client names it: the broker alone knows
    }

    void bindings()
    {
        const auto topics = topicsOf(*lineageOf(kPlatform), false);
        QCOMPARE(topics.back().name, std::string("ex"));
        QCOMPARE(topics.back().bindings,
                 std::vector<std::string> {"rabbitmq://r.rabbit.svc:5672/v/queue/q"});
        QVERIFY(!topics.back().isUnread());
        QVERIFY(!named(topics, "q")->isSilent());
    }

    void figuresSayThatTheyHaveNoSource()
    {
        const Json json = toJson(topicsOf(*lineageOf(kPlatform), false).front());
        QVERIFY(findPath(json, {"recordsIn", "value"})->is_null());
        QVERIFY(!stringAt(json, {"recordsIn", "reason"}).empty());
        QVERIFY(find(json, "existing")->is_null());
    }

    void openLineage()
    {
        const auto events = toOpenLineage(*lineageOf(kPlatform), WallTime {});
        QCOMPARE(events.size(), std::size_t(2)); // the workload, and the binding
        const Json& event = events.front();
        QCOMPARE(stringAt(event, {"job", "namespace"}), std::string_view("kubernetes://shop"));
        QCOMPARE(stringAt(event, {"job", "name"}), std::string_view("Deployment/w"));
        QCOMPARE(
            stringAt(event, {"schemaURL"}),
            std::string_view("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent"));
        QCOMPARE(toText(*find(event, "inputs")),
                 std::string("[{\"namespace\":\"kafka://"
                             "k-kafka-bootstrap.kafka.svc:9092\",\"name\":\"used\"}]"));
        QCOMPARE(find(event, "outputs")->get_array().size(), std::size_t(1));
        QCOMPARE(stringAt(event, {"job", "facets", "jobType", "processingType"}),
                 std::string_view("SERVICE"));
        for (const Json& each : events) {
            QVERIFY(!stringAt(each, {"eventTime"}).empty()
                    && !stringAt(each, {"producer"}).empty());
            for (const char* name : {"jobType", "wavewright_evidence"})
                QVERIFY(!stringAt(each, {"job", "facets", name, "_schemaURL"}).empty());
        }
    }

    void dot()
    {
        const std::string text = toDot(*lineageOf(kPlatform));
        QVERIFY(text.starts_with("digraph lineage {"));
        QVERIFY(text.ends_with("}\n"));
        QVERIFY(text.find("style=dashed") != text.npos); // inferred
        QVERIFY(text.find("subgraph cluster_") != text.npos);
        // A name cannot leave its quotes.
        const LineageGraph odd({{.label = "a\"]; b [label=\"\\"}}, {});
        QVERIFY(toDot(odd).find("label=\"a\\\"]; b [label=\\\"\\\\\"") != std::string::npos);
    }

    void json()
    {
        const Json json = toJson(*lineageOf(kPlatform));
        QCOMPARE(find(json, "edges")->get_array().size(), std::size_t(3));
        const Json& edge = find(json, "edges")->get_array().front();
        QVERIFY(!stringAt(edge, {"from"}).empty() && !stringAt(edge, {"evidence"}).empty());
        QVERIFY(!find(edge, "proofs")->get_array().empty());
    }
};

WW_TEST_CLASS(TestTopics)
#include "tst_topics.moc"
