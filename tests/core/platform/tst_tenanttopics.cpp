// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/tenanttopics.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

namespace {

/// A topic that a job of namespace a writes, one of b reads, and an ACL lets c read.
LineageGraph graph()
{
    std::vector<LineageNode> nodes;
    const auto add = [&](LineageNodeType type, const char* name, const char* space) {
        LineageNode node;
        node.type = type;
        node.system = type == LineageNodeType::Dataset ? "kafka" : "Deployment";
        node.namespaceName = type == LineageNodeType::Dataset ? "kafka://k:9092" : "kubernetes://x";
        node.name = name;
        node.label = name;
        node.kubernetesNamespace = space;
        nodes.push_back(node);
    };
    add(LineageNodeType::Dataset, "events", "kafka");
    add(LineageNodeType::Job, "writer", "a");
    add(LineageNodeType::Job, "reader", "b");
    add(LineageNodeType::Job, "user", "c");
    const auto edge = [](std::uint32_t from, std::uint32_t to, LineageRelation relation,
                         LineageEvidence evidence) {
        LineageEdge out {from, to, relation, false, {}};
        out.proofs.push_back({evidence, "", {}});
        return out;
    };
    return {std::move(nodes),
            {edge(1, 0, LineageRelation::Writes, LineageEvidence::Declared),
             edge(0, 2, LineageRelation::Reads, LineageEvidence::Inferred),
             edge(0, 3, LineageRelation::Reads, LineageEvidence::Permitted)}};
}

} // namespace

class TestTenantTopics : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void use_data()
    {
        QTest::addColumn<QString>("space");
        QTest::addColumn<QString>("use"); // w, r: does; W, R: may
        QTest::newRow("writer") << "a" << "w";
        QTest::newRow("reader") << "b" << "r";
        QTest::newRow("permitted") << "c" << "R";
        QTest::newRow("nobody") << "d" << "";
    }
    void use()
    {
        QFETCH(QString, space);
        QFETCH(QString, use);
        const LineageGraph lineage = graph();
        const std::vector<Topic> topics = topicsOf(lineage, false);
        QCOMPARE(topics.size(), std::size_t(1));
        TenantView tenant;
        tenant.namespaces = {space.toStdString()};
        const TopicUse found = topicUse(tenant, topics.front(), lineage);
        QString words;
        words += found.writes ? "w" : "";
        words += found.reads ? "r" : "";
        words += found.mayWrite ? "W" : "";
        words += found.mayRead ? "R" : "";
        QCOMPARE(words, use);
    }
};

WW_TEST_CLASS(TestTenantTopics)
#include "tst_tenanttopics.moc"
