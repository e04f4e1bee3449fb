// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testregistry.h"
#include "widgets/controls/navigationrail.h"
#include "widgets/theme/fonts.h"
#include "widgets/theme/theme.h"

#include <QAction>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace widgets;

namespace {

struct Rail
{
    Theme theme {(loadFonts().value(), ThemeChoice::Light)};
    QAction topics;
    QAction lineage;
    NavigationRail rail;
    Rail()
    {
        topics.setShortcut(QKeySequence("Alt+4"));
        rail.add("topics", "Topics", "topics", &topics);
        rail.add("lineage", "Lineage", "lineage", &lineage);
        rail.resize(rail.width(), 300);
        rail.show();
    }
    QToolButton* button(int index) { return rail.findChildren<QToolButton*>().at(index); }
};

QImage painted(QWidget& widget)
{
    return widget.grab().toImage();
}

} // namespace

class TestNavigationRail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entriesHaveNamesAndKeys()
    {
        Rail made;
        QCOMPARE(made.button(0)->accessibleName(), QString("Topics"));
        QVERIFY(made.button(0)->toolTip().contains("Alt+4"));
        QCOMPARE(made.button(1)->toolTip(), QString("Lineage")); // no key, none named
        QVERIFY(made.button(0)->y() < made.button(1)->y()); // in the order in which they came
    }

    void aClickTriggersTheAction()
    {
        Rail made;
        QSignalSpy triggered(&made.lineage, &QAction::triggered);
        QTest::mouseClick(made.button(1), Qt::LeftButton);
        QCOMPARE(triggered.size(), 1);
    }

    void keysReachEveryEntry()
    {
        Rail made;
        QSignalSpy triggered(&made.topics, &QAction::triggered);
        QCOMPARE(made.button(0)->focusPolicy() & Qt::TabFocus, Qt::TabFocus);
        QTest::keyClick(made.button(0), Qt::Key_Space);
        QCOMPARE(triggered.size(), 1);
    }

    void oneIsCurrent()
    {
        Rail made;
        made.rail.setCurrent("lineage");
        QVERIFY(!made.button(0)->isChecked() && made.button(1)->isChecked());
        made.rail.setCurrent("topics");
        QVERIFY(made.button(0)->isChecked() && !made.button(1)->isChecked());
        made.rail.setCurrent("nothing of that name");
        QVERIFY(!made.button(0)->isChecked() && !made.button(1)->isChecked());
    }

    void clickingWhereOneIsKeepsItCurrent()
    {
        Rail made;
        made.rail.setCurrent("topics");
        QTest::mouseClick(made.button(0), Qt::LeftButton); // would uncheck it
        QVERIFY(made.button(0)->isChecked());
    }

    void theCurrentOneLooksOtherwise()
    {
        Rail made;
        const QImage before = painted(*made.button(0));
        made.rail.setCurrent("topics");
        QVERIFY(painted(*made.button(0)) != before);
        made.rail.setCurrent("lineage");
        QCOMPARE(painted(*made.button(0)), before);
    }
};

WW_TEST_CLASS(TestNavigationRail)
#include "tst_navigationrail.moc"
