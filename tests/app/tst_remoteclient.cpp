// SPDX-License-Identifier: GPL-3.0-or-later
// The behaviours as a client of an API server that has none: a practice cluster without.
#include "app/remoteclient.h"
#include "gitops/practice/behaviours.h"
#include "gitops/practice/practicecluster.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

using gitops::practice::ApiServer;
using gitops::practice::Behaviours;
using gitops::practice::PracticeCluster;

namespace {

class SystemClock : public core::Clock
{
public:
    core::SteadyTime steadyNow() const override { return std::chrono::steady_clock::now(); }
    core::WallTime wallNow() const override { return std::chrono::system_clock::now(); }
};

} // namespace

class TestRemoteClient : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<PracticeCluster> m_cluster;
    std::unique_ptr<gitops::ClusterAccess> m_access;
    std::unique_ptr<app::RemoteClient> m_client;
    std::unique_ptr<Behaviours> m_behaviours;

    core::HttpResponse ask(const std::string& method, const std::string& target,
                           const std::string& body = {})
    {
        core::HttpResponse out;
        m_cluster->run([&](ApiServer& server) {
            out = server.handle({.method = method, .target = target, .headers = {}, .body = body});
        });
        return out;
    }
    core::Json get(const std::string& target)
    {
        return core::parseJson(ask("GET", target).body).value_or(core::Json());
    }
    /// Behaves until the condition holds.
    bool runUntil(const std::function<bool()>& condition)
    {
        const auto end = m_clock.steadyNow() + std::chrono::seconds(30);
        while (!condition()) {
            if (m_clock.steadyNow() > end)
                return false;
            m_behaviours->tick();
            m_client->run(m_clock.steadyNow() + std::chrono::milliseconds(20));
        }
        return true;
    }

private Q_SLOTS:
    void init();
    void cleanup();
    void behaves_data();
    void behaves();
    void leavesWorkloadsAlone();
    void seesWhatGoes();
};

void TestRemoteClient::init()
{
    const std::string kubeconfig = m_folder.filePath("kubeconfig").toStdString();
    PracticeCluster::Options options;
    options.kubeconfig = kubeconfig;
    options.behaviours = false;
    m_cluster = std::move(*PracticeCluster::start(std::move(options)));
    gitops::KubeconfigSource source;
    source.explicitPath = kubeconfig;
    m_access = std::move(*gitops::ClusterAccess::open(source, {}));
    m_client = std::make_unique<app::RemoteClient>(*m_access);
    m_behaviours = std::move(*Behaviours::make(
        *m_client, m_clock, {.delayFactor = 0, .firstObjects = false, .ownControllers = false}));
}

void TestRemoteClient::cleanup()
{
    m_behaviours.reset();
    m_client.reset();
    m_access.reset();
    m_cluster.reset();
}

void TestRemoteClient::behaves_data()
{
    QTest::addColumn<QString>("collection");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QStringList>("path"); ///< of what becomes not empty
    QTest::newRow("load balancer")
        << "/api/v1/namespaces/default/services"
        << R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"o"},
               "spec":{"type":"LoadBalancer","ports":[{"port":80}]}})"
        << QStringList {"status", "loadBalancer", "ingress"};
    QTest::newRow("ingress")
        << "/apis/networking.k8s.io/v1/namespaces/default/ingresses"
        << R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"o"},
               "spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}})"
        << QStringList {"status", "loadBalancer", "ingress"};
    QTest::newRow("claim")
        << "/api/v1/namespaces/default/persistentvolumeclaims"
        << R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"o"},
               "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"standard",
               "resources":{"requests":{"storage":"1Gi"}}}})"
        << QStringList {"spec", "volumeName"};
}

void TestRemoteClient::behaves()
{
    QFETCH(QString, collection);
    QFETCH(QString, object);
    QFETCH(QStringList, path);
    ask("POST", "/apis/storage.k8s.io/v1/storageclasses",
        R"({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"standard"},
            "provisioner":"practice"})");
    QCOMPARE(ask("POST", collection.toStdString(), object.toStdString()).status, 201);
    QVERIFY(runUntil([&] {
        core::Json at = get(collection.toStdString() + "/o");
        for (const QString& member : path) {
            const core::Json* next = core::find(at, member.toStdString());
            if (!next)
                return false;
            at = core::Json(*next);
        }
        return true;
    }));
    QCOMPARE(m_client->problem(), "");
}

void TestRemoteClient::leavesWorkloadsAlone()
{
    QCOMPARE(ask("POST", "/api/v1/namespaces/default/pods",
                 R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
                     "spec":{"containers":[{"name":"c","image":"i"}]}})")
                 .status,
             201);
    QCOMPARE(ask("POST", "/api/v1/namespaces/default/services",
                 R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"last"},
                     "spec":{"type":"LoadBalancer","selector":{"a":"b"},"ports":[{"port":80}]}})")
                 .status,
             201);
    QVERIFY(runUntil([&] {
        const core::Json service = get("/api/v1/namespaces/default/services/last");
        return core::findPath(service, {"status", "loadBalancer", "ingress"}) != nullptr;
    }));
    QVERIFY(!core::findPath(get("/api/v1/namespaces/default/pods/p"), {"spec", "nodeName"}));
    const core::Json slices = get("/apis/discovery.k8s.io/v1/endpointslices");
    QVERIFY(core::find(slices, "items")->get_array().empty());
}

void TestRemoteClient::seesWhatGoes()
{
    const core::GroupKind maps {"", "ConfigMap"};
    m_client->follow(maps);
    const std::string path = "/api/v1/namespaces/default/configmaps";
    QCOMPARE(ask("POST", path, R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"}})")
                 .status,
             201);
    QVERIFY(runUntil([&] { return m_client->get(maps, "default", "m") != nullptr; }));
    QCOMPARE(core::stringAt(*m_client->get(maps, "default", "m"), {"kind"}), "ConfigMap");
    QCOMPARE(ask("DELETE", path + "/m").status, 200);
    QVERIFY(runUntil([&] { return m_client->get(maps, "default", "m") == nullptr; }));
    // Our own write is seen at once, a refused one is told.
    m_client->create(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",
        "metadata":{"name":"own","namespace":"default"}})"));
    QVERIFY(m_client->get(maps, "default", "own"));
    int code = 0;
    m_client->create(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",
        "metadata":{"name":"own","namespace":"default"}})"),
                     [&code](const gitops::practice::ApiError& error) { code = error.code; });
    QCOMPARE(code, 409);
    // What shows itself by a change is no failure; what nothing will tell of is one.
    QCOMPARE(m_client->failures(), 0u);
    m_client->create(*core::parseJson(R"({"apiVersion":"v1","kind":"ConfigMap",
        "metadata":{"name":"Not a name","namespace":"default"}})"));
    QCOMPARE(m_client->failures(), 1u);
}

WW_TEST_CLASS(TestRemoteClient)
#include "tst_remoteclient.moc"
