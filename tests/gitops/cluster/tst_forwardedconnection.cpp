// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/forwardedconnection.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

using namespace gitops;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

namespace {

/// The server's side of a forward, by hand.
class FakeSocket : public ChannelSocket
{
public:
    explicit FakeSocket(asio::io_context& io)
        : m_io(io)
    {
    }
    const std::string& protocol() const override { return m_protocol; }
    void read(Read done) override
    {
        m_reader = std::move(done);
        deliver();
    }
    void send(std::uint8_t channel, std::string_view data, Sent done) override
    {
        sent += std::to_string(channel) + ":" + std::string(data) + ";";
        asio::post(m_io, [done, this] { done(!isBroken); });
    }
    void close() override
    {
        isClosed = true;
        // As the real one: whoever waits for a message is let go, though not within this call.
        asio::post(m_io, [waits = std::exchange(m_reader, nullptr)] { });
    }

    void say(std::uint8_t channel, const std::string& data)
    {
        m_incoming.push_back(Message {channel, data});
        deliver();
    }
    void end(core::Result<std::optional<Message>> how = std::optional<Message>())
    {
        m_incoming.push_back(std::move(how));
        deliver();
    }
    std::string m_protocol = "v4.channel.k8s.io";
    std::string sent;
    bool isClosed = false;
    bool isBroken = false;

private:
    void deliver()
    {
        if (!m_reader || m_incoming.empty())
            return;
        asio::post(m_io,
                   [this, done = std::exchange(m_reader, nullptr),
                    message = std::move(m_incoming.front())] { done(message); });
        m_incoming.pop_front();
    }
    asio::io_context& m_io;
    Read m_reader;
    std::deque<core::Result<std::optional<Message>>> m_incoming;
};

/// A forward's owner, a local connection through it, and the server's side.
struct Fixture : ForwardOwner
{
    asio::io_context io;
    /// It goes on though there is nothing to do yet.
    asio::executor_work_guard<asio::io_context::executor_type> waits {io.get_executor()};
    Tcp::socket client {io}; ///< a program of this machine
    std::shared_ptr<FakeSocket> remote = std::make_shared<FakeSocket>(io);
    std::shared_ptr<ForwardedConnection> connection;
    core::Result<PodPort> target = PodPort {"web-1", 8080};
    int refusals = 0; ///< openings that fail
    std::vector<std::string> log;
    bool hasEnded = false;

    explicit Fixture(std::chrono::milliseconds linger = 10s)
    {
        Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        client.connect(acceptor.local_endpoint());
        connection = ForwardedConnection::make(*this, acceptor.accept(), linger);
    }
    ~Fixture() override
    {
        connection->close();
        io.poll();
    }
    void lookUp(bool fresh, TargetHandler done) override
    {
        log.push_back(fresh ? "look anew" : "look");
        asio::post(io, [this, done] { done(target); });
    }
    void open(const PodPort& to, ChannelSocket::Opened opened) override
    {
        log.push_back("open " + to.pod + ":" + std::to_string(to.port));
        asio::post(io, [this, opened] {
            if (refusals-- > 0)
                opened(core::failure(core::ErrorCode::NotFound, "pods \"web-1\" not found"));
            else
                opened(std::shared_ptr<ChannelSocket>(remote));
        });
    }
    void report(const std::string& problem) override { log.push_back("report <" + problem + ">"); }
    void ended(const std::shared_ptr<ForwardedConnection>&) override { hasEnded = true; }

    template<class Condition>
    bool runUntil(Condition condition)
    {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end)
                return false;
            io.run_one_for(20ms);
        }
        return true;
    }
    /// With both sides' first words about the port said.
    void begin()
    {
        connection->start();
        remote->say(0, std::string("\x90\x1f", 2));
        remote->say(1, std::string("\x90\x1f", 2));
    }
    void write(const std::string& text) { asio::write(client, asio::buffer(text)); }
    std::string received(std::size_t size)
    {
        auto text = std::make_shared<std::string>(size, '\0');
        bool isRead = false;
        asio::async_read(
            client, asio::buffer(*text),
            [&isRead, text](boost::system::error_code error, std::size_t) { isRead = !error; });
        return runUntil([&] { return isRead; }) ? *text : "nothing";
    }
    bool isLogged(const std::string& words) const
    {
        return std::ranges::any_of(
            log, [&](const std::string& each) { return each.find(words) != std::string::npos; });
    }
};

} // namespace

class TestForwardedConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForThePort()
    {
        const ChannelSocket::Request request = portForwardRequest("a b", {"web-1", 8080});
        QCOMPARE(request.target,
                 std::string("/api/v1/namespaces/a%20b/pods/web-1/portforward?ports=8080"));
        QCOMPARE(request.protocols, std::string("v4.channel.k8s.io"));
    }

    void carriesBothWays()
    {
        Fixture f;
        f.begin();
        f.write("question");
        QVERIFY(f.runUntil([&] { return f.remote->sent == "0:question;"; }));
        f.remote->say(0, "answer");
        QCOMPARE(f.received(6), std::string("answer"));
        QCOMPARE(f.log, (std::vector<std::string> {"look", "open web-1:8080", "report <>"}));
        QVERIFY(!f.hasEnded);
    }

    /// The port's number may come in pieces, and with the first bytes.
    void theNumberIsNoData()
    {
        Fixture f;
        f.connection->start();
        f.remote->say(0, "\x90");
        f.remote->say(0,
                      "\x1f"
                      "ab");
        QCOMPARE(f.received(2), std::string("ab"));
    }

    void aPodThatIsGoneIsLookedUpAnew()
    {
        Fixture f;
        f.refusals = 1;
        f.begin();
        f.write("x");
        QVERIFY(f.runUntil([&] { return !f.remote->sent.empty(); }));
        QCOMPARE(
            f.log,
            (std::vector<std::string> {"look", "open web-1:8080", "look anew", "open web-1:8080"}));
    }

    void ends_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<QString>("problem"); ///< "" when none is reported
        QTest::newRow("no target") << "no target" << "no pod of the Service is ready";
        QTest::newRow("refused twice") << "refused" << "pods \"web-1\" not found";
        QTest::newRow("another protocol") << "protocol" << "v4.channel.k8s.io";
        QTest::newRow("a complaint") << "complaint" << "connection refused in the pod";
        QTest::newRow("an unknown channel") << "channel" << "channel 7";
        QTest::newRow("in order") << "end" << "";
        QTest::newRow("broken") << "broken" << "it broke";
        QTest::newRow("cannot be sent") << "unsent" << "the connection to the server broke";
        QTest::newRow("the program goes") << "client" << "";
    }
    void ends()
    {
        QFETCH(const QString, how);
        QFETCH(const QString, problem);
        Fixture f(how == "client" ? 10ms : 10'000ms);
        if (how == "no target")
            f.target = core::failure(core::ErrorCode::Unavailable, problem.toStdString());
        f.refusals = how == "refused" ? 2 : 0;
        f.remote->m_protocol = how == "protocol" ? "v9" : f.remote->m_protocol;
        f.remote->isBroken = how == "unsent";
        f.begin();
        if (how == "complaint")
            f.remote->say(1, problem.toStdString());
        else if (how == "channel")
            f.remote->say(7, "x");
        else if (how == "end")
            f.remote->end();
        else if (how == "broken")
            f.remote->end(core::failure(core::ErrorCode::Network, "it broke"));
        else if (how == "unsent")
            f.write("x");
        else if (how == "client")
            f.client.close();
        QVERIFY(f.runUntil([&] { return f.hasEnded; }));
        QVERIFY2(problem.isEmpty() || f.isLogged(problem.toStdString()), f.log.back().c_str());
        QVERIFY(!problem.isEmpty() || !f.isLogged("report <"));
        if (how != "no target" && how != "refused")
            QVERIFY(f.remote->isClosed);
    }

    /// What the program has said all may still be answered.
    void anAnswerAfterTheQuestionsEnd()
    {
        Fixture f(5s);
        f.begin();
        f.write("GET");
        f.client.shutdown(Tcp::socket::shutdown_send);
        QVERIFY(f.runUntil([&] { return f.remote->sent == "0:GET;"; }));
        f.remote->say(0, "200 OK");
        QCOMPARE(f.received(6), std::string("200 OK"));
        QVERIFY(!f.hasEnded);
    }

    void closedFromOutsideTellsNobody()
    {
        Fixture f;
        f.begin();
        f.write("x");
        QVERIFY(f.runUntil([&] { return !f.remote->sent.empty(); }));
        f.connection->close();
        f.remote->say(0, "late");
        f.io.run_for(10ms);
        QVERIFY(f.remote->isClosed);
        QVERIFY(!f.hasEnded);
    }
};

WW_TEST_CLASS(TestForwardedConnection)
#include "tst_forwardedconnection.moc"
