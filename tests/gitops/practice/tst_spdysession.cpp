// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/spdysession.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops::practice;

namespace {

/// What kubectl would send.
class Peer
{
public:
    std::string open(std::uint32_t id, const std::string& type, const std::string& port,
                     const std::string& request = "0")
    {
        const std::string head {
            char(id >> 24), char(id >> 16), char(id >> 8), char(id), 0, 0, 0, 0, 0, 0};
        return spdyText({.type = SpdyFrame::SynStream,
                         .payload = head
                             + m_deflater.write(
                                 {{"streamtype", type}, {"port", port}, {"requestid", request}})});
    }
    /// Both streams of a connection, in kubectl's order: the compression remembers it.
    std::string pair(std::uint32_t id, const std::string& port, const std::string& request = "0")
    {
        std::string out = open(id, "error", port, request);
        return out += open(id + 2, "data", port, request);
    }
    std::vector<SpdyFrame> take(SpdySession& session, const std::string& bytes)
    {
        std::vector<SpdyFrame> out;
        for (const std::string& piece : session.take(bytes))
            for (SpdyFrame& frame : m_reader.feed(piece))
                out.push_back(std::move(frame));
        return out;
    }

private:
    SpdyDeflater m_deflater;
    SpdyReader m_reader;
};

std::string data(std::uint32_t id, const std::string& bytes, bool isLast = false)
{
    return spdyText(
        {.flags = isLast ? SpdyFrame::kFin : std::uint8_t(0), .streamId = id, .payload = bytes});
}

} // namespace

class TestSpdySession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAConnection();
    void halfClose();
    void refusesAPort();
    void refusesOddStreams_data();
    void refusesOddStreams();
    void keepsConnectionsApart();
    void pingsAndGoesAway();
    void endsOnNonsense();
};

void TestSpdySession::answersAConnection()
{
    SpdySession session({"web-0", {80}});
    Peer peer;
    auto frames = peer.take(session, peer.open(1, "error", "80"));
    QCOMPARE(frames.size(), 1u);
    QCOMPARE(frames[0].type, std::uint16_t(SpdyFrame::SynReply));
    QCOMPARE(frames[0].streamId, 1u);
    QCOMPARE(peer.take(session, peer.open(3, "data", "80")).size(), 1u);
    QVERIFY(peer.take(session, data(1, "", true)).empty()); // kubectl ends its half of errors
    frames = peer.take(session, data(3, "GET / HTTP/1.1\r\n\r\n"));
    QCOMPARE(frames.size(), 3u);
    QVERIFY(frames[0].payload.starts_with("HTTP/1.1 503"));
    QVERIFY(frames[1].isLast() && frames[1].streamId == 3);
    QVERIFY(frames[2].isLast() && frames[2].streamId == 1);
    QVERIFY(!session.isOver()); // for the next connection
}

void TestSpdySession::halfClose()
{
    SpdySession session({"web-0", {80}});
    Peer peer;
    peer.take(session, peer.pair(1, "80"));
    const auto frames = peer.take(session, data(3, "bye", true));
    QCOMPARE(frames.size(), 3u);
    QVERIFY(frames[0].payload.ends_with("bye"));
    QVERIFY(frames[1].isLast());
}

void TestSpdySession::refusesAPort()
{
    SpdySession session({"web-0", {80}});
    Peer peer;
    const auto frames = peer.take(session, peer.pair(1, "81"));
    QCOMPARE(frames.size(), 4u); // two replies, the complaint, the end
    QCOMPARE(frames[2].streamId, 1u);
    QVERIFY(frames[2].payload.starts_with("connection refused"));
    QVERIFY(frames[2].isLast() && frames[3].isLast());
}

void TestSpdySession::refusesOddStreams_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("port");
    QTest::newRow("type") << "stdin" << "80";
    QTest::newRow("no port") << "data" << "";
    QTest::newRow("no number") << "data" << "80x";
    QTest::newRow("too large") << "data" << "70000";
}

void TestSpdySession::refusesOddStreams()
{
    QFETCH(QString, type);
    QFETCH(QString, port);
    SpdySession session({"web-0", {80}});
    Peer peer;
    const auto frames = peer.take(session, peer.open(1, type.toStdString(), port.toStdString()));
    QCOMPARE(frames.size(), 1u);
    QCOMPARE(frames[0].type, std::uint16_t(SpdyFrame::RstStream));
    QVERIFY(!session.isOver());
}

void TestSpdySession::keepsConnectionsApart()
{
    SpdySession session({"web-0", {80, 81}});
    Peer peer;
    peer.take(session, peer.pair(1, "80", "a"));
    peer.take(session, peer.pair(5, "81", "b"));
    const auto frames = peer.take(session, data(7, "two") + data(3, "one") + data(9, "none"));
    QCOMPARE(frames.size(), 2u);
    QVERIFY(frames[0].streamId == 7 && frames[0].payload.find("port 81") != std::string::npos);
    QVERIFY(frames[1].streamId == 3 && frames[1].payload.ends_with("one"));
    const std::string reset =
        spdyText({.type = SpdyFrame::RstStream, .payload = std::string("\0\0\0\3\0\0\0\5", 8)});
    QVERIFY(peer.take(session, reset + data(3, "more")).empty());
    QCOMPARE(peer.take(session, data(7, "still")).size(), 1u);
}

void TestSpdySession::pingsAndGoesAway()
{
    SpdySession session({"web-0", {80}});
    const std::string ping = spdyText({.type = SpdyFrame::Ping, .payload = "1234"});
    QCOMPARE(session.take(ping), PodProtocol::Pieces {ping});
    QVERIFY(session.take(spdyText({.type = SpdyFrame::Settings, .payload = "0000"})).empty());
    session.take(spdyText({.type = SpdyFrame::GoAway, .payload = "00000000"}));
    QVERIFY(session.isOver());
    QVERIFY(session.take(ping).empty());
}

void TestSpdySession::endsOnNonsense()
{
    SpdySession bad({"web-0", {80}});
    bad.take("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + std::string(64, '\xff'));
    SpdySession twice({"web-0", {80}});
    Peer peer;
    peer.take(twice, peer.open(1, "error", "80"));
    peer.take(twice, peer.open(1, "error", "80"));
    QVERIFY(twice.isOver());
    SpdySession noHeaders({"web-0", {80}});
    noHeaders.take(spdyText({.type = SpdyFrame::SynStream, .payload = std::string(12, 'x')}));
    QVERIFY(noHeaders.isOver());
}

WW_TEST_CLASS(TestSpdySession)
#include "tst_spdysession.moc"
