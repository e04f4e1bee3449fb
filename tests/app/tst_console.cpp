// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <set>

class TestConsole : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void widthsLeaveEscapesOut()
    {
        QCOMPARE(app::displayWidth("\x1b[32mgrün\x1b[0m"), std::size_t(4));
        QCOMPARE(app::cutTo("abcdef", 4), std::string("abc…"));
        QCOMPARE(app::cutTo("abc", 4), std::string("abc"));
        QCOMPARE(app::cutTo("\x1b[32mabcdef\x1b[0m", 4), std::string("\x1b[32mabc…\x1b[0m"));
    }
    void columns()
    {
        QCOMPARE(app::table({{"A", "LONG"}, {"bbb", "c"}, {"x", ""}}),
                 std::string("A    LONG\nbbb  c\nx\n"));
    }
    void everyStateHasAnotherSign()
    {
        using core::Health;
        std::set<std::string_view> signs;
        for (Health health : {Health::Healthy, Health::Progressing, Health::Degraded,
                              Health::Missing, Health::Suspended, Health::Unknown})
            QVERIFY(signs.insert(app::signOf(health)).second);
    }
    void noColoursWithoutATerminal()
    {
        QCOMPARE(app::coloured("x", app::Colour::Red), std::string("x"));
    }
};

WW_TEST_CLASS(TestConsole)
#include "tst_console.moc"
