// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageobserved.h"
#include "tests/core/platform/observedplatform.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;
using namespace observedplatform;

namespace {

const std::string kReader = "kubernetes://shop/Deployment/reader";

ObservedRun run(std::string job, ObservedRun::Dataset input)
{
    ObservedRun out;
    out.jobNamespace = "airflow://prod";
    out.job = std::move(job);
    out.runId = "r1";
    out.state = "RUNNING";
    out.inputs = {std::move(input)};
    return out;
}

/// Edges that were observed, "from > to".
QStringList observedEdges(const LineageGraph& graph)
{
    QStringList out;
    for (const LineageEdge& edge : graph.edges())
        if (edge.has(LineageEvidence::Observed))
            out << QString::fromStdString(graph.node(edge.from).id() + " > "
                                          + graph.node(edge.to).id());
    return out;
}

} // namespace

class TestLineageObserved : public QObject
{
    Q_OBJECT
private:
    LineageGraphPtr m_graph = lineageOf(kCluster + topic("orders") + reader("reader", "orders"));

private Q_SLOTS:
    void datasetsUnderAnyAddress_data()
    {
        QTest::addColumn<QString>("namespaceName");
        QTest::addColumn<bool>("known");
        QTest::newRow("as declared") << "kafka://k-kafka-bootstrap.kafka.svc:9092" << true;
        QTest::newRow("another listener") << "kafka://k-kafka-bootstrap.kafka.svc:9093" << true;
        QTest::newRow("the whole name")
            << "kafka://k-kafka-bootstrap.kafka.svc.cluster.local:9092" << true;
        QTest::newRow("without a port") << "kafka://k-kafka-bootstrap.kafka" << true;
        QTest::newRow("another server") << "kafka://other:9092" << false;
        QTest::newRow("another system") << "s3://k-kafka-bootstrap.kafka" << false;
    }

    void datasetsUnderAnyAddress()
    {
        QFETCH(QString, namespaceName);
        QFETCH(bool, known);
        Telemetry telemetry;
        telemetry.runs = {run("dag.task", {namespaceName.toStdString(), "orders"})};
        const auto graph = withObserved(*m_graph, telemetry);
        const auto edges = observedEdges(graph);
        QCOMPARE(edges.size(), 1);
        QCOMPARE(edges.front(),
                 QString::fromStdString((known ? kOrders : namespaceName.toStdString() + "/orders")
                                        + " > airflow://prod/dag.task"));
        QCOMPARE(graph.nodes().size(), m_graph->nodes().size() + (known ? 1 : 2));
    }

    void jobsByWhoRunsThem()
    {
        Telemetry telemetry;
        telemetry.runs = {run("reader.execute_insert.gold",
                              {"kafka://k-kafka-bootstrap.kafka.svc:9092", "orders"})};
        const auto graph = withObserved(*m_graph, telemetry);
        QCOMPARE(graph.nodes().size(), m_graph->nodes().size());
        QCOMPARE(observedEdges(graph),
                 QStringList {QString::fromStdString(kOrders + " > " + kReader)});
        QCOMPARE(graph.edges().size(), m_graph->edges().size()); // one more proof of the same edge
        const auto index = graph.find(kReader);
        const LineageEdge& edge = graph.edges()[graph.incoming(*index).front()];
        QVERIFY(edge.strongest() == LineageEvidence::Observed);
        QVERIFY(edge.proofs.back().detail.find("RUNNING") != std::string::npos);
    }

    void groupsCalledLikeSomebody()
    {
        Telemetry telemetry;
        telemetry.topics = {observed("orders")};
        telemetry.topics.front().groups = {"reader", "somebody-else"};
        QCOMPARE(observedEdges(withObserved(*m_graph, telemetry)),
                 QStringList {QString::fromStdString(kOrders + " > " + kReader)});
    }

    void nothingObservedChangesNothing()
    {
        Telemetry telemetry;
        telemetry.runs = {run("dag.task", {"kafka://x", "y"})};
        telemetry.runs.front().inputs.clear();
        const auto graph = withObserved(*m_graph, telemetry);
        QCOMPARE(graph.nodes().size(), m_graph->nodes().size());
        QCOMPARE(graph.edges().size(), m_graph->edges().size());
    }
};

WW_TEST_CLASS(TestLineageObserved)
#include "tst_lineageobserved.moc"
