// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageview.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>

using namespace core;

namespace {

LineageNode node(LineageNodeType type, const std::string& name, const std::string& layer,
                 const std::string& space, const std::string& application)
{
    LineageNode out {.type = type,
                     .system = "kafka",
                     .namespaceName = "kafka://k",
                     .name = name,
                     .label = name,
                     .layer = layer};
    if (type != LineageNodeType::Dataset) {
        out.object = ObjectKey {"apps", "Deployment", space, name};
        out.namespaceName = "kubernetes://" + space;
        out.name = "Deployment/" + name;
    }
    out.kubernetesNamespace = space;
    out.application = application;
    out.declared = true;
    return out;
}

LineageEdge edge(std::uint32_t from, std::uint32_t to, LineageRelation relation,
                 LineageEvidence evidence = LineageEvidence::Declared)
{
    return {from, to, relation, false, {{evidence, "because", {}}}};
}

/// web -> orders -> worker -> done; audit may read orders; store holds both topics; offsets is
/// plumbing of worker; lonely stands alone.
LineageGraph sample()
{
    using enum LineageNodeType;
    std::vector<LineageNode> nodes {
        node(Service, "web", "ingress", "shop", "front"),
        node(Dataset, "orders", "bronze", "kafka", "kafka"),
        node(Job, "worker", "bronze", "user-a", "work"),
        node(Dataset, "done", "silver", "kafka", "kafka"),
        node(Service, "audit", "", "user-b", "work"),
        node(Store, "store", "", "kafka", "kafka"),
        node(Dataset, "offsets", "", "kafka", "kafka"),
        node(Service, "lonely", "", "shop", "front"),
    };
    nodes[6].internal = true;
    using enum LineageRelation;
    return {std::move(nodes),
            {edge(0, 1, Writes), edge(1, 2, Reads), edge(2, 3, Writes, LineageEvidence::Inferred),
             edge(1, 4, Reads, LineageEvidence::Permitted), edge(2, 6, Writes)},
            {LineageGraph::kNone, 5, LineageGraph::kNone, 5}};
}

const std::string kOrders = "kafka://k/orders";

std::string titles(const LineageView& view)
{
    std::string out;
    for (const LineageBox& box : view.boxes)
        out += (out.empty() ? "" : " ") + box.title;
    return out;
}

std::string arrows(const LineageView& view)
{
    std::string out;
    for (const LineageArrow& arrow : view.arrows)
        out += (out.empty() ? "" : " ") + view.boxes[arrow.from].title + ">"
            + view.boxes[arrow.to].title;
    return out;
}

LineageScope scopeOf(const QString& word)
{
    for (int i = 0; i < 7; ++i)
        if (word.toStdString() == toString(LineageScope(i)))
            return LineageScope(i);
    qFatal("no such scope");
}

} // namespace

