// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestStrings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void splitting()
    {
        QCOMPARE(split("", ',').size(), std::size_t(1));
        QCOMPARE(split("a,,b", ',').size(), std::size_t(3));
        QCOMPARE(join({"a", "b"}, ", "), std::string("a, b"));
        QCOMPARE(trimmed(" \t a b\r\n"), std::string_view("a b"));
        QVERIFY(trimmed(" \n").empty());
        QVERIFY(equalsIgnoringCase("AbC", "aBc"));
        QVERIFY(!equalsIgnoringCase("ab", "abc"));
    }
    void base64_data()
    {
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("coded");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("f") << QByteArray("f") << QByteArray("Zg==");
        QTest::newRow("fo") << QByteArray("fo") << QByteArray("Zm8=");
        QTest::newRow("foo") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("bytes") << QByteArray("\xff\x00\xfe", 3) << QByteArray("/wD+");
    }
    void base64()
    {
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, coded);
        QCOMPARE(base64Encode(plain.toStdString()), coded.toStdString());
        QCOMPARE(base64Decode(coded.toStdString()).value(), plain.toStdString());
    }
    void base64Refuses()
    {
        for (const char* bad : {"Zg=", "Z", "Z===", "Zg==Zg==", "Zm9v!", "=Zm9"})
            QVERIFY2(!base64Decode(bad), bad);
        QCOMPARE(base64Decode("Zm\n9v\r\n").value(), std::string("foo"));
    }
    void utf8()
    {
        QVERIFY(isValidUtf8("grün 🌊"));
        for (const char* bad :
             {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"})
            QVERIFY2(!isValidUtf8(bad), bad);
    }
    void nothingHarmfulReachesTheTerminal()
    {
        QCOMPARE(sanitised("a\tb\nc"), std::string("a\tb\nc"));
        QCOMPARE(sanitised("\x1b[31mred"), std::string("\\x1b[31mred"));
        QCOMPARE(sanitised("a\xe2\x80\xae"
                           "b"),
                 std::string("a\\u202eb"));
        QCOMPARE(sanitised("a\xff"), std::string("a\xEF\xBF\xBD"));
    }
    void distance()
    {
        QCOMPARE(editDistance("kitten", "sitting"), std::size_t(3));
        QCOMPARE(editDistance("", "abc"), std::size_t(3));
        QCOMPARE(editDistance("same", "same"), std::size_t(0));
    }
    void globs_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("matches");
        QTest::newRow("exact") << QByteArray("apps") << QByteArray("apps") << true;
        QTest::newRow("star") << QByteArray("*") << QByteArray("") << true;
        QTest::newRow("middle") << QByteArray("a*c*e") << QByteArray("abcde") << true;
        QTest::newRow("return") << QByteArray("*ab") << QByteArray("aab") << true;
        QTest::newRow("question") << QByteArray("a?c") << QByteArray("abc") << true;
        QTest::newRow("question short") << QByteArray("a?") << QByteArray("a") << false;
        QTest::newRow("set") << QByteArray("[a-c]x") << QByteArray("bx") << true;
        QTest::newRow("negated") << QByteArray("[!a]x") << QByteArray("ax") << false;
        QTest::newRow("open set") << QByteArray("[a") << QByteArray("a") << true;
        QTest::newRow("longer") << QByteArray("abc") << QByteArray("abcd") << false;
    }
    void globs()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, text);
        QFETCH(bool, matches);
        QCOMPARE(globMatches(pattern.toStdString(), text.toStdString()), matches);
    }
    void globOfManyStarsEnds()
    {
        QVERIFY(!globMatches(std::string(50, '*') + "b", std::string(5000, 'a')));
        QVERIFY(!globMatches("a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
    }
};

WW_TEST_CLASS(TestStrings)
#include "tst_strings.moc"
