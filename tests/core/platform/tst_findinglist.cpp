// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findinglist.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <algorithm>
#include <random>

using namespace core;

namespace {

Finding finding(int line, const std::string& code, Severity severity = Severity::Warning,
                const std::string& space = {})
{
    return {.code = code,
            .severity = severity,
            .place = {.file = "a.yaml", .line = line},
            .namespaceName = space};
}

std::vector<Finding> copied(const std::vector<const Finding*>& all)
{
    std::vector<Finding> out;
    for (const Finding* each : all)
        out.push_back(*each);
    return out;
}

} // namespace

class TestFindingList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void inOrderWithoutDoubles()
    {
        FindingList list;
        std::vector<Finding> a;
        std::vector<Finding> b;
        list.replace(a, {finding(2, "x"), finding(1, "y")});
        list.replace(b,
                     {finding(2, "x", Severity::Warning, "b"), finding(9, "z", Severity::Error)});
        QCOMPARE(list.settle().size(), std::size_t(3));
        QCOMPARE(list.settle().front()->code, std::string("z"));
        QCOMPARE(list.settle().back()->namespaceName, std::string()); // the first of both
        list.clear(a); // the other one of both is to be seen now
        QCOMPARE(list.settle().size(), std::size_t(2));
        QCOMPARE(list.settle().back()->namespaceName, std::string("b"));
        list.clear(b);
        QVERIFY(list.settle().empty());
    }
    void whatIsTheSameStays()
    {
        FindingList list;
        std::vector<Finding> slot;
        list.replace(slot, {finding(1, "x")});
        const Finding* const before = list.settle().front();
        list.replace(slot, {finding(1, "x")});
        QCOMPARE(list.settle().front(), before);
    }
    void cameAndWentBetweenTwoLooks()
    {
        FindingList list;
        std::vector<Finding> slot;
        list.replace(slot, {finding(1, "x")});
        list.replace(slot, {finding(2, "x")});
        QCOMPARE(list.settle().size(), std::size_t(1));
        QCOMPARE(list.settle().front()->place.line, 2);
    }
    /// Few changes are searched for, many are sorted: both ways lead to the same.
    void asSortedFromScratch_data()
    {
        QTest::addColumn<int>("changes"); // between two looks
        QTest::newRow("few") << 3;
        QTest::newRow("many") << 80;
    }
    void asSortedFromScratch()
    {
        QFETCH(int, changes);
        std::mt19937 random(7);
        const auto pick = [&](int below) { return int(random() % std::uint32_t(below)); };
        FindingList list;
        std::vector<std::vector<Finding>> slots(60);
        for (int round = 0; round < 200; ++round) {
            for (int i = 0; i < changes; ++i) {
                std::vector<Finding> now;
                for (int count = pick(4); count > 0; --count)
                    now.push_back(finding(pick(9), std::string(1, char('a' + pick(2))),
                                          Severity(pick(3)), std::string(1, char('s' + pick(2)))));
                list.replace(slots[std::size_t(pick(60))], std::move(now));
            }
            std::vector<Finding> all;
            for (const std::vector<Finding>& slot : slots)
                all.insert(all.end(), slot.begin(), slot.end());
            sortFindings(all);
            QVERIFY(copied(list.settle()) == all);
        }
    }
};

WW_TEST_CLASS(TestFindingList)
#include "tst_findinglist.moc"
