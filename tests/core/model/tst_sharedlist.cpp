// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sharedlist.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <numeric>
#include <string>

using List = core::SharedList<std::string>;

namespace {

constexpr std::size_t kBlock = List::kBlock;

std::vector<std::string> numbers(std::size_t count)
{
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < count; ++i)
        rows.push_back(std::to_string(i));
    return rows;
}

/// How many rows of a are the same ones in b, in memory.
std::size_t sharedRows(const List& a, const List& b)
{
    std::size_t shared = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        shared += &a[i] == &b[i] ? 1 : 0;
    return shared;
}

} // namespace

class TestSharedList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreReadLikeAVectors_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {0, 1, int(kBlock) - 1, int(kBlock), int(kBlock) + 1, 1000})
            QTest::addRow("%d", count) << count;
    }
    void rowsAreReadLikeAVectors()
    {
        QFETCH(const int, count);
        const auto rows = numbers(std::size_t(count));
        const List list(rows);
        QCOMPARE(list.size(), rows.size());
        QCOMPARE(list.empty(), rows.empty());
        QCOMPARE(list.rows(), rows);
        QVERIFY(std::ranges::equal(list, rows));
        QCOMPARE(list.end() - list.begin(), std::ptrdiff_t(count));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(list[i], rows[i]);
            QCOMPARE(list.begin()[std::ptrdiff_t(i)], rows[i]);
        }
        if (count == 0)
            return;
        QCOMPARE(list.front(), rows.front());
        QCOMPARE(list.back(), rows.back());
        QCOMPARE(*std::prev(list.end()), rows.back());
        QCOMPARE(std::ranges::find(list, rows.back()) - list.begin(), std::ptrdiff_t(count - 1));
    }

    void copiesAndNoChangesShareAll()
    {
        const List list(numbers(100));
        const List copy = list; // NOLINT(performance-unnecessary-copy-initialization)
        QVERIFY(copy.isSharedWith(list));
        QVERIFY(list.with({}, list.size()).isSharedWith(list));
        const List equal(numbers(100));
        QVERIFY(equal == list);
        QVERIFY(!equal.isSharedWith(list));
        QVERIFY(List() == List({}));
    }

    void aChangedRowChangesItsBlockOnly_data()
    {
        QTest::addColumn<int>("place");
        for (const int place : {0, int(kBlock) - 1, int(kBlock), 500, 999})
            QTest::addRow("%d", place) << place;
    }
    void aChangedRowChangesItsBlockOnly()
    {
        QFETCH(const int, place);
        const auto before = numbers(1000);
        const List list(before);
        const List changed = list.with({{std::size_t(place), "new"}}, 1000);
        auto expected = before;
        expected[std::size_t(place)] = "new";
        QCOMPARE(changed.rows(), expected);
        QCOMPARE(list.rows(), before); // the list before is as it was
        QVERIFY(changed != list);
        const std::size_t inLast = 1000 % kBlock;
        const std::size_t block = std::size_t(place) / kBlock == 1000 / kBlock ? inLast : kBlock;
        QCOMPARE(sharedRows(list, changed), 1000 - block);
    }

    void sizesChangeAtTheEnd_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        const int block = int(kBlock);
        for (const auto& [from, to] : {std::pair(0, 5),
                                       {5, 0},
                                       {block, block + 1},
                                       {block + 1, block},
                                       {100, 40},
                                       {40, 100},
                                       {block - 1, block},
                                       {3, 2}})
            QTest::addRow("%d to %d", from, to) << from << to;
    }
    void sizesChangeAtTheEnd()
    {
        QFETCH(const int, from);
        QFETCH(const int, to);
        const List list(numbers(std::size_t(from)));
        std::map<std::size_t, std::string> added;
        for (int i = from; i < to; ++i)
            added[std::size_t(i)] = std::to_string(i);
        const List changed = list.with(added, std::size_t(to));
        QCOMPARE(changed.rows(), numbers(std::size_t(to)));
        QCOMPARE(list.rows(), numbers(std::size_t(from)));
        const std::size_t whole = std::size_t(std::min(from, to)) / kBlock * kBlock;
        QVERIFY(sharedRows(list, changed) >= whole);
    }

    void equalityLooksAtRows()
    {
        const List list(numbers(100));
        QVERIFY(list.with({{50, "50"}}, 100) == list);
        QVERIFY(list.with({{50, "x"}}, 100) != list);
        QVERIFY(list.with({}, 99) != list);
    }
};

WW_TEST_CLASS(TestSharedList)
#include "tst_sharedlist.moc"
