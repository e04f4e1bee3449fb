// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/podfacts.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

const char* const kTemplate =
    "metadata: {labels: {app: web}}\n"
    "spec:\n"
    "  serviceAccountName: robot\n"
    "  automountServiceAccountToken: false\n"
    "  initContainers:\n"
    "    - name: wait\n"
    "      command: [sh, -c, \"nc -z db.data:5432\"]\n"
    "  containers:\n"
    "    - name: web\n"
    "      env:\n"
    "        - {name: KAFKA, value: \"a.kafka:9092,b.kafka:9092\"}\n"
    "        - {name: POSTGRES_HOST, value: db}\n"
    "        - {name: POSTGRES_PORT, value: \"5432\"}\n"
    "        - {name: TITLE, value: db}\n"
    "        - {name: DB_PASSWORD, value: changeme}\n"
    "        - {name: TOKEN, valueFrom: {secretKeyRef: {name: token, key: t}}}\n"
    "        - {name: COLOUR, valueFrom: {configMapKeyRef: {name: colours, key: c, optional: "
    "true}}}\n"
    "      envFrom:\n"
    "        - secretRef: {name: all}\n"
    "        - configMapRef: {name: more}\n"
    "      ports: [{name: http, containerPort: 80}, {containerPort: 53, protocol: UDP}]\n"
    "      securityContext: {privileged: true}\n"
    "  volumes:\n"
    "    - {name: a, secret: {secretName: files}}\n"
    "    - {name: b, configMap: {name: page}}\n"
    "    - {name: c, persistentVolumeClaim: {claimName: disk}}\n"
    "    - {name: d, projected: {sources: [{secret: {name: projected}}]}}\n"
    "  imagePullSecrets: [{name: pull}]\n";

PodFacts pod()
{
    return podFactsOf(parseYaml(kTemplate, "pod.yaml").value(), "/spec/template");
}

} // namespace

class TestPodFacts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void identity()
    {
        const PodFacts facts = pod();
        QCOMPARE(facts.labels.at("app"), std::string("web"));
        QCOMPARE(facts.serviceAccount, std::string("robot"));
        QCOMPARE(facts.automountToken, std::optional(false));
        QVERIFY(facts.isPrivileged);
        QVERIFY(!facts.hostNetwork);
        QCOMPARE(facts.containers.size(), std::size_t(2));
        QVERIFY(facts.containers[0].isInit);
        QCOMPARE(facts.ports.size(), std::size_t(2));
        QCOMPARE(facts.ports[1].protocol, std::string("UDP"));
    }
    void endpoints()
    {
        QStringList found;
        for (const EndpointFact& fact : pod().endpoints)
            found << QString::fromStdString(fact.from + " " + fact.endpoint.host + ":"
                                            + std::to_string(fact.endpoint.port) + " "
                                            + fact.pointer);
        const QString at = "/spec/template/spec/containers/0/env/";
        QCOMPARE(found,
                 (QStringList {
                     "command db.data:5432 /spec/template/spec/initContainers/0/command/2",
                     "KAFKA a.kafka:9092 " + at + "0/value", "KAFKA b.kafka:9092 " + at + "0/value",
                     "POSTGRES_HOST db:5432 " + at + "1/value"}));
    }
    void names()
    {
        QStringList found;
        for (const NameFact& name : pod().names)
            found << QString::fromStdString(name.kind + " " + name.name
                                            + (name.optional ? " optional" : ""));
        QCOMPARE(
            found,
            (QStringList {"Secret token", "ConfigMap colours optional", "Secret all",
                          "ConfigMap more", "Secret pull optional", "Secret files",
                          "ConfigMap page", "PersistentVolumeClaim disk", "Secret projected"}));
    }
    void wellKnownPasswords()
    {
        QCOMPARE(pod().wellKnownPasswords,
                 (std::vector<std::string> {"/spec/template/spec/containers/0/env/4/value"}));
    }
    void passwords_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("weak");
        const auto row = [](const char* name, const char* value, bool weak) {
            QTest::addRow("%s=%s", name, value) << QString(name) << QString(value) << weak;
        };
        row("PASSWORD", "guest", true);
        row("default_pass", "guest", true);
        row("MINIO_SECRET_KEY", "minioadmin", true);
        row("secret-key", "minioadmin", true);
        row("access-key", "minioadmin", false);
        row("ADMIN_PASSWORD", "Changeme", true);
        row("PASSWORD", "k3#9fj!", false);
        row("USER", "guest", false);
        row("PASSWORD", "", false);
    }
    void passwords()
    {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(bool, weak);
        QCOMPARE(isWellKnownPassword(name.toStdString(), value.toStdString()), weak);
    }
    void counts()
    {
        QCOMPARE(podCount(3), std::int64_t(3));
        QCOMPARE(podCount(-1), std::int64_t(0));
        QCOMPARE(podCount(std::int64_t(1) << 62), std::int64_t(1'000'000));
    }
    void strangeShapes()
    {
        for (const char* text :
             {"{}", "[]", "3", "{spec: 3}", "{spec: {containers: {a: b}}}",
              "{spec: {containers: [3, null, {env: [3, {name: 4, value: [x]}], envFrom: [a]}]}}",
              "{spec: {containers: [{resources: {requests: {cpu: [1], memory: x}}, ports: [x]}]}}",
              "{metadata: {labels: [a]}, spec: {volumes: [3, {secret: 4}]}}"})
            QVERIFY(podFactsOf(parseYaml(text, "x").value(), "").names.empty());
    }
};

WW_TEST_CLASS(TestPodFacts)
#include "tst_podfacts.moc"
