// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/statustext.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using Lines = std::vector<std::string>;

class TestStatusText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void notes_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("all is well")
            << "{name: a, health: Healthy, conditions: [], pauses: [], awaitingConfirmation: []}"
            << QStringList {};
        QTest::newRow("an error with its place")
            << "{name: a, health: Healthy, conditions: [{type: ComparisonError, message: no kind, "
               "place: {file: app/b.yaml, line: 3, column: 5}}]}"
            << QStringList {"a: ComparisonError: app/b.yaml:3:5: no kind"};
        QTest::newRow("an object that is not Healthy")
            << "{name: a, health: Degraded, healthMessage: Caused by web, resources: [{group: "
               "apps, "
               "kind: Deployment, namespace: shop, name: web, health: Degraded, healthMessage: "
               "crashes}, {kind: Pod, name: web-1, health: Degraded, parent: {kind: ReplicaSet}}, "
               "{kind: Service, name: web, health: Healthy}, {kind: ConfigMap, name: c, health: "
               "null}]}"
            << QStringList {"a: Deployment shop/web is Degraded: crashes"};
        QTest::newRow("health without an object")
            << "{name: a, health: Unknown, healthMessage: nothing is known}"
            << QStringList {"a is Unknown: nothing is known"};
        QTest::newRow("pauses")
            << "{name: a, health: Healthy, conditions: [{type: Paused, message: "
               "x}], pauses: [{reason: repair}, {reason: look, until: "
               "'2026-01-02T03:04:05Z', object: {kind: Service, namespace: "
               "shop, name: web}}]}"
            << QStringList {"a is paused: repair",
                            "a: Service shop/web is paused until 2026-01-02T03:04:05Z: "
                            "look"};
        QTest::newRow("prunes that wait")
            << "{name: a, health: Healthy, awaitingConfirmation: [{kind: Namespace, name: carol}]}"
            << QStringList {"a: the prune of Namespace carol waits for a person: wavewright "
                            "confirm a says yes"};
    }
    void notes()
    {
        QFETCH(QString, state);
        QFETCH(QStringList, lines);
        const auto parsed = core::parseYamlDocuments(state.toStdString(), "state");
        QVERIFY2(parsed && parsed->size() == 1, state.toUtf8());
        QStringList out;
        for (const std::string& line : app::statusNotes(parsed->front()))
            out << QString::fromStdString(line);
        QCOMPARE(out, lines);
    }
    void manyAreCounted()
    {
        core::JsonArray objects;
        for (int i = 0; i < 12; ++i)
            objects.push_back(core::JsonObject {
                {"kind", "ConfigMap"}, {"name", "c" + std::to_string(i)}, {"health", "Missing"}});
        QCOMPARE(app::objectNames(objects),
                 std::string("ConfigMap c0, ConfigMap c1, ConfigMap c2, ConfigMap c3, ConfigMap c4 "
                             "and 7 more"));
        const auto lines = app::statusNotes(
            core::JsonObject {{"name", "a"}, {"health", "Missing"}, {"resources", objects}});
        QCOMPARE(lines.size(), std::size_t(11));
        QCOMPARE(lines.back(), std::string("a: 2 more are not Healthy"));
    }
};

WW_TEST_CLASS(TestStatusText)
#include "tst_statustext.moc"
