// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/controls/viewtable.h"
#include "widgets/models/viewtablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace widgets;

namespace {

const std::vector<ViewTableModel::Column> kColumns {{"Name", 100}, {"Count", 60, true}};

struct Row
{
    QString name;
    int count;
};

template<class Table>
void fill(Table& table, const std::vector<Row>& rows)
{
    table.setRows(
        int(rows.size()),
        [rows](int row, int column) {
            const Row& each = rows[std::size_t(row)];
            return column == 0 ? Cell {.text = each.name} : numberCell(each.count);
        },
        [rows](int row) { return rows[std::size_t(row)].name; });
}

QStringList shown(const ViewTable& table)
{
    QStringList out;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        out << table.model()->index(row, 0).data().toString();
    return out;
}

} // namespace

class TestViewTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void widths_data()
    {
        using Rooms = std::vector<ColumnRoom>;
        QTest::addColumn<Rooms>("columns");
        QTest::addColumn<int>("room");
        QTest::addColumn<QList<int>>("widths");
        const ColumnRoom name {100, 150, false, true};
        const ColumnRoom state {150, 80, false, false};
        const ColumnRoom figures {60, 70, true, false};
        QTest::newRow("what is cut gets what others do not need")
            << Rooms {name, state, figures} << 310 << QList<int> {160, 80, 70};
        QTest::newRow("not all of it is there")
            << Rooms {name, state, figures} << 270 << QList<int> {120, 80, 70};
        QTest::newRow("no room at all")
            << Rooms {name, state, figures} << 200 << QList<int> {100, 80, 70};
        QTest::newRow("two that are cut share it")
            << Rooms {name, name, state} << 330 << QList<int> {125, 125, 80};
        QTest::newRow("nobody knows yet") << Rooms {{100, 0, false, true}, {150, 0, false, false}}
                                          << 300 << QList<int> {150, 150};
    }
    void widths()
    {
        QFETCH(std::vector<ColumnRoom>, columns);
        QFETCH(int, room);
        QFETCH(QList<int>, widths);
        const auto found = columnWidths(columns, room);
        QCOMPARE(QList<int>(found.begin(), found.end()), widths);
    }

    void textsAreNotCutWhereOthersHaveRoom()
    {
        ViewTable table(
            {{.title = "Name", .width = 100}, {.title = "State", .width = 200, .rank = 1}}, "list");
        table.resize(400, 200);
        table.show();
        table.setRows(
            1,
            [](int, int column) {
                return Cell {.text = column == 0 ? QString("a name that is quite long") : "ok"};
            },
            [](int) { return QString("one"); });
        const int needed = table.fontMetrics().horizontalAdvance("a name that is quite long");
        QVERIFY2(table.columnWidth(0) > needed, qPrintable(QString::number(table.columnWidth(0))));
    }

    void sameRowsAreNotReset()
    {
        ViewTableModel model(kColumns);
        const QAbstractItemModelTester tester(&model);
        fill(model, {{"b", 2}, {"a", 10}});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        fill(model, {{"b", 3}, {"a", 10}});
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(model.index(0, 1).data().toString(), QString("3"));
        fill(model, {{"b", 3}});
        QCOMPARE(resets.size(), 1);
        QCOMPARE(model.rowOf("a"), -1);
    }

    void sortsNumbersAsNumbers()
    {
        ViewTable table(kColumns, "Things");
        fill(table, {{"b", 2}, {"a", 10}, {"c", 9}});
        QCOMPARE(shown(table),
                 (QStringList {"b", "a", "c"})); // as given, until a header is clicked
        table.sortByColumn(1, Qt::DescendingOrder);
        QCOMPARE(shown(table), (QStringList {"a", "c", "b"}));
        table.sortByColumn(0, Qt::AscendingOrder);
        QCOMPARE(shown(table), (QStringList {"a", "b", "c"}));
        fill(table, {{"b", 2}, {"a", 10}, {"0", 1}});
        QCOMPARE(shown(table), (QStringList {"0", "a", "b"}));
    }

    void theRowStaysWhenTheListChanges()
    {
        ViewTable table(kColumns, "Things");
        fill(table, {{"b", 2}, {"a", 10}});
        table.select("a");
        QSignalSpy moved(&table, &ViewTable::rowChanged);
        fill(table, {{"new", 1}, {"b", 2}, {"a", 11}});
        QCOMPARE(table.currentKey(), QString("a"));
        QCOMPARE(table.currentRow(), 2);
        QCOMPARE(moved.size(), 0); // nobody moved
        fill(table, {{"b", 2}});
        QCOMPARE(table.currentRow(), -1);
    }

    void filters()
    {
        ViewTable table(kColumns, "Things");
        fill(table, {{"kafka", 2}, {"shop", 10}});
        table.setWords("ka");
        QCOMPARE(table.shownCount(), 1);
        QCOMPARE(table.allCount(), 2);
        fill(table, {{"kafka", 2}, {"kama", 10}, {"x", 1}});
        QCOMPARE(table.shownCount(), 2);
    }

    void columnsGoByRankWhereThereIsLittleRoom_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("columns"); // with their widths
        QTest::newRow("all fit") << 400 << "Name 200, Count 60, Kept 80, Type 60";
        QTest::newRow("one goes") << 250 << "Name 130, Count 60, Type 60";
        QTest::newRow("two go") << 200 << "Name 140, Count 60";
        QTest::newRow("the first of all stay") << 120 << "Name 100, Count 60";
    }
    void columnsGoByRankWhereThereIsLittleRoom()
    {
        QFETCH(int, width);
        QFETCH(QString, columns);
        ViewTable table({{.title = "Name", .width = 100, .stretches = true},
                         {"Count", 60, true},
                         {.title = "Kept", .width = 80, .rank = 2},
                         {.title = "Type", .width = 60, .rank = 1}},
                        "Things");
        table.setFrameShape(QFrame::NoFrame);
        table.resize(width, 200);
        table.show();
        QCoreApplication::processEvents();
        QStringList out;
        for (int i = 0; i < 4; ++i)
            if (!table.isColumnHidden(i))
                out << QStringLiteral("%1 %2")
                           .arg(table.model()->headerData(i, Qt::Horizontal).toString())
                           .arg(table.columnWidth(i));
        QCOMPARE(out.join(", "), columns);
        table.setColumnWanted(1, false);
        QVERIFY(table.isColumnHidden(1));
    }

    void tenThousandRowsAreReadWhenTheyAreSeen()
    {
        ViewTable table(kColumns, "Things");
        table.resize(300, 200);
        int reads = 0;
        table.setRows(
            10'000,
            [&reads](int row, int) {
                ++reads;
                return numberCell(row);
            },
            [](int row) { return QString::number(row); });
        table.show();
        QCoreApplication::processEvents();
        QVERIFY2(reads < 2'000, qPrintable(QString::number(reads)));
    }
};

WW_TEST_CLASS(TestViewTableModel)
#include "tst_viewtablemodel.moc"
