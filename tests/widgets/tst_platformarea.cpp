// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/reconciledplatform.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/bridge/platformfeed.h"
#include "widgets/controls/banner.h"
#include "widgets/controls/emptystate.h"
#include "widgets/pages/platformarea.h"
#include "widgets/pages/platformpages.h"
#include "widgets/pages/topicspage.h"
#include "widgets/settings.h"

#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using tests::Stage;
using namespace widgets;

namespace {

constexpr auto kLight = ThemeChoice::Light;

/// An area of its own over the stage's bridge, without the window round it.
struct Area
{
    Stage stage {kLight, tests::reconciledPlatform("event-driven")};
    PlatformArea area {{stage.bridge, stage.clock}, stage.settings};
    Area()
    {
        area.resize(1000, 600);
        area.show();
    }
    void settle()
    {
        stage.settle();
        while (area.feed().isBusy())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    QString bannerText()
    {
        const auto* banner = area.findChild<Banner*>();
        QString all;
        for (const QLabel* label : banner->findChildren<QLabel*>())
            all += label->text() + ' ';
        return banner->isVisible() ? all + banner->accessibleName() : QString();
    }
};

} // namespace

class TestPlatformArea : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPageOpensAndIsMadeOnce_data()
    {
        QTest::addColumn<QString>("page");
        for (const PlatformPageSpec& spec : platformPages())
            QTest::newRow(spec.id) << QString::fromLatin1(spec.id);
    }
    void everyPageOpensAndIsMadeOnce()
    {
        QFETCH(QString, page);
        Area made;
        QVERIFY(made.area.findChildren<PlatformPage*>().isEmpty());
        made.area.open(page, {});
        made.settle();
        QCOMPARE(made.area.page(), page);
        QCOMPARE(made.area.subject(), QString());
        made.area.open(page, {});
        QCOMPARE(made.area.findChildren<PlatformPage*>().size(), 1);
        QVERIFY(made.area.feed().hasAnswer());
    }

    void whatIsNoPageOpensNothing()
    {
        Area made;
        made.area.open("no such page", {});
        QCOMPARE(made.area.page(), QString());
        QVERIFY(made.area.findChildren<PlatformPage*>().isEmpty());
    }

    void nobodyIsAskedOnceItIsLeft()
    {
        Area made;
        made.area.open("topics", {});
        made.settle();
        made.area.leave();
        QCOMPARE(made.area.page(), QString());
        const int asked = made.stage.engine.asked<core::query::Platform>();
        core::Snapshot next = *made.stage.bridge.snapshot();
        ++next.sequence;
        made.stage.engine.publish(std::make_shared<const core::Snapshot>(next));
        made.settle();
        QCOMPARE(made.stage.engine.asked<core::query::Platform>(), asked);
    }

    void theSubjectIsThePagesOwn()
    {
        Area made;
        made.area.open("namespaces", "kafka");
        made.settle();
        QCOMPARE(made.area.subject(), QString("kafka"));
        made.area.open("tenants", {});
        QCOMPARE(made.area.subject(), QString());
    }

    void whatIsNotKnownIsSaid()
    {
        Area made;
        auto input =
            std::make_shared<core::PlatformInput>(*tests::reconciledPlatform("event-driven").input);
        input->gaps = {"One application is missing.", "Another one too.", "A third."};
        made.stage.engine.setPlatform(input);
        made.area.open("topics", {});
        made.settle();
        const QString said = made.bannerText();
        QVERIFY2(said.contains("One application is missing."), qPrintable(said));
        QVERIFY2(!said.contains("A third."), qPrintable(said)); // counted, not told
        QVERIFY2(said.contains("1 more"), qPrintable(said));
    }

    void nothingIsSaidWhileEverythingIsKnown()
    {
        Area made;
        made.area.open("topics", {});
        made.settle();
        QCOMPARE(made.bannerText(), QString());
    }

    void aPlatformThatCannotBeReadIsNotCalledBeingRead_data()
    {
        everyPageOpensAndIsMadeOnce_data();
    }
    void aPlatformThatCannotBeReadIsNotCalledBeingRead()
    {
        QFETCH(QString, page);
        Stage stage(kLight, core::Snapshot()); // its engine knows no platform
        PlatformArea area({stage.bridge, stage.clock}, stage.settings);
        area.resize(1000, 600);
        area.show();
        const auto said = [&area] {
            QStringList all;
            const auto* empty = area.findChild<PlatformPage*>()->findChild<EmptyState*>();
            for (const QLabel* label : empty->findChildren<QLabel*>())
                all << label->text();
            return all.join(' ');
        };
        area.open(page, {});
        QVERIFY2(said().contains("Reading the platform"), qPrintable(said()));
        while (area.feed().isBusy() || area.feed().failure().isEmpty())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QVERIFY2(!said().contains("Reading"), qPrintable(said()));
        QVERIFY2(said().contains("The platform cannot be read"), qPrintable(said()));
        QVERIFY2(said().contains(area.feed().failure()), qPrintable(said()));
    }

    void aPageRemembersItsFilter()
    {
        const QTemporaryDir folder;
        Settings settings(folder.filePath("settings.ini"));
        Stage stage(kLight, tests::reconciledPlatform("event-driven"));
        PlatformArea first({stage.bridge, stage.clock}, settings);
        first.open("topics", {});
        first.findChild<TopicsPage*>()->restoreState("state:flowing");
        first.remember();
        PlatformArea next({stage.bridge, stage.clock}, settings);
        next.open("topics", {});
        QCOMPARE(next.findChild<TopicsPage*>()->state(), QByteArray("state:flowing"));
    }
};

WW_TEST_CLASS(TestPlatformArea)
#include "tst_platformarea.moc"
