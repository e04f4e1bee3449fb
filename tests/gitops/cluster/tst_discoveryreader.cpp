// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/discoveryreader.h"
#include "tests/gitops/cluster/scriptedtransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using tests::answer;

namespace {

const core::HttpHeaders kAggregatedV2 {
    {"Content-Type", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}};
const core::HttpHeaders kAggregatedBeta {
    {"content-type",
     "application/json; as=APIGroupDiscoveryList; v=v2beta1; g=apidiscovery.k8s.io"}};
const core::HttpHeaders kPlain {{"Content-Type", "application/json"}};

const std::string kCoreAggregated = R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},
  "versions":[{"version":"v1","freshness":"Current","resources":[
    {"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},
     "scope":"Namespaced","singularResource":"pod","verbs":["get","list","watch"],
     "shortNames":["po"],"categories":["all"],
     "subresources":[{"subresource":"log","responseKind":null,"verbs":["get"]},
                     {"subresource":"status","verbs":["get"]}]},
    {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster","verbs":[]},
    {"resource":"orphans","subresources":[{"subresource":"x"}]}]}]}]})";
const std::string kAppsAggregated = R"({"items":[
  {"metadata":{"name":"autoscaling"},"versions":[
    {"version":"v2","resources":[{"resource":"horizontalpodautoscalers",
      "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]}]},
    {"version":"v1","resources":[{"resource":"horizontalpodautoscalers",
      "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","verbs":["list"]},
      {"resource":"olds","responseKind":{"kind":"Old"},"scope":"Cluster","verbs":["list"]}]}]},
  {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]})";

const std::string kCoreVersions = R"({"kind":"APIVersions","versions":["v1"]})";
const std::string kCoreResources = R"({"kind":"APIResourceList","groupVersion":"v1","resources":[
  {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list","watch"],
   "shortNames":["po"],"categories":["all"]},
  {"name":"pods/log","namespaced":true,"kind":"Pod","verbs":["get"]},
  {"name":"pods/status","namespaced":true,"kind":"Pod","verbs":["get"]},
  {"name":"namespaces","singularName":"","namespaced":false,"kind":"Namespace","verbs":[]}]})";
const std::string kGroups = R"({"kind":"APIGroupList","groups":[
  {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1","version":"v1"},
     {"groupVersion":"autoscaling/v2","version":"v2"}],
   "preferredVersion":{"groupVersion":"autoscaling/v2","version":"v2"}},
  {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}],
   "preferredVersion":{"version":"v1beta1"}}]})";

std::string hpaResources(bool withOld)
{
    return std::string(R"({"resources":[{"name":"horizontalpodautoscalers","namespaced":true,)"
                       R"("kind":"HorizontalPodAutoscaler","verbs":["list"]})")
        + (withOld ? R"(,{"name":"olds","namespaced":false,"kind":"Old","verbs":["list"]})" : "")
        + "]}";
}

struct Server
{
    bool aggregatedCore = true;
    bool aggregatedGroups = true;
    bool metricsUp = false;
    bool coreUp = true;

    std::optional<tests::ScriptedTransport::Answer> operator()(const core::HttpRequest& request)
    {
        const std::string& path = request.target;
        if (path == "/api")
            return aggregatedCore ? answer(200, kCoreAggregated, kAggregatedV2)
                                  : answer(200, kCoreVersions, kPlain);
        if (path == "/apis")
            return aggregatedGroups ? answer(200, kAppsAggregated, kAggregatedBeta)
                                    : answer(200, kGroups, kPlain);
        if (path == "/api/v1")
            return coreUp ? answer(200, kCoreResources) : answer(403, "no");
        if (path == "/apis/autoscaling/v1" || path == "/apis/autoscaling/v2")
            return answer(200, hpaResources(path.ends_with("1")));
        if (path == "/apis/metrics.k8s.io/v1beta1" && metricsUp)
            return answer(200, R"({"resources":[{"name":"nodes","kind":"NodeMetrics"}]})");
        return answer(503, "service unavailable");
    }
};

} // namespace

class TestDiscoveryReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void contentType();
    void paths();
    void allFormsAgree_data();
    void allFormsAgree();
    void staleGroupKeepsItsKinds();
    void failureOfTheCoreFailsAll();
    void oddAnswers();
};

void TestDiscoveryReader::contentType()
{
    QVERIFY(isAggregatedDiscovery({200, kAggregatedV2, {}}));
    QVERIFY(isAggregatedDiscovery({200, kAggregatedBeta, {}}));
    QVERIFY(!isAggregatedDiscovery({200, kPlain, {}}));
    QVERIFY(!isAggregatedDiscovery(
        {200,
         {{"Content-Type", "application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList"}},
         {}}));
}

