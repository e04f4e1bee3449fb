// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sampleplatform.h"
#include "tests/support/stage.h"
#include "tests/support/testregistry.h"
#include "widgets/actions.h"
#include "widgets/controls/statuschip.h"
#include "widgets/pages/applicationpage.h"
#include "widgets/pages/applicationspage.h"
#include "widgets/pages/diffsection.h"

#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using tests::Stage;
using widgets::Act;

namespace {

class Desk : public Stage
{
public:
    explicit Desk(const core::Snapshot& snapshot = tests::samplePlatform())
        : Stage(widgets::ThemeChoice::Light, snapshot)
    {
        window.activateWindow();
        settle();
    }

    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        if (!QApplication::activeWindow()) { // a window manager would do it after a dialog
            window.activateWindow();
            settle();
        }
        QWidget* target = QApplication::focusWidget();
        QTest::keyClick(target ? target : &window, key, modifiers);
        settle();
    }
    void type(const char* text)
    {
        QWidget* target = QApplication::focusWidget();
        QVERIFY(target);
        QTest::keyClicks(target, QString::fromUtf8(text));
        settle();
    }
    template<class T>
    T* find(const char* accessibleName, QWidget* in = nullptr)
    {
        for (T* widget : (in ? in : &window)->findChildren<T*>())
            if (widget->accessibleName() == QString::fromUtf8(accessibleName)
                && widget->isVisible())
                return widget;
        return nullptr;
    }
    QPushButton* button(const char* text, QWidget* in = nullptr)
    {
        for (QPushButton* widget : (in ? in : &window)->findChildren<QPushButton*>())
            if (widget->text() == QString::fromUtf8(text) && widget->isVisible())
                return widget;
        return nullptr;
    }
    widgets::ApplicationsPage& applications()
    {
        return *window.findChild<widgets::ApplicationsPage*>();
    }
    widgets::ApplicationPage& application()
    {
        return *window.findChild<widgets::ApplicationPage*>();
    }
    QDialog* dialog() { return qobject_cast<QDialog*>(QApplication::activeModalWidget()); }
    template<class Command>
    std::vector<Command> sent()
    {
        std::vector<Command> list;
        for (const core::Command& command : engine.commands())
            if (const auto* wanted = std::get_if<Command>(&command))
                list.push_back(*wanted);
        return list;
    }
};

bool takesKeys(const QWidget& widget)
{
    return widget.isVisible() && widget.focusPolicy() != Qt::NoFocus && widget.isEnabled();
}

} // namespace