class TestLineageView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void scopes_data()
    {
        QTest::addColumn<QString>("scope");
        QTest::addColumn<QString>("focus");
        QTest::addColumn<int>("depth");
        QTest::addColumn<QString>("boxes"); // by id
        QTest::newRow("whole, without what stands alone")
            << "whole" << "" << 1 << "done orders web worker";
        QTest::newRow("near") << "near" << "orders" << 1 << "orders web worker";
        QTest::newRow("two steps") << "near" << "orders" << 2 << "done orders web worker";
        QTest::newRow("before") << "upstream" << "orders" << 1 << "orders web";
        QTest::newRow("after") << "downstream" << "orders" << 1 << "done orders worker";
        QTest::newRow("both") << "connected" << "orders" << 1 << "done orders web worker";
        QTest::newRow("a focus that is not there")
            << "near" << "gone" << 1 << "done orders web worker";
    }
    void scopes()
    {
        QFETCH(QString, scope);
        QFETCH(QString, focus);
        QFETCH(int, depth);
        QFETCH(QString, boxes);
        const auto view = lineageView(
            sample(),
            {.scope = scopeOf(scope), .focus = "kafka://k/" + focus.toStdString(), .depth = depth},
            {});
        QCOMPARE(QString::fromStdString(titles(view)), boxes);
    }

    void impactOfAStore()
    {
        const auto view = lineageView(
            sample(),
            {.scope = LineageScope::Impact, .focus = "kubernetes://kafka/Deployment/store"}, {});
        QCOMPARE(titles(view), std::string("done orders store worker"));
    }

    void paths()
    {
        LineageQuestion question {.scope = LineageScope::Path,
                                  .focus = "kubernetes://shop/Deployment/web",
                                  .end = "kafka://k/done"};
        auto view = lineageView(sample(), question, {});
        QCOMPARE(arrows(view), std::string("orders>worker web>orders worker>done"));
        QVERIFY(!view.noPath);
        std::swap(question.focus, question.end);
        view = lineageView(sample(), question, {});
        QVERIFY(view.noPath);
        QCOMPARE(view.boxes.size(), std::size_t(2));
    }

    void whatIsHiddenIsCounted()
    {
        auto view = lineageView(sample(), {}, {});
        QCOMPARE(view.hiddenPermitted, 1);
        QCOMPARE(view.hiddenInternal, 1);
        QCOMPARE(view.hiddenUnlinked, 3); // audit, store, lonely
        view = lineageView(sample(), {.permitted = true, .internal = true, .unlinked = true}, {});
        QCOMPARE(view.boxes.size(), std::size_t(8));
        QCOMPARE(view.hiddenPermitted + view.hiddenInternal + view.hiddenUnlinked, 0);
        view = lineageView(sample(), {.scope = LineageScope::Near, .focus = kOrders}, {});
        QCOMPARE(view.outside, 5);
    }

    void groups_data()
    {
        QTest::addColumn<int>("grouping");
        QTest::addColumn<QString>("open");
        QTest::addColumn<QString>("boxes");
        QTest::addColumn<QString>("arrows");
        QTest::newRow("by layer") << int(LineageGrouping::Layer) << ""
                                  << "bronze done web" << "bronze>done web>bronze";
        QTest::newRow("opened") << int(LineageGrouping::Layer) << "group:layer/bronze"
                                << "done orders web worker"
                                << "orders>worker web>orders worker>done";
        QTest::newRow("by application") << int(LineageGrouping::Application) << ""
                                        << "kafka web worker"
                                        << "kafka>worker web>kafka worker>kafka";
        QTest::newRow("by tenant, one node each") << int(LineageGrouping::Tenant) << ""
                                                  << "done orders web worker"
                                                  << "orders>worker web>orders worker>done";
    }
    void groups()
    {
        QFETCH(int, grouping);
        QFETCH(QString, open);
        QFETCH(QString, boxes);
        QFETCH(QString, arrows);
        LineageQuestion question {.grouping = LineageGrouping(grouping)};
        if (!open.isEmpty())
            question.open.insert(open.toStdString());
        const auto view = lineageView(sample(), question, {.tenants = {{"user-a", "a"}}});
        QCOMPARE(QString::fromStdString(titles(view)), boxes);
        QCOMPARE(QString::fromStdString(::arrows(view)), arrows);
    }

    void aGroupCountsWhatIsInIt()
    {
        const auto view = lineageView(sample(), {.grouping = LineageGrouping::Layer}, {});
        const LineageBox& box = view.boxes[*view.find("group:layer/bronze")];
        QVERIFY(box.isGroup);
        QCOMPARE(box.detail, std::string("1 dataset, 1 job"));
        QVERIFY(view.boxOf(2) == view.find("group:layer/bronze"));
        QVERIFY(!view.boxOf(7));
    }

    void healthIsTheWorst()
    {
        PlatformInputBuilder builder;
        const auto live = [&](const char* space, const char* name, Health health) {
            auto record = std::make_shared<LiveRecord>();
            record->health = {health, std::string(name) + " says so"};
            builder.live({"apps", "Deployment", space, name}, record);
        };
        live("user-a", "worker", Health::Degraded);
        live("shop", "web", Health::Healthy);
        const auto input = std::move(builder).build();
        const auto view =
            lineageView(sample(), {.grouping = LineageGrouping::Layer}, {.input = input.get()});
        QVERIFY(view.boxes[*view.find("group:layer/bronze")].health == Health::Degraded);
        QCOMPARE(view.boxes[*view.find("group:layer/bronze")].healthMessage,
                 std::string("worker says so"));
        QVERIFY(view.boxes[*view.find("kubernetes://shop/Deployment/web")].health
                == Health::Healthy);
        QVERIFY(view.boxes[*view.find("kafka://k/done")].health == std::nullopt);
    }

    void ratesFollowTheData()
    {
        Telemetry telemetry;
        telemetry.latest[{kOrders, Measure::RecordsIn, {}}] = {12, {}, "s", false};
        telemetry.latest[{kOrders, Measure::RecordsOut, {}}] = {8, {}, "s", true};
        const auto view = lineageView(sample(), {}, {.telemetry = &telemetry});
        for (const LineageArrow& arrow : view.arrows) {
            if (view.boxes[arrow.to].id == kOrders) {
                QCOMPARE(arrow.rate.value_or(0), 12.0);
                QVERIFY(!arrow.simulated);
            } else if (view.boxes[arrow.from].id == kOrders) {
                QCOMPARE(arrow.rate.value_or(0), 8.0);
                QVERIFY(arrow.simulated);
            } else {
                QVERIFY(!arrow.rate);
            }
        }
    }

    /// What goes into a topic is known; which of its writers it comes from is not.
    void aFigureOfSeveralArrowsIsOfAllTogether()
    {
        using enum LineageRelation;
        LineageGraph graph = sample();
        std::vector<LineageEdge> edges(graph.edges().begin(), graph.edges().end());
        edges.push_back(edge(7, 1, Writes)); // lonely writes orders too
        std::vector<LineageNode> nodes;
        for (LineageGraph::Index i = 0; i < graph.nodes().size(); ++i)
            nodes.push_back(graph.node(i));
        graph = LineageGraph(nodes, edges, graph.containers());
        Telemetry telemetry;
        telemetry.latest[{kOrders, Measure::RecordsIn, {}}] = {12, {}, "s", false};
        telemetry.latest[{kOrders, Measure::RecordsOut, {}}] = {8, {}, "s", false};
        const auto view = lineageView(graph, {}, {.telemetry = &telemetry});
        int writers = 0;
        for (const LineageArrow& arrow : view.arrows) {
            const bool writes = view.boxes[arrow.to].id == kOrders;
            writers += writes ? 1 : 0;
            QCOMPARE(arrow.sharing, writes ? 2 : 1);
        }
        QCOMPARE(writers, 2);
    }

    void words_data()
    {
        QTest::addColumn<int>("edge");
        QTest::addColumn<QString>("words");
        QTest::newRow("writes") << 0 << "Deployment web writes topic orders";
        QTest::newRow("reads") << 1 << "Deployment worker reads topic orders";
        QTest::newRow("may read") << 3 << "Deployment audit may read topic orders";
    }
    void words()
    {
        QFETCH(int, edge);
        QFETCH(QString, words);
        const auto graph = sample();
        QCOMPARE(QString::fromStdString(describe(graph, graph.edges()[std::size_t(edge)])), words);
    }

    void boxesAreAsWideAsTheirTexts()
    {
        const auto view = lineageView(sample(), {}, {});
        const auto drawing = drawingOf(
            view, [](const LineageBox& box) { return box.title == "web" ? 1000.0 : 1.0; });
        QCOMPARE(drawing.boxes.size(), view.boxes.size());
        QVERIFY(drawing.boxes[*view.find("kubernetes://shop/Deployment/web")].width
                > drawing.boxes[0].width);
        QCOMPARE(drawing.links.size(), view.arrows.size());
    }
};

WW_TEST_CLASS(TestLineageView)
#include "tst_lineageview.moc"
