// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineage.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <string>

using namespace core;

class TestLineageProofs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void evidenceIsThatOfTheProofs()
    {
        LineageProofs proofs;
        QVERIFY(proofs.empty());
        QCOMPARE(proofs.strongest(), LineageEvidence::Permitted);
        QVERIFY(!proofs.has(LineageEvidence::Permitted));
        proofs.push_back({LineageEvidence::Declared, "a", {}});
        proofs.push_back({LineageEvidence::Permitted, "b", {}});
        QCOMPARE(proofs.size(), std::size_t(2));
        QCOMPARE(proofs.strongest(), LineageEvidence::Declared);
        QVERIFY(proofs.has(LineageEvidence::Permitted));
        QVERIFY(!proofs.has(LineageEvidence::Inferred));
        proofs = {{LineageEvidence::Observed, "c", {}}};
        QCOMPARE(proofs.strongest(), LineageEvidence::Observed);
        QVERIFY(!proofs.has(LineageEvidence::Declared));
    }
    void copiesAreShared()
    {
        const LineageProofs one {{LineageEvidence::Declared, "a", {}}};
        LineageProofs other = one;
        QVERIFY(other.areSharedWith(one));
        other.push_back({LineageEvidence::Inferred, "b", {}});
        QCOMPARE(one.size(), std::size_t(1));
        QVERIFY(!(one == other));
        QVERIFY(one == LineageProofs({{LineageEvidence::Declared, "a", {}}}));
    }
    void listOfNodesIsCopiedByWhoAdds()
    {
        LineageGraph::Nodes one;
        one.push_back(LineageNode {.name = "a"});
        LineageGraph::Nodes other = one;
        QVERIFY(one.isSharedWith(other));
        other.push_back(LineageNode {.name = "b"});
        QCOMPARE(one.size(), std::size_t(1));
        QCOMPARE(other.size(), std::size_t(2));
        QCOMPARE(&one[0], &other[0]);
        QCOMPARE(std::ranges::find(other, std::string("b"), &LineageNode::name) - other.begin(),
                 std::ptrdiff_t(1));
    }
};

WW_TEST_CLASS(TestLineageProofs)
#include "tst_lineageproofs.moc"
