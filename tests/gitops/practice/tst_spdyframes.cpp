// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/spdyframes.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::practice;

class TestSpdyFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsInAnyCut();
    void breaks_data();
    void breaks();
    void compressesHeadersAsOneStream();
    void knowsTheDictionary();
    void refusesDamagedHeaders_data();
    void refusesDamagedHeaders();
};

void TestSpdyFrames::readsInAnyCut()
{
    const std::string bytes =
        spdyText({.flags = SpdyFrame::kFin, .streamId = 5, .payload = "hello"})
        + spdyText({.type = SpdyFrame::RstStream, .payload = std::string("\0\0\0\7\0\0\0\1", 8)})
        + spdyText({.type = SpdyFrame::Ping, .payload = "abcd"});
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        SpdyReader reader;
        auto frames = reader.feed(std::string_view(bytes).substr(0, cut));
        for (SpdyFrame& frame : reader.feed(std::string_view(bytes).substr(cut)))
            frames.push_back(std::move(frame));
        QCOMPARE(frames.size(), 3u);
        QCOMPARE(frames[0].payload, "hello");
        QVERIFY(frames[0].isLast());
        QCOMPARE(frames[0].streamId, 5u);
        QCOMPARE(frames[1].type, std::uint16_t(SpdyFrame::RstStream));
        QCOMPARE(frames[1].streamId, 7u);
        QCOMPARE(frames[2].payload, "abcd");
        QVERIFY(!reader.isBroken());
    }
}

void TestSpdyFrames::breaks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("another version") << QByteArray("\x80\x02\0\1\0\0\0\0", 8);
    QTest::newRow("too long") << QByteArray("\0\0\0\1\0\xff\xff\xff", 8);
    QTest::newRow("no stream id") << QByteArray("\x80\x03\0\1\0\0\0\2ab", 10);
    QTest::newRow("control frame of type 0") << QByteArray("\x80\x03\0\0\0\0\0\0", 8);
    QTest::newRow("text") << QByteArray("\xffGET / HTTP/1.1");
}

void TestSpdyFrames::breaks()
{
    QFETCH(QByteArray, bytes);
    SpdyReader reader;
    QVERIFY(reader.feed(bytes.toStdString()).empty());
    QVERIFY(reader.isBroken());
    QVERIFY(reader.feed(spdyText({.streamId = 1, .payload = "x"})).empty());
}

void TestSpdyFrames::compressesHeadersAsOneStream()
{
    SpdyDeflater deflater;
    SpdyInflater inflater;
    const SpdyHeaders first {{"port", "80"}, {"streamtype", "error"}};
    const std::string block = deflater.write(first);
    QCOMPARE(*inflater.read(block), first);
    QCOMPARE(*inflater.read(deflater.write({})), SpdyHeaders());
    const std::string again = deflater.write(first);
    QVERIFY(again.size() < block.size()); // it remembers
    QCOMPARE(*inflater.read(again), first);
}

/// A zlib stream with a dictionary names its checksum: SPDY/3's begins with these bytes.
void TestSpdyFrames::knowsTheDictionary()
{
    SpdyDeflater deflater;
    const std::string block = deflater.write({});
    QCOMPARE(QByteArray::fromStdString(block.substr(2, 4)).toHex(), QByteArray("e3c6a7c2"));
}

void TestSpdyFrames::refusesDamagedHeaders_data()
{
    QTest::addColumn<QByteArray>("block");
    SpdyDeflater deflater;
    const QByteArray good = QByteArray::fromStdString(deflater.write({{"a", "b"}}));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no zlib") << QByteArray("nonsense");
    QTest::newRow("cut") << good.left(good.size() / 2);
    QByteArray flipped = good;
    flipped[3] = char(flipped[3] ^ 1);
    QTest::newRow("another dictionary") << flipped;
    SpdyDeflater bomb;
    QTest::newRow("too large") << QByteArray::fromStdString(
        bomb.write({{"a", std::string(1u << 20, 'x')}}));
}

void TestSpdyFrames::refusesDamagedHeaders()
{
    QFETCH(QByteArray, block);
    SpdyInflater inflater;
    QVERIFY(!inflater.read(block.toStdString()));
}

WW_TEST_CLASS(TestSpdyFrames)
#include "tst_spdyframes.moc"
