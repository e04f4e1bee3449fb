// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/framereader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::FrameReader;

class TestFrameReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anyCutGivesTheSame();
    void restAndLimit();
    void releasedLinesLeaveTheRest();
    void longLineInSmallPiecesIsNotSlow();
};

void TestFrameReader::anyCutGivesTheSame()
{
    const std::string text = "one\n\n two \r\nthree\nrest";
    for (std::size_t first = 0; first <= text.size(); ++first)
        for (std::size_t second = first; second <= text.size(); ++second) {
            FrameReader reader;
            std::vector<std::string> lines;
            for (const std::string& piece :
                 {text.substr(0, first), text.substr(first, second - first), text.substr(second)})
                for (const std::string_view line : reader.feed(piece))
                    lines.emplace_back(line);
            QCOMPARE(lines, (std::vector<std::string> {"one", "two", "three"}));
            QCOMPARE(reader.rest(), std::string_view("rest"));
        }
}

void TestFrameReader::restAndLimit()
{
    FrameReader reader(10);
    QVERIFY(reader.feed("0123456789").empty());
    QVERIFY(!reader.isTooLong());
    QVERIFY(reader.feed("x").empty());
    QVERIFY(reader.isTooLong());
    FrameReader whole(10);
    QCOMPARE(whole.feed(std::string(100, 'x') + "\n").size(), std::size_t(1)); // it is there anyway
    QVERIFY(!whole.isTooLong());
}

void TestFrameReader::releasedLinesLeaveTheRest()
{
    for (const std::size_t size : {std::size_t(10), std::size_t(1'000'000)})
        for (const std::string rest : {"", "{\"half\":"}) {
            FrameReader reader;
            QCOMPARE(reader.feed(std::string(size, 'x') + "\n" + rest).size(), std::size_t(1));
            reader.releaseLines();
            QCOMPARE(reader.rest(), std::string_view(rest));
            const auto lines = reader.feed("1}\nnext\n");
            QCOMPARE(lines.size(), std::size_t(2));
            QCOMPARE(lines[0], std::string_view(rest + "1}"));
            QCOMPARE(lines[1], std::string_view("next"));
        }
}

void TestFrameReader::longLineInSmallPiecesIsNotSlow()
{
    FrameReader reader;
    for (int i = 0; i < 20'000; ++i)
        QVERIFY(reader.feed(std::string(100, 'x')).empty());
    QCOMPARE(reader.feed("\n").size(), std::size_t(1));
}

WW_TEST_CLASS(TestFrameReader)
#include "tst_framereader.moc"
