// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/glob.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestGlob : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("anywhere"); ///< without a separator
        QTest::addColumn<bool>("inPaths"); ///< '/' separates
        const auto row = [](const char* pattern, const char* text, bool anywhere, bool inPaths) {
            QTest::addRow("%s on %s", pattern, text)
                << QByteArray(pattern) << QByteArray(text) << anywhere << inPaths;
        };
        row("*", "team-a", true, true);
        row("*", "", true, true);
        row("*", "https://host/a", true, false);
        row("**", "https://host/a/b", true, true);
        row("https://host/*", "https://host/a", true, true);
        row("https://host/*", "https://host/a/b", true, false);
        row("https://host/**", "https://host/a/b", true, true);
        row("https://host/*/b", "https://host/a/b", true, true);
        row("team-*", "team-", true, true);
        row("team-*", "steam-a", false, false);
        row("team-?", "team-a", true, true);
        row("team-?", "team-", false, false);
        row("a?b", "a/b", true, false);
        row("{dev,test}-*", "test-1", true, true);
        row("{dev,test}-*", "prod-1", false, false);
        row("{a,{b,c}}", "c", true, true);
        row("[a-c]x", "bx", true, true);
        row("[!a-c]x", "bx", false, false);
        row("[!a-c]x", "dx", true, true);
        row("a,b", "a,b", true, true);
        row("a\\*", "a*", true, true);
        row("a\\*", "ab", false, false);
        row("a.b", "axb", false, false);
        row("a+(b)", "a+(b)", true, true);
        row("Team", "team", false, false);
        row("[a", "a", false, false);
        row("{a", "a", false, false);
        row("a\\", "a", false, false);
        row("a}", "a}", true, true);
    }
    void matches()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QFETCH(bool, anywhere);
        QFETCH(bool, inPaths);
        QCOMPARE(projectGlobMatches(pattern.toStdString(), text.toStdString()), anywhere);
        QCOMPARE(projectGlobMatches(pattern.toStdString(), text.toStdString(), '/'), inPaths);
    }

    void badPatterns()
    {
        for (const char* good : {"", "*", "a[b]", "{a,b}", "!x"})
            QVERIFY2(isProjectGlob(good), good);
        for (const char* bad : {"[", "[]", "{", "a\\", "[!]", "{a,{b}"})
            QVERIFY2(!isProjectGlob(bad), bad);
        QVERIFY(!isProjectGlob(std::string(5000, 'a')));
    }

    void hostilePatternsEnd()
    {
        std::string pattern;
        for (int i = 0; i < 300; ++i)
            pattern += "*a";
        QVERIFY(!projectGlobMatches(pattern, std::string(100'000, 'a') + "b"));
    }
};

WW_TEST_CLASS(TestGlob)
#include "tst_glob.moc"
