// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/semver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestSemVer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void versions()
    {
        const char* ascending[] = {"0.0.1",
                                   "v0.1",
                                   "1.0.0-alpha",
                                   "1.0.0-alpha.1",
                                   "1.0.0-alpha.beta",
                                   "1.0.0-beta.2",
                                   "1.0.0-beta.11",
                                   "1.0.0-rc.1",
                                   "1.0.0",
                                   "1.0.1",
                                   "1.10",
                                   "2",
                                   "18446744073709551615.0.0"};
        for (std::size_t i = 1; i < std::size(ascending); ++i) {
            const auto low = SemVersion::parse(ascending[i - 1]);
            const auto high = SemVersion::parse(ascending[i]);
            QVERIFY2(low && high && *low < *high, ascending[i]);
        }
        QVERIFY(*SemVersion::parse("v1.2.3+a") == *SemVersion::parse("1.2.3+b"));
        for (const char* bad : {"", "v", "a", "1.", "1..2", "1.2.3.4", "1.2.3-", "1.2.3-a..b",
                                "1.2.3-01", "-1", "1.2.3 ", "18446744073709551616", "release-1"})
            QVERIFY2(!SemVersion::parse(bad), bad);
    }

    void ranges_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<QByteArray>("yes");
        QTest::addColumn<QByteArray>("no");
        const auto row = [](const char* range, const char* yes, const char* no) {
            QTest::newRow(range) << QByteArray(range) << QByteArray(yes) << QByteArray(no);
        };
        row("*", "0.0.1 1.0 99.9.9", "1.0.0-rc1");
        row("*-0", "1.0.0-rc1 1.0.0", "");
        row("1.2.*", "1.2.0 1.2.99 v1.2.3", "1.3.0 1.1.9 2.2.0 1.2.3-rc1");
        row("1.2.x", "1.2.0 1.2.99", "1.3.0");
        row("v1.X", "1.0.0 1.99.0", "2.0.0 0.9.0");
        row(">=1 <2", "1.0.0 1.9.9", "0.9.0 2.0.0");
        row(">=1, <2", "1.0.0 1.9.9", "0.9.0 2.0.0");
        row("> 1.2", "1.3.0 2.0.0", "1.2.0 1.2.9 1.1.0");
        row(">11", "12.0.0", "11.1.0 11.0.0 10.0.0");
        row(">1.2.3", "1.2.4", "1.2.3");
        row("<=1.2", "1.2.9 1.1.0", "1.3.0 2.0.0");
        row("<=11", "11.9.9", "12.0.0");
        row("<1.2", "1.1.9", "1.2.0");
        row("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0");
        row("~1.2", "1.2.0 1.2.9", "1.3.0");
        row("~1", "1.0.0 1.9.0", "2.0.0");
        row("~>1.2.3", "1.2.3 1.2.9", "1.3.0");
        row("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0");
        row("^1.2", "1.2.0 1.9.0", "1.1.0 2.0.0");
        row("^0.2.3", "0.2.3 0.2.9", "0.3.0 1.0.0");
        row("^0.0.3", "0.0.3", "0.0.4 0.1.0");
        row("^0.0", "0.0.1 0.0.9", "0.1.0");
        row("^0", "0.0.1 0.9.0", "1.0.0");
        row("1.2 - 1.4.5", "1.2.0 1.4.5", "1.1.9 1.4.6");
        row("1.x || 3.x", "1.5.0 3.1.0", "2.0.0");
        row("!=1.2.3 1.x", "1.2.4", "1.2.3 2.0.0");
        row("!=1.2.x", "1.3.0 1.1.0", "1.2.7");
        row(">=1.2.0-0", "1.2.0-rc1 1.3.0-a 1.2.0", "1.1.0");
        row("=1.2", "1.2.7", "1.3.0");
    }
    void ranges()
    {
        QFETCH(QByteArray, range);
        QFETCH(QByteArray, yes);
        QFETCH(QByteArray, no);
        const auto parsed = SemVersionRange::parse(range.toStdString());
        QVERIFY(parsed.has_value());
        for (const QByteArray& version : yes.split(' '))
            if (!version.isEmpty())
                QVERIFY2(parsed->matches(*SemVersion::parse(version.toStdString())), version);
        for (const QByteArray& version : no.split(' '))
            if (!version.isEmpty())
                QVERIFY2(!parsed->matches(*SemVersion::parse(version.toStdString())), version);
    }

    void notRanges()
    {
        for (const char* text : {"1.2", "v1.2.3", "main", "HEAD", "", "release-1.x", ">=", "1.2 -",
                                 "x.y", "1.*.b", "feature/1.x", "||", "1.x ||", "1.2.3.x", "^",
                                 ">a", "1.x,", "0123456789abcdef", "xylophone"})
            QVERIFY2(!SemVersionRange::parse(text), text);
        QVERIFY(!SemVersionRange::parse(std::string(300, '*')));
    }
};

WW_TEST_CLASS(TestSemVer)
#include "tst_semver.moc"
