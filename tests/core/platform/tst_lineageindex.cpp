// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineageindex.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <functional>
#include <memory>
#include <vector>

using namespace core;

namespace {

using Labels = std::map<std::string, std::string>;

LineageFacts workload(const std::string& name, Labels labels, const std::string& group = "apps")
{
    LineageFacts out;
    out.key = {group, group == "batch" ? "Job" : "Deployment", "n", name};
    out.isWorkload = true;
    out.podLabels = std::move(labels);
    return out;
}

LineageFacts service(const std::string& name, Labels selector)
{
    LineageFacts out;
    out.key = {"", "Service", "n", name};
    out.services.push_back({"n", name, "", std::move(selector), {{"web", 80}}, false, false});
    return out;
}

/// An index with one that asks, and parts that come and go.
class Asked
{
public:
    Asked() { m_asker = put(workload("asker", {})); }

    LineageIndex::Part put(LineageFacts facts)
    {
        auto& part = m_parts.emplace_back(std::make_unique<LineagePart>());
        part->facts = std::make_shared<const LineageFacts>(std::move(facts));
        index.put(part.get());
        return part.get();
    }
    void change(LineageIndex::Part part, LineageFacts facts)
    {
        for (auto& each : m_parts)
            if (each.get() == part)
                each->facts = std::make_shared<const LineageFacts>(std::move(facts));
        index.put(part);
    }
    /// Whether what the asker looks up has another answer after a change.
    bool asksAgain(const std::function<void(LineageIndex&)>& lookUp,
                   const std::function<void()>& change)
    {
        (void)index.settle();
        index.record(m_asker);
        lookUp(index);
        index.record(nullptr);
        change();
        const bool out = index.settle().contains(m_asker);
        index.forget(m_asker);
        return out;
    }
    LineageIndex index;

private:
    std::vector<std::unique_ptr<LineagePart>> m_parts;
    LineageIndex::Part m_asker = nullptr;
};

} // namespace

class TestLineageIndex : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whoAskedInVainAsksAgain()
    {
        Asked asked;
        const auto lookUp = [](LineageIndex& index) {
            QVERIFY(index.answer("web", "n").type == LineageIndex::Answer::Type::Unknown);
        };
        QVERIFY(!asked.asksAgain(lookUp, [&] { asked.put(service("other", {})); }));
        QVERIFY(asked.asksAgain(lookUp, [&] { asked.put(service("web", {})); }));
    }

    void servicesFollowWhoTheySelect()
    {
        Asked asked;
        asked.put(service("web", {{"app", "web"}}));
        const auto lookUp = [](LineageIndex& index) { (void)index.answer("web.n.svc:80", "n"); };
        const auto other = [&] { asked.put(workload("other", {{"app", "other"}})); };
        QVERIFY(!asked.asksAgain(lookUp, other));
        LineageIndex::Part job = nullptr;
        QVERIFY(asked.asksAgain(
            lookUp, [&] { job = asked.put(workload("job", {{"app", "web"}}, "batch")); }));
        QVERIFY(asked.index.answer("web", "n").part == job);
        // One that answers goes before a Job that only has the label.
        LineageIndex::Part server = nullptr;
        QVERIFY(asked.asksAgain(lookUp,
                                [&] { server = asked.put(workload("web", {{"app", "web"}})); }));
        QVERIFY(asked.index.answer("web", "n").part == server);
        // The same labels, other words: nobody has to know.
        QVERIFY(!asked.asksAgain(lookUp, [&] {
            LineageFacts facts = workload("web", {{"app", "web"}});
            facts.environment["A"] = "b";
            asked.change(server, std::move(facts));
        }));
        QVERIFY(asked.asksAgain(lookUp, [&] { asked.index.remove(server); }));
        QVERIFY(asked.index.answer("web", "n").part == job);
    }

    void addressesFollowServices()
    {
        Asked asked;
        LineageFacts facts = workload("db", {{"app", "db"}});
        facts.system = "postgres";
        facts.port = 5432;
        const auto store = asked.put(facts);
        (void)asked.index.settle();
        const auto lookUp = [&](LineageIndex& index) { (void)index.addressOf(store); };
        lookUp(asked.index);
        QCOMPARE(asked.index.addressOf(store), std::string("db.n.svc:5432"));
        QVERIFY(asked.asksAgain(lookUp, [&] { asked.put(service("a", {{"app", "db"}})); }));
        QCOMPARE(asked.index.addressOf(store), std::string("a.n.svc:80"));
        // A second one is not asked for.
        QVERIFY(!asked.asksAgain(lookUp, [&] { asked.put(service("b", {{"app", "db"}})); }));
        facts.outside = {"db.example.com:5432"};
        QVERIFY(asked.asksAgain(lookUp, [&] { asked.change(store, facts); }));
        QCOMPARE(asked.index.addressOf(store), std::string("db.example.com:5432"));
    }

    void selectorsSeeLabelsAndNamespaces()
    {
        Asked asked;
        const auto web = asked.put(workload("web", {{"app", "web"}}));
        (void)asked.index.settle();
        QVERIFY(asked.index.select("pod", "n", "app=web") == LineageIndex::Parts {web});
        QVERIFY(asked.index.select("pod", "", "app in (web, x)") == LineageIndex::Parts {web});
        QVERIFY(asked.index.select("pod", "m", "app=web").empty());
        QVERIFY(asked.index.select("pod", "n", "").empty());
        const auto lookUp = [](LineageIndex& index) { (void)index.select("pod", "n", "app=web"); };
        QVERIFY(
            asked.asksAgain(lookUp, [&] { asked.change(web, workload("web", {{"app", "x"}})); }));
        QVERIFY(asked.index.select("pod", "n", "app=web").empty());
    }

    void datasetsThatAreDeclared()
    {
        Asked asked;
        const auto topic = asked.put(workload("t", {}));
        const auto lookUp = [](LineageIndex& index) { (void)index.declared("kafka", "orders"); };
        QVERIFY(asked.asksAgain(
            lookUp, [&] { asked.index.declare(topic, {{"kafka\norders", "kafka://a/orders"}}); }));
        QVERIFY(asked.index.declared("kafka", "orders")
                == std::set<std::string> {"kafka://a/orders"});
        QVERIFY(!asked.asksAgain(
            lookUp, [&] { asked.index.declare(topic, {{"kafka\norders", "kafka://a/orders"}}); }));
        QVERIFY(asked.asksAgain(lookUp, [&] { asked.index.remove(topic); }));
    }
};

WW_TEST_CLASS(TestLineageIndex)
#include "tst_lineageindex.moc"
