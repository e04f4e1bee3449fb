// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/editlist.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/models/diffmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using widgets::AttentionModel;
using widgets::DiffModel;

namespace {

QStringList rowsOf(const DiffModel& model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows << model.index(row).data(Qt::AccessibleTextRole).toString();
    return rows;
}

} // namespace

class TestDiffModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsWhatIsNotAsGitSays()
    {
        core::Snapshot snapshot = tests::samplePlatform();
        DiffModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setApplication(snapshot.applications.at("backstage"));
        QCOMPARE(rowsOf(model),
                 (QStringList {"ConfigMap backstage/app-config, could not tell",
                               "Deployment backstage/backstage, 4 fields differ"}));
        model.setApplication(snapshot.applications.at("kafka"));
        QCOMPARE(rowsOf(model),
                 (QStringList {"KafkaTopic kafka/events, differs",
                               "KafkaUser kafka/audit, not in the cluster"}));
        model.setApplication(snapshot.applications.at("user-namespaces"));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data(DiffModel::WordsRole).toString(),
                 QString("not in Git: to prune"));
        model.setApplication(snapshot.applications.at("operators"));
        QCOMPARE(model.rowCount(), 0);
    }

    void healedObjectsLeaveWithoutReset()
    {
        core::Snapshot snapshot = tests::samplePlatform();
        DiffModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setApplication(snapshot.applications.at("backstage"));
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex drifted = model.indexOf(tests::sampleDriftedKey());
        tests::changeApplication(snapshot, "backstage", [](core::ApplicationState& state) {
            tests::edit(state.resources, [](auto& rows) {
                for (core::ResourceState& resource : rows)
                    if (resource.key.name == "app-config") {
                        resource.diff.reset();
                        resource.sync = core::SyncState::Synced;
                    }
            });
        });
        model.setApplication(snapshot.applications.at("backstage"));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(drifted.row(), 0);
        QCOMPARE(resets.count(), 0);
    }

    void attentionAlsoTakesTheIll()
    {
        core::Snapshot snapshot = tests::samplePlatform();
        AttentionModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setApplication(snapshot.applications.at("backstage"));
        QCOMPARE(model.rowCount(), 5);
        QVERIFY(rowsOf(model).contains(
            "Deployment backstage/backstage, 4 fields differ  ·  3 of 5 replicas are ready: "
            "ImagePullBackOff"));
        model.setApplication(snapshot.applications.at("rabbitmq"));
        QCOMPARE(model.rowCount(), 0);
    }
};

WW_TEST_CLASS(TestDiffModel)
#include "tst_diffmodel.moc"
