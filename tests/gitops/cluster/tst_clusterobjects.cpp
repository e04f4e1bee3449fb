// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusterobjects.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/testregistry.h"

using namespace gitops;

class TestClusterObjects : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsKinds_data();
    void findsKinds();
    void readsObjectsAndTables();
    void findsPods_data();
    void findsPods();
    void readsEvents();
    void readsBothFormsOfEvents_data();
    void readsBothFormsOfEvents();
    void choosesTheContainer();

private:
    tests::PracticePod m_practice;
};

void TestClusterObjects::findsKinds_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("expected"); ///< apiVersion and plural, or words of the error
    QTest::newRow("plural") << "pods" << "v1 pods";
    QTest::newRow("singular") << "deployment" << "apps/v1 deployments";
    QTest::newRow("kind") << "StatefulSet" << "apps/v1 statefulsets";
    QTest::newRow("short") << "po" << "v1 pods";
    QTest::newRow("with its group") << "deployments.apps" << "apps/v1 deployments";
    QTest::newRow("two groups") << "events" << "v1 events";
    QTest::newRow("the other group") << "events.events.k8s.io" << "events.k8s.io/v1 events";
    QTest::newRow("unknown") << "podz" << "did you mean pods?";
    QTest::newRow("another group") << "pods.apps" << "no kind";
}

void TestClusterObjects::findsKinds()
{
    QFETCH(QString, word);
    QFETCH(QString, expected);
    const auto discovery = discover(m_practice.access());
    QVERIFY2(discovery, discovery ? "" : discovery.error().text().c_str());
    const auto resource = resourceNamed(*discovery, word.toStdString());
    const std::string said =
        resource ? resource->kind.apiVersion() + " " + resource->plural : resource.error().message;
    QVERIFY2(QString::fromStdString(said).contains(expected), said.c_str());
}

void TestClusterObjects::readsObjectsAndTables()
{
    QVERIFY(!m_practice.readyPod().empty());
    const auto resource = resourceNamed(*discover(m_practice.access()), "pods");
    QVERIFY(resource);
    const auto pods = objectsOf(m_practice.access(), *resource, {"", "", "app=web"});
    QVERIFY(pods);
    QCOMPARE(pods->size(), 2u);
    QCOMPARE(core::stringAt(pods->front(), {"kind"}), "Pod");
    const auto columns = tableOf(m_practice.access(), *resource, {"default", "", "app=web"});
    QVERIFY(columns);
    QCOMPARE(columns->rows.size(), 2u);
    QCOMPARE(columns->columns.front().name, "Name");
    QCOMPARE(columns->rows.front().namespaceName, "default");
    const auto none = objectsOf(m_practice.access(), *resource, {"default", "gone", ""});
    QVERIFY(!none);
    QCOMPARE(none.error().code, core::ErrorCode::NotFound);
}

void TestClusterObjects::findsPods_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("selector");
    QTest::addColumn<int>("count"); ///< 0: an error
    QTest::newRow("deployment") << "deployment/web" << "" << 2;
    QTest::newRow("service") << "svc/web" << "" << 2;
    QTest::newRow("labels") << "" << "app=web" << 2;
    QTest::newRow("other labels") << "" << "app=none" << 0;
    QTest::newRow("no such pod") << "web" << "" << 0;
    QTest::newRow("no such deployment") << "deployment/none" << "" << 0;
    QTest::newRow("selects nothing") << "configmap/kube-root-ca.crt" << "" << 0;
}

void TestClusterObjects::findsPods()
{
    QFETCH(QString, target);
    QFETCH(QString, selector);
    QFETCH(int, count);
    QVERIFY(!m_practice.readyPod().empty());
    const auto pods =
        podsOf(m_practice.access(), "default", target.toStdString(), selector.toStdString());
    QCOMPARE(pods ? int(pods->size()) : 0, count);
    if (!pods)
        QCOMPARE(pods.error().code, core::ErrorCode::NotFound);
}

void TestClusterObjects::readsEvents()
{
    const std::string pod = m_practice.readyPod();
    QStringList reasons;
    QVERIFY(QTest::qWaitFor(
        [&] {
            const auto events = eventsOf(m_practice.access(), "default", "Pod", pod);
            reasons.clear();
            if (events)
                for (const ObjectEvent& event : *events)
                    reasons += QString::fromStdString(event.reason);
            return reasons.contains("Started");
        },
        20'000));
    QVERIFY(reasons.contains("Scheduled"));
    QCOMPARE(eventsOf(m_practice.access(), "default", "Pod", "gone")->size(), 0u);
}

void TestClusterObjects::readsBothFormsOfEvents_data()
{
    QTest::addColumn<QString>("event");
    QTest::newRow("core") << R"({"type":"Warning","reason":"R","message":"m","count":3,
        "lastTimestamp":"2026-01-01T00:00:00Z","source":{"component":"s"},
        "involvedObject":{"kind":"Pod","namespace":"n","name":"p"}})";
    QTest::newRow("events.k8s.io") << R"({"type":"Warning","reason":"R","note":"m",
        "series":{"count":3,"lastObservedTime":"2026-01-01T00:00:00Z"},
        "eventTime":"2025-01-01T00:00:00Z","reportingController":"s",
        "regarding":{"kind":"Pod","namespace":"n","name":"p"}})";
}

void TestClusterObjects::readsBothFormsOfEvents()
{
    QFETCH(QString, event);
    const ObjectEvent read = eventOf(*core::parseJson(event.toStdString()));
    QCOMPARE(read.type, "Warning");
    QCOMPARE(read.message, "m");
    QCOMPARE(read.count, 3);
    QCOMPARE(read.lastSeen, "2026-01-01T00:00:00Z");
    QCOMPARE(read.source, "s");
    QCOMPARE(read.object, "Pod n/p");
}

void TestClusterObjects::choosesTheContainer()
{
    const auto pod = *core::parseJson(R"({"spec":{"initContainers":[{"name":"i"}],
        "containers":[{"name":"a"},{"name":"b"}]}})");
    QCOMPARE(defaultContainer(pod), "a");
    QCOMPARE(containersOf(pod), (std::vector<std::string> {"i", "a", "b"}));
    QCOMPARE(
        defaultContainer(*core::parseJson(
            R"({"metadata":{"annotations":{"kubectl.kubernetes.io/default-container":"b"}}})")),
        "b");
    QCOMPARE(defaultContainer(core::Json()), "");
}

WW_TEST_CLASS(TestClusterObjects)
#include "tst_clusterobjects.moc"
