// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/layoutfold.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace core;

namespace {

struct Graph
{
    std::vector<LayoutBox> boxes;
    std::vector<LayoutLink> links;
};

/// A chain of so many boxes, with a link over three of them, one that goes back, and a side arm.
Graph chain(std::uint32_t count)
{
    Graph out;
    for (std::uint32_t i = 0; i < count; ++i)
        out.boxes.push_back({"box " + std::to_string(100 + i), 150, 46});
    for (std::uint32_t i = 0; i + 1 < count; ++i)
        out.links.push_back({i, i + 1});
    out.links.push_back({1, 5});
    out.links.push_back({count - 1, count - 4});
    out.boxes.push_back({"side", 150, 46});
    out.links.push_back({count / 2, count});
    return out;
}

bool overlap(const Graph& graph, const LineageLayout& layout, std::size_t a, std::size_t b)
{
    const auto& one = layout.boxes[a];
    const auto& other = layout.boxes[b];
    return one.x < other.x + graph.boxes[b].width && other.x < one.x + graph.boxes[a].width
        && one.y < other.y + graph.boxes[b].height && other.y < one.y + graph.boxes[a].height;
}

} // namespace

class TestLayoutFold : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bands_data()
    {
        QTest::addColumn<double>("width");
        QTest::addColumn<QString>("bands");
        QTest::newRow("all in one") << 1000.0 << "000000";
        QTest::newRow("two, as wide as each other") << 520.0 << "000111";
        QTest::newRow("three") << 250.0 << "001122";
        QTest::newRow("nothing fits") << 50.0 << "012345";
    }
    void bands()
    {
        QFETCH(double, width);
        QFETCH(QString, bands);
        const std::vector<double> widths(6, 100);
        std::vector<double> left;
        for (int i = 0; i < 6; ++i)
            left.push_back(i * 150);
        std::string out;
        for (const std::size_t band : foldBands(left, widths, width))
            out += std::to_string(band);
        QCOMPARE(QString::fromStdString(out), bands);
    }

    void bandsPartWhereFewLinksRunBack_data()
    {
        QTest::addColumn<QList<int>>("links"); // into each column
        QTest::addColumn<QString>("bands");
        QTest::newRow("all alike") << QList<int> {0, 1, 1, 1, 1, 1} << "000111";
        QTest::newRow("fewer, a column earlier") << QList<int> {0, 1, 1, 3, 3, 3} << "001111";
        QTest::newRow("fewer, a column later") << QList<int> {0, 3, 3, 3, 2, 3} << "000011";
        QTest::newRow("fewer where no band would fit") << QList<int> {0, 1, 3, 3, 3, 3} << "000111";
    }
    void bandsPartWhereFewLinksRunBack()
    {
        QFETCH(QList<int>, links);
        QFETCH(QString, bands);
        const std::vector<double> widths(6, 100);
        std::vector<double> left;
        for (int i = 0; i < 6; ++i)
            left.push_back(i * 150);
        std::string out;
        for (const std::size_t band :
             foldBands(left, widths, 600, std::vector<std::size_t>(links.begin(), links.end())))
            out += std::to_string(band);
        QCOMPARE(QString::fromStdString(out), bands);
    }

    void aChainGoesOnBelowItsBeginning_data()
    {
        QTest::addColumn<unsigned>("count");
        QTest::addColumn<double>("width");
        for (const unsigned count : {7U, 12U, 30U})
            for (const double width : {400.0, 700.0, 1100.0})
                QTest::addRow("%u boxes, %d wide", count, int(width)) << count << width;
    }
    void aChainGoesOnBelowItsBeginning()
    {
        QFETCH(unsigned, count);
        QFETCH(double, width);
        const Graph graph = chain(count);
        const auto straight = layoutLineage(graph.boxes, graph.links);
        const auto folded = layoutLineage(graph.boxes, graph.links, {.foldWidth = width});
        QVERIFY(straight.width > width);
        QVERIFY2(folded.width <= width + 100, qPrintable(QString::number(folded.width)));
        QVERIFY(folded.height > straight.height);
        QCOMPARE(folded.crossings, straight.crossings);
        for (std::size_t a = 0; a < graph.boxes.size(); ++a) {
            QVERIFY(folded.boxes[a].x >= 0 && folded.boxes[a].y >= 0);
            QVERIFY(folded.boxes[a].x + graph.boxes[a].width <= folded.width);
            QVERIFY(folded.boxes[a].y + graph.boxes[a].height <= folded.height + 1e-6);
            QCOMPARE(folded.boxes[a].column, straight.boxes[a].column);
            for (std::size_t b = a + 1; b < graph.boxes.size(); ++b)
                QVERIFY(!overlap(graph, folded, a, b));
        }
    }

    void linksBeginAndEndAtTheirBoxes()
    {
        const Graph graph = chain(14);
        const auto layout = layoutLineage(graph.boxes, graph.links, {.foldWidth = 700});
        for (std::size_t i = 0; i < graph.links.size(); ++i) {
            const auto& way = layout.links[i];
            const auto& from = layout.boxes[graph.links[i].from];
            const auto& to = layout.boxes[graph.links[i].to];
            QVERIFY(way.points.size() >= 2 && way.points.size() % 2 == 0);
            QCOMPARE(way.points.front().x, way.back ? from.x : from.x + 150);
            QCOMPARE(way.points.back().x, way.back ? to.x + 150 : to.x);
            QVERIFY(way.points.front().y >= from.y && way.points.front().y <= from.y + 46);
            QVERIFY(way.points.back().y >= to.y && way.points.back().y <= to.y + 46);
            for (std::size_t at = 2; at < way.points.size(); at += 2) // every second piece is level
                QCOMPARE(way.points[at].y, way.points[at - 1].y);
            for (const LayoutPoint& point : way.points)
                QVERIFY(point.x >= 0 && point.x <= layout.width && point.y >= -1e-6
                        && point.y <= layout.height);
        }
    }

    void whatRunsBackPassesBetweenTheBands()
    {
        const Graph graph = chain(14);
        const auto layout = layoutLineage(graph.boxes, graph.links, {.foldWidth = 700});
        int back = 0;
        for (const auto& way : layout.links)
            for (std::size_t at = 2; at < way.points.size(); at += 2) {
                const LayoutPoint& a = way.points[at - 1];
                const LayoutPoint& b = way.points[at];
                if ((b.x < a.x) == way.back || a.x == b.x)
                    continue;
                ++back;
                for (std::size_t box = 0; box < graph.boxes.size(); ++box)
                    QVERIFY(a.y < layout.boxes[box].y || a.y > layout.boxes[box].y + 46);
            }
        QVERIFY2(back >= 2, qPrintable(QString::number(back)));
    }

    void whatFitsIsNotFolded()
    {
        const Graph graph = chain(7);
        const auto straight = layoutLineage(graph.boxes, graph.links);
        const auto same =
            layoutLineage(graph.boxes, graph.links, {.foldWidth = straight.width + 1});
        QCOMPARE(same.width, straight.width);
        for (std::size_t i = 0; i < graph.boxes.size(); ++i)
            QCOMPARE(same.boxes[i].x, straight.boxes[i].x);
    }
};

WW_TEST_CLASS(TestLayoutFold)
#include "tst_layoutfold.moc"