/// Journeys by hand: keys and clicks on the real window over a FakeEngine.
class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slashFiltersAndEnterGoesBackToTheList()
    {
        Desk desk;
        QCOMPARE(desk.applications().shownCount(), 10);
        desk.key(Qt::Key_Slash);
        desk.type("user");
        QCOMPARE(desk.applications().shownCount(), 4);
        auto* count = desk.applications().findChild<widgets::StatusChip*>();
        QVERIFY(count);
        desk.key(Qt::Key_Return);
        QVERIFY(qobject_cast<QTreeView*>(QApplication::focusWidget()));
        desk.key(Qt::Key_Slash);
        desk.key(Qt::Key_Escape);
        QCOMPARE(desk.applications().shownCount(), 10);
    }

    void chipsFilterByState()
    {
        Desk desk;
        auto* chip = desk.find<widgets::StatusChip>("Show only: Degraded 2");
        QVERIFY(chip);
        QTest::mouseClick(chip, Qt::LeftButton);
        QCOMPARE(desk.applications().shownCount(), 2);
        desk.key(Qt::Key_Exclam); // only faults: also Missing and Unknown
        QCOMPARE(desk.applications().shownCount(), 3);
    }

    void enterOpensAndEscapeGoesBack()
    {
        Desk desk;
        desk.key(Qt::Key_Down);
        desk.key(Qt::Key_Return);
        QCOMPARE(desk.application().application(), std::string("backstage"));
        QVERIFY(desk.application().isVisible());
        desk.key(Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(desk.application().section(), widgets::ApplicationPage::Waves);
        desk.key(Qt::Key_Escape);
        QCOMPARE(desk.application().section(), widgets::ApplicationPage::Overview);
        desk.key(Qt::Key_Escape);
        QVERIFY(!desk.application().isVisible());
        desk.key(Qt::Key_BracketRight);
        QVERIFY(desk.application().isVisible());
    }

    void differencesAreSteppedThrough()
    {
        Desk desk;
        desk.window.openApplication("backstage");
        desk.key(Qt::Key_D, Qt::ShiftModifier);
        auto* table = desk.find<QTableView>("Live on the left, desired on the right");
        QVERIFY(table);
        auto line = [&] { return table->currentIndex().siblingAtColumn(0).data().toString(); };
        QCOMPARE(line(), QString("    experiment: blue"));
        desk.key(Qt::Key_F7);
        QCOMPARE(line(), QString("  replicas: 5"));
        desk.key(Qt::Key_F7);
        QVERIFY(line().contains("image"));
        desk.key(Qt::Key_F7, Qt::ShiftModifier);
        QCOMPARE(line(), QString("  replicas: 5"));
        bool told = false;
        for (const QLabel* label : desk.window.findChildren<QLabel*>())
            told = told
                || label->text()
                    == "spec.replicas is 5 in the cluster; Git says 2. Last written by: kubectl "
                       "through /scale, 3 min ago. In Git: backstage/base/deployment.yaml:9:13.";
        QVERIFY(told);
    }

    void aPruneNeedsItsWord()
    {
        Desk desk;
        desk.window.openApplication("user-namespaces");
        desk.settle();
        desk.window.actions()[Act::ConfirmPrunes]->trigger();
        desk.settle();
        QDialog* dialog = desk.dialog();
        QVERIFY(dialog);
        QPushButton* yes = desk.button("Delete 3 objects", dialog);
        QVERIFY(yes);
        QVERIFY(!yes->isEnabled());
        desk.key(Qt::Key_Return); // Cancel is the default
        QVERIFY(desk.sent<core::command::Confirm>().empty());

        desk.window.actions()[Act::ConfirmPrunes]->trigger();
        desk.settle();
        dialog = desk.dialog();
        QVERIFY(dialog);
        desk.type("prun");
        QVERIFY(!desk.button("Delete 3 objects", dialog)->isEnabled());
        desk.type("e");
        QTest::mouseClick(desk.button("Delete 3 objects", dialog), Qt::LeftButton);
        desk.settle();
        const auto confirmed = desk.sent<core::command::Confirm>();
        QCOMPARE(int(confirmed.size()), 1);
        QCOMPARE(int(confirmed[0].keys.size()), 3); // what was shown, never "whatever waits"
    }

    void aPauseNeedsAReason()
    {
        Desk desk;
        desk.window.openApplication("kafka");
        desk.key(Qt::Key_P, Qt::ControlModifier);
        QDialog* dialog = desk.dialog();
        QVERIFY(dialog);
        QVERIFY(!desk.button("Pause", dialog)->isEnabled());
        desk.type("broker upgrade");
        dialog->findChild<QComboBox*>()->setCurrentIndex(2);
        QTest::mouseClick(desk.button("Pause", dialog), Qt::LeftButton);
        desk.settle();
        const auto pauses = desk.sent<core::command::SetPause>();
        QCOMPARE(int(pauses.size()), 1);
        QCOMPARE(pauses[0].pause.reason, std::string("broker upgrade"));
        QVERIFY(pauses[0].pause.until == tests::sampleTime() + std::chrono::hours(4));
    }

    void aSyncCoversWhatIsChosen()
    {
        Desk desk;
        desk.window.openApplication("backstage");
        desk.key(Qt::Key_S, Qt::ControlModifier);
        QVERIFY(desk.dialog());
        desk.key(Qt::Key_Return); // Sync is the default here
        auto syncs = desk.sent<core::command::Sync>();
        QCOMPARE(int(syncs.size()), 1);
        QVERIFY(syncs[0].only.empty());
        QVERIFY(syncs[0].prune);
        QVERIFY(!syncs[0].dryRun);
    }

    void thePaletteFindsApplicationsAndCommands()
    {
        Desk desk;
        desk.key(Qt::Key_Colon);
        QVERIFY(desk.dialog());
        desk.type("rabb");
        desk.key(Qt::Key_Return);
        QCOMPARE(desk.application().application(), std::string("rabbitmq"));
        desk.key(Qt::Key_K, Qt::ControlModifier);
        desk.type("dark");
        desk.key(Qt::Key_Return);
        QVERIFY(desk.theme.isDark());
    }

    void refusalsAreShown()
    {
        Desk desk;
        desk.engine.setSubmitResult(
            core::failure(core::ErrorCode::Forbidden, "You may not do it."));
        desk.key(Qt::Key_F5);
        QVERIFY(desk.find<QWidget>("You may not do it."));
    }

    void withoutConnectionNothingCanBeChanged()
    {
        Desk desk(tests::sampleDisconnected());
        desk.window.openApplication("backstage");
        desk.settle();
        for (Act act : {Act::Sync, Act::Pause, Act::ConfirmPrunes, Act::Adopt, Act::Terminate})
            QVERIFY(!desk.window.actions()[act]->isEnabled());
        QVERIFY(!desk.button("Sync…")->isEnabled());
        QCOMPARE(desk.applications().shownCount(), 10);
    }

    void anApplicationThatGoesIsLeft()
    {
        Desk desk;
        desk.window.openApplication("kafka");
        desk.settle();
        core::Snapshot snapshot = tests::samplePlatform();
        snapshot.applications.erase("kafka");
        desk.engine.publish(std::make_shared<const core::Snapshot>(snapshot));
        desk.settle();
        QVERIFY(!desk.application().isVisible());
        QCOMPARE(desk.applications().shownCount(), 9);
    }

    void whatCanTakeKeysHasAName()
    {
        Desk desk;
        desk.window.openApplication("backstage");
        for (Act act : {Act::Applications, Act::Overview, Act::Waves, Act::Resources,
                        Act::Differences, Act::Events, Act::AllEvents}) {
            desk.window.actions()[act]->trigger();
            desk.settle();
            for (const QWidget* widget : desk.window.findChildren<QWidget*>()) {
                if (!takesKeys(*widget) || widget->objectName().startsWith("qt_"))
                    continue;
                QAccessibleInterface* access =
                    QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
                QVERIFY2(access && !access->text(QAccessible::Name).isEmpty(),
                         widget->metaObject()->className());
            }
        }
    }

    void everyKeyHasOneMeaning()
    {
        Desk desk;
        std::map<QString, QString> owners;
        for (const QAction* action : desk.window.actions().all())
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!owners.contains(key.toString()), qPrintable(key.toString()));
                QVERIFY2(!key.isEmpty(), qPrintable(action->text()));
                owners[key.toString()] = action->text();
            }
    }
};

WW_TEST_CLASS(TestMainWindow)
#include "tst_mainwindow.moc"