void TestDiscoveryReader::paths()
{
    ApiResource resource;
    resource.kind = {"apps", "v1", "Deployment"};
    resource.plural = "deployments";
    QCOMPARE(resource.path("shop", "web"),
             std::string("/apis/apps/v1/namespaces/shop/deployments/web"));
    QCOMPARE(resource.path("shop", ""), std::string("/apis/apps/v1/namespaces/shop/deployments"));
    QCOMPARE(resource.path("", ""), std::string("/apis/apps/v1/deployments"));
    QCOMPARE(resource.path("shop", "web", "status"),
             std::string("/apis/apps/v1/namespaces/shop/deployments/web/status"));
    QCOMPARE(resource.path("../x", "a?b"),
             std::string("/apis/apps/v1/namespaces/..%2Fx/deployments/a%3Fb"));
    resource.namespaced = false;
    QCOMPARE(resource.path("shop", "web"), std::string("/apis/apps/v1/deployments/web"));
    resource.kind.group.clear();
    QCOMPARE(resource.path("", ""), std::string("/api/v1/deployments"));
}

void TestDiscoveryReader::allFormsAgree_data()
{
    QTest::addColumn<bool>("core");
    QTest::addColumn<bool>("groups");
    QTest::newRow("aggregated") << true << true;
    QTest::newRow("legacy") << false << false;
    QTest::newRow("legacy core") << false << true;
    QTest::newRow("legacy groups") << true << false;
}

void TestDiscoveryReader::allFormsAgree()
{
    QFETCH(bool, core);
    QFETCH(bool, groups);
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport(executor);
    transport.script = Server {core, groups};
    ApiClient client(transport, executor);
    std::optional<core::Result<Discovery>> found;
    client.discover([&](auto one) { found = std::move(one); });
    executor.advance(std::chrono::minutes(2));
    QVERIFY(found && *found);
    const Discovery& discovery = **found;
    const ApiResource* pods = discovery.find(core::GroupVersionKind {"", "v1", "Pod"});
    QVERIFY(pods);
    QCOMPARE(pods->plural, std::string("pods"));
    QVERIFY(pods->namespaced);
    QVERIFY(pods->hasVerb("watch"));
    QCOMPARE(pods->shortNames, (std::vector<std::string> {"po"}));
    QCOMPARE(pods->subresources, (std::set<std::string> {"log", "status"}));
    QVERIFY(!discovery.find(core::GroupKind {"", "Namespace"})->namespaced);
    QCOMPARE(
        discovery.find(core::GroupKind {"autoscaling", "HorizontalPodAutoscaler"})->kind.version,
        std::string("v2"));
    QVERIFY(
        discovery.find(core::GroupVersionKind {"autoscaling", "v1", "HorizontalPodAutoscaler"}));
    QCOMPARE(discovery.find(core::GroupKind {"autoscaling", "Old"})->kind.version,
             std::string("v1"));
    QVERIFY(discovery.isStale("metrics.k8s.io"));
    QVERIFY(!discovery.isStale("autoscaling"));
    QCOMPARE(discovery.all().size(), std::size_t(5));
    QVERIFY(core::header(transport.requests[0].headers, "Accept").find("v=v2;")
            != std::string::npos);
}

void TestDiscoveryReader::staleGroupKeepsItsKinds()
{
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport(executor);
    transport.script = Server {true, false, true};
    ApiClient client(transport, executor);
    std::optional<core::Result<Discovery>> found;
    client.discover([&](auto one) { found = std::move(one); });
    executor.advance(std::chrono::minutes(2));
    QVERIFY(found && *found && !(*found)->isStale("metrics.k8s.io"));
    transport.script = Server {true, false, false};
    client.discover([&](auto one) { found = std::move(one); });
    executor.advance(std::chrono::minutes(2));
    QVERIFY(found && *found);
    QVERIFY((*found)->isStale("metrics.k8s.io"));
    QVERIFY((*found)->find(core::GroupKind {"metrics.k8s.io", "NodeMetrics"}));
}

void TestDiscoveryReader::failureOfTheCoreFailsAll()
{
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport(executor);
    transport.script = Server {false, true, true, false};
    ApiClient client(transport, executor);
    std::optional<core::Result<Discovery>> found;
    client.discover([&](auto one) { found = std::move(one); });
    executor.advance(std::chrono::minutes(2));
    QVERIFY(found && !*found);
    QVERIFY(found->error().code == core::ErrorCode::Forbidden);
    QCOMPARE(found->error().place.object, std::string("/api/v1"));
}

void TestDiscoveryReader::oddAnswers()
{
    for (const char* const text :
         {"{}", R"({"items":1})", R"({"items":[1,null,{}]})",
          R"({"items":[{"metadata":{"name":"g"},"versions":[{"resources":[{}]}]}]})",
          R"({"groups":[{"versions":[{}]},3]})", R"({"resources":[{"name":1},{}]})"}) {
        const auto value = core::parseJson(text);
        QVERIFY(value);
        Discovery out;
        readAggregated(*value, out);
        readLegacyResources(*value, {"g", "v1"}, out);
        QVERIFY(out.all().empty());
        QVERIFY(readLegacyVersions(*value).empty());
    }
}

WW_TEST_CLASS(TestDiscoveryReader)
#include "tst_discoveryreader.moc"
