// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagethrough.h"
#include "core/platform/lineageview.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <chrono>

using namespace core;

namespace {

LineageNode node(const std::string& name)
{
    // Lower case is a dataset, upper case a job, "store" a store.
    const bool isJob = name.front() >= 'A' && name.front() <= 'Z';
    LineageNode out {.type = name == "store" ? LineageNodeType::Store
                         : isJob             ? LineageNodeType::Job
                                             : LineageNodeType::Dataset,
                     .system = "kafka",
                     .namespaceName = "kafka://k",
                     .name = name,
                     .label = name};
    out.declared = true;
    return out;
}

/// Built of lines: "a>B" data flows, "a?B" inferred, "a.B" permitted, "a-B" both ways,
/// "store:a" contains.
LineageGraph graph(const QStringList& lines)
{
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    const auto index = [&nodes](const QString& name) {
        for (std::uint32_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].name == name.toStdString())
                return i;
        nodes.push_back(node(name.toStdString()));
        return std::uint32_t(nodes.size() - 1);
    };
    for (const QString& line : lines) {
        qsizetype at = 0;
        while (line[at].isLetterOrNumber())
            ++at;
        const QChar sign = line[at];
        const LineageEvidence evidence = sign == '?' ? LineageEvidence::Inferred
            : sign == '.'                            ? LineageEvidence::Permitted
                                                     : LineageEvidence::Declared;
        LineageEdge edge {index(line.left(at)), index(line.mid(at + 1))};
        edge.relation = sign == ':' ? LineageRelation::Contains : LineageRelation::Writes;
        edge.bothWays = sign == '-';
        edge.proofs = {{evidence, "because", {}}};
        edges.push_back(edge);
    }
    return {std::move(nodes), std::move(edges)};
}

std::string shown(const LineageGraph& from, LineageKinds kinds, bool permitted = false)
{
    const auto view = lineageView(from, {.permitted = permitted, .kinds = kinds}, {});
    std::vector<std::string> out;
    for (const LineageArrow& arrow : view.arrows) {
        std::string one = view.boxes[arrow.from].title + (arrow.bothWays ? "-" : ">")
            + view.boxes[arrow.to].title;
        if (arrow.evidence != LineageEvidence::Declared)
            one += " " + std::string(toString(arrow.evidence));
        out.push_back(one);
    }
    std::ranges::sort(out);
    std::string all;
    for (const std::string& one : out)
        all += (all.empty() ? "" : ", ") + one;
    return all;
}

} // namespace

class TestLineageThrough : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void kinds_data()
    {
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<QString>("datasets");
        QTest::addColumn<QString>("jobs");
        QTest::newRow("a chain") << QStringList {"a>B", "B>c", "c>D", "D>e"} << "a>c, c>e"
                                 << "B>D";
        QTest::newRow("through two jobs") << QStringList {"a>B", "B>C", "C>d"} << "a>d" << "B>C";
        QTest::newRow("two readers, two writers")
            << QStringList {"A>t", "B>t", "t>C", "t>D"} << "" << "A>C, A>D, B>C, B>D";
        QTest::newRow("the weakest evidence on the way")
            << QStringList {"a?B", "B>c"} << "a>c inferred" << "";
        QTest::newRow("the better of two ways")
            << QStringList {"a?B", "B>c", "a>D", "D>E", "E>c"} << "a>c" << "D>E";
        QTest::newRow("only permitted is no way") << QStringList {"a.B", "B>c"} << "" << "";
        QTest::newRow("a store is no way between what it holds")
            << QStringList {"store:a", "store:b", "A>a", "b>B"} << "store>a, store>b" << "";
        QTest::newRow("a ring") << QStringList {"a>B", "B>a"} << "" << "";
        QTest::newRow("both ways") << QStringList {"a-B", "B-c"} << "a-c, c-a" << "";
        QTest::newRow("one of them both ways") << QStringList {"a>B", "B-c"} << "a>c" << "";
    }
    void kinds()
    {
        QFETCH(QStringList, lines);
        QFETCH(QString, datasets);
        QFETCH(QString, jobs);
        const LineageGraph from = graph(lines);
        QCOMPARE(QString::fromStdString(shown(from, LineageKinds::Datasets)), datasets);
        QCOMPARE(QString::fromStdString(shown(from, LineageKinds::Jobs)), jobs);
    }

    void whatIsPermittedCountsWhereItIsShown()
    {
        const LineageGraph from = graph({"a.B", "B>c"});
        QCOMPARE(shown(from, LineageKinds::Datasets, true), std::string("a>c permitted"));
    }

    void theArrowKnowsWhatItStandsFor()
    {
        const LineageGraph from = graph({"a>B", "B>c", "a>D", "D>c"});
        const auto view = lineageView(from, {.kinds = LineageKinds::Datasets}, {});
        QCOMPARE(view.arrows.size(), std::size_t(1));
        QCOMPARE(view.hiddenKinds, 2);
        // One way of the best evidence, and of those a shortest: which of the two jobs is not told.
        QCOMPARE(view.arrows[0].through.size(), std::size_t(1));
        QCOMPARE(view.arrows[0].edges.size(), std::size_t(2));
    }

    void theFocusStays()
    {
        const LineageGraph from = graph({"a>B", "B>c"});
        const auto view = lineageView(
            from,
            {.scope = LineageScope::Near, .focus = "kafka://k/B", .kinds = LineageKinds::Datasets},
            {});
        QCOMPARE(view.boxes.size(), std::size_t(3));
        QCOMPARE(view.arrows.size(), std::size_t(2));
    }

    void recordsAreNotCountedTwice()
    {
        const LineageGraph from = graph({"a>B", "B>c"});
        Telemetry telemetry;
        telemetry.latest[{"kafka://k/a", Measure::RecordsOut, ""}] = {30, {}, "s", false};
        telemetry.latest[{"kafka://k/c", Measure::RecordsIn, ""}] = {20, {}, "s", true};
        auto view = lineageView(from, {.kinds = LineageKinds::Datasets}, {.telemetry = &telemetry});
        QCOMPARE(view.arrows[0].rate, std::optional(20.0));
        QVERIFY(view.arrows[0].simulated);
        const LineageGraph other = graph({"A>t", "t>B"});
        telemetry.latest[{"kafka://k/t", Measure::RecordsIn, ""}] = {7, {}, "s", false};
        telemetry.latest[{"kafka://k/t", Measure::RecordsOut, ""}] = {9, {}, "s", false};
        view = lineageView(other, {.kinds = LineageKinds::Jobs}, {.telemetry = &telemetry});
        QCOMPARE(view.arrows[0].rate, std::optional(7.0));
    }

    void aHubIsBounded()
    {
        QStringList lines;
        for (int i = 0; i < 600; ++i)
            lines << QStringLiteral("a%1>Hub").arg(i) << QStringLiteral("Hub>b%1").arg(i);
        const LineageGraph from = graph(lines);
        std::vector<bool> datasets;
        std::vector<bool> jobs;
        for (const LineageNode& each : from.nodes()) {
            datasets.push_back(each.type == LineageNodeType::Dataset);
            jobs.push_back(each.type == LineageNodeType::Job);
        }
        QCOMPARE(lineageThrough(from, datasets, jobs, false).size(), std::size_t(20'000));
        QCOMPARE(lineageThrough(from, datasets, jobs, false, 5).size(), std::size_t(5));
    }
};

WW_TEST_CLASS(TestLineageThrough)
#include "tst_lineagethrough.moc"
