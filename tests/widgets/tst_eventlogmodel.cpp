// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/eventlogmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using widgets::EventLogModel;

namespace {

std::vector<core::Event> cleared(int from, int count)
{
    std::vector<core::Event> events;
    for (int i = from; i < from + count; ++i)
        events.push_back({std::uint64_t(i), tests::sampleTime(),
                          core::event::ConditionCleared {"app-" + std::to_string(i), "SyncError"}});
    return events;
}

struct Fixture
{
    widgets::WallClock clock {tests::sampleTime()};
    EventLogModel model;
    QAbstractItemModelTester tester;

    explicit Fixture(int capacity)
        : model(clock, capacity)
        , tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
    }
    QString application(int row) const
    {
        return model.index(row, EventLogModel::ApplicationColumn).data().toString();
    }
};

} // namespace

class TestEventLogModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newestIsFirst()
    {
        Fixture fixture(100);
        fixture.model.add(cleared(1, 2));
        fixture.model.add(cleared(3, 1));
        QCOMPARE(fixture.model.rowCount(), 3);
        QCOMPARE(fixture.application(0), QString("app-3"));
        QCOMPARE(fixture.application(2), QString("app-1"));
    }

    void holdsNoMoreThanItsCapacity()
    {
        Fixture fixture(4);
        fixture.model.add(cleared(1, 3));
        fixture.model.add(cleared(4, 3));
        QCOMPARE(fixture.model.rowCount(), 4);
        QCOMPARE(fixture.application(0), QString("app-6"));
        QCOMPARE(fixture.application(3), QString("app-3"));
        QCOMPARE(fixture.model.dropped(), 2);
        fixture.model.add(cleared(7, 9));
        QCOMPARE(fixture.model.rowCount(), 4);
        QCOMPARE(fixture.application(0), QString("app-15"));
        QCOMPARE(fixture.model.dropped(), 11);
    }

    void textsAreTheEnginesOwn()
    {
        Fixture fixture(100);
        fixture.model.add(tests::sampleEvents());
        bool found = false;
        for (int row = 0; row < fixture.model.rowCount(); ++row) {
            const QString text =
                fixture.model.index(row, EventLogModel::TextColumn).data().toString();
            found = found || text == QString("ResourceQuota user-beta/quota healed in 84.0 ms");
            QVERIFY(!text.isEmpty());
        }
        QVERIFY(found);
        QCOMPARE(fixture.model.index(0, EventLogModel::TimeColumn).data().toString().size(), 8);
    }

    void filterKnowsApplicationWordsAndWarnings()
    {
        Fixture fixture(100);
        fixture.model.add(tests::sampleEvents());
        widgets::EventFilterProxy proxy;
        proxy.setSourceModel(&fixture.model);
        proxy.setApplication("backstage");
        QCOMPARE(proxy.rowCount(), 3);
        proxy.setWords("drifted");
        QCOMPARE(proxy.rowCount(), 1);
        proxy.setWords({});
        proxy.setApplication({});
        proxy.setOnlyWarnings(true);
        QCOMPARE(proxy.rowCount(), 5);
        QVERIFY(proxy.isFiltering());
    }

    void snapshotsAndSmallProgressStayOut()
    {
        Fixture fixture(100);
        core::event::OperationProgressed progress {"kafka", "op", {}};
        progress.wave.state = core::WaveProgress::State::Waiting;
        fixture.model.add({{1, tests::sampleTime(), core::event::SnapshotPublished {}},
                           {2, tests::sampleTime(), progress}});
        QCOMPARE(fixture.model.rowCount(), 0);
    }
};

WW_TEST_CLASS(TestEventLogModel)
#include "tst_eventlogmodel.moc"
