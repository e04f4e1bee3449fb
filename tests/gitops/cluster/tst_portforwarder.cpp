// SPDX-License-Identifier: GPL-3.0-or-later
// Port-forwards over loopback TLS, to a practice cluster and to servers that misbehave.
#include "gitops/cluster/portforwarder.h"
#include "tests/gitops/cluster/oddserver.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <arpa/inet.h>
#include <mutex>
#include <sys/socket.h>
#include <unistd.h>

using namespace gitops;
using tests::frame;
using tests::OddServer;

namespace {

/// A TCP client of this machine.
class Client
{
public:
    explicit Client(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in to {};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval patience {20, 0};
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        m_isConnected = ::connect(m_socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~Client() { ::close(m_socket); }
    bool isConnected() const { return m_isConnected; }
    void send(const std::string& bytes)
    {
        (void)!::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    void sayNoMore() { ::shutdown(m_socket, SHUT_WR); }
    /// Until the end, or until so much has come.
    std::string read(std::size_t most = 1u << 20)
    {
        std::string out;
        char chunk[4096];
        while (out.size() < most) {
            const ssize_t size = ::recv(m_socket, chunk, sizeof chunk, 0);
            if (size <= 0)
                break;
            out.append(chunk, std::size_t(size));
        }
        return out;
    }

private:
    int m_socket;
    bool m_isConnected = false;
};

/// What the forwarder told.
struct Lines
{
    std::mutex mutex;
    std::string text;
    PortForwarder::Log log()
    {
        return [this](const std::string& line) {
            const std::lock_guard lock(mutex);
            text += line + "\n";
        };
    }
};

constexpr const char* kRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::string preamble(std::uint16_t port)
{
    const std::string bytes {char(port & 0xff), char(port >> 8)};
    return frame(2, std::string(1, '\0') + bytes) + frame(2, "\1" + bytes);
}

const PortForward kOddPod {
    .namespaceName = "default", .kind = PortForward::Kind::Pod, .name = "p", .remotePort = "7"};

} // namespace

class TestPortForwarder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void carriesConnections();
    void carriesManyAtOnce();
    void findsAnotherPod();
    void tellsWhyThereIsNone();
    void refusesAPortInUse();
    void refusesAPortTwice();
    void survivesMisdeeds_data();
    void survivesMisdeeds();
    void passesOnInPieces();
    void reachesAProgram();
};

void TestPortForwarder::carriesConnections()
{
    tests::PracticePod practice;
    QVERIFY(!practice.readyPod().empty());
    Lines lines;
    const auto forwarder =
        PortForwarder::start(practice.access(), {practice.webForward()}, {}, lines.log());
    QVERIFY2(forwarder, forwarder ? "" : forwarder.error().text().c_str());
    const std::uint16_t port = (*forwarder)->states().front().localPort;
    QVERIFY(port != 0);
    Client http(port);
    http.send(kRequest);
    const std::string answer = http.read();
    QVERIFY2(answer.starts_with("HTTP/1.1 503"), answer.c_str());
    QVERIFY(answer.find("practice cluster: nothing runs behind this port") != std::string::npos);
    QVERIFY(answer.find("port 8080") != std::string::npos);
    // Anything else is echoed, also after the local side has said all.
    Client echo(port);
    echo.send("hello\n");
    echo.sayNoMore();
    QVERIFY(echo.read(80).find("hello") != std::string::npos);
    QTRY_COMPARE((*forwarder)->states().front().total, 2u);
    QVERIFY((*forwarder)->states().front().problem.empty());
    QVERIFY((*forwarder)->states().front().pod.starts_with("web-"));
}

void TestPortForwarder::carriesManyAtOnce()
{
    tests::PracticePod practice;
    QVERIFY(!practice.readyPod().empty());
    Lines lines;
    auto forwarder = std::move(
        *PortForwarder::start(practice.access(), {practice.webForward(), practice.webForward()},
                              {.linger = std::chrono::milliseconds(200)}, lines.log()));
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 24; ++i)
        clients.push_back(
            std::make_unique<Client>(forwarder->states()[std::size_t(i % 2)].localPort));
    for (std::size_t i = 0; i < clients.size(); ++i)
        clients[i]->send("number " + std::to_string(i) + ";");
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const std::string wanted = "number " + std::to_string(i) + ";";
        std::string got;
        while (got.find(wanted) == std::string::npos) {
            const std::string more = clients[i]->read(1);
            QVERIFY2(!more.empty(), got.c_str());
            got += more;
        }
    }
    QCOMPARE(forwarder->states()[0].connections + forwarder->states()[1].connections, 24);
    clients.clear();
    QTRY_COMPARE(forwarder->states()[0].connections, 0);
}

