// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

/// What an object holds has to make sense to its kind.
class TestContentValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checks_data();
    void checks();
};

void TestContentValidation::checks_data()
{
    QTest::addColumn<QString>("kind"); // apiVersion, kind, plural
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("problem"); // "" for none
    const QString map = "v1 ConfigMap configmaps";
    const QString secret = "v1 Secret secrets";
    const QString ingress = "networking.k8s.io/v1 Ingress ingresses";
    const QString role = "rbac.authorization.k8s.io/v1 Role roles";
    QTest::newRow("keys") << map << R"("data":{"a.b-c_D":"x"})" << "";
    QTest::newRow("a bad key") << map << R"("data":{"a/b":"x"})" << "data[a/b]: Invalid value";
    QTest::newRow("twice") << map << R"("data":{"a":"x"},"binaryData":{"a":"eA=="})"
                           << "duplicate of key present in binaryData";
    QTest::newRow("a certificate")
        << secret << R"("type":"kubernetes.io/tls","data":{"tls.crt":"eA=="})"
        << "data[tls.key]: Required value";
    QTest::newRow("a login") << secret
                             << R"("type":"kubernetes.io/basic-auth","data":{"username":"eA=="})"
                             << "";
    QTest::newRow("a registry") << secret << R"("type":"kubernetes.io/dockerconfigjson")"
                                << "data[.dockerconfigjson]: Required value";
    QTest::newRow("an empty Ingress") << ingress << R"("spec":{})"
                                      << "either `defaultBackend` or `rules` must be specified";
    QTest::newRow("a path without a type")
        << ingress << R"("spec":{"rules":[{"http":{"paths":[{"path":"/"}]}}]})"
        << "spec.rules[0].http.paths[0].pathType: Required value";
    QTest::newRow("an address as a host") << ingress << R"("spec":{"rules":[{"host":"1.2.3.4"}]})"
                                          << "must be a DNS name, not an IP address";
    QTest::newRow("a rule")
        << role << R"("rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}])"
        << "";
    QTest::newRow("a rule without verbs")
        << role << R"("rules":[{"apiGroups":[""],"resources":["pods"]}])"
        << "rules[0].verbs: Required value";
    QTest::newRow("a lease of no time")
        << "coordination.k8s.io/v1 Lease leases" << R"("spec":{"leaseDurationSeconds":0})"
        << "must be greater than 0";
    QTest::newRow("a revision of nothing") << "apps/v1 ControllerRevision controllerrevisions"
                                           << R"("revision":1)" << "data is mandatory";
    QTest::newRow("no schedule")
        << "batch/v1 CronJob cronjobs"
        << R"("spec":{"schedule":"now","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}})"
        << "expected exactly 5 fields, found 1: [now]";
    QTest::newRow("less than the least")
        << "autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers"
        << R"("spec":{"minReplicas":5,"maxReplicas":3,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"}})"
        << "must be greater than or equal to `minReplicas`";
    QTest::newRow("an event of elsewhere")
        << "v1 Event events" << R"("involvedObject":{"kind":"Pod","name":"p","namespace":"other"})"
        << "does not match event.namespace";
}

void TestContentValidation::checks()
{
    QFETCH(QString, kind);
    QFETCH(QString, content);
    QFETCH(QString, problem);
    const QStringList words = kind.split(' ');
    TestServer server;
    const std::string group = words[0].contains('/') ? "/apis/" : "/api/";
    const auto made = server.post(
        group + words[0].toStdString() + "/namespaces/default/" + words[2].toStdString(),
        QString(R"({"apiVersion":"%1","kind":"%2","metadata":{"name":"x"},%3})")
            .arg(words[0], words[1], content)
            .toStdString());
    QVERIFY2(made.status == (problem.isEmpty() ? 201 : 422), made.body.c_str());
    if (!problem.isEmpty())
        QVERIFY2(text(jsonOf(made), {"message"}).find(problem.toStdString()) != std::string::npos,
                 made.body.c_str());
}

WW_TEST_CLASS(TestContentValidation)
#include "tst_contentvalidation.moc"
