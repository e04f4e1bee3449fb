// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagelayout.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

using namespace core;

namespace {

struct Graph
{
    std::vector<LayoutBox> boxes;
    std::vector<LayoutLink> links;
};

/// Like a platform: shelves of stages, most links to the next stage, some far ahead, some back.
Graph sample(unsigned seed, std::uint32_t count, bool sizes = true)
{
    std::mt19937 random(seed);
    Graph out;
    for (std::uint32_t i = 0; i < count; ++i)
        out.boxes.push_back({"box " + std::to_string(i), sizes ? 120.0 + random() % 80 : 190.0,
                             sizes ? 30.0 + random() % 40 : 44.0});
    for (std::uint32_t i = 0; i + 1 < count; ++i)
        for (unsigned link = random() % 3; link > 0; --link) {
            const std::uint32_t far =
                i + 1 + std::uint32_t(random()) % std::max(1U, std::min(count - i - 1, count / 8));
            out.links.push_back(random() % 20 == 0 ? LayoutLink {far, i} : LayoutLink {i, far});
        }
    out.links.push_back({0, 0});
    return out;
}

bool overlap(const Graph& graph, const LineageLayout& layout, std::size_t a, std::size_t b)
{
    const auto apart = [](double x, double width, double y, double other) {
        return x + width <= y + 1e-6 || y + other <= x + 1e-6;
    };
    return !apart(layout.boxes[a].x, graph.boxes[a].width, layout.boxes[b].x, graph.boxes[b].width)
        && !apart(layout.boxes[a].y, graph.boxes[a].height, layout.boxes[b].y,
                  graph.boxes[b].height);
}

void checkLinks(const Graph& graph, const LineageLayout& layout)
{
    for (std::size_t i = 0; i < graph.links.size(); ++i) {
        const LayoutLink& link = graph.links[i];
        const auto& way = layout.links[i];
        if (link.from == link.to) {
            QVERIFY(way.points.empty());
            continue;
        }
        const auto& from = layout.boxes[link.from];
        const auto& to = layout.boxes[link.to];
        QCOMPARE(way.back, from.x > to.x);
        QVERIFY(way.points.size() % 2 == 0);
        const double side = way.back ? from.x : from.x + graph.boxes[link.from].width;
        QCOMPARE(way.points.front().x, side);
        QVERIFY(way.points.front().y >= from.y
                && way.points.front().y <= from.y + graph.boxes[link.from].height);
        QCOMPARE(way.points.back().x, way.back ? to.x + graph.boxes[link.to].width : to.x);
        for (std::size_t at = 1; at < way.points.size(); ++at)
            QVERIFY(way.back ? way.points[at].x <= way.points[at - 1].x
                             : way.points[at].x >= way.points[at - 1].x);
    }
}

} // namespace

