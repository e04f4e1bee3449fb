// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/wallclock.h"
#include "widgets/models/difflinemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using widgets::DiffLineModel;

namespace {

struct Fixture
{
    widgets::WallClock clock {tests::sampleTime()};
    DiffLineModel model {clock};
    QAbstractItemModelTester tester {&model,
                                     QAbstractItemModelTester::FailureReportingMode::QtTest};

    Fixture() { model.setManifests(tests::sampleDriftedManifests()); }
    int rowOf(const char* text, int column) const
    {
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.index(row, column).data().toString().contains(QLatin1String(text)))
                return row;
        return -1;
    }
};

} // namespace

class TestDiffLineModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void authorsAndPlacesStandBesideTheirLine()
    {
        Fixture fixture;
        const int row = fixture.rowOf("replicas", DiffLineModel::LiveColumn);
        QVERIFY(row >= 0);
        QCOMPARE(fixture.model.index(row, 0).data(DiffLineModel::NoteRole).toString(),
                 QString("kubectl through /scale, 3 min ago"));
        QCOMPARE(fixture.model.index(row, 1).data(DiffLineModel::NoteRole).toString(),
                 QString("backstage/base/deployment.yaml:9"));
        QCOMPARE(fixture.model.index(row, 0).data(DiffLineModel::MarkRole).toSize(), QSize(12, 1));
        QCOMPARE(fixture.model.index(row, 0).data(Qt::AccessibleTextRole).toString(),
                 QString("live: replicas: 5, kubectl through /scale, 3 min ago"));
    }

    void equalRunsAreFolded()
    {
        Fixture fixture;
        const int before = fixture.model.rowCount();
        QVERIFY(fixture.model.index(0, 0).data(DiffLineModel::FoldRole).toInt() > 1);
        QSignalSpy resets(&fixture.model, &QAbstractItemModel::modelReset);
        const int folded = fixture.model.index(0, 0).data(DiffLineModel::FoldRole).toInt();
        fixture.model.unfold(fixture.model.index(0, 0));
        QCOMPARE(fixture.model.rowCount(), before + folded - 1);
        QCOMPARE(fixture.model.index(0, 0).data().toString(), QString("apiVersion: apps/v1"));
        QCOMPARE(resets.count(), 0);
    }

    void undeclaredFieldsAreHiddenUntilAskedFor()
    {
        Fixture fixture;
        QCOMPARE(fixture.model.undeclaredCount(), 7);
        QCOMPARE(fixture.rowOf("progressDeadlineSeconds", 0), -1);
        fixture.model.setShowUndeclared(true);
        QVERIFY(fixture.rowOf("progressDeadlineSeconds", 0) >= 0);
        fixture.model.setShowUndeclared(false);
        QCOMPARE(fixture.rowOf("progressDeadlineSeconds", 0), -1);
    }

    void stepsGoFromChangeToChange()
    {
        Fixture fixture;
        QCOMPARE(fixture.model.differenceCount(), 4);
        QStringList paths;
        for (int row = fixture.model.nextDifference(-1, 1); row >= 0;
             row = fixture.model.nextDifference(row, 1))
            paths << QString::fromStdString(fixture.model.change(row)->path);
        QCOMPARE(paths,
                 (QStringList {"/metadata/labels/experiment", "/spec/replicas",
                               "/spec/template/spec/containers/0/image",
                               "/spec/template/spec/containers/0/env/1"}));
        QCOMPARE(fixture.model.nextDifference(fixture.model.nextDifference(-1, 1), -1), -1);
    }

    void inlineShowsLiveAboveDesired()
    {
        Fixture fixture;
        fixture.model.setInline(true);
        QCOMPARE(fixture.model.columnCount(), 1);
        const int row = fixture.rowOf("replicas: 5", 0);
        QCOMPARE(fixture.model.index(row + 1, 0).data().toString(), QString("  replicas: 2"));
        QCOMPARE(fixture.model.differenceCount(), 4);
        QCOMPARE(fixture.model.index(row, 0).data(DiffLineModel::NoteRole).toString(),
                 QString("kubectl through /scale, 3 min ago"));
        QCOMPARE(fixture.model.index(row + 1, 0).data(DiffLineModel::NoteRole).toString(),
                 QString("backstage/base/deployment.yaml:9"));
    }

    void anUpdateKeepsTheLines()
    {
        Fixture fixture;
        const QPersistentModelIndex line = fixture.model.index(fixture.rowOf("replicas", 0), 0);
        core::ManifestsAnswer manifests = tests::sampleDriftedManifests();
        const auto at = manifests.live.find("    experiment: blue\n");
        manifests.live.erase(at, std::string("    experiment: blue\n").size());
        core::ResourceDiff diff = *manifests.diff;
        diff.changes.erase(diff.changes.begin());
        manifests.diff = std::make_shared<const core::ResourceDiff>(diff);
        fixture.model.setManifests(manifests);
        QVERIFY(line.isValid());
        QCOMPARE(line.data().toString(), QString("  replicas: 5"));
        QCOMPARE(fixture.model.differenceCount(), 3);
    }
};

WW_TEST_CLASS(TestDiffLineModel)
#include "tst_difflinemodel.moc"
