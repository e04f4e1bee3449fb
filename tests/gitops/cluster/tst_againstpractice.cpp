// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way over loopback TLS: kubeconfig, libcurl, API client and live state against a
// practice cluster.
#include "gitops/cluster/curltransport.h"
#include "gitops/cluster/kubeconfig.h"
#include "gitops/cluster/livestate.h"
#include "gitops/health/health.h"
#include "gitops/practice/practicecluster.h"
#include "tests/support/manualexecutor.h"
#include "tests/support/testregistry.h"

#include <QScopeGuard>
#include <QtTest/QTest>

#include <atomic>

using namespace gitops;
using practice::PracticeCluster;

namespace {

const core::ObjectKey kMap {"", "ConfigMap", "default", "map"};

std::string configMap(const std::string& name, const std::string& value,
                      const std::string& metadata = {})
{
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name + "\"" + metadata
        + R"(},"data":{"a":")" + value + R"("}})";
}

} // namespace

class TestAgainstPractice : public QObject
{
    Q_OBJECT

    std::unique_ptr<PracticeCluster> m_cluster;
    tests::ManualExecutor m_executor;
    std::unique_ptr<CurlTransport> m_transport;
    std::unique_ptr<ApiClient> m_client;
    Discovery m_discovery;

    const ApiResource& configMaps() const
    {
        return *m_discovery.find(core::GroupKind {"", "ConfigMap"});
    }
    /// Calls with a handler that takes the answer, and waits for it.
    template<class T, class Call>
    core::Result<T> wait(Call call)
    {
        std::optional<core::Result<T>> out;
        call([&out](core::Result<T> answer) { out = std::move(answer); });
        if (!m_executor.runUntil([&out] { return out.has_value(); }))
            return core::failure(core::ErrorCode::Internal, "the test waited in vain");
        return *out;
    }
    core::Result<ApiObject> apply(const std::string& name, const std::string& body,
                                  const ApplyOptions& options = {})
    {
        return wait<ApiObject>([&](auto done) {
            m_client->apply(configMaps(), "default", name, body, options, done);
        });
    }
    core::Result<ApiObject> get(const std::string& name)
    {
        return wait<ApiObject>(
            [&](auto done) { m_client->get(configMaps(), "default", name, done); });
    }

private Q_SLOTS:
    void init();
    void cleanup();
    void discoversAndSaysItsVersion();
    void writesAndReads();
    void conflictsAndValidation();
    void deletesByUid();
    void listsInPages();
    void liveStateFollows_data();
    void liveStateFollows();
    void liveStateSurvivesARestart();
    void wrongToken();
    void manyWritesAtOnce();
};

void TestAgainstPractice::init()
{
    auto started = PracticeCluster::start({});
    QVERIFY2(started, started ? "" : started.error().text().c_str());
    m_cluster = std::move(*started);
    const auto file = KubeconfigFile::parse(m_cluster->kubeconfig(), "/practice/config");
    QVERIFY2(file, file ? "" : file.error().text().c_str());
    const auto connection = Kubeconfig::merge({*file})->connection();
    QVERIFY2(connection, connection ? "" : connection.error().text().c_str());
    m_transport = std::make_unique<CurlTransport>(*connection);
    m_client = std::make_unique<ApiClient>(*m_transport, m_executor);
    const auto found = wait<Discovery>([this](auto done) { m_client->discover(done); });
    QVERIFY2(found, found ? "" : found.error().text().c_str());
    m_discovery = *found;
}

void TestAgainstPractice::cleanup()
{
    m_client.reset();
    m_transport.reset();
    m_cluster.reset();
}

void TestAgainstPractice::discoversAndSaysItsVersion()
{
    const auto version = wait<std::string>([this](auto done) { m_client->version(done); });
    QVERIFY(version && version->starts_with("v1."));
    const ApiResource* deployments = m_discovery.find(core::GroupKind {"apps", "Deployment"});
    QVERIFY(deployments && deployments->namespaced);
    QCOMPARE(deployments->plural, std::string("deployments"));
    QVERIFY(deployments->hasVerb("patch"));
    QVERIFY(deployments->subresources.contains("status"));
    QVERIFY(!m_discovery.find(core::GroupKind {"", "Namespace"})->namespaced);
}

