// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/channelports.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::ChannelPorts;
using gitops::practice::LocalPort;

namespace {

/// Keeps what it is sent.
struct FakePort : LocalPort
{
    void send(std::string_view bytes) override { sent += bytes; }
    void close() override { isClosed = true; }
    std::string sent;
    bool isClosed = false;
};

} // namespace

class TestChannelPorts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithThePorts();
    void refusesWhatIsNotDeclared();
    void answersOnAllOfAPodThatDeclaresNone();
    void answersOnItsChannel();
    void breaksOnAnUnknownChannel();
    void carriesWhatAProgramSays();
};

void TestChannelPorts::beginsWithThePorts()
{
    ChannelPorts ports({"p", {80, 8080}}, {8080, 80});
    QCOMPARE(ports.begin(),
             (ChannelPorts::Pieces {std::string("\0\x90\x1f", 3), std::string("\1\x90\x1f", 3),
                                    std::string("\2\x50\0", 3), std::string("\3\x50\0", 3)}));
    QVERIFY(!ports.isOver());
}

void TestChannelPorts::refusesWhatIsNotDeclared()
{
    ChannelPorts ports({"p", {80}}, {81});
    const auto pieces = ports.begin();
    QCOMPARE(pieces.size(), 3u);
    QVERIFY(pieces[2].starts_with("\1connection refused"));
    QVERIFY(ports.isOver());
    QVERIFY(ports.take(std::string("\0x", 2)).empty());
}

void TestChannelPorts::answersOnAllOfAPodThatDeclaresNone()
{
    ChannelPorts ports({"p", {}}, {9092});
    QCOMPARE(ports.begin().size(), 2u);
    QVERIFY(!ports.isOver());
    QCOMPARE(ports.take(std::string("\0x", 2)).size(), 1u);
}

void TestChannelPorts::answersOnItsChannel()
{
    ChannelPorts ports({"p", {80, 81}}, {80, 81});
    (void)ports.begin();
    QVERIFY(ports.take("").empty());
    QVERIFY(ports.take("\1ignored").empty());
    const auto answer = ports.take("\2hello");
    QCOMPARE(answer.size(), 1u);
    QVERIFY(answer[0].starts_with("\2practice cluster"));
    const auto http = ports.take(std::string("\0GET / HTTP/1.0\r\n\r\n", 19));
    QVERIFY(http.at(0).substr(1).starts_with("HTTP/1.1 503"));
    QVERIFY(!ports.isOver()); // the other port is still open
}

void TestChannelPorts::breaksOnAnUnknownChannel()
{
    ChannelPorts ports({"p", {80}}, {80});
    (void)ports.begin();
    QVERIFY(ports.take("\7x").empty());
    QVERIFY(ports.isOver());
}

void TestChannelPorts::carriesWhatAProgramSays()
{
    const auto program = std::make_shared<FakePort>();
    LocalPort::Data data;
    ChannelPorts::Pieces pushed;
    {
        ChannelPorts ports(
            {"p", {}}, {80, 81},
            [&](std::uint16_t port, LocalPort::Data told) -> std::shared_ptr<LocalPort> {
                if (port != 81)
                    return nullptr;
                data = std::move(told);
                return program;
            });
        ports.attach([&](ChannelPorts::Pieces pieces) {
            for (std::string& piece : pieces)
                pushed.push_back(std::move(piece));
        });
        (void)ports.begin();
        QVERIFY(ports.take("\2question").empty());
        QCOMPARE(program->sent, std::string("question"));
        data("answer");
        QCOMPARE(pushed, ChannelPorts::Pieces {"\2answer"});
        QVERIFY(ports.take(std::string("\0x", 2)).at(0).find("practice cluster") == 1); // port 80
        data({});
        QVERIFY(!ports.isOver()); // the other one is still open
        QVERIFY(ports.take("\2more").empty());
        QCOMPARE(program->sent, std::string("question"));
    }
    QVERIFY(program->isClosed);
}

WW_TEST_CLASS(TestChannelPorts)
#include "tst_channelports.moc"
