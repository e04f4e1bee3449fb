// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

const std::string kMaps = "/api/v1/namespaces/default/configmaps";

std::string mapBody(const std::string& name, const std::string& value = "1")
{
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":")" + name
        + R"(","labels":{"app":")" + name + R"("}},"data":{"key":")" + value + R"("}})";
}

} // namespace

class TestApiServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsItsVersionAndHealth();
    void createsReadsReplacesAndDeletes();
    void refusesStaleReplacements();
    void listsInPagesThatStayConsistent();
    void listsByLabelsAndFields();
    void watchesFromAVersion();
    void watchesWithInitialEvents();
    void saysGoneWhenTheHistoryIsOver();
    void patchesInFourWays();
    void appliesWithManagers();
    void dryRunKeepsNothing();
    void makesNamesUp();
    void answersUnknownThingsWith404();
    void faultsAnswerInsteadOfWork();
    void surviveStrangeBodies();
    void autoscalersInBothVersions();
};

void TestApiServer::tellsItsVersionAndHealth()
{
    TestServer server;
    QCOMPARE(text(server.get("/version"), {"gitVersion"}), "v1.36.0");
    QCOMPARE(text(server.get("/version"), {"minor"}), "36");
    for (const char* path : {"/healthz", "/livez", "/readyz"})
        QCOMPARE(server.send("GET", path).body, "ok");
}

void TestApiServer::createsReadsReplacesAndDeletes()
{
    TestServer server;
    const auto created = server.post(kMaps, mapBody("a"));
    QCOMPARE(created.status, 201);
    const core::Json object = jsonOf(created);
    QCOMPARE(text(object, {"metadata", "namespace"}), "default");
    QCOMPARE(text(object, {"metadata", "uid"}).size(), 36u);
    QCOMPARE(text(object, {"metadata", "creationTimestamp"}), "2026-01-01T00:00:00Z");
    QCOMPARE(server.post(kMaps, mapBody("a")).status, 409);
    QCOMPARE(text(server.get(kMaps + "/a"), {"data", "key"}), "1");

    const auto replaced = server.send("PUT", kMaps + "/a", mapBody("a", "2"));
    QCOMPARE(replaced.status, 200);
    QCOMPARE(text(jsonOf(replaced), {"metadata", "uid"}), text(object, {"metadata", "uid"}));
    QVERIFY(text(jsonOf(replaced), {"metadata", "resourceVersion"})
            != text(object, {"metadata", "resourceVersion"}));

    const auto wrong = server.send("DELETE", kMaps + "/a", R"({"preconditions":{"uid":"other"}})");
    QCOMPARE(wrong.status, 409);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 200);
    const auto gone =
        server.send("DELETE", kMaps + "/a",
                    R"({"preconditions":{"uid":")" + text(object, {"metadata", "uid"}) + R"("}})");
    QCOMPARE(gone.status, 200);
    QCOMPARE(text(jsonOf(gone), {"status"}), "Success");
    QCOMPARE(server.send("GET", kMaps + "/a").status, 404);
    QCOMPARE(text(jsonOf(server.send("DELETE", kMaps + "/a")), {"message"}),
             "configmaps \"a\" not found");
}

void TestApiServer::refusesStaleReplacements()
{
    TestServer server;
    core::Json first = jsonOf(server.post(kMaps, mapBody("a")));
    server.send("PUT", kMaps + "/a", mapBody("a", "2"));
    const auto stale = server.send("PUT", kMaps + "/a", core::toText(first));
    QCOMPARE(stale.status, 409);
    QCOMPARE(text(jsonOf(stale), {"reason"}), "Conflict");
    QCOMPARE(text(server.get(kMaps + "/a"), {"data", "key"}), "2");
    // The same again changes nothing, not even the resourceVersion.
    const core::Json before = server.get(kMaps + "/a");
    server.send("PUT", kMaps + "/a", mapBody("a", "2"));
    QCOMPARE(text(server.get(kMaps + "/a"), {"metadata", "resourceVersion"}),
             text(before, {"metadata", "resourceVersion"}));
}