void TestAgainstPractice::writesAndReads()
{
    const auto created = apply("map", configMap("map", "one"));
    QVERIFY2(created, created ? "" : created.error().text().c_str());
    QVERIFY(created->created);
    const auto changed = apply("map", configMap("map", "two"));
    QVERIFY(changed && !changed->created);
    ApplyOptions dryRun;
    dryRun.dryRun = true;
    const auto tried = apply("map", configMap("map", "three"), dryRun);
    QVERIFY(tried);
    QCOMPARE(core::stringAt(tried->object, {"data", "a"}), std::string_view("three"));
    const auto read = get("map");
    QVERIFY(read);
    QCOMPARE(core::stringAt(read->object, {"data", "a"}), std::string_view("two"));
    QCOMPARE(core::stringAt(read->object, {"metadata", "uid"}),
             core::stringAt(created->object, {"metadata", "uid"}));
    const auto patched = wait<ApiObject>([this](auto done) {
        m_client->patch(configMaps(), "default", "map", "application/merge-patch+json",
                        R"({"data":{"b":"c"}})", "", done);
    });
    QVERIFY(patched);
    const auto replaced = wait<ApiObject>([&](auto done) {
        m_client->replace(configMaps(), "default", "map", core::toText(read->object), false, done);
    });
    QVERIFY(!replaced
            && replaced.error().code == core::ErrorCode::Conflict); // read before the patch
}

void TestAgainstPractice::conflictsAndValidation()
{
    QVERIFY(apply("map", configMap("map", "one"), {.fieldManager = "somebody"}));
    const auto conflict = apply("map", configMap("map", "two"), {.force = false});
    QVERIFY(!conflict && conflict.error().code == core::ErrorCode::Conflict);
    QVERIFY2(conflict.error().message.find("somebody") != std::string::npos
                 && conflict.error().message.find(".data.a") != std::string::npos,
             conflict.error().message.c_str());
    QCOMPARE(conflict.error().place.object, kMap.text());
    const auto invalid = apply("Bad_Name", configMap("Bad_Name", "x"));
    QVERIFY(!invalid && invalid.error().code == core::ErrorCode::Invalid);
    const auto again = wait<ApiObject>([this](auto done) {
        m_client->create(configMaps(), "default", configMap("map", "x"), false, done);
    });
    QVERIFY(!again && again.error().code == core::ErrorCode::AlreadyExists);
    const auto nowhere = get("nothing");
    QVERIFY(!nowhere && nowhere.error().code == core::ErrorCode::NotFound);
}

void TestAgainstPractice::deletesByUid()
{
    const auto created = apply("map", configMap("map", "one"));
    QVERIFY(created);
    const auto remove = [this](const std::string& uid) {
        return wait<void>([&](auto done) {
            m_client->remove(configMaps(), "default", "map",
                             {.uid = uid, .propagationPolicy = "Background"}, done);
        });
    };
    const auto other = remove("not-this-one");
    QVERIFY(!other && other.error().code == core::ErrorCode::Conflict);
    QVERIFY(get("map"));
    QVERIFY(remove(std::string(core::stringAt(created->object, {"metadata", "uid"}))));
    QVERIFY(get("map").error().code == core::ErrorCode::NotFound);
}

void TestAgainstPractice::listsInPages()
{
    for (int i = 0; i < 7; ++i)
        QVERIFY(apply("map-" + std::to_string(i), configMap("map-" + std::to_string(i), "x")));
    std::string token;
    std::size_t count = 0;
    std::string version;
    int pages = 0;
    do {
        const auto page = wait<ListPage>(
            [&](auto done) { m_client->list(configMaps(), "default", 3, token, "", done); });
        QVERIFY2(page, page ? "" : page.error().text().c_str());
        QVERIFY(version.empty() || version == page->resourceVersion);
        version = page->resourceVersion;
        count += page->items.size();
        token = page->continueToken;
        ++pages;
    } while (!token.empty());
    QVERIFY(count >= 7);
    QVERIFY(pages >= 3);
}

void TestAgainstPractice::liveStateFollows_data()
{
    QTest::addColumn<bool>("streamsLists");
    QTest::newRow("listed in pages") << false;
    QTest::newRow("streamed") << true;
}

