// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/models/reachmatrixmodel.h"
#include "widgets/models/viewtablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <set>

using core::Reach;
using widgets::ReachMatrixModel;

namespace {

/// Two tenants of a namespace each against three targets: rows are "reach of a target", as a
/// letter each.
core::PlatformViewsPtr views(const char* first, const char* second)
{
    core::ReachMatrix matrix;
    for (const char* title : {"kafka/bootstrap:9092", "rabbitmq/broker:5672", "the world:443"}) {
        core::ReachTarget target;
        target.title = title;
        matrix.targets.push_back(target);
    }
    const auto add = [&](const char* tenant, const char* letters) {
        core::ReachRow row;
        row.tenant = tenant;
        row.namespaceName = std::string("user-") + tenant;
        for (const char* at = letters; *at; ++at) {
            core::ReachCell cell;
            cell.reach = *at == 'a' ? Reach::Allowed : *at == 'd' ? Reach::Denied : Reach::Depends;
            cell.isMixed = *at == 'm';
            row.cells.push_back(cell);
        }
        matrix.rows.push_back(row);
    };
    add("alice", first);
    add("bob", second);
    core::PlatformViews out = *core::noViews();
    out.reach = std::make_shared<const core::ReachMatrix>(std::move(matrix));
    return std::make_shared<const core::PlatformViews>(std::move(out));
}

QStringList words(const ReachMatrixModel& model, int column)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row)
        out << model.index(row, column).data(Qt::AccessibleTextRole).toString();
    return out;
}

} // namespace

class TestReachMatrixModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cellsHaveWordShapeAndTone()
    {
        std::set<QString> icons;
        for (Reach reach : {Reach::Allowed, Reach::Denied, Reach::Depends}) {
            const widgets::Cell cell = widgets::reachCell(reach, false);
            icons.insert(cell.icon);
            QVERIFY(!cell.text.isEmpty());
            QVERIFY(widgets::reachCell(reach, true).spoken.endsWith("with exceptions"));
        }
        QCOMPARE(icons.size(), std::size_t(3));
    }

    void targetsGoDownAndNamespacesAcross()
    {
        ReachMatrixModel model;
        const QAbstractItemModelTester tester(&model);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.cell(QModelIndex()));
        model.setViews(views("adm", "daa"), {});
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.columnCount(), 2);
        QCOMPARE(model.headerData(1, Qt::Horizontal).toString(), QString("user-bob"));
        QCOMPARE(model.headerData(2, Qt::Vertical).toString(), QString("the world:443"));
        QCOMPARE(words(model, 0),
                 (QStringList {"user-alice to kafka/bootstrap:9092: allowed",
                               "user-alice to rabbitmq/broker:5672: denied",
                               "user-alice to the world:443: depends, with exceptions"}));
        QCOMPARE(model.index(2, 0).data().toString(), QString("depends *"));
    }

    void oneTenantAndWords()
    {
        ReachMatrixModel model;
        model.setViews(views("ada", "dad"), "bob");
        QCOMPARE(model.columnCount(), 1);
        model.setWords("rabbit");
        QCOMPARE(words(model, 0), (QStringList {"user-bob to rabbitmq/broker:5672: allowed"}));
        QCOMPARE(model.targetCount(), 3);
        QCOMPARE(model.cell(model.index(0, 0))->reach, Reach::Allowed);
    }

    void otherVerdictsAreNoReset()
    {
        ReachMatrixModel model;
        model.setViews(views("aaa", "aaa"), {});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setViews(views("ddd", "aaa"), {});
        QCOMPARE(resets.size(), 0);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(model.index(0, 0).data().toString(), QString("denied"));
        model.setViews(core::noViews(), {});
        QCOMPARE(resets.size(), 1);
        QVERIFY(!model.source(0) && !model.target(0));
    }
};

WW_TEST_CLASS(TestReachMatrixModel)
#include "tst_reachmatrixmodel.moc"
