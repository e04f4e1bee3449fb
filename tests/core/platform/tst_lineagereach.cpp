// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagemodel.h"
#include "core/platform/lineagereach.h"
#include "tests/core/platform/platformfixture.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using namespace tests;

namespace {

std::string server(const std::string& name, const std::string& image, int port)
{
    const std::string number = std::to_string(port);
    return object("apps/v1", "StatefulSet", "data", name,
                  "spec: {template: {metadata: {labels: {app: " + name
                      + "}}, spec: {containers: [{name: c, image: '" + image
                      + "', ports: [{containerPort: " + number + "}]}]}}}\n")
        + object("v1", "Service", "data", name,
                 "spec: {selector: {app: " + name + "}, ports: [{port: " + number + "}]}\n");
}

std::string policy(const std::string& spec)
{
    return object("networking.k8s.io/v1", "NetworkPolicy", "shop", "out", "spec: " + spec + "\n");
}

} // namespace

class TestLineageReach : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void edges_data()
    {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<QString>("uses"); // by the web, only permitted
        const auto row = [](const char* name, const std::string& text, const char* uses) {
            QTest::newRow(name) << QString::fromStdString(text) << QString(uses);
        };
        row("no policy", "", "");
        row("only for what comes in", policy("{podSelector: {}}"), "");
        row("nothing goes out", policy("{podSelector: {}, policyTypes: [Egress]}"), "");
        row("a port",
            policy("{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]}"),
            "db");
        row("a namespace and labels",
            policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
                   "{matchLabels: {kubernetes.io/metadata.name: data}}, podSelector: "
                   "{matchExpressions: [{key: app, operator: In, values: [cache]}]}}]}]}"),
            "cache");
        row("other pods",
            policy(
                "{podSelector: {matchLabels: {app: mail}}, policyTypes: [Egress], egress: [{}]}"),
            "");
        row("a block",
            policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: "
                   "{cidr: 203.0.113.0/24}}]}]}"),
            "");
    }
    void edges()
    {
        QFETCH(QString, policy);
        QFETCH(QString, uses);
        const auto input =
            PlatformFixture()
                .declare(server("db", "postgres:16", 5432) + server("cache", "redis:7", 6379)
                         + space("data") + space("shop") + deployment("shop", "web")
                         + policy.toStdString())
                .build();
        const PlatformModel model(input);
        const LineageGraph graph = withPermittedReach(*makeLineage(*input), model);
        QStringList found;
        for (const LineageEdge& edge : graph.edges()) {
            QCOMPARE(edge.strongest(), LineageEvidence::Permitted);
            QCOMPARE(graph.node(edge.from).label, std::string("web"));
            QVERIFY(edge.proofs.front().detail.starts_with("NetworkPolicy shop/out, rule 1"));
            QCOMPARE(edge.proofs.front().place.file, std::string("app.yaml"));
            found << QString::fromStdString(graph.node(edge.to).label);
        }
        QCOMPARE(found.join(' '), uses);
    }

    void aProofMore()
    {
        const auto input =
            PlatformFixture()
                .declare(server("cache", "redis:7", 6379) + space("data") + space("shop")
                         + deployment("shop", "web",
                                      "          env: [{name: REDIS_URL, value: "
                                      "'redis://cache.data:6379'}]\n")
                         + policy("{podSelector: {}, policyTypes: [Egress], egress: [{}]}"))
                .build();
        const PlatformModel model(input);
        const LineageGraph graph = withPermittedReach(*makeLineage(*input), model);
        QCOMPARE(graph.edges().size(), std::size_t(1));
        QVERIFY(graph.edges().front().has(LineageEvidence::Permitted));
        QCOMPARE(graph.edges().front().strongest(), LineageEvidence::Inferred);
    }
};

WW_TEST_CLASS(TestLineageReach)
#include "tst_lineagereach.moc"
