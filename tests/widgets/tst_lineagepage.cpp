// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/sampletelemetry.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/controls/emptystate.h"
#include "widgets/graph/lineagegraph.h"
#include "widgets/pages/lineagedetail.h"
#include "widgets/pages/lineagelist.h"
#include "widgets/pages/lineagepage.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using tests::Stage;
using widgets::LineagePage;

namespace {

constexpr auto kLight = widgets::ThemeChoice::Light;
const std::string kEvents = tests::kFlowingTopic;

LineagePage& shown(Stage& stage, const QString& subject = {})
{
    stage.window.showPage(QStringLiteral("lineage"), subject);
    stage.settle();
    return *stage.window.findChild<LineagePage*>();
}

std::size_t boxes(LineagePage& page)
{
    return page.graph().shown().boxes.size();
}

} // namespace

class TestLineagePage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listAndGraphSayTheSame()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        LineagePage& page = shown(stage);
        QVERIFY(boxes(page) > 15);
        page.showList(true);
        QCOMPARE(std::size_t(page.list().allCount()), boxes(page));
        page.list().showEdges(true);
        QCOMPARE(std::size_t(page.list().allCount()), page.graph().shown().arrows.size());
        QTest::keyClick(&page, Qt::Key_T);
        QVERIFY(page.graph().isVisible());
    }

    void aSubjectShowsWhatIsAroundIt()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        LineagePage& page = shown(stage, QString::fromStdString(kEvents));
        QCOMPARE(page.subject(), QString::fromStdString(kEvents));
        QCOMPARE(page.graph().chosen(), kEvents);
        const std::size_t near = boxes(page);
        QVERIFY(near >= 3 && near < 10);
        page.open({});
        QVERIFY(boxes(page) > near);
    }

    void detailsNameProofsAndPlaces()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        LineagePage& page = shown(stage);
        page.choose(kEvents);
        const auto* detail = stage.window.findChild<widgets::LineageDetail*>();
        const QString words = detail->spoken();
        QVERIFY2(words.contains(QStringLiteral("Comes from (")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("event-producer")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral(".yaml:")), qPrintable(words));
        page.choose({});
        QVERIFY(!detail->isVisible());
    }

    void aGroupOpens()
    {
        Stage stage(kLight, tests::reconciledPlatform("lambda-education"));
        LineagePage& page = shown(stage);
        const std::size_t all = boxes(page);
        page.ask({.grouping = core::LineageGrouping::Layer});
        const std::size_t grouped = boxes(page);
        QVERIFY(grouped < all / 2);
        QVERIFY(page.graph().shown().find("group:layer/batch"));
        page.graph().choose("group:layer/batch");
        QTest::keyClick(&page.graph(), Qt::Key_Return);
        QVERIFY(!page.graph().shown().find("group:layer/batch"));
        QVERIFY(boxes(page) > grouped);
    }

    void theStateIsRemembered()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        LineagePage& page = shown(stage);
        page.ask({.unlinked = true, .grouping = core::LineageGrouping::Application});
        page.showList(true);
        const QByteArray state = page.state();
        page.ask({});
        page.showList(false);
        page.restoreState(state);
        QCOMPARE(page.state(), state);
        QVERIFY(page.question().unlinked);
        page.restoreState("nonsense");
        page.restoreState("graph 99");
        QVERIFY(page.question().grouping == core::LineageGrouping::Application);
    }

    void exports_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("png") << "png" << QByteArray("\x89PNG");
        QTest::newRow("dot") << "dot" << QByteArray("digraph");
        QTest::newRow("openlineage") << "openlineage" << QByteArray("[");
    }
    void exports()
    {
        QFETCH(QString, format);
        QFETCH(QByteArray, begins);
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        LineagePage& page = shown(stage);
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("lineage.") + format);
        QCOMPARE(page.exportTo(format, file), QString());
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().trimmed().startsWith(begins));
        QVERIFY(page.exportTo(format, folder.filePath(QStringLiteral("no/such/file")))
                    .contains(QStringLiteral("could not be written")));
    }

    void anEmptyPlatformSaysWhatIsMissing()
    {
        Stage stage(kLight, tests::sampleEmpty());
        stage.engine.setPlatform(std::make_shared<const core::PlatformInput>());
        LineagePage& page = shown(stage);
        const auto* empty = page.findChild<widgets::EmptyState*>();
        QVERIFY(empty->isVisible());
        QVERIFY2(empty->accessibleName().contains(QStringLiteral("wavewright.dev/produces")),
                 qPrintable(empty->accessibleName()));
    }
};

WW_TEST_CLASS(TestLineagePage)
#include "tst_lineagepage.moc"
