// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/models/namespacemapmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using core::NamespaceGroup;
using core::NamespaceSummary;
using widgets::NamespaceMapModel;

namespace {

NamespaceSummary summary(const char* name, NamespaceGroup group,
                         std::optional<core::Health> health = core::Health::Healthy, int pods = 1)
{
    NamespaceSummary out;
    out.name = name;
    out.group = group;
    out.health = health;
    out.pods = pods;
    out.livePods = pods;
    return out;
}

widgets::NamespaceSummaries summaries(std::vector<NamespaceSummary> list)
{
    return std::make_shared<const std::vector<NamespaceSummary>>(std::move(list));
}

QStringList rows(const NamespaceMapModel& model)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        out << (index.flags() & Qt::ItemIsSelectable ? "" : "# ") + index.data().toString();
    }
    return out;
}

} // namespace

class TestNamespaceMapModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void groupsAndTheWorstFirst()
    {
        NamespaceMapModel model;
        const QAbstractItemModelTester tester(&model);
        model.setSummaries(
            summaries({summary("default", NamespaceGroup::System, std::nullopt, 0),
                       summary("kafka", NamespaceGroup::Platform),
                       summary("shop", NamespaceGroup::Platform, core::Health::Degraded),
                       summary("user-a", NamespaceGroup::Tenant)}));
        QCOMPARE(rows(model),
                 (QStringList {"# Tenants", "user-a", "# Platform", "shop", "kafka", "# System",
                               "default"}));
        QCOMPARE(model.shownCount(), 4);
        QCOMPARE(model.rowOf("kafka"), 4);
        QCOMPARE(model.index(2).data(Qt::AccessibleTextRole).toString(),
                 QString("Platform, 2 namespaces, 2 pods"));
        QCOMPARE(model.index(3).data(Qt::AccessibleTextRole).toString(),
                 QString("shop, Degraded, 1 pod"));
    }

    void wordsLeaveGroupsOutThatAreEmpty()
    {
        NamespaceMapModel model;
        model.setSummaries(summaries({summary("kafka", NamespaceGroup::Platform),
                                      summary("user-a", NamespaceGroup::Tenant)}));
        model.setWords("user");
        QCOMPARE(rows(model), (QStringList {"# Tenants", "user-a"}));
        model.setWords("!healthy");
        QCOMPARE(model.rowCount(), 0);
    }

    void sameTilesAreNotReset()
    {
        NamespaceMapModel model;
        model.setSummaries(summaries({summary("kafka", NamespaceGroup::Platform)}));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setSummaries(
            summaries({summary("kafka", NamespaceGroup::Platform, core::Health::Degraded)}));
        QCOMPARE(resets.size(), 0);
        QVERIFY(model.index(1).data(Qt::ToolTipRole).toString().contains("Degraded"));
        model.setSummaries(summaries({}));
        QCOMPARE(model.rowCount(), 0);
    }

    void pods_data()
    {
        QTest::addColumn<int>("wanted");
        QTest::addColumn<int>("there"); // -1: no cluster
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0 << 0 << "no pods";
        QTest::newRow("no cluster") << 3 << -1 << "3 pods";
        QTest::newRow("all") << 3 << 3 << "3 pods";
        QTest::newRow("one") << 1 << 1 << "1 pod";
        QTest::newRow("some") << 3 << 2 << "2 of 3 pods";
        QTest::newRow("an operator's own") << 3 << 4 << "4 pods";
    }
    void pods()
    {
        QFETCH(int, wanted);
        QFETCH(int, there);
        QFETCH(QString, text);
        NamespaceSummary each = summary("a", NamespaceGroup::Platform, {}, wanted);
        each.livePods = there < 0 ? std::nullopt : std::optional<std::int64_t>(there);
        QCOMPARE(widgets::podsText(each), text);
    }
};

WW_TEST_CLASS(TestNamespaceMapModel)
#include "tst_namespacemapmodel.moc"
