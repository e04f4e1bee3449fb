// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/graph/graphlook.h"

#include <QTest>

using namespace widgets;
using core::LineageArrow;
using core::LineageRelation;
using core::LineageView;

namespace {

/// Boxes with these titles; "0>1" writes, "0/1" contains.
LineageView viewOf(const QStringList& titles, const QString& arrows)
{
    LineageView out;
    for (const QString& title : titles)
        out.boxes.push_back({.id = title.toStdString(), .title = title.toStdString()});
    for (const QString& each : arrows.split(' ', Qt::SkipEmptyParts)) {
        LineageArrow arrow;
        arrow.from = each.left(1).toUInt();
        arrow.to = each.mid(2).toUInt();
        arrow.relation = each.at(1) == '/' ? LineageRelation::Contains : LineageRelation::Writes;
        out.arrows.push_back(arrow);
    }
    return out;
}

} // namespace

class TestGraphLook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNamesTell_data()
    {
        QTest::addColumn<QStringList>("titles");
        QTest::addColumn<QString>("arrows");
        QTest::addColumn<QString>("told"); // of each arrow
        const QStringList lake {"lake", "lake/gold", "job"};
        QTest::newRow("both have others") << lake << "0/1 2>0 2>1" << "100";
        QTest::newRow("the folder has no other") << lake << "0/1 2>0" << "00";
        QTest::newRow("the bucket has no other") << lake << "0/1 2>1" << "00";
        QTest::newRow("another name")
            << QStringList {"lake", "silver", "job"} << "0/1 2>0 2>1" << "000";
        QTest::newRow("a name that only begins alike")
            << QStringList {"lake", "lakehouse", "job"} << "0/1 2>0 2>1" << "000";
        QTest::newRow("what writes is no container") << lake << "0>1 2>0 2>1" << "000";
    }
    void whatNamesTell()
    {
        QFETCH(QStringList, titles);
        QFETCH(QString, arrows);
        QFETCH(QString, told);
        QString out;
        for (const bool each : toldByName(viewOf(titles, arrows)))
            out += each ? '1' : '0';
        QCOMPARE(out, told);
    }

    void aRateOfSeveralSaysSo()
    {
        LineageArrow arrow;
        arrow.rate = 89.3;
        QCOMPARE(rateText(arrow), QString("89.3 records/s"));
        arrow.sharing = 3;
        arrow.simulated = true;
        QCOMPARE(rateText(arrow), QString("89.3 records/s by 3 together, simulated"));
        QCOMPARE(sharedRateText(arrow, true), QString("in 89.3/s simulated"));
        arrow.simulated = false;
        QCOMPARE(sharedRateText(arrow, false), QString("out 89.3/s"));
    }
};

WW_TEST_CLASS(TestGraphLook)
#include "tst_graphlook.moc"