class TestLineageLayout : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyGraph_data()
    {
        QTest::addColumn<unsigned>("seed");
        QTest::addColumn<unsigned>("count");
        for (unsigned seed = 0; seed < 6; ++seed)
            for (const unsigned count : {1U, 2U, 12U, 60U, 250U})
                QTest::addRow("%u boxes, seed %u", count, seed) << seed << count;
    }
    void anyGraph()
    {
        QFETCH(unsigned, seed);
        QFETCH(unsigned, count);
        const Graph graph = sample(seed, count);
        const auto layout = layoutLineage(graph.boxes, graph.links);
        for (std::size_t a = 0; a < count; ++a) {
            QVERIFY(layout.boxes[a].x >= 0 && layout.boxes[a].y >= -1e-6);
            QVERIFY(layout.boxes[a].x + graph.boxes[a].width <= layout.width + 1e-6);
            QVERIFY(layout.boxes[a].y + graph.boxes[a].height <= layout.height + 1e-6);
            for (std::size_t b = a + 1; b < count; ++b)
                QVERIFY(!overlap(graph, layout, a, b));
        }
        checkLinks(graph, layout);
    }
    void levelPiecesPassNoBox()
    {
        const Graph graph = sample(3, 120);
        const auto layout = layoutLineage(graph.boxes, graph.links);
        for (const auto& link : layout.links)
            for (std::size_t at = 1; at + 2 < link.points.size(); at += 2)
                for (std::size_t box = 0; box < graph.boxes.size(); ++box) {
                    const double y = link.points[at].y;
                    const double left = std::min(link.points[at].x, link.points[at + 1].x);
                    QVERIFY(left != layout.boxes[box].x || y <= layout.boxes[box].y
                            || y >= layout.boxes[box].y + graph.boxes[box].height);
                }
    }

    void theOrderOfInputPlaysNoPart()
    {
        for (unsigned seed = 0; seed < 4; ++seed) {
            const Graph graph = sample(seed, 80);
            const auto layout = layoutLineage(graph.boxes, graph.links);
            QVERIFY(layout.places == layoutLineage(graph.boxes, graph.links).places);
            Graph mixed = graph;
            std::mt19937 random(seed + 99);
            std::vector<std::uint32_t> order(graph.boxes.size());
            for (std::uint32_t i = 0; i < order.size(); ++i)
                order[i] = i;
            std::ranges::shuffle(order, random);
            for (std::uint32_t i = 0; i < order.size(); ++i)
                mixed.boxes[order[i]] = graph.boxes[i];
            for (LayoutLink& link : mixed.links)
                link = {order[link.from], order[link.to]};
            std::ranges::shuffle(mixed.links, random);
            const auto again = layoutLineage(mixed.boxes, mixed.links);
            QVERIFY(layout.places == again.places);
            QCOMPARE(again.crossings, layout.crossings);
        }
    }

    void aRefreshMovesNothing()
    {
        for (unsigned seed = 0; seed < 6; ++seed) {
            const Graph graph = sample(seed, 100);
            const auto first = layoutLineage(graph.boxes, graph.links);
            const auto second = layoutLineage(graph.boxes, graph.links, {}, &first);
            QVERIFY(second.crossings <= first.crossings);
            const auto third = layoutLineage(graph.boxes, graph.links, {}, &second);
            QVERIFY(third.crossings <= second.crossings);
            if (second.crossings == first.crossings)
                QVERIFY(second.places == first.places);
        }
    }

    void oneBoxMoreKeepsTheOrder()
    {
        Graph graph;
        for (const char* id : {"source", "m", "c", "x", "sink"})
            graph.boxes.push_back({id});
        graph.links = {{0, 1}, {0, 2}, {0, 3}, {1, 4}, {2, 4}, {3, 4}};
        const auto before = layoutLineage(graph.boxes, graph.links);
        graph.boxes.push_back({"a new one"});
        graph.links.push_back({0, 5});
        graph.links.push_back({5, 4});
        const auto after = layoutLineage(graph.boxes, graph.links, {}, &before);
        const auto above = [&](const LineageLayout& layout, const char* a, const char* b) {
            return layout.places.at(a).y < layout.places.at(b).y;
        };
        for (const auto& [a, b] : {std::pair {"m", "c"}, {"c", "x"}, {"m", "x"}})
            QCOMPARE(above(after, a, b), above(before, a, b));
    }

    void partsStandApart()
    {
        Graph graph;
        for (const char* id : {"a", "b", "c", "d", "lonely 1", "lonely 2"})
            graph.boxes.push_back({id});
        graph.links = {{0, 1}, {2, 3}};
        const auto layout = layoutLineage(graph.boxes, graph.links);
        QCOMPARE(layout.boxes[0].y, layout.boxes[1].y);
        QCOMPARE(layout.boxes[2].y, layout.boxes[3].y);
        for (std::size_t a = 0; a < 6; ++a)
            for (std::size_t b = a + 1; b < 6; ++b)
                QVERIFY(!overlap(graph, layout, a, b));
        QVERIFY(layout.places.at("lonely 1").y >= layout.places.at("a").y);
    }

    void nothingIsNothing()
    {
        const auto layout = layoutLineage({}, {});
        QCOMPARE(layout.width, 0.0);
        QVERIFY(layout.boxes.empty() && layout.links.empty());
    }

    void fiveThousandBoxes()
    {
        const Graph graph = sample(1, 5'000, false);
        const auto start = std::chrono::steady_clock::now();
        const auto layout = layoutLineage(graph.boxes, graph.links);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        QCOMPARE(layout.places.size(), std::size_t(5'000));
        // A bound for a loaded machine; the figure is in tests/bench/README.md.
        QVERIFY2(taken.count() < 20, qPrintable(QString::number(taken.count())));
    }
};

WW_TEST_CLASS(TestLineageLayout)
#include "tst_lineagelayout.moc"