void TestApiServer::listsInPagesThatStayConsistent()
{
    TestServer server;
    for (const char* name : {"a", "b", "c", "d", "e"})
        server.post(kMaps, mapBody(name));
    const core::Json first = server.get(kMaps + "?limit=2");
    QCOMPARE(first.at("items").as_array().size(), 2u);
    QCOMPARE(text(first, {"metadata", "remainingItemCount"}), "4"); // c, d, e, kube-root-ca.crt
    QVERIFY(!first.at("items").as_array()[0].as_object().contains("kind"));
    // What happens between two pages does not show in the second.
    server.send("DELETE", kMaps + "/c");
    server.post(kMaps, mapBody("bb"));
    const std::string token = text(first, {"metadata", "continue"});
    const core::Json second = server.get(kMaps + "?limit=2&continue=" + token);
    QCOMPARE(text(second.at("items").as_array()[0], {"metadata", "name"}), "c");
    QCOMPARE(text(second, {"metadata", "resourceVersion"}),
             text(first, {"metadata", "resourceVersion"}));
    server.server().store().forgetHistory();
    const auto expired = server.send("GET", kMaps + "?limit=2&continue=" + token);
    QCOMPARE(expired.status, 410);
    QCOMPARE(text(jsonOf(expired), {"reason"}), "Expired");
    QCOMPARE(server.send("GET", kMaps + "?continue=nonsense").status, 400);
}

void TestApiServer::listsByLabelsAndFields()
{
    TestServer server;
    server.post(kMaps, mapBody("a"));
    server.post(kMaps, mapBody("b"));
    QCOMPARE(server.get(kMaps + "?labelSelector=app%3Db").at("items").as_array().size(), 1u);
    QCOMPARE(server.get(kMaps + "?labelSelector=app%20in%20(a,b)").at("items").as_array().size(),
             2u);
    QCOMPARE(server.get("/api/v1/configmaps?fieldSelector=metadata.name%3Da")
                 .at("items")
                 .as_array()
                 .size(),
             1u);
    QCOMPARE(text(server.get(kMaps + "?fieldSelector=data.key%3D1"), {"message"}),
             "field label not supported: data.key");
    QCOMPARE(server.send("GET", kMaps + "?labelSelector=a%20b%20c").status, 400);
}

void TestApiServer::watchesFromAVersion()
{
    TestServer server;
    server.post(kMaps, mapBody("a"));
    const std::string version = text(server.get(kMaps), {"metadata", "resourceVersion"});
    server.post(kMaps, mapBody("b"));
    const auto sink = server.watch(kMaps + "?watch=1&resourceVersion=" + version);
    const auto labelled =
        server.watch(kMaps + "?watch=1&labelSelector=app%3Dc&resourceVersion=" + version);
    QCOMPARE(sink->takeNames(), std::vector<std::string> {"ADDED b"});
    server.post(kMaps, mapBody("c"));
    server.send("PATCH", kMaps + "/c", R"({"metadata":{"labels":{"app":"x"}}})",
                "application/merge-patch+json");
    server.send("DELETE", kMaps + "/c");
    QCOMPARE(sink->takeNames(), (std::vector<std::string> {"ADDED c", "MODIFIED c", "DELETED c"}));
    QCOMPARE(labelled->takeNames(), (std::vector<std::string> {"ADDED c", "DELETED c"}));
}

void TestApiServer::watchesWithInitialEvents()
{
    TestServer server;
    server.post(kMaps, mapBody("a"));
    const auto sink =
        server.watch(kMaps
                     + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                       "&allowWatchBookmarks=true&timeoutSeconds=5");
    const auto events = sink->take();
    QCOMPARE(events.size(), 3u);
    QCOMPARE(text(events.back(), {"type"}), "BOOKMARK");
    QCOMPARE(
        text(events.back(), {"object", "metadata", "annotations", "k8s.io/initial-events-end"}),
        "true");
    server.clock().advance(std::chrono::seconds(6));
    server.server().tick();
    QVERIFY(sink->ended);
}

void TestApiServer::saysGoneWhenTheHistoryIsOver()
{
    TestServer server({.history = 3, .seed = 1});
    for (int i = 0; i < 10; ++i)
        server.post(kMaps, mapBody("m" + std::to_string(i)));
    const auto sink = server.watch(kMaps + "?watch=1&resourceVersion=5");
    QVERIFY(sink->text.starts_with("refused 410"));
}