void TestAgainstPractice::liveStateFollows()
{
    QFETCH(bool, streamsLists);
    std::atomic<int> pages = 0;
    std::atomic<int> streams = 0;
    const auto stopCounting = qScopeGuard(
        [this] { m_cluster->run([](practice::ApiServer& server) { server.setFaultHook({}); }); });
    m_cluster->run([&](practice::ApiServer& server) {
        server.setFaultHook(
            [&](const core::HttpRequest& request) -> std::optional<practice::Fault> {
                const bool isList =
                    request.method == "GET" && request.target.starts_with("/api/v1/configmaps?");
                const bool isWatch = request.target.find("watch=") != std::string::npos;
                pages += isList && !isWatch;
                streams +=
                    isList && request.target.find("sendInitialEvents=true") != std::string::npos;
                return std::nullopt;
            });
    });
    LiveState live(*m_client, m_executor, &assessHealth,
                   {.pageSize = 2, .streamsLists = streamsLists});
    for (int i = 0; i < 5; ++i)
        QVERIFY(apply("map-" + std::to_string(i), configMap("map-" + std::to_string(i), "x")));
    live.watch(configMaps());
    live.watch(*m_discovery.find(core::GroupKind {"", "Namespace"}));
    QVERIFY(m_executor.runUntil([&] {
        return live.knowledge(kMap.groupKind()) == KindKnowledge::Complete
            && live.knowledge({"", "Namespace"}) == KindKnowledge::Complete;
    }));
    QVERIFY(live.find({"", "ConfigMap", "default", "map-4"}));
    QVERIFY(live.find({"", "Namespace", "", "default"}));
    QCOMPARE(streams.load(), streamsLists ? 1 : 0);
    QVERIFY(streamsLists ? pages == 0 : pages >= 3);
    int changes = 0;
    live.setObserver([&](const std::vector<LiveChange>& batch) { changes += int(batch.size()); });
    const auto written = apply(
        "map", configMap("map", "one", R"(,"annotations":{"wavewright.dev/tracking-id":"app:x"})"));
    QVERIFY(written);
    live.observeWrite(written->object);
    QVERIFY(live.find(kMap) && live.find(kMap)->manifest);
    QCOMPARE(live.trackedTo("app").size(), std::size_t(1));
    QVERIFY(apply("map", configMap("map", "two"), {.fieldManager = "somebody"}));
    QVERIFY(m_executor.runUntil(
        [&] { return live.find(kMap)->manifest->find("\"two\"") != std::string::npos; }));
    const std::string uid = live.find(kMap)->uid;
    QVERIFY(wait<void>([&](auto done) {
        m_client->remove(configMaps(), "default", "map",
                         {.uid = uid, .propagationPolicy = "Background"}, done);
    }));
    QVERIFY(m_executor.runUntil([&] { return !live.find(kMap); }));
    QCOMPARE(changes, 3); // the write's own event came as no news
}

void TestAgainstPractice::liveStateSurvivesARestart()
{
    QTemporaryDir folder;
    m_client.reset();
    m_transport.reset();
    m_cluster.reset();
    const PracticeCluster::Options options {.folder = folder.path().toStdString()};
    m_cluster = std::move(*PracticeCluster::start(options));
    const auto file = KubeconfigFile::parse(m_cluster->kubeconfig(), "/practice/config");
    m_transport = std::make_unique<CurlTransport>(*Kubeconfig::merge({*file})->connection());
    m_client = std::make_unique<ApiClient>(*m_transport, m_executor);
    LiveState live(*m_client, m_executor, &assessHealth, {.maxBackoff = std::chrono::seconds(1)});
    QVERIFY(apply("map", configMap("map", "one")));
    live.watch(configMaps());
    QVERIFY(m_executor.runUntil([&] { return live.find(kMap) != nullptr; }));
    const std::string uid = live.find(kMap)->uid;
    m_cluster.reset(); // the server dies
    QVERIFY(m_executor.runUntil(
        [&] { return live.knowledge(kMap.groupKind()) == KindKnowledge::Stale; }));
    QVERIFY(live.find(kMap)); // what we know stays
    const auto lost = apply("map", configMap("map", "lost"));
    QVERIFY(!lost);
    auto again = PracticeCluster::start(options);
    QVERIFY2(again, again ? "" : again.error().text().c_str());
    m_cluster = std::move(*again);
    QVERIFY(m_executor.runUntil(
        [&] { return live.knowledge(kMap.groupKind()) == KindKnowledge::Complete; }));
    QCOMPARE(live.find(kMap)->uid, uid);
    QVERIFY(apply("late", configMap("late", "x")));
    QVERIFY(m_executor.runUntil(
        [&] { return live.find({"", "ConfigMap", "default", "late"}) != nullptr; }));
}

void TestAgainstPractice::wrongToken()
{
    const auto file = KubeconfigFile::parse(m_cluster->kubeconfig(), "/practice/config");
    ClusterConnection connection = *Kubeconfig::merge({*file})->connection();
    connection.token = core::Secret("wrong");
    connection.clientCertificatePem = {};
    connection.clientKeyPem = {};
    CurlTransport transport(connection);
    ApiClient client(transport, m_executor);
    const auto answer =
        wait<ApiObject>([&](auto done) { client.get(configMaps(), "default", "map", done); });
    QVERIFY(!answer && answer.error().code == core::ErrorCode::Unauthorized);
}

void TestAgainstPractice::manyWritesAtOnce()
{
    int done = 0;
    int failed = 0;
    constexpr int kCount = 500;
    for (int i = 0; i < kCount; ++i) {
        const std::string name = "map-" + std::to_string(i);
        m_client->apply(configMaps(), "default", name, configMap(name, "x"), {},
                        [&](const core::Result<ApiObject>& answer) {
                            ++done;
                            failed += !answer;
                        });
    }
    const auto start = std::chrono::steady_clock::now();
    QVERIFY(m_executor.runUntil([&] { return done == kCount; }));
    QCOMPARE(failed, 0);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    qInfo("%.0f applies a second", kCount / seconds);
}

WW_TEST_CLASS(TestAgainstPractice)
#include "tst_againstpractice.moc"
