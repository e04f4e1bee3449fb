// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagedifference.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

using Index = LineageGraph::Index;
constexpr Index kNone = LineageGraph::kNone;

/// Nodes of these names, "a" holds those of `held`; edges as "bc".
LineageGraph graphOf(const std::string& names, const std::vector<std::string>& edges,
                     const std::string& held = {}, const std::string& label = {})
{
    std::vector<LineageNode> nodes;
    std::vector<Index> containers;
    for (const char name : names) {
        nodes.push_back({.namespaceName = "x", .name = std::string(1, name), .label = label});
        containers.push_back(held.contains(name) ? Index(names.find('a')) : kNone);
    }
    std::vector<LineageEdge> all;
    for (const std::string& edge : edges)
        all.push_back({Index(names.find(edge[0])),
                       Index(names.find(edge[1])),
                       LineageRelation::Writes,
                       false,
                       {{LineageEvidence::Declared, edge, {}}}});
    return LineageGraph(std::move(nodes), std::move(all), std::move(containers));
}

std::string namesOf(const LineageGraph& graph, std::vector<Index> nodes)
{
    std::ranges::sort(nodes);
    nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
    std::string out;
    for (const Index node : nodes)
        out += graph.node(node).name;
    return out;
}

} // namespace

class TestLineageDifference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theSame()
    {
        const LineageGraph graph = graphOf("abc", {"ab", "bc"}, "b");
        const auto difference = lineageDifference(graph, graph);
        QVERIFY(difference.nodes.empty() && difference.ends.empty() && difference.moved.empty()
                && difference.containers.empty() && !difference.areNumbersOther);
        QCOMPARE(difference.numbers.size(), std::size_t(3));
    }
    void nodesComeAndGo()
    {
        const LineageGraph before = graphOf("bcd", {"bd", "cd"});
        const LineageGraph now = graphOf("acd", {"cd"});
        const auto difference = lineageDifference(before, now);
        QVERIFY(difference.areNumbersOther);
        QCOMPARE(difference.numbers, (std::vector<Index> {kNone, 1, 2}));
        std::string came;
        std::string went;
        for (const auto& each : difference.nodes) {
            if (each.before == kNone)
                came += now.node(each.now).name;
            if (each.now == kNone)
                went += before.node(each.before).name;
        }
        QCOMPARE(came, std::string("a"));
        QCOMPARE(went, std::string("b"));
        std::vector<std::string> kept {"b", "c", "d"};
        carry(difference, 3, kept);
        QCOMPARE(kept, (std::vector<std::string> {"", "c", "d"}));
    }
    void words()
    {
        const LineageGraph before = graphOf("ab", {"ab"});
        const LineageGraph now = before.withNodes(graphOf("ab", {}, {}, "other").nodes());
        const auto difference = lineageDifference(before, now);
        QCOMPARE(difference.nodes.size(), std::size_t(2));
        QVERIFY(!difference.areNumbersOther && difference.ends.empty());
    }
    void edges_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("ends");
        QTest::newRow("one more") << "bc" << "ab bc" << "ab";
        QTest::newRow("one less") << "ab bc bd" << "ab bd" << "bc";
        QTest::newRow("turned") << "ab bc" << "ab cb" << "bc";
        QTest::newRow("all") << "ab" << "cd" << "abcd";
    }
    void edges()
    {
        QFETCH(QString, before);
        QFETCH(QString, now);
        QFETCH(QString, ends);
        const auto list = [](const QString& text) {
            std::vector<std::string> out;
            for (const QString& each : text.split(' '))
                out.push_back(each.toStdString());
            return out;
        };
        // Proofs that are shared are the same; others are looked at as other ones.
        const LineageGraph a = graphOf("abcd", list(before));
        const LineageGraph made = graphOf("abcd", list(now));
        std::vector<LineageEdge> shared = made.edges();
        for (LineageEdge& edge : shared)
            for (const LineageEdge& was : a.edges())
                if (edge == was)
                    edge.proofs = was.proofs;
        const LineageGraph b(a.nodes(), shared);
        const auto difference = lineageDifference(a, b);
        QVERIFY(difference.nodes.empty());
        QCOMPARE(QString::fromStdString(namesOf(b, difference.ends)), ends);
    }
    void containers()
    {
        const LineageGraph before = graphOf("abc", {}, "b");
        const LineageGraph now(before.nodes(), {}, {kNone, kNone, 0});
        const auto difference = lineageDifference(before, now);
        QCOMPARE(namesOf(now, difference.moved), std::string("bc"));
        QCOMPARE(namesOf(now, difference.containers), std::string("a"));
        // Its container went: it lies in none now, which is not the same as before.
        const LineageGraph gone = graphOf("bc", {});
        QCOMPARE(namesOf(gone, lineageDifference(before, gone).moved), std::string("b"));
    }
};

WW_TEST_CLASS(TestLineageDifference)
#include "tst_lineagedifference.moc"
