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
    void narrowTerminals()
    {
        const std::vector<std::vector<std::string>> rows {{"NAME", "STATE", "MESSAGE"},
                                                          {"application-one", "Synced", ""},
                                                          {"b", "OutOfSync", std::string(80, 'm')}};
        QCOMPARE(app::table(rows, 0), app::table(rows, 500));
        QVERIFY(app::table(rows, 0).find(std::string(80, 'm')) != std::string::npos);
        for (const int width : {100, 60, 45}) {
            const std::string fitted = app::table(rows, std::size_t(width));
            for (const QString& line : QString::fromStdString(fitted).split('\n'))
                QVERIFY2(line.size() <= width, qPrintable(line));
            QVERIFY(fitted.find("application-one  Synced") != std::string::npos);
            QVERIFY(fitted.find("…") != std::string::npos);
        }
        // So narrow that nothing would be left: each keeps a few letters, and the line is longer.
        QVERIFY(app::table(rows, 3).find("appli…  Synced") != std::string::npos);
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