void TestApiServer::patchesInFourWays()
{
    TestServer server;
    const std::string pods = "/api/v1/namespaces/default/pods";
    QCOMPARE(server
                 .post(pods, R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
                     "spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]}})")
                 .status,
             201);
    const std::string target = pods + "/p";
    server.send("PATCH", target, R"({"spec":{"containers":[{"name":"b","image":"b:2"}]}})",
                "application/strategic-merge-patch+json");
    const core::Json pod = server.get(target);
    const core::JsonArray& containers = core::findPath(pod, {"spec", "containers"})->as_array();
    QCOMPARE(containers.size(), 2u);
    QCOMPARE(text(containers[1], {"image"}), "b:2");
    QCOMPARE(server
                 .send("PATCH", target,
                       R"([{"op":"add","path":"/metadata/labels","value":{"x":"1"}}])",
                       "application/json-patch+json")
                 .status,
             200);
    QCOMPARE(server
                 .send("PATCH", target, R"([{"op":"test","path":"/kind","value":"No"}])",
                       "application/json-patch+json")
                 .status,
             422);
    server.send("PATCH", target, R"({"metadata":{"labels":{"y":"2"}}})",
                "application/merge-patch+json");
    QCOMPARE(text(server.get(target), {"metadata", "labels"}), R"({"x":"1","y":"2"})");
    QCOMPARE(server.send("PATCH", target, "{}", "text/plain").status, 415);
}

void TestApiServer::appliesWithManagers()
{
    TestServer server;
    QCOMPARE(server.apply(kMaps + "/a", mapBody("a")).status, 201);
    QCOMPARE(server.apply(kMaps + "/a", mapBody("a")).status, 200);
    const core::Json object = server.get(kMaps + "/a");
    const core::JsonArray& managers =
        core::findPath(object, {"metadata", "managedFields"})->as_array();
    QCOMPARE(managers.size(), 1u);
    QCOMPARE(text(managers[0], {"manager"}), "tester");
    QCOMPARE(text(managers[0], {"operation"}), "Apply");
    const auto refused = server.apply(kMaps + "/a?fieldManager=other", mapBody("a", "2"));
    QCOMPARE(refused.status, 409);
    QCOMPARE(text(jsonOf(refused), {"message"}),
             "Apply failed with 1 conflict: conflict with \"tester\": .data.key");
    QCOMPARE(server.apply(kMaps + "/a?fieldManager=other&force=true", mapBody("a", "2")).status,
             200);
    QCOMPARE(text(server.get(kMaps + "/a"), {"data", "key"}), "2");
    // An update is tracked too.
    server.send("PATCH", kMaps + "/a", R"({"data":{"more":"x"}})", "application/merge-patch+json");
    const core::Json after = server.get(kMaps + "/a");
    QCOMPARE(core::findPath(after, {"metadata", "managedFields"})->as_array().size(), 3u);
    QCOMPARE(
        server.send("PATCH", kMaps + "/a", mapBody("a"), "application/apply-patch+yaml").status,
        422); // no fieldManager
}

void TestApiServer::dryRunKeepsNothing()
{
    TestServer server;
    QCOMPARE(server.post(kMaps + "?dryRun=All", mapBody("a")).status, 201);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 404);
    server.post(kMaps, mapBody("a"));
    const auto applied = server.apply(kMaps + "/a?dryRun=All&force=true", mapBody("a", "2"));
    QCOMPARE(text(jsonOf(applied), {"data", "key"}), "2");
    server.send("DELETE", kMaps + "/a?dryRun=All");
    QCOMPARE(text(server.get(kMaps + "/a"), {"data", "key"}), "1");
    QCOMPARE(server.post(kMaps + "?dryRun=Some", mapBody("b")).status, 422);
}

void TestApiServer::makesNamesUp()
{
    TestServer server;
    const std::string body =
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"job-"}})";
    const std::string first = text(jsonOf(server.post(kMaps, body)), {"metadata", "name"});
    const std::string second = text(jsonOf(server.post(kMaps, body)), {"metadata", "name"});
    QVERIFY(first.starts_with("job-") && first.size() == 9);
    QVERIFY(first != second);
    QCOMPARE(server.post(kMaps, R"({"apiVersion":"v1","kind":"ConfigMap"})").status, 422);
    QCOMPARE(server.post(kMaps, mapBody("Upper")).status, 422);
}

