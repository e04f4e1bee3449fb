// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

const std::string kSpace = "/api/v1/namespaces/default/";

std::string pod(const std::string& resources, const std::string& more = {})
{
    return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":)"
           R"([{"name":"c","image":"i","resources":)"
        + resources + "}]" + more + "}}";
}

} // namespace

class TestAdmission : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void furnishesPods();
    void namesClassesOfService_data();
    void namesClassesOfService();
    void keepsLimits_data();
    void keepsLimits();
    void choosesDefaultClasses();
    void addsWhatNobodyOwns();
    void answersWithAStatus();
};

void TestAdmission::furnishesPods()
{
    TestServer server;
    const core::Json made = jsonOf(server.post(kSpace + "pods", pod("{}")));
    QCOMPARE(text(made, {"spec", "serviceAccountName"}), "default");
    QCOMPARE(text(made, {"spec", "serviceAccount"}), "default");
    QCOMPARE(text(made, {"spec", "priority"}), "0");
    QCOMPARE(core::find(made.at("spec"), "tolerations")->as_array().size(), 2u);
    QCOMPARE(text(made, {"status", "phase"}), "Pending");
    const auto refused = server.post("/api/v1/namespaces/kube-public/pods",
                                     pod("{}", R"(,"priorityClassName":"none")"));
    QCOMPARE(refused.status, 403);
    QVERIFY(
        text(jsonOf(refused), {"message"}).ends_with("no PriorityClass with name none was found"));
    const auto critical = server.post("/api/v1/namespaces/kube-system/pods",
                                      pod("{}", R"(,"priorityClassName":"system-node-critical")"));
    QCOMPARE(text(jsonOf(critical), {"spec", "priority"}), "2000001000");
}

void TestAdmission::namesClassesOfService_data()
{
    QTest::addColumn<QString>("resources");
    QTest::addColumn<QString>("qos");
    QTest::newRow("nothing") << "{}" << "BestEffort";
    QTest::newRow("a request") << R"({"requests":{"cpu":"1"}})" << "Burstable";
    QTest::newRow("limits") << R"({"limits":{"cpu":"1","memory":"1Gi"}})" << "Guaranteed";
    QTest::newRow("less than its limits")
        << R"({"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m"}})" << "Burstable";
}

void TestAdmission::namesClassesOfService()
{
    QFETCH(QString, resources);
    QFETCH(QString, qos);
    TestServer server;
    const auto made = server.post(kSpace + "pods", pod(resources.toStdString()));
    QCOMPARE(text(jsonOf(made), {"status", "qosClass"}), qos.toStdString());
}

void TestAdmission::keepsLimits_data()
{
    QTest::addColumn<QString>("resources");
    QTest::addColumn<QString>("problem");
    QTest::newRow("in between") << R"({"requests":{"cpu":"200m"}})" << "";
    QTest::newRow("the defaults") << "{}" << "";
    QTest::newRow("too little") << R"({"requests":{"cpu":"50m"}})"
                                << "minimum cpu usage per Container is 100m, but request is 50m";
    QTest::newRow("too much") << R"({"limits":{"cpu":"2"}})"
                              << "maximum cpu usage per Container is 1, but limit is 2";
}

void TestAdmission::keepsLimits()
{
    QFETCH(QString, resources);
    QFETCH(QString, problem);
    TestServer server;
    QCOMPARE(server
                 .post(kSpace + "limitranges",
                       R"({"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"l"},"spec":)"
                       R"({"limits":[{"type":"Container","default":{"cpu":"500m"},)"
                       R"("min":{"cpu":"100m"},"max":{"cpu":"1"}}]}})")
                 .status,
             201);
    const auto made = server.post(kSpace + "pods", pod(resources.toStdString()));
    QCOMPARE(made.status, problem.isEmpty() ? 201 : 403);
    if (!problem.isEmpty())
        QCOMPARE(text(jsonOf(made), {"message"}),
                 "pods \"p\" is forbidden: " + problem.toStdString());
    else
        QVERIFY(text(jsonOf(made), {"metadata", "annotations", "kubernetes.io/limit-ranger"})
                    .starts_with("LimitRanger plugin set: cpu"));
}

void TestAdmission::choosesDefaultClasses()
{
    TestServer server;
    const std::string claim =
        R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"c"},"spec":)"
        R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})";
    const auto without = server.post(kSpace + "persistentvolumeclaims?dryRun=All", claim);
    QCOMPARE(text(jsonOf(without), {"spec", "storageClassName"}), "<absent>");
    server.post("/apis/storage.k8s.io/v1/storageclasses",
                R"({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","provisioner":"p",)"
                R"("metadata":{"name":"std","annotations":)"
                R"({"storageclass.kubernetes.io/is-default-class":"true"}}})");
    const auto with = server.post(kSpace + "persistentvolumeclaims", claim);
    QCOMPARE(text(jsonOf(with), {"spec", "storageClassName"}), "std");
}

void TestAdmission::addsWhatNobodyOwns()
{
    TestServer server;
    const auto made = server.post(
        kSpace + "services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}})");
    const std::string owned = core::toText(
        jsonOf(made).at("metadata").at("managedFields").as_array()[0].at("fieldsV1").at("f:spec"));
    QVERIFY(owned.find("f:sessionAffinity") != owned.npos);
    QVERIFY(owned.find("f:clusterIP") == owned.npos);
    QVERIFY(owned.find("f:ipFamilies") == owned.npos);
}

void TestAdmission::answersWithAStatus()
{
    TestServer server;
    const auto made = server.post(
        kSpace + "services",
        R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}})");
    QCOMPARE(text(jsonOf(made), {"status"}), R"({"loadBalancer":{}})");
}

WW_TEST_CLASS(TestAdmission)
#include "tst_admission.moc"
