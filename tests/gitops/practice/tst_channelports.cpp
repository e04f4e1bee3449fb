// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/channelports.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::ChannelPorts;

class TestChannelPorts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithThePorts();
    void refusesWhatIsNotDeclared();
    void answersOnAllOfAPodThatDeclaresNone();
    void answersOnItsChannel();
    void breaksOnAnUnknownChannel();
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

WW_TEST_CLASS(TestChannelPorts)
#include "tst_channelports.moc"
