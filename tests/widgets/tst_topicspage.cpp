// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"
#include "tests/support/sampleplatform.h"
#include "tests/support/sampletelemetry.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/charts/timechart.h"
#include "widgets/controls/emptystate.h"
#include "widgets/controls/viewtable.h"
#include "widgets/pages/topiccells.h"
#include "widgets/pages/topicdetail.h"
#include "widgets/pages/topicsamples.h"
#include "widgets/pages/topicspage.h"

#include <QTest>

#include <cmath>

using tests::Stage;
using widgets::TopicsPage;
using widgets::ViewTable;

namespace {

constexpr auto kLight = widgets::ThemeChoice::Light;
const QString kEvents = QString::fromLatin1(tests::kFlowingTopic);

void measure(Stage& stage)
{
    const core::WallTime now = stage.clock.now();
    stage.engine.setTelemetry(tests::sampleTelemetry(now));
    stage.engine.setAnswerer([now](const core::Query& query) -> core::Result<core::Answer> {
        if (const auto* samples = std::get_if<core::query::Samples>(&query))
            return core::Answer(tests::sampleHistory(*samples, now));
        return core::failure(core::ErrorCode::NotFound, "The object is not known.");
    });
}

/// As with an engine that has no source.
void unmeasured(Stage& stage)
{
    stage.engine.setTelemetry(nullptr);
    stage.engine.setAnswerer([](const core::Query&) -> core::Result<core::Answer> {
        return core::failure(core::ErrorCode::NotFound, "Nobody measures.");
    });
}

TopicsPage& shown(Stage& stage, const QString& subject = {})
{
    stage.window.showPage(QStringLiteral("topics"), subject);
    stage.settle();
    return *stage.window.findChild<TopicsPage*>();
}

ViewTable& table(TopicsPage& page)
{
    for (ViewTable* each : page.findChildren<ViewTable*>())
        if (each->accessibleName() == QStringLiteral("Topics, exchanges and queues"))
            return *each;
    qFatal("no list of topics");
}

QString cell(TopicsPage& page, const QString& key, widgets::TopicColumn column,
             int role = Qt::DisplayRole)
{
    const auto* model = table(page).model();
    for (int row = 0; row < model->rowCount(); ++row)
        if (model->index(row, 0).data(widgets::ViewTableModel::KeyRole).toString() == key)
            return model->index(row, int(column)).data(role).toString();
    return QStringLiteral("no such row");
}

} // namespace

class TestTopicsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutASourceThereAreDashesWithReasons()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        unmeasured(stage);
        TopicsPage& page = shown(stage);
        QVERIFY(table(page).allCount() >= 5);
        QCOMPARE(cell(page, kEvents, widgets::TopicColumn::In), QStringLiteral("–"));
        QVERIFY(!cell(page, kEvents, widgets::TopicColumn::In, Qt::ToolTipRole).isEmpty());
        QCOMPARE(cell(page, kEvents, widgets::TopicColumn::Partitions), QStringLiteral("6"));
    }

    void simulatedFiguresSaySo()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        measure(stage);
        TopicsPage& page = shown(stage);
        QCOMPARE(cell(page, kEvents, widgets::TopicColumn::In), QStringLiteral("128 /s simulated"));
        QVERIFY(
            cell(page, kEvents, widgets::TopicColumn::Marks).contains(QStringLiteral("flowing")));
        QString audit = kEvents;
        audit.replace(QStringLiteral("/events"), QStringLiteral("/audit"));
        QVERIFY(
            cell(page, audit, widgets::TopicColumn::Marks).contains(QStringLiteral("undeclared")));
    }

    void aTopicShowsItsCharts()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        measure(stage);
        TopicsPage& page = shown(stage, kEvents);
        QCOMPARE(page.subject(), kEvents);
        QStringList spoken;
        for (const auto* chart : page.detail().findChildren<widgets::TimeChart*>())
            if (chart->isVisible())
                spoken << chart->spoken();
        QCOMPARE(spoken.size(), 3);
        QVERIFY2(spoken[0].contains(QStringLiteral("in: ")), qPrintable(spoken[0]));
        QVERIFY2(spoken[0].contains(QStringLiteral("simulated")), qPrintable(spoken[0]));
        QVERIFY2(spoken[1].contains(QStringLiteral("transformer: ")), qPrintable(spoken[1]));
    }

    void anotherTopicIsNotShownTheOldOnesSamples()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        measure(stage);
        TopicsPage& page = shown(stage, kEvents);
        QString commands = kEvents;
        commands.replace(QStringLiteral("/events"), QStringLiteral("/commands"));
        page.open(commands);
        stage.settle();
        for (const auto* chart : page.detail().findChildren<widgets::TimeChart*>())
            QVERIFY2(!chart->spoken().contains(QStringLiteral("records/s, least")),
                     qPrintable(chart->spoken()));
    }

    void wordsFilter_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("rows");
        QTest::newRow("a name") << "events" << 1;
        QTest::newRow("a type") << "exchange" << 2;
        QTest::newRow("not") << "kafka -events" << 2;
        QTest::newRow("a field") << "system:rabbitmq type:queue" << 2;
        QTest::newRow("a tenant's") << "tenant:alice name=events" << 1;
        QTest::newRow("a figure") << "partitions>=6" << 1;
        QTest::newRow("labels of their objects") << "-l strimzi.io/cluster=event-cluster" << 3;
        QTest::newRow("without a label") << "-l !strimzi.io/cluster" << 4;
        QTest::newRow("other labels") << "label:strimzi.io/cluster=other" << 0;
        QTest::newRow("nothing") << "no such topic" << 0;
    }
    void wordsFilter()
    {
        QFETCH(QString, words);
        QFETCH(int, rows);
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        TopicsPage& page = shown(stage);
        page.restoreState(words.toUtf8());
        QCOMPARE(table(page).shownCount(), rows);
        QCOMPARE(page.state(), words.toUtf8());
    }

    void linesKeepWhatCame()
    {
        widgets::TopicSamples samples;
        const core::WallTime start {std::chrono::hours(500'000)};
        for (int i = 0; i < 60; ++i) {
            core::Telemetry telemetry;
            telemetry.at = start + std::chrono::minutes(i);
            if (i != 40 && i != 50 && i != 51)
                telemetry.latest[{"t", core::Measure::RecordsIn, {}}] = {double(i), {}, "s", false};
            samples.add(telemetry);
            samples.add(telemetry); // the same again counts once
        }
        const auto recent = samples.recent("t");
        QCOMPARE(recent.size(), std::size_t(widgets::TopicSamples::kPoints));
        QCOMPARE(recent.back(), 1.0);
        QCOMPARE(recent[10], 40.0 / 59); // one minute alone is no gap
        QVERIFY(std::isnan(recent[20]) && std::isnan(recent[21]));
        QVERIFY(samples.recent("other").empty());
    }

    void linesBeginWithWhatWasKept()
    {
        widgets::TopicSamples samples;
        core::Telemetry telemetry;
        telemetry.at = core::WallTime {std::chrono::hours(500'000)};
        telemetry.latest[{"t", core::Measure::RecordsIn, {}}] = {5, {}, "s", false};
        samples.add(telemetry);
        QVERIFY(samples.recent("t").empty()); // a point is no line
        core::Series past {.key = {"t", core::Measure::RecordsIn, {}}};
        for (int i = 90; i >= 0; --i)
            past.samples.push_back({telemetry.at - std::chrono::seconds(i * 30), 10, false});
        core::Series ofAGroup {.key = {"t", core::Measure::RecordsIn, "group"}};
        ofAGroup.samples = {{telemetry.at - std::chrono::minutes(3), 1e9, false}};
        samples.fill({past, ofAGroup});
        const auto recent = samples.recent("t");
        QCOMPARE(recent.size(), std::size_t(widgets::TopicSamples::kPoints));
        QCOMPARE(recent.front(), 1.0);
        QCOMPARE(recent.back(), 0.5); // what came now, not what was kept of the same minute
    }

    void theListAsksForThePastOnce()
    {
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        TopicsPage& page = shown(stage);
        QTRY_VERIFY(!page.isAsking());
        const int asked = stage.engine.asked<core::query::Samples>();
        QVERIFY(asked > 0);
        const auto* model = table(page).model();
        int lines = 0;
        for (int row = 0; row < model->rowCount(); ++row)
            lines += model->index(row, int(widgets::TopicColumn::In))
                         .data(widgets::ViewTableModel::CellRole)
                         .value<widgets::Cell>()
                         .line.empty()
                ? 0
                : 1;
        QCOMPARE(lines, asked);
    }

    void thePastOfATopicIsAskedForOnce()
    {
        Stage stage(kLight, tests::sampleEmpty());
        widgets::TopicSamples samples;
        widgets::TopicPasts pasts(stage.bridge, samples, nullptr);
        std::vector<std::string> many;
        for (int i = 0; i < 1000; ++i)
            many.push_back("topic " + std::to_string(i));
        pasts.want({"topic 0", "topic 1"}, {});
        pasts.want(many, {});
        pasts.want(many, {});
        QTRY_VERIFY(!pasts.isAsking());
        QCOMPARE(stage.engine.asked<core::query::Samples>(), 300); // not of all of a thousand
    }

    void retention_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("words");
        QTest::newRow("a week") << qint64(604'800'000) << "7 d";
        QTest::newRow("for ever") << qint64(-1) << "for ever";
    }
    void retention()
    {
        QFETCH(qint64, milliseconds);
        QFETCH(QString, words);
        QCOMPARE(widgets::retentionText(std::int64_t(milliseconds)), words);
        QCOMPARE(widgets::retentionText(std::nullopt), QStringLiteral("–"));
    }

    void anEmptyPlatformSaysWhatIsMissing()
    {
        Stage stage(kLight, tests::sampleEmpty());
        stage.engine.setPlatform(std::make_shared<const core::PlatformInput>());
        TopicsPage& page = shown(stage);
        const auto* empty = page.findChild<widgets::EmptyState*>();
        QVERIFY(empty->isVisible());
        QVERIFY(empty->accessibleName().contains(QStringLiteral("KafkaTopic")));
    }
};

WW_TEST_CLASS(TestTopicsPage)
#include "tst_topicspage.moc"