void TestPortForwarder::findsAnotherPod()
{
    tests::PracticePod practice;
    QVERIFY(!practice.readyPod().empty());
    Lines lines;
    // No look by the clock: the connection itself finds out.
    auto forwarder = std::move(*PortForwarder::start(
        practice.access(), {practice.webForward()}, {.check = std::chrono::hours(1)}, lines.log()));
    QTRY_VERIFY_WITH_TIMEOUT(!forwarder->states().front().pod.empty(), 20'000);
    const std::string first = forwarder->states().front().pod;
    QCOMPARE(
        practice
            .ask({.method = "DELETE",
                  .target = "/api/v1/namespaces/default/pods/" + first + "?gracePeriodSeconds=0"})
            .status,
        200);
    std::string answer;
    QVERIFY(QTest::qWaitFor(
        [&] {
            Client http(forwarder->states().front().localPort);
            http.send(kRequest);
            answer = http.read();
            return answer.starts_with("HTTP/1.1 503");
        },
        20'000));
    QVERIFY(forwarder->states().front().pod != first);
    QVERIFY(!forwarder->states().front().pod.empty());
}

void TestPortForwarder::tellsWhyThereIsNone()
{
    tests::PracticePod practice;
    Lines lines;
    PortForward gone = practice.webForward();
    gone.name = "gone";
    PortForward closed {.namespaceName = "default",
                        .kind = PortForward::Kind::Pod,
                        .name = practice.readyPod(),
                        .remotePort = "9"};
    auto forwarder =
        std::move(*PortForwarder::start(practice.access(), {gone, closed}, {}, lines.log()));
    Client nowhere(forwarder->states()[0].localPort);
    QVERIFY(nowhere.isConnected()); // the listener stays
    QCOMPARE(nowhere.read(), "");
    QTRY_VERIFY(forwarder->states()[0].problem.find("gone") != std::string::npos);
    Client refused(forwarder->states()[1].localPort);
    QCOMPARE(refused.read(), "");
    QTRY_VERIFY2(forwarder->states()[1].problem.find("connection refused") != std::string::npos,
                 forwarder->states()[1].problem.c_str());
}

void TestPortForwarder::refusesAPortInUse()
{
    tests::PracticePod practice;
    Lines lines;
    auto first = std::move(
        *PortForwarder::start(practice.access(), {practice.webForward()}, {}, lines.log()));
    const std::uint16_t port = first->states().front().localPort;
    const auto second =
        PortForwarder::start(practice.access(), {practice.webForward(port)}, {}, lines.log());
    QVERIFY(!second);
    QCOMPARE(second.error().code, core::ErrorCode::AlreadyExists);
    QVERIFY(second.error().message.find("port " + std::to_string(port)) != std::string::npos);
}

void TestPortForwarder::refusesAPortTwice()
{
    tests::PracticePod practice;
    const auto port = std::uint16_t(tests::freePort());
    const auto forwarder = PortForwarder::start(
        practice.access(), {practice.webForward(port), practice.webForward(port)}, {}, {});
    QVERIFY(!forwarder);
    QCOMPARE(forwarder.error().code, core::ErrorCode::AlreadyExists);
}

void TestPortForwarder::survivesMisdeeds_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("reset");
    QTest::addColumn<QString>("received");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const std::string& bytes, bool reset,
                        const char* received, const char* problem) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << reset << QString(received)
                            << QString(problem);
    };
    const std::string data = frame(2, std::string("\0abc", 4));
    row("ends at once", "", false, "", "broke");
    row("ends in mid-stream", preamble(7) + data, false, "abc", "broke");
    row("resets", preamble(7), true, "", "broke");
    row("garbage", preamble(7) + std::string("\xff\xff\xff\xff garbage", 12), false, "", "broke");
    row("masked frame", preamble(7) + std::string("\x82\x81\1\2\3\4x", 7), false, "", "broke");
    row("huge frame", preamble(7) + std::string("\x82\x7f\0\0\0\x7f\0\0\0\0", 10), false, "",
        "larger");
    row("odd channel", preamble(7) + frame(2, "\x09zzz"), false, "", "channel 9");
    row("complaint", preamble(7) + frame(2, "\1the pod has no such port"), false, "",
        "no such port");
    row("escape sequence", preamble(7) + frame(2, "\1\x1b[31mred"), false, "", "\\x1b[31mred");
    row("clean close", preamble(7) + data + frame(8, std::string("\x03\xe8", 2)), false, "abc", "");
}