void TestApiServer::answersUnknownThingsWith404()
{
    TestServer server;
    for (const char* target : {"/apis/nope/v1/things", "/nope"}) { // of no API at all
        const auto response = server.send("GET", target);
        QCOMPARE(response.status, 404);
        QCOMPARE(response.body, "404 page not found\n");
    }
    for (const char* target : {"/apis/apps/v1/things", "/api/v1/namespaces/default/nope"}) {
        const auto response = server.send("GET", target);
        QCOMPARE(response.status, 404);
        QCOMPARE(text(jsonOf(response), {"message"}),
                 "the server could not find the requested resource");
        QCOMPARE(text(jsonOf(response), {"details", "name"}), "<absent>");
    }
    const auto missing = server.post("/api/v1/namespaces/none/configmaps", mapBody("a"));
    QCOMPARE(missing.status, 404);
    QCOMPARE(text(jsonOf(missing), {"details", "kind"}), "namespaces");
    QCOMPARE(server.post("/api/v1/configmaps", mapBody("a")).status, 405);
    core::HttpRequest protobuf;
    const auto refused =
        server.send("POST", kMaps, std::string("k8s\0", 4), "application/vnd.kubernetes.protobuf");
    QCOMPARE(refused.status, 415);
    QVERIFY(text(jsonOf(refused), {"message"}).find("protobuf") != std::string::npos);
}

void TestApiServer::faultsAnswerInsteadOfWork()
{
    using gitops::practice::Fault;
    TestServer server;
    Fault next {Fault::Kind::Answer, {429, {{"Retry-After", "1"}}, "later"}};
    server.server().setFaultHook([&](const core::HttpRequest& request) {
        return request.method == "POST" ? std::optional(next) : std::nullopt;
    });
    QCOMPARE(server.post(kMaps, mapBody("a")).status, 429);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 404);
    next = {Fault::Kind::ResetBefore, {}};
    QCOMPARE(server.post(kMaps, mapBody("a")).status, gitops::practice::kStatusReset);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 404);
    next = {Fault::Kind::ResetAfter, {}};
    QCOMPARE(server.post(kMaps, mapBody("a")).status, gitops::practice::kStatusReset);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 200);
}

void TestApiServer::surviveStrangeBodies()
{
    TestServer server;
    const std::string apps = "/apis/apps/v1/namespaces/default/deployments";
    for (
        const char* body :
        {"3", "[]", "null", "{}", "\"x\"", R"({"apiVersion":"apps/v1","kind":"Deployment"})",
         R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":[]})",
         R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":5}})",
         R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a","labels":3},"spec":[]})",
         R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"template":7}})"}) {
        const int status = server.post(apps, body).status;
        QVERIFY2(status >= 400 && status < 600, body);
    }
    QCOMPARE(server.send("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", "[]")
                 .status,
             400);
    QCOMPARE(server
                 .send("PATCH", "/api/v1/namespaces/default",
                       R"([{"op":"replace","path":"","value":3}])", "application/json-patch+json")
                 .status,
             400);
    // A status that is no object does not stop the namespace from going.
    QCOMPARE(server
                 .post("/api/v1/namespaces",
                       R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"odd"}})")
                 .status,
             201);
    server.send("PATCH", "/api/v1/namespaces/odd/status",
                R"([{"op":"replace","path":"/status","value":5}])", "application/json-patch+json");
    server.send("DELETE", "/api/v1/namespaces/odd");
    QCOMPARE(server.send("GET", "/api/v1/namespaces/odd").status, 404);
}

/// One object, in the words of autoscaling/v1 and of v2.
void TestApiServer::autoscalersInBothVersions()
{
    TestServer server;
    const std::string first = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    const std::string second = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
    const auto made = server.post(
        first,
        R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"name":"h"},)"
        R"("spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},)"
        R"("maxReplicas":5,"targetCPUUtilizationPercentage":60}})");
    QVERIFY2(made.status == 201, made.body.c_str());
    const core::Json old = server.get(first + "/h");
    QCOMPARE(text(old, {"apiVersion"}), "autoscaling/v1");
    QCOMPARE(core::integerAt(old, {"spec", "targetCPUUtilizationPercentage"}, 0), 60);
    QVERIFY(!core::findPath(old, {"spec", "metrics"}));
    const core::Json now = server.get(second + "/h");
    QCOMPARE(text(now, {"apiVersion"}), "autoscaling/v2");
    QVERIFY(core::findPath(now, {"spec", "metrics"}));
    QCOMPARE(core::integerAt(now, {"spec", "maxReplicas"}, 0), 5);
    QCOMPARE(text(now, {"metadata", "uid"}), text(old, {"metadata", "uid"}));
    const core::Json group = server.get("/apis/autoscaling");
    QCOMPARE(text(group, {"preferredVersion", "version"}), "v2");
}

WW_TEST_CLASS(TestApiServer)
#include "tst_apiserver.moc"
