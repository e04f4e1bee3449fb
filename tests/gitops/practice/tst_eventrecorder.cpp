// SPDX-License-Identifier: GPL-3.0-or-later
// The recorder at work in a practice server in memory.
#include "gitops/practice/behaviours.h"
#include "gitops/practice/localclient.h"
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::practice;

class TestEventRecorder : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::TestServer> m_server;
    std::unique_ptr<LocalClient> m_client;
    std::unique_ptr<Behaviours> m_behaviours;

    void run(std::chrono::seconds time)
    {
        for (int i = 0; i < int(time.count()) * 4; ++i) {
            m_behaviours->tick();
            m_server->clock().advance(std::chrono::milliseconds(250));
        }
        m_behaviours->tick();
    }
    /// "Pod Scheduled", sorted, each once.
    QStringList reasons(const char* kind)
    {
        QStringList out;
        const core::Json list = m_server->get("/api/v1/namespaces/default/events");
        for (const core::Json& event : core::find(list, "items")->get_array())
            if (core::stringAt(event, {"involvedObject", "kind"}) == kind)
                out += QString::fromStdString(std::string(core::stringAt(event, {"reason"})));
        out.removeDuplicates();
        out.sort();
        return out;
    }

private Q_SLOTS:
    void init();
    void cleanup();
    void tellsOfAWorkload();
    void tellsOfTrouble();
    void servesBothGroups();
    void forgetsAfterAnHour();
};

void TestEventRecorder::init()
{
    m_server = std::make_unique<tests::TestServer>();
    m_client = std::make_unique<LocalClient>(m_server->server());
    m_behaviours = std::move(*Behaviours::make(
        *m_client, m_server->clock(), {.delayFactor = 1, .firstObjects = true, .events = true}));
    run(std::chrono::seconds(5));
    QCOMPARE(m_server
                 ->post("/apis/apps/v1/namespaces/default/deployments",
                        R"({"apiVersion":"apps/v1","kind":"Deployment",
                        "metadata":{"name":"web"},"spec":{"replicas":2,
                        "selector":{"matchLabels":{"a":"b"}},
                        "template":{"metadata":{"labels":{"a":"b"}},
                        "spec":{"containers":[{"name":"c","image":"i:1"}]}}}})")
                 .status,
             201);
    run(std::chrono::seconds(10));
}

void TestEventRecorder::cleanup()
{
    m_behaviours.reset();
    m_client.reset();
    m_server.reset();
}

void TestEventRecorder::tellsOfAWorkload()
{
    QCOMPARE(reasons("Pod"), (QStringList {"Created", "Pulled", "Scheduled", "Started"}));
    QCOMPARE(reasons("ReplicaSet"), QStringList {"SuccessfulCreate"});
    QCOMPARE(reasons("Deployment"), QStringList {"ScalingReplicaSet"});
    QCOMPARE(m_server->send("DELETE", "/apis/apps/v1/namespaces/default/deployments/web").status,
             200);
    run(std::chrono::seconds(10));
    QVERIFY(reasons("Pod").contains("Killing"));
}

void TestEventRecorder::tellsOfTrouble()
{
    m_server->post("/api/v1/namespaces/default/pods",
                   R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
                       "spec":{"nodeSelector":{"no":"where"},
                       "containers":[{"name":"c","image":"i"}]}})");
    run(std::chrono::seconds(5));
    QVERIFY(reasons("Pod").contains("FailedScheduling"));
}

void TestEventRecorder::servesBothGroups()
{
    const core::Json list = m_server->get("/apis/events.k8s.io/v1/namespaces/default/events");
    const core::JsonArray& items = core::find(list, "items")->get_array();
    QVERIFY(!items.empty());
    QVERIFY(!core::stringAt(items[0], {"note"}).empty());
    QCOMPARE(core::stringAt(items[0], {"regarding", "namespace"}), "default");
    const core::Json some =
        m_server->get("/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Dweb");
    QCOMPARE(core::find(some, "items")->get_array().size(), 1u);
}

void TestEventRecorder::forgetsAfterAnHour()
{
    QVERIFY(!reasons("Pod").isEmpty());
    m_server->clock().advance(std::chrono::hours(2));
    m_behaviours->tick();
    QCOMPARE(reasons("Pod"), QStringList());
}

WW_TEST_CLASS(TestEventRecorder)
#include "tst_eventrecorder.moc"
