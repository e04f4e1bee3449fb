// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/applicationfilterproxy.h"
#include "widgets/models/applicationtablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using widgets::ApplicationTableModel;

namespace {

struct Fixture
{
    widgets::WallClock clock {tests::sampleTime()};
    ApplicationTableModel model {clock};
    QAbstractItemModelTester tester {&model,
                                     QAbstractItemModelTester::FailureReportingMode::QtTest};
    QSignalSpy resets {&model, &QAbstractItemModel::modelReset};

    void set(core::Snapshot snapshot)
    {
        model.setSnapshot(std::make_shared<const core::Snapshot>(std::move(snapshot)));
    }
    QStringList names() const
    {
        QStringList list;
        for (int row = 0; row < model.rowCount(); ++row)
            list << QString(model.index(row, 0).data(ApplicationTableModel::DepthRole).toInt(),
                            QLatin1Char('>'))
                    + model.index(row, 0).data().toString();
        return list;
    }
};

const QStringList kTree {"platform",    ">backstage",  ">camelk",          ">kafka",
                         ">operators",  ">rabbitmq",   ">user-namespaces", ">>user-alpha",
                         ">>user-beta", ">>user-gamma"};

} // namespace

class TestApplicationTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void childrenStandUnderTheirParent()
    {
        Fixture fixture;
        fixture.set(tests::samplePlatform());
        QCOMPARE(fixture.names(), kTree);
    }

    void applicationsComeAndGoWithoutReset()
    {
        Fixture fixture;
        fixture.set(tests::samplePlatform());
        const QPersistentModelIndex kafka = fixture.model.indexOf("kafka");
        core::Snapshot snapshot = tests::samplePlatform();
        snapshot.applications.erase("backstage");
        snapshot.applications.erase("camelk");
        snapshot.applications.erase("user-gamma");
        fixture.set(snapshot);
        QCOMPARE(fixture.names(),
                 (QStringList {"platform", ">kafka", ">operators", ">rabbitmq", ">user-namespaces",
                               ">>user-alpha", ">>user-beta"}));
        QCOMPARE(kafka.row(), 1);
        fixture.set(tests::samplePlatform());
        QCOMPARE(fixture.names(), kTree);
        QCOMPARE(kafka.row(), 3);
        QCOMPARE(fixture.resets.count(), 0);
    }

    void anotherParentMovesTheRow()
    {
        Fixture fixture;
        fixture.set(tests::samplePlatform());
        const QPersistentModelIndex alpha = fixture.model.indexOf("user-alpha");
        QSignalSpy moves(&fixture.model, &QAbstractItemModel::rowsMoved);
        core::Snapshot snapshot = tests::samplePlatform();
        tests::changeApplication(snapshot, "user-alpha", [](core::ApplicationState& state) {
            state.spec.parent = "kafka";
        });
        fixture.set(snapshot);
        QCOMPARE(fixture.names().at(4), QString(">>user-alpha"));
        QCOMPARE(alpha.row(), 4);
        QVERIFY(moves.count() > 0);
        QCOMPARE(fixture.resets.count(), 0);
    }

    void parentsInARingAreStillShown()
    {
        Fixture fixture;
        core::Snapshot snapshot = tests::samplePlatform();
        tests::changeApplication(snapshot, "kafka", [](core::ApplicationState& state) {
            state.spec.parent = "rabbitmq";
        });
        tests::changeApplication(snapshot, "rabbitmq", [](core::ApplicationState& state) {
            state.spec.parent = "kafka";
        });
        fixture.set(snapshot);
        QCOMPARE(fixture.model.rowCount(), 10);
    }

    void onlyChangedRowsAreTold()
    {
        Fixture fixture;
        core::Snapshot snapshot = tests::samplePlatform();
        fixture.set(snapshot);
        QSignalSpy changes(&fixture.model, &QAbstractItemModel::dataChanged);
        fixture.set(snapshot); // the same states
        QCOMPARE(changes.count(), 0);
        tests::changeApplication(snapshot, "kafka", [](core::ApplicationState& state) {
            state.health = core::Health::Degraded;
        });
        fixture.set(snapshot);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes.at(0).at(0).toModelIndex().row(), 3);
        QCOMPARE(changes.at(0).at(1).toModelIndex().row(), 3);
    }

    void cellsSayWhatIsKnown()
    {
        Fixture fixture;
        fixture.set(tests::samplePlatform());
        auto cell = [&](const char* name, int column) {
            return fixture.model.indexOf(name).siblingAtColumn(column).data().toString();
        };
        using Model = ApplicationTableModel;
        QCOMPARE(cell("kafka", Model::SyncColumn), QString("OutOfSync"));
        QCOMPARE(cell("kafka", Model::HealthColumn), QString("Progressing"));
        QCOMPARE(cell("kafka", Model::RevisionColumn), QString("4f1c2ab"));
        QCOMPARE(cell("kafka", Model::ReconciledColumn), QString("4 s ago"));
        QCOMPARE(cell("kafka", Model::ObjectsColumn), QString("12, 2 differ"));
        QCOMPARE(cell("user-namespaces", Model::ObjectsColumn), QString("3, 3 to prune"));
        QCOMPARE(cell("user-namespaces", Model::ActivityColumn),
                 QString("Waits for you: prune 3 objects"));
        core::Snapshot snapshot = tests::samplePlatform();
        tests::changeApplication(snapshot, "kafka", [](core::ApplicationState& state) {
            state.revision.reset();
            state.lastReconciled.reset();
            state.activity.clear();
            state.conditions = {{"FightWarning", "two write it", {}, {}},
                                {"SyncError", "refused", {}, {}}};
        });
        fixture.set(snapshot);
        QCOMPARE(cell("kafka", Model::RevisionColumn), QString());
        QCOMPARE(cell("kafka", Model::ReconciledColumn), QString("not yet"));
        QCOMPARE(cell("kafka", Model::ActivityColumn),
                 QString("SyncError: refused; FightWarning: two write it"));
    }

    void filterTakesWordsAndStates()
    {
        Fixture fixture;
        fixture.set(tests::samplePlatform());
        widgets::ApplicationFilterProxy proxy;
        proxy.setSourceModel(&fixture.model);
        proxy.setWords("user !gamma");
        QCOMPARE(proxy.rowCount(), 3);
        proxy.setWords({});
        proxy.setHealth({core::Health::Degraded});
        QCOMPARE(proxy.rowCount(), 2);
        proxy.setSync({core::SyncState::OutOfSync});
        QCOMPARE(proxy.rowCount(), 1);
        QCOMPARE(proxy.index(0, 0).data().toString(), QString("backstage"));
        QVERIFY(proxy.isFiltering());
    }
};

WW_TEST_CLASS(TestApplicationTableModel)
#include "tst_applicationtablemodel.moc"
