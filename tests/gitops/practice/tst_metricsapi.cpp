// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/quantity.h"
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <cmath>
#include <set>

using tests::TestServer;
using tests::text;

namespace {

const std::string kMetrics = "/apis/metrics.k8s.io/v1beta1";

/// A server with metrics, a node, and pods on it.
struct Measured : TestServer
{
    Measured()
        : TestServer({.seed = 1, .metrics = true})
    {
        post("/api/v1/nodes", R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"one"}})");
    }

    void pod(const std::string& name, const std::string& phase, const std::string& resources)
    {
        const std::string pods = "/api/v1/namespaces/default/pods";
        post(pods,
             R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name
                 + R"(","labels":{"app":")" + name
                 + R"("}},"spec":{"nodeName":"one","containers":[{"name":"c","image":"i:1",)"
                 + R"("resources":)" + resources + "}]}}");
        core::Json made = get(pods + "/" + name);
        made.as_object()["status"] = core::JsonObject {{"phase", phase}};
        send("PUT", pods + "/" + name + "/status", core::toText(made));
    }
};

double cpuOf(const core::Json& usage)
{
    const auto cpu = core::Quantity::parse(core::stringAt(usage, {"cpu"}));
    return cpu ? cpu->toDouble() : -1;
}

const core::Json& usageOf(const core::Json& pod)
{
    return pod.at("containers").as_array().at(0).at("usage");
}

} // namespace

class TestMetricsApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isServedOnlyWhenAsked()
    {
        TestServer without;
        QCOMPARE(without.send("GET", kMetrics + "/pods").status, 404);
        QVERIFY(core::toText(without.get("/apis")).find("metrics.k8s.io") == std::string::npos);
        Measured with;
        QVERIFY(core::toText(with.get("/apis")).find("metrics.k8s.io/v1beta1")
                != std::string::npos);
        const core::Json resources = with.get(kMetrics);
        QCOMPARE(resources.at("resources").as_array().size(), 2u);
        QCOMPARE(with.send("POST", kMetrics + "/namespaces/default/pods", "{}").status, 405);
        QCOMPARE(with.send("GET", "/openapi/v3/apis/metrics.k8s.io/v1beta1").status, 200);
    }

    void measuresWhatRuns()
    {
        Measured server;
        server.pod("web", "Running", R"({"requests":{"cpu":"200m","memory":"100Mi"}})");
        server.pod("waiting", "Pending", "{}");
        const core::Json list = server.get(kMetrics + "/pods");
        QCOMPARE(text(list, {"kind"}), std::string("PodMetricsList"));
        const core::JsonArray& items = list.at("items").as_array();
        QCOMPARE(items.size(), 1u); // what does not run uses nothing
        const core::Json& web = items.front();
        QCOMPARE(text(web, {"metadata", "name"}), std::string("web"));
        QCOMPARE(text(web, {"metadata", "annotations", "wavewright.dev/simulated"}),
                 std::string("true"));
        QVERIFY(core::parseRfc3339(text(web, {"timestamp"})).has_value());
        const double cpu = cpuOf(usageOf(web));
        QVERIFY2(cpu > 0.02 && cpu < 0.2, qPrintable(QString::number(cpu)));
        QCOMPARE(server.send("GET", kMetrics + "/namespaces/default/pods/web").status, 200);
        QCOMPARE(server.send("GET", kMetrics + "/namespaces/default/pods/waiting").status, 404);
        QCOMPARE(server.send("GET", kMetrics + "/namespaces/default/pods/none").status, 404);
    }

    void selects()
    {
        Measured server;
        server.pod("web", "Running", "{}");
        server.pod("api", "Running", "{}");
        const auto count = [&](const std::string& query) {
            return server.get(kMetrics + query).at("items").as_array().size();
        };
        QCOMPARE(count("/namespaces/default/pods"), 2u);
        QCOMPARE(count("/namespaces/other/pods"), 0u);
        QCOMPARE(count("/pods?labelSelector=app%3Dapi"), 1u);
        QCOMPARE(server.send("GET", kMetrics + "/pods?labelSelector=%3D%3D").status, 400);
    }

    void nodesHaveWhatTheirPodsHave()
    {
        Measured server;
        const auto node = [&] {
            const core::Json value = server.get(kMetrics + "/nodes/one");
            return cpuOf(value.at("usage"));
        };
        const double before = node();
        QVERIFY(before > 0);
        server.pod("web", "Running", R"({"limits":{"cpu":"1"}})");
        const double pod = cpuOf(usageOf(server.get(kMetrics + "/namespaces/default/pods/web")));
        QVERIFY(std::abs(node() - before - pod) < 1e-6);
        QCOMPARE(server.get(kMetrics + "/nodes").at("items").as_array().size(), 1u);
    }

    void movesWithTime()
    {
        Measured server;
        server.pod("web", "Running", R"({"requests":{"cpu":"1"}})");
        const auto cpu = [&] {
            return cpuOf(usageOf(server.get(kMetrics + "/namespaces/default/pods/web")));
        };
        std::set<double> seen;
        for (int i = 0; i < 10; ++i) {
            seen.insert(cpu());
            server.clock().advance(std::chrono::minutes(1));
        }
        QVERIFY(seen.size() >= 5);
    }
};

WW_TEST_CLASS(TestMetricsApi)
#include "tst_metricsapi.moc"
