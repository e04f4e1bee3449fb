// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/layoutgraph.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace core;

namespace {

std::vector<LayoutArc> arcsOf(const QString& text)
{
    std::vector<LayoutArc> out;
    for (const QString& part : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        out.push_back({part.left(1).toUtf8()[0] - 'a' + 0U, part.mid(1).toUtf8()[0] - 'a' + 0U});
    return out;
}

std::vector<LayoutArc> randomArcs(std::mt19937& random, std::uint32_t nodes, std::size_t count)
{
    std::vector<LayoutArc> out;
    while (out.size() < count)
        if (const LayoutArc arc {std::uint32_t(random() % nodes), std::uint32_t(random() % nodes)};
            arc.from != arc.to)
            out.push_back(arc);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

/// Arcs that close cycles turned round.
std::vector<LayoutArc> straightened(std::size_t nodes, std::vector<LayoutArc> arcs)
{
    const auto back = cycleArcs(nodes, arcs);
    for (std::size_t i = 0; i < arcs.size(); ++i)
        if (back[i])
            std::swap(arcs[i].from, arcs[i].to);
    std::ranges::sort(arcs);
    arcs.erase(std::ranges::unique(arcs).begin(), arcs.end());
    return arcs;
}

std::uint64_t slowCrossings(const LayeredGraph& graph, const LayoutOrder& order)
{
    std::vector<std::size_t> position(graph.column.size());
    for (const auto& nodes : order)
        for (std::size_t i = 0; i < nodes.size(); ++i)
            position[nodes[i]] = i;
    std::uint64_t out = 0;
    for (const auto& a : graph.arcs)
        for (const auto& b : graph.arcs)
            out += graph.column[a.from] == graph.column[b.from]
                && position[a.from] < position[b.from] && position[a.to] > position[b.to];
    return out;
}

} // namespace

class TestLayoutGraph : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cyclesAreBroken_data()
    {
        QTest::addColumn<QString>("arcs");
        QTest::addColumn<int>("turned");
        QTest::newRow("none") << "ab bc ac" << 0;
        QTest::newRow("two nodes") << "ab ba" << 1;
        QTest::newRow("a round of three") << "ab bc ca" << 1;
        QTest::newRow("a round with a way in and out") << "xa ab bc ca cz" << 1;
        QTest::newRow("two rounds through one node") << "ab ba ac ca" << 2;
        QTest::newRow("to itself") << "aa ab" << 0;
    }
    void cyclesAreBroken()
    {
        QFETCH(QString, arcs);
        QFETCH(int, turned);
        const auto back = cycleArcs(26, arcsOf(arcs));
        QCOMPARE(int(std::ranges::count(back, true)), turned);
    }

    void columns_data()
    {
        QTest::addColumn<QString>("arcs");
        QTest::addColumn<QString>("columns"); // of a, b, c …
        QTest::newRow("a chain") << "ab bc" << "012";
        QTest::newRow("the longest path counts") << "ab bc ac" << "012";
        QTest::newRow("a source comes near to what it feeds") << "ab bc dc" << "0121";
        QTest::newRow("a side arm begins near to where it ends") << "ab bc cd ef fd ed" << "012312";
        QTest::newRow("an end stays near to its source") << "ab bc ad" << "0121";
    }
    void columns()
    {
        QFETCH(QString, arcs);
        QFETCH(QString, columns);
        const auto actual = layoutColumns(std::size_t(columns.size()), arcsOf(arcs));
        QString text;
        for (const int column : actual)
            text += QString::number(column);
        QCOMPARE(text, columns);
    }

    void longArcsPassEveryColumn()
    {
        const auto arcs = arcsOf("ab bc cd ad");
        const auto columns = layoutColumns(4, arcs);
        const auto cut = layeredGraph(columns, arcs, 100);
        QCOMPARE(cut.column.size(), std::size_t(6));
        QCOMPARE(cut.chains[3].size(), std::size_t(4));
        for (const LayoutArc& arc : cut.arcs)
            QCOMPARE(cut.column[arc.to], cut.column[arc.from] + 1);
        // Without room for points the long one stays whole and is in nobody's way.
        const auto whole = layeredGraph(columns, arcs, 1);
        QCOMPARE(whole.column.size(), std::size_t(4));
        QCOMPARE(whole.chains[3], (std::vector<std::uint32_t> {0, 3}));
        QCOMPARE(whole.arcs.size(), std::size_t(3));
    }

    void crossingsAreUndone()
    {
        // a b over c d, crosswise.
        const auto arcs = arcsOf("ad bc");
        const auto graph = layeredGraph(layoutColumns(4, arcs), arcs, 100);
        QCOMPARE(layoutCrossings(graph, {{0, 1}, {2, 3}}), std::uint64_t(1));
        QCOMPARE(layoutCrossings(graph, {{0, 1}, {3, 2}}), std::uint64_t(0));
        const std::vector<double> none(4, std::nan(""));
        QCOMPARE(layoutCrossings(graph, layoutOrder(graph, none)), std::uint64_t(0));
    }

    void theOrderBeforeStays()
    {
        const auto arcs = arcsOf("ac bd");
        const auto graph = layeredGraph(layoutColumns(4, arcs), arcs, 100);
        QCOMPARE(layoutOrder(graph, {10, 0, 10, 0}), (LayoutOrder {{1, 0}, {3, 2}}));
        QCOMPARE(layoutOrder(graph, {0, 10, 0, 10}), (LayoutOrder {{0, 1}, {2, 3}}));
    }

    void anyGraph_data()
    {
        QTest::addColumn<int>("nodes");
        QTest::addColumn<int>("arcs");
        for (const auto& [nodes, arcs] : {std::pair {5, 6}, {20, 25}, {40, 120}, {120, 150}})
            QTest::addRow("%d nodes, %d arcs", nodes, arcs) << nodes << arcs;
    }
    void anyGraph()
    {
        QFETCH(int, nodes);
        QFETCH(int, arcs);
        for (unsigned seed = 0; seed < 20; ++seed) {
            std::mt19937 random(seed);
            const auto straight = straightened(
                std::size_t(nodes), randomArcs(random, std::uint32_t(nodes), std::size_t(arcs)));
            const auto columns = layoutColumns(std::size_t(nodes), straight);
            for (const LayoutArc& arc : straight)
                QVERIFY(columns[arc.from] < columns[arc.to]);
            const auto graph = layeredGraph(columns, straight, 10'000);
            const std::vector<double> none(graph.column.size(), std::nan(""));
            const auto order = layoutOrder(graph, none);
            QCOMPARE(layoutCrossings(graph, order), slowCrossings(graph, order));
            std::vector<int> seen(graph.column.size());
            for (std::size_t column = 0; column < order.size(); ++column)
                for (const auto node : order[column]) {
                    QCOMPARE(graph.column[node], int(column));
                    ++seen[node];
                }
            QVERIFY(std::ranges::all_of(seen, [](int count) { return count == 1; }));
            const LayoutSpacing spacing {std::vector<double>(graph.column.size(), 20.0), 10, 5};
            const auto middles = layoutMiddles(graph, order, spacing);
            for (const auto& column : order)
                for (std::size_t i = 1; i < column.size(); ++i) {
                    const bool isPoint = graph.isPoint(column[i - 1]) || graph.isPoint(column[i]);
                    QVERIFY(middles[column[i]] - middles[column[i - 1]]
                            >= 20 + (isPoint ? 5 : 10) - 1e-6);
                }
        }
    }

    void aLongArcIsStraight()
    {
        // a to e past b, c and d: all of its points stand at one height.
        const auto arcs = arcsOf("ab bc cd de ae");
        const auto graph = layeredGraph(layoutColumns(5, arcs), arcs, 100);
        const auto order =
            layoutOrder(graph, std::vector<double>(graph.column.size(), std::nan("")));
        const LayoutSpacing spacing {std::vector<double>(graph.column.size(), 20.0), 10, 5};
        const auto middles = layoutMiddles(graph, order, spacing);
        const auto& chain = graph.chains[4];
        QCOMPARE(chain.size(), std::size_t(5));
        QCOMPARE(middles[chain[1]], middles[chain[2]]);
        QCOMPARE(middles[chain[2]], middles[chain[3]]);
    }
};

WW_TEST_CLASS(TestLayoutGraph)
#include "tst_layoutgraph.moc"
