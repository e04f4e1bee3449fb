// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/namespaces.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::space;

class TestCrossReferences : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void references_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("reference"); // "how: namespace: to", "" for none
        const auto row = [](const char* name, const std::string& yaml, const char* reference) {
            QTest::newRow(name) << QString::fromStdString(yaml) << QString(reference);
        };
        row("a DNS name",
            deployment("shop", "web", "          env: [{name: DB, value: 'db.data:5432'}]\n"),
            "DNS name: data: Service data/db");
        row("a name of its own namespace",
            deployment("shop", "web", "          env: [{name: DB, value: 'own:80'}]\n"), "");
        row("a name of the world",
            deployment("shop", "web", "          env: [{name: DB, value: 'a.example.com:80'}]\n"),
            "");
        row("an alias",
            object("v1", "Service", "shop", "db",
                   "spec: {type: ExternalName, externalName: db.data.svc.cluster.local}\n"),
            "DNS name: data: Service data/db");
        row("a policy's peer",
            object("networking.k8s.io/v1", "NetworkPolicy", "shop", "p",
                   "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
                   "{team: b}}}]}]}\n"),
            "NetworkPolicy from: data: pods");
        row("a policy's peer of its own namespace",
            object("networking.k8s.io/v1", "NetworkPolicy", "shop", "p",
                   "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}\n"),
            "");
        row("a binding's subject",
            object("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "b",
                   "roleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: robot, "
                   "namespace: data}]\n"),
            "RoleBinding subject: data: ServiceAccount data/robot");
        row("a Secret that is copied",
            object("v1", "Secret", "shop", "s",
                   "  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: "
                   "data}\n"),
            "mirror: data: Secret data/s");
        row("a copy",
            object("v1", "Secret", "shop", "s",
                   "  annotations: {reflector.v1.k8s.emberstack.com/reflects: data/s}\n"),
            "mirror: data: Secret data/s");
    }
    void references()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, reference);
        const PlatformModel model(
            tests::PlatformFixture()
                .declare(yaml.toStdString() + space("shop", "{team: a}")
                         + space("data", "{team: b}")
                         + object("v1", "Service", "data", "db", "spec: {ports: [{port: 5432}]}\n")
                         + object("v1", "Service", "shop", "own", "spec: {ports: [{port: 80}]}\n"))
                .build());
        QStringList found;
        for (const CrossReference& each : crossReferences(model, "shop")) {
            found << QString::fromStdString(each.how + ": " + each.toNamespace + ": " + each.to);
            QCOMPARE(each.place.file, std::string("app.yaml"));
            QVERIFY(each.place.line > 0);
            QVERIFY(!each.text.empty());
        }
        QCOMPARE(found.join("; "), reference);
    }
};

WW_TEST_CLASS(TestCrossReferences)
#include "tst_crossreferences.moc"
