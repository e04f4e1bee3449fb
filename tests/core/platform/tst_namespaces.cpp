// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/namespaces.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using tests::deployment;
using tests::object;
using tests::PlatformFixture;
using tests::space;

namespace {

const char* const kHalf = "          resources: {requests: {cpu: 500m, memory: 1Gi}}\n";

QString keysOf(const std::vector<ObjectKey>& keys)
{
    QStringList out;
    for (const ObjectKey& key : keys)
        out << QString::fromStdString(key.text());
    return out.join(", ");
}

const QuotaLine& lineOf(const NamespaceView& view, const char* resource)
{
    for (const QuotaView& quota : view.quotas)
        for (const QuotaLine& line : quota.lines)
            if (line.resource == resource)
                return line;
    qFatal("no quota of %s", resource);
}

} // namespace

class TestNamespaces : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void declaredAlone()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(space("shop") + deployment("shop", "web", kHalf)
                             + deployment("shop", "api", kHalf),
                         "one")
                .declare(object("v1", "ConfigMap", "shop", "c",
                                "  annotations: {argocd.argoproj.io/sync-wave: '2'}\n"),
                         "two")
                .build());
        const NamespaceView view = namespaceView(model, "shop");
        QVERIFY(view.declared && !view.live && !view.health && !view.livePods);
        QCOMPARE(view.place.file, std::string("one.yaml"));
        QCOMPARE(view.pods, std::int64_t(2));
        QCOMPARE(needFor(view.need, "requests.cpu").canonical(), std::string("1"));
        QCOMPARE(view.applications.size(), std::size_t(2));
        QCOMPARE(view.applications[1].firstWave, 2);
        QCOMPARE(view.kinds.size(), std::size_t(2));
        QCOMPARE(view.workloads.size(), std::size_t(2));
        QVERIFY(view.undeclared.empty());
    }
    /// A kind that could not be listed is unknown, not missing.
    void whatWasNotListed()
    {
        for (const bool isListed : {true, false}) {
            PlatformFixture f;
            f.declare(space("shop") + deployment("shop", "web"));
            f.live(space("shop"));
            if (!isListed)
                f.input().unknownKinds[{"apps", "Deployment"}] = "It cannot be listed.";
            const PlatformModel model(f.build());
            QCOMPARE(namespaceView(model, "shop").health,
                     std::optional(isListed ? Health::Missing : Health::Unknown));
        }
    }
    void healthAndUndeclared()
    {
        PlatformFixture f;
        f.declare(space("shop") + deployment("shop", "web") + deployment("shop", "api"));
        f.live(space("shop")).live(deployment("shop", "web"), Health::Degraded, "app");
        f.live(object("v1", "ConfigMap", "shop", "by-hand"));
        f.live(object("v1", "ConfigMap", "shop", "kube-root-ca.crt"));
        f.live(object("v1", "ConfigMap", "shop", "old"), std::nullopt, "app");
        const PlatformModel model(f.build());
        const NamespaceView view = namespaceView(model, "shop");
        QVERIFY(view.live);
        QCOMPARE(view.health, std::optional(Health::Degraded));
        QCOMPARE(view.healthMessage, std::string("Caused by Deployment shop/web"));
        QCOMPARE(keysOf(view.undeclared), QString("ConfigMap shop/by-hand"));
        QCOMPARE(keysOf(view.leftOver), QString("ConfigMap shop/old"));
        for (const WorkloadView& workload : view.workloads)
            QCOMPARE(workload.health.has_value(), workload.key.name == "web");
    }
    void whatOthersMakeIsNotUndeclared()
    {
        const auto claim = [](const char* name) {
            return object("v1", "PersistentVolumeClaim", "shop", name);
        };
        PlatformFixture f;
        f.declare(object("apps/v1", "StatefulSet", "shop", "db", "spec: {}\n")
                  + object("v1", "Secret", "vault", "password", "type: Opaque\n"));
        f.live(claim("data-db-0")).live(claim("db-0")).live(claim("data-other-0"));
        f.live(object("v1", "Pod", "shop", "kafka-1")).live(claim("logs-kafka-1"));
        f.live(object("v1", "Secret", "shop", "password"));
        const PlatformModel model(f.build());
        // A Pod by hand is one; a claim is its pod's when it is called after it.
        QCOMPARE(
            keysOf(namespaceView(model, "shop").undeclared),
            QString("PersistentVolumeClaim shop/data-other-0, PersistentVolumeClaim shop/db-0, "
                    "Pod shop/kafka-1, Secret shop/password"));
    }
    void mirroredSecretsAreTheOrigins()
    {
        PlatformFixture f;
        f.declare(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: password\n  namespace: vault\n"
            "  annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true', "
            "reflector.v1.k8s.emberstack.com/reflection-auto-enabled: 'true', "
            "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces: 'shop,other'}\n---\n");
        f.live(object("v1", "Secret", "shop", "password"));
        f.live(object("v1", "Secret", "third", "password"));
        const PlatformModel model(f.build());
        QVERIFY(namespaceView(model, "shop").undeclared.empty());
        QCOMPARE(namespaceView(model, "third").undeclared.size(), std::size_t(1));
    }
    void podsThatAreThereAtTimesAreNotWaitedFor()
    {
        const std::string pods = "{template: {spec: {containers: [{name: c}]}}}";
        const std::string job = object("batch/v1", "Job", "shop", "once", "spec: " + pods + "\n");
        PlatformFixture f;
        f.declare(deployment("shop", "web") + job
                  + object("batch/v1", "CronJob", "shop", "nightly",
                           "spec: {jobTemplate: {spec: " + pods + "}}\n"));
        f.live(object("batch/v1", "Job", "shop", "once",
                      "spec: " + pods
                          + "\nstatus: {conditions: [{type: Complete, status: 'True'}]}\n"),
               Health::Healthy, "app");
        const PlatformModel model(f.build());
        const NamespaceView view = namespaceView(model, "shop");
        QCOMPARE(view.workloads.size(), std::size_t(3));
        QCOMPARE(view.pods, std::int64_t(1)); // the Deployment's
    }
    void childrenThatNeedNoKind()
    {
        PlatformFixture f;
        f.declare(
            object("argoproj.io/v1alpha1", "Application", "wavewright", "child", "spec: {}\n"));
        f.live(space("wavewright"));
        PlatformApplication child;
        child.name = "child";
        child.health = Health::Progressing;
        f.input().applications.push_back(child);
        const PlatformModel model(f.build());
        QCOMPARE(namespaceView(model, "wavewright").health, std::optional(Health::Progressing));
    }
    void namespacesThatNobodyDeclares()
    {
        PlatformFixture f;
        f.declare(deployment("shop", "web"));
        f.live(space("shop")).live(space("stray")).live(space("kube-system"));
        PlatformApplication application;
        application.name = "app";
        application.destinationNamespace = "shop"; // made by CreateNamespace=true
        f.input().applications.push_back(application);
        const PlatformModel model(f.build());
        for (const NamespaceView& view : namespaceViews(model)) {
            QCOMPARE(view.undeclared.size(), std::size_t(view.name == "stray" ? 1 : 0));
            QCOMPARE(view.isSystem, view.name == "kube-system");
        }
        QCOMPARE(namespaceViews(model).size(), std::size_t(3));
    }
    void quotas_data()
    {
        QTest::addColumn<QString>("live"); // what is in the cluster already
        QTest::addColumn<QString>("used");
        QTest::addColumn<QString>("pending");
        const QString quota = QString::fromStdString(
            object("v1", "ResourceQuota", "shop", "q",
                   "spec: {hard: {requests.cpu: '1'}}\nstatus: {used: {requests.cpu: %1}}\n"));
        QTest::newRow("no cluster") << QString() << QString() << "1";
        QTest::newRow("nothing there yet") << quota.arg("'0'") << "0" << "1";
        QTest::newRow("one of two is there")
            << quota.arg("500m") + QString::fromStdString(deployment("shop", "web", kHalf))
            << "500m" << "1";
        QTest::newRow("both, and something by hand")
            << quota.arg("1200m") + QString::fromStdString(deployment("shop", "web", kHalf))
                + QString::fromStdString(deployment("shop", "api", kHalf))
            << "1200m" << "1200m";
        QTest::newRow("one is greater now than it will be") << quota.arg("800m")
                + QString::fromStdString(deployment(
                    "shop", "web", "          resources: {requests: {cpu: 800m}}\n"))
                                                            << "800m" << "1";
    }
    void quotas()
    {
        QFETCH(QString, live);
        QFETCH(QString, used);
        QFETCH(QString, pending);
        PlatformFixture f;
        f.declare(
            deployment("shop", "web", kHalf) + deployment("shop", "api", kHalf)
            + object("v1", "ResourceQuota", "shop", "q", "spec: {hard: {requests.cpu: '1'}}\n"));
        if (!live.isEmpty())
            f.live(live.toStdString());
        const PlatformModel model(f.build());
        const NamespaceView view = namespaceView(model, "shop");
        const QuotaLine& line = lineOf(view, "requests.cpu");
        QCOMPARE(line.used ? line.used->canonical() : "", used.toStdString());
        QCOMPARE(line.requested.canonical(), std::string("1"));
        QCOMPARE(line.pending.canonical(), pending.toStdString());
        QCOMPARE(line.isExceeded(), pending != "1");
        QCOMPARE(line.consumers.size(), std::size_t(2));
    }
    void quotasOfSomePodsOnly()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(deployment("shop", "web", kHalf)
                         + object("v1", "ResourceQuota", "shop", "q",
                                  "spec: {hard: {requests.cpu: '0'}, scopes: [Terminating]}\n"))
                .build());
        const NamespaceView view = namespaceView(model, "shop");
        QVERIFY(!lineOf(view, "requests.cpu").isExceeded());
        QVERIFY(lineOf(view, "requests.cpu").consumers.empty());
    }
    void defaultsAreShownOnThePodsTheyChange()
    {
        const PlatformModel model(
            PlatformFixture()
                .declare(deployment("shop", "web", kHalf)
                         + object("v1", "LimitRange", "shop", "l",
                                  "spec: {limits: [{type: Container, default: {cpu: '1'}}]}\n"))
                .build());
        QCOMPARE(namespaceView(model, "shop").workloads.at(0).defaulted,
                 (std::vector<std::string> {"container main: limits.cpu"}));
    }
};

WW_TEST_CLASS(TestNamespaces)
#include "tst_namespaces.moc"