void TestPortForwarder::survivesMisdeeds()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, reset);
    QFETCH(QString, received);
    QFETCH(QString, problem);
    OddServer server("v4.channel.k8s.io", [bytes, reset](tests::LoopbackServer::Connection& to) {
        to.write(bytes.toStdString());
        reset ? to.reset() : to.close();
    });
    Lines lines;
    auto forwarder = std::move(*PortForwarder::start(server.access(), {kOddPod}, {}, lines.log()));
    Client client(forwarder->states().front().localPort);
    QCOMPARE(client.read(), received.toStdString());
    QTRY_COMPARE(forwarder->states().front().connections, 0);
    const std::string said = forwarder->states().front().problem;
    if (problem.isEmpty())
        QCOMPARE(said, "");
    else
        QVERIFY2(said.find(problem.toStdString()) != std::string::npos, said.c_str());
    QVERIFY(Client(forwarder->states().front().localPort).isConnected());
}

/// A slow server: bytes one by one, the port's number in two messages, an empty message between.
void TestPortForwarder::passesOnInPieces()
{
    const std::string bytes = frame(2, std::string("\0\7", 2)) + frame(2, "")
        + frame(2, std::string("\0\0x", 3)) + frame(2, std::string("\1\7\0", 3))
        + frame(2, std::string("\0yz", 3)) + frame(8, std::string("\x03\xe8", 2));
    OddServer server("v4.channel.k8s.io", [bytes](tests::LoopbackServer::Connection& to) {
        for (const char byte : bytes)
            to.write(std::string(1, byte));
        to.waitForClient();
    });
    auto forwarder = std::move(
        *PortForwarder::start(server.access(), {kOddPod}, {}, [](const std::string&) { }));
    Client client(forwarder->states().front().localPort);
    QCOMPARE(client.read(), "xyz");
}

/// A program on this machine that stands for what a pod would run.
void TestPortForwarder::reachesAProgram()
{
    const tests::LoopbackServer program(
        std::nullopt,
        [](tests::LoopbackServer::Connection& connection, const tests::LoopbackServer::Request&) {
            connection.respond(200, std::string(100'000, 'x'));
        });
    tests::PracticePod practice({{"default/db-0:5432", std::uint16_t(program.port())}});
    practice.create("/apis/apps/v1/namespaces/default/statefulsets",
                    R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db"},
            "spec":{"replicas":1,"serviceName":"db","selector":{"matchLabels":{"app":"db"}},
            "template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[
            {"name":"c","image":"i:1"}]}}}})");
    PortForward to;
    to.namespaceName = "default";
    to.kind = PortForward::Kind::Pod;
    to.name = "db-0";
    to.remotePort = "5432";
    QTRY_VERIFY_WITH_TIMEOUT(resolvePortForward(practice.access(), to), 20'000);
    Lines lines;
    const auto forwarder = PortForwarder::start(practice.access(), {to}, {}, lines.log());
    QVERIFY2(forwarder, forwarder ? "" : forwarder.error().text().c_str());
    for (int i = 0; i < 3; ++i) {
        Client client((*forwarder)->states().front().localPort);
        client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const std::string answer = client.read(100'000);
        QVERIFY2(answer.starts_with("HTTP/1.1 200"), answer.substr(0, 200).c_str());
    }
}

WW_TEST_CLASS(TestPortForwarder)
#include "tst_portforwarder.moc"
