// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/editlist.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/resourcetreemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using widgets::ResourceTreeModel;

namespace {

const core::ObjectKey kKafka {"kafka.strimzi.io", "Kafka", "kafka", "event-cluster"};
const core::ObjectKey kSet {"core.strimzi.io", "StrimziPodSet", "kafka", "event-cluster-brokers"};

core::ObjectKey broker(int number)
{
    return {"", "Pod", "kafka", "event-cluster-brokers-" + std::to_string(number)};
}

struct Fixture
{
    widgets::WallClock clock {tests::sampleTime()};
    ResourceTreeModel model {clock};
    QAbstractItemModelTester tester {&model,
                                     QAbstractItemModelTester::FailureReportingMode::QtTest};
    core::Snapshot snapshot = tests::samplePlatform();

    Fixture() { show(); }
    void show() { model.setApplication(snapshot.applications.at("kafka")); }
    template<class Change>
    void change(Change apply)
    {
        tests::changeApplication(snapshot, "kafka", apply);
        show();
    }
    QString textOf(const core::ObjectKey& key, int column) const
    {
        return model.indexOf(key).siblingAtColumn(column).data().toString();
    }
};

void removeKey(core::ApplicationState& state, const core::ObjectKey& key)
{
    tests::edit(state.resources, [&](auto& rows) {
        std::erase_if(rows, [&](const auto& resource) { return resource.key == key; });
    });
}

} // namespace

class TestResourceTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ownersHoldWhatTheyOwn()
    {
        Fixture fixture;
        const QModelIndex kafka = fixture.model.indexOf(kKafka);
        QVERIFY(kafka.isValid());
        QVERIFY(!kafka.parent().isValid());
        const QModelIndex pod = fixture.model.indexOf(broker(2));
        QCOMPARE(pod.parent(), fixture.model.indexOf(kSet));
        QCOMPARE(pod.parent().parent(), kafka);
        QCOMPARE(fixture.model.rowCount(fixture.model.indexOf(kSet)), 3);
    }

    void cellsSayWhatIsKnown()
    {
        Fixture fixture;
        QCOMPARE(fixture.textOf(kKafka, ResourceTreeModel::WaveColumn), QString("1"));
        QCOMPARE(fixture.textOf(kKafka, ResourceTreeModel::HealthColumn), QString("Progressing"));
        QCOMPARE(fixture.textOf(kKafka, ResourceTreeModel::MessageColumn),
                 QString("2 of 3 brokers are ready"));
        QCOMPARE(fixture.textOf(broker(2), ResourceTreeModel::AgeColumn), QString("80s"));
        // A child has no sync state and no wave: Git does not speak of it.
        QCOMPARE(fixture.textOf(broker(2), ResourceTreeModel::SyncColumn), QString());
        QCOMPARE(fixture.textOf(broker(2), ResourceTreeModel::WaveColumn), QString());
    }

    void objectsComeAndGoWithoutReset()
    {
        Fixture fixture;
        QSignalSpy resets(&fixture.model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex kafka = fixture.model.indexOf(kKafka);
        const QPersistentModelIndex pod = fixture.model.indexOf(broker(2));
        fixture.change([](core::ApplicationState& state) {
            removeKey(state, broker(0));
            removeKey(state, {"", "Namespace", "", "kafka"});
            core::ResourceState added;
            added.key = broker(7);
            added.parent = kSet;
            tests::append(state.resources, added);
        });
        QCOMPARE(kafka.row(), 3);
        QCOMPARE(pod.row(), 1);
        QVERIFY(!fixture.model.indexOf(broker(0)).isValid());
        QCOMPARE(fixture.model.indexOf(broker(7)).row(), 2);
        fixture.change([](core::ApplicationState& state) { removeKey(state, kSet); });
        QVERIFY(pod.isValid() || fixture.model.indexOf(broker(2)).isValid());
        QCOMPARE(resets.count(), 0);
    }

    void orderFollowsTheEngine()
    {
        Fixture fixture;
        fixture.change([](core::ApplicationState& state) {
            tests::edit(state.resources, [](auto& rows) { std::ranges::reverse(rows); });
        });
        QCOMPARE(fixture.model.index(fixture.model.rowCount() - 1, 0).data().toString(),
                 QString("kafka"));
        fixture.change([](core::ApplicationState& state) {
            tests::edit(state.resources,
                        [](auto& rows) { std::ranges::rotate(rows, rows.begin() + 5); });
        });
        QCOMPARE(fixture.model.objectCount(), 20);
    }

    void ownersInARingBecomeRoots()
    {
        Fixture fixture;
        fixture.change([](core::ApplicationState& state) {
            tests::edit(state.resources, [](auto& rows) {
                for (core::ResourceState& resource : rows)
                    if (resource.key == kKafka)
                        resource.parent = broker(0);
            });
        });
        int count = 0;
        for (const core::ObjectKey& key : {kKafka, kSet, broker(0), broker(1)})
            count += fixture.model.indexOf(key).isValid();
        QCOMPARE(count, 4);
    }

    void onlyTheChangedObjectIsTold()
    {
        Fixture fixture;
        QSignalSpy changes(&fixture.model, &QAbstractItemModel::dataChanged);
        fixture.change([](core::ApplicationState& state) { state.activity = "Comparing"; });
        QCOMPARE(changes.count(), 0);
        fixture.change([](core::ApplicationState& state) {
            tests::edit(state.resources, [](auto& rows) {
                for (core::ResourceState& resource : rows)
                    if (resource.key == broker(2))
                        resource.health = core::Health::Healthy;
            });
        });
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes.at(0).at(0).toModelIndex().data().toString(),
                 QString("event-cluster-brokers-2"));
    }

    void anotherApplicationResets()
    {
        Fixture fixture;
        QSignalSpy resets(&fixture.model, &QAbstractItemModel::modelReset);
        fixture.model.setApplication(fixture.snapshot.applications.at("rabbitmq"));
        QCOMPARE(resets.count(), 1);
        QCOMPARE(fixture.model.rowCount(), 2);
        fixture.model.setApplication(nullptr);
        QCOMPARE(fixture.model.rowCount(), 0);
    }
};

WW_TEST_CLASS(TestResourceTreeModel)
#include "tst_resourcetreemodel.moc"
