// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineage.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <string>

using namespace core;

namespace {

LineageNode dataset(const std::string& name)
{
    return {.type = LineageNodeType::Dataset,
            .system = "kafka",
            .namespaceName = "kafka://k",
            .name = name,
            .label = name};
}

LineageEdge edge(std::uint32_t from, std::uint32_t to,
                 LineageEvidence evidence = LineageEvidence::Declared,
                 LineageRelation relation = LineageRelation::Writes, bool bothWays = false)
{
    return {from, to, relation, bothWays, {{evidence, "because", {}}}};
}

constexpr auto kNone = LineageGraph::kNone;

/// a -> b -> c -> d, b -> e, and x that only may write into c. k holds c and e.
LineageGraph sample()
{
    std::vector<LineageNode> nodes;
    for (const char* name : {"a", "b", "c", "d", "e", "x", "k"})
        nodes.push_back(dataset(name));
    return {
        std::move(nodes),
        {edge(0, 1), edge(1, 2), edge(2, 3), edge(1, 4), edge(5, 2, LineageEvidence::Permitted)},
        {kNone, kNone, 6, kNone, 6}};
}

std::string names(const LineageGraph& graph, const std::vector<std::uint32_t>& nodes)
{
    std::string out;
    for (const auto node : nodes)
        out += graph.node(node).label;
    return out;
}

} // namespace

class TestLineage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void walks_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("start");
        QTest::addColumn<int>("depth");
        QTest::addColumn<bool>("permitted");
        QTest::addColumn<QString>("expected");
        QTest::newRow("all after") << "down" << "a" << -1 << false << "bced";
        QTest::newRow("one step after") << "down" << "a" << 1 << false << "b";
        QTest::newRow("two steps after") << "down" << "a" << 2 << false << "bce";
        QTest::newRow("no step") << "down" << "a" << 0 << false << "";
        QTest::newRow("all before") << "up" << "d" << -1 << false << "cba";
        QTest::newRow("permitted counts when asked for") << "up" << "d" << -1 << true << "cbxa";
        QTest::newRow("permitted alone leads nowhere") << "down" << "x" << -1 << false << "";
        QTest::newRow("end of the line") << "down" << "d" << -1 << false << "";
        QTest::newRow("what a store holds suffers with it")
            << "impact" << "k" << -1 << false << "ced";
    }
    void walks()
    {
        QFETCH(QString, question);
        QFETCH(QString, start);
        QFETCH(int, depth);
        QFETCH(bool, permitted);
        const LineageGraph graph = sample();
        const auto node = graph.find("kafka://k/" + start.toStdString());
        QVERIFY(node);
        const LineageWalk walk {depth, permitted};
        const auto found = question == "up" ? graph.upstream(*node, walk)
            : question == "down"            ? graph.downstream(*node, walk)
                                            : graph.impact(*node, walk);
        QTEST(QString::fromStdString(names(graph, found)), "expected");
    }

    void paths_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("with the data") << "a" << "d" << "abcd";
        QTest::newRow("not against it") << "d" << "a" << "";
        QTest::newRow("to itself") << "b" << "b" << "b";
        QTest::newRow("a store is reached with what it holds") << "a" << "k" << "abc";
        QTest::newRow("not over what is only permitted") << "x" << "d" << "";
    }
    void paths()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const LineageGraph graph = sample();
        const auto path = graph.path(*graph.find("kafka://k/" + from.toStdString()),
                                     *graph.find("kafka://k/" + to.toStdString()));
        QTEST(QString::fromStdString(names(graph, path)), "expected");
    }

    void foldersJoinNeighboursOnly()
    {
        // Two folders of one bucket: who writes the one does not change the other, but the bucket.
        std::vector<LineageNode> nodes;
        for (const char* name : {"bucket", "one", "two", "reader", "writer"})
            nodes.push_back(dataset(name));
        using enum LineageRelation;
        const auto inferred = LineageEvidence::Inferred;
        const LineageGraph graph(std::move(nodes),
                                 {edge(0, 1, inferred, Contains, true),
                                  edge(0, 2, inferred, Contains, true), edge(4, 1), edge(2, 3)});
        QCOMPARE(names(graph, graph.downstream(4)), std::string("onebucket"));
        QCOMPARE(names(graph, graph.upstream(3)), std::string("twobucket"));
        QVERIFY(graph.path(4, 3).empty());
        QCOMPARE(names(graph, graph.path(4, 0)), std::string("writeronebucket"));
    }

    void bothWaysGoBothWays()
    {
        const LineageGraph graph(
            {dataset("a"), dataset("b")},
            {edge(0, 1, LineageEvidence::Inferred, LineageRelation::Uses, true)});
        QCOMPARE(graph.downstream(1), std::vector<std::uint32_t> {0});
        QCOMPARE(graph.upstream(1), std::vector<std::uint32_t> {0});
        QCOMPARE(graph.incoming(0).size(), std::size_t(1));
    }

    void circlesEnd()
    {
        const LineageGraph graph({dataset("a"), dataset("b")}, {edge(0, 1), edge(1, 0)});
        QCOMPARE(names(graph, graph.downstream(0)), std::string("b"));
        QCOMPARE(names(graph, graph.impact(0)), std::string("b"));
    }

    void searchIsExactFirst()
    {
        const LineageGraph graph = sample();
        QCOMPARE(graph.search("kafka://k/a").size(), std::size_t(1));
        QCOMPARE(graph.search("a").size(), std::size_t(1));
        QVERIFY(graph.search("nothing").empty());
        QVERIFY(graph.search("").empty());
    }

    void partKeepsContainersAndEdges()
    {
        const LineageGraph graph = sample();
        const LineageGraph part = graph.part({2, 3});
        QCOMPARE(part.nodes().size(), std::size_t(3)); // c, d and the store of c
        QCOMPARE(part.edges().size(), std::size_t(1));
        const auto c = part.find("kafka://k/c");
        QVERIFY(c);
        QCOMPARE(part.node(*part.containerOf(*c)).label, std::string("k"));
    }

    void evidenceOrders()
    {
        LineageEdge both = edge(0, 1, LineageEvidence::Permitted);
        both.proofs.push_back({LineageEvidence::Observed, "", {}});
        QVERIFY(both.has(LineageEvidence::Permitted));
        QVERIFY(!both.has(LineageEvidence::Declared));
        QCOMPARE(both.strongest(), LineageEvidence::Observed);
    }

    void emptyGraph()
    {
        const LineageGraph graph;
        QVERIFY(graph.nodes().empty());
        QVERIFY(graph.search("a").empty());
        QVERIFY(!graph.find("a"));
    }
};

WW_TEST_CLASS(TestLineage)
#include "tst_lineage.moc"
