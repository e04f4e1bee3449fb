// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs lineage and topics on a folder: formats, focus, ways, exit codes.
#include "tests/e2e/workspace.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

using tests::Finished;
using tests::Workspace;

namespace {

const char* const kKafka =
    "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: k, namespace: "
    "kafka}\n---\n"
    "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {name: orders, namespace: "
    "kafka, labels: {strimzi.io/cluster: k}}\nspec: {partitions: 6, replicas: 2}\n";
const char* const kShop =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop, namespace: shop}\nspec: "
    "{template: "
    "{spec: {containers: [{name: c, image: shop, env: [{name: OUTPUT_TOPIC, value: orders}]}]}}}\n"
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: bill, namespace: shop}\nspec: "
    "{template: {spec: {containers: [{name: c, image: bill, env: [{name: INPUT_TOPIC, value: "
    "orders}, "
    "{name: DATABASE_URL, value: 'postgres://bill:swordfish@db.example.com/bills'}]}]}}}\n";

Finished ask(Workspace& here, const QStringList& more)
{
    return here.wavewright(more
                           + QStringList {"--path", "app", "--state", here.stateFolder(),
                                          "--config", here.path("none.yaml")});
}

void write(Workspace& here)
{
    here.write("app/kafka.yaml", kKafka);
    here.write("app/shop.yaml", kShop);
}

} // namespace

class TestLineageCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void formats()
    {
        Workspace here;
        write(here);
        const Finished text = ask(here, {"lineage"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.contains("env OUTPUT_TOPIC of container c at app/shop.yaml:4"));
        const Finished json = ask(here, {"lineage", "-o", "json"});
        const QJsonObject graph = QJsonDocument::fromJson(json.output.toUtf8()).object();
        QCOMPARE(graph["edges"].toArray().size(), 3);
        const Finished dot = ask(here, {"lineage", "-o", "dot"});
        QVERIFY(dot.output.startsWith("digraph lineage {"));
        const Finished events = ask(here, {"lineage", "-o", "openlineage"});
        QCOMPARE(events.output.count("JobEvent\""), 2); // a line for each job
        for (const Finished& each : {text, json, dot, events})
            QVERIFY(!each.output.contains("swordfish"));
    }

    void focusAndWays()
    {
        Workspace here;
        write(here);
        const Finished near =
            ask(here, {"lineage", "--focus", "orders", "--downstream", "0", "--upstream", "1"});
        QVERIFY(near.output.contains("Deployment/shop")
                && !near.output.contains("Deployment/bill"));
        const Finished way = ask(here, {"lineage", "--between", "Deployment/shop", "bills"});
        QCOMPARE(way.exitCode, 0);
        QVERIFY(way.output.contains("Deployment/bill"));
        QCOMPARE(ask(here, {"lineage", "--between", "bills", "Deployment/shop"}).exitCode, 1);
        const Finished nobody = ask(here, {"lineage", "--focus", "nobody"});
        QCOMPARE(nobody.exitCode, 64);
        QVERIFY(nobody.errors.contains("no node is called \"nobody\""));
    }

    void topics()
    {
        Workspace here;
        write(here);
        const Finished text = ask(here, {"topics"});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.contains("orders") && text.output.contains("kafka/k"));
        const Finished json = ask(here, {"topics", "-o", "json"});
        const QJsonArray topics =
            QJsonDocument::fromJson(json.output.toUtf8()).object()["topics"].toArray();
        QCOMPARE(topics.size(), 1);
        QCOMPARE(topics[0].toObject()["partitions"].toInt(), 6);
        QCOMPARE(topics[0].toObject()["consumers"].toArray().size(), 1);
        QVERIFY(topics[0].toObject()["existing"].isNull()); // no cluster was asked
    }
};

WW_TEST_CLASS(TestLineageCommands)
#include "tst_lineagecommands.moc"
