// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

const std::string kCore = "/api/v1/namespaces/default";
const std::string kApps = "/apis/apps/v1/namespaces/default";

} // namespace

class TestValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesOnCreate_data();
    void refusesOnCreate();
    void refusesOnUpdate_data();
    void refusesOnUpdate();
    void tellsEveryCause();
};

void TestValidation::refusesOnCreate_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("message");

    const auto row = [](const char* name, const std::string& target, const std::string& body,
                        const std::string& message) {
        QTest::newRow(name) << QString::fromStdString(target) << QString::fromStdString(body)
                            << QString::fromStdString(message);
    };
    row("selector and labels", kApps + "/deployments",
        R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{
            "selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":{"app":"b"}},
            "spec":{"containers":[{"name":"c","image":"i"}]}}}})",
        "Deployment.apps \"a\" is invalid: spec.template.metadata.labels: Invalid value: "
        "{\"app\":\"b\"}: `selector` does not match template `labels`");
    row("no image", kCore + "/pods",
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c"}]}})",
        "Pod \"a\" is invalid: spec.containers[0].image: Required value");
    row("container twice", kCore + "/pods",
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[
            {"name":"c","image":"i"},{"name":"c","image":"i"}]}})",
        "Pod \"a\" is invalid: spec.containers[1].name: Duplicate value: \"c\"");
    row("port", kCore + "/services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":70000}]}})",
        "Service \"a\" is invalid: spec.ports[0].port: Invalid value: 70000: must be between 1 and "
        "65535, inclusive");
    row("restart policy", "/apis/batch/v1/namespaces/default/jobs",
        R"({"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"},"spec":{"template":{"spec":{
            "containers":[{"name":"c","image":"i"}]}}}})",
        "Job.batch \"a\" is invalid: spec.template.spec.restartPolicy: Required value: valid "
        "values: "
        "\"OnFailure\", \"Never\"");
    row("definition of a group that Kubernetes keeps",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
            "metadata":{"name":"as.x.k8s.io"},"spec":{"group":"x.k8s.io","scope":"Namespaced",
            "names":{"plural":"as","kind":"A","listKind":"AList","singular":"a"},
            "versions":[{"name":"v1","served":true,"storage":true,
                         "schema":{"openAPIV3Schema":{"type":"object"}}}]}})",
        "CustomResourceDefinition.apiextensions.k8s.io \"as.x.k8s.io\" is invalid: "
        "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must "
        "have approval annotation \"api-approved.kubernetes.io\", see "
        "https://github.com/kubernetes/enhancements/pull/1111");
    row("definition's name", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
            "metadata":{"name":"x"},"spec":{"group":"g.io","scope":"Cluster",
            "names":{"kind":"X","plural":"xs"},"versions":[{"name":"v1","served":true,"storage":true,
            "schema":{"openAPIV3Schema":{"type":"object"}}}]}})",
        "CustomResourceDefinition.apiextensions.k8s.io \"x\" is invalid: metadata.name: Invalid "
        "value: \"x\": must be spec.names.plural+\".\"+spec.group");
    row("annotations", kCore + "/configmaps",
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","annotations":{"x":")"
            + std::string(262'145, 'x') + R"("}}})",
        "ConfigMap \"a\" is invalid: metadata.annotations: Too long: may not be more than 262144 "
        "bytes");
}

void TestValidation::refusesOnCreate()
{
    QFETCH(QString, target);
    QFETCH(QString, body);
    QFETCH(QString, message);
    TestServer server;
    const auto response = server.post(target.toStdString(), body.toStdString());
    QCOMPARE(response.status, 422);
    QCOMPARE(QString::fromStdString(text(jsonOf(response), {"message"})), message);
    QCOMPARE(text(jsonOf(response), {"reason"}), "Invalid");
}

void TestValidation::refusesOnUpdate_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("message");

    const auto row = [](const char* name, const std::string& target, const std::string& body,
                        const std::string& patch, const std::string& message) {
        QTest::newRow(name) << QString::fromStdString(target) << QString::fromStdString(body)
                            << QString::fromStdString(patch) << QString::fromStdString(message);
    };
    row("immutable ConfigMap", kCore + "/configmaps",
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"immutable":true,"data":{"k":"1"}})",
        R"({"data":{"k":"2"}})", "data: Forbidden: field is immutable when `immutable` is set");
    row("Secret's type", kCore + "/secrets",
        R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}})", R"({"type":"other"})",
        "type: Invalid value: \"other\": field is immutable");
    row("cluster IP", kCore + "/services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}})",
        R"({"spec":{"clusterIP":"10.96.9.9"}})",
        "spec.clusterIPs[0]: Invalid value: \"10.96.9.9\": may not change once set");
    row("roleRef", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
        R"({"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"a"},
            "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"r"}})",
        R"({"roleRef":{"name":"s"}})",
        "roleRef: Invalid value: {\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\","
        "\"name\":\"s\"}: cannot change roleRef");
    row("pod", kCore + "/pods",
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]}})",
        R"({"spec":{"hostNetwork":true}})", "spec: Forbidden: pod updates may not change fields");
    row("StatefulSet", kApps + "/statefulsets",
        R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"a"},"spec":{"serviceName":"a",
            "selector":{"matchLabels":{"a":"a"}},"template":{"metadata":{"labels":{"a":"a"}},
            "spec":{"containers":[{"name":"c","image":"i"}]}}}})",
        R"({"spec":{"serviceName":"b"}})",
        "spec: Forbidden: updates to statefulset spec for fields other than");
}

void TestValidation::refusesOnUpdate()
{
    QFETCH(QString, target);
    QFETCH(QString, body);
    QFETCH(QString, patch);
    QFETCH(QString, message);
    TestServer server;
    QCOMPARE(server.post(target.toStdString(), body.toStdString()).status, 201);
    const auto response = server.send("PATCH", target.toStdString() + "/a", patch.toStdString(),
                                      "application/merge-patch+json");
    QCOMPARE(response.status, 422);
    const std::string said = text(jsonOf(response), {"message"});
    QVERIFY2(said.find(message.toStdString()) != std::string::npos, said.c_str());
}

void TestValidation::tellsEveryCause()
{
    TestServer server;
    const auto response = server.post(
        kCore + "/pods",
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"not valid"}},
            "spec":{"containers":[{"name":"C"}]}})");
    QCOMPARE(response.status, 422);
    const core::Json status = jsonOf(response);
    QCOMPARE(core::findPath(status, {"details", "causes"})->as_array().size(), 3u);
    QCOMPARE(text(status, {"details", "kind"}), "Pod");
}

WW_TEST_CLASS(TestValidation)
#include "tst_validation.moc"
