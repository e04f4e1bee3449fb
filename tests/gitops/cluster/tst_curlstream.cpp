// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/curlstream.h"
#include "tests/gitops/cluster/transportwaiters.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

using namespace gitops;
using core::ErrorCode;
using tests::LoopbackServer;

namespace {

/// What a server says to a request, byte for byte, and how the connection ended.
struct Said
{
    std::string text;
    boost::system::error_code error;
};

Said say(boost::asio::io_context& io, CurlStream& stream, const std::string& words)
{
    Said said;
    io.restart();
    boost::asio::async_write(stream, boost::asio::buffer(words),
                             [&](boost::system::error_code error, std::size_t) {
                                 if (error)
                                     said.error = error;
                             });
    boost::asio::async_read(
        stream, boost::asio::dynamic_buffer(said.text),
        [&](boost::system::error_code error, std::size_t) { said.error = error; });
    io.run_for(std::chrono::seconds(20));
    return said;
}

} // namespace

class TestCurlStream : public QObject
{
    Q_OBJECT

    const tests::LoopbackIdentity m_loopback;

private Q_SLOTS:
    void carriesBytes_data()
    {
        QTest::addColumn<bool>("isTls");
        QTest::addColumn<int>("size"); ///< more than a socket's buffers take at once
        QTest::newRow("plain") << false << 10;
        QTest::newRow("TLS") << true << 10;
        QTest::newRow("plain, much") << false << 8'000'000;
        QTest::newRow("TLS, much") << true << 8'000'000;
    }
    void carriesBytes()
    {
        QFETCH(const bool, isTls);
        QFETCH(const int, size);
        LoopbackServer server(
            isTls ? std::optional(m_loopback.tls) : std::nullopt,
            [](LoopbackServer::Connection& to, const LoopbackServer::Request& request) {
                to.write("<" + request.body + ">");
                to.close();
            });
        const CurlEndpoint endpoint(m_loopback.connectionTo(server), {});
        auto easy = connectTo(endpoint);
        QVERIFY2(easy, easy ? "" : easy.error().text().c_str());
        boost::asio::io_context io;
        CurlStream stream(io.get_executor(), std::move(*easy));
        const std::string body(std::size_t(size), 'b');
        const Said said = say(io, stream,
                              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                  + std::to_string(size) + "\r\n\r\n" + body);
        QVERIFY(said.text == "<" + body + ">");
        QVERIFY2(said.error == boost::asio::error::eof, said.error.message().c_str());
    }

    void cannotConnect_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("nobody listens") << "nobody";
        QTest::newRow("another's certificate") << "stranger";
    }
    void cannotConnect()
    {
        QFETCH(const QString, how);
        LoopbackServer server(
            m_loopback.tls,
            [](LoopbackServer::Connection& to, const LoopbackServer::Request&) { to.close(); });
        const tests::LoopbackIdentity other;
        ClusterConnection connection = m_loopback.connectionTo(server);
        if (how == "nobody")
            connection.server = "https://127.0.0.1:" + std::to_string(tests::freePort());
        else
            connection.caPem = other.authority.certificatePem();
        const auto easy = connectTo(CurlEndpoint(connection, {}));
        QVERIFY(!easy);
        QCOMPARE(easy.error().code, ErrorCode::Network);
        QCOMPARE(easy.error().place.object, connection.server);
        QVERIFY(easy.error().text().find("cannot be reached") != std::string::npos);
    }

    void whatWaitsEndsWithAClose()
    {
        LoopbackServer server({},
                              [](LoopbackServer::Connection& to, const LoopbackServer::Request&) {
                                  to.waitForClient();
                              });
        auto easy = connectTo(CurlEndpoint(m_loopback.connectionTo(server), {}));
        QVERIFY(easy);
        boost::asio::io_context io;
        CurlStream stream(io.get_executor(), std::move(*easy));
        std::string text(1, ' ');
        boost::system::error_code ended;
        stream.async_read_some(
            boost::asio::buffer(text),
            [&](boost::system::error_code error, std::size_t) { ended = error; });
        io.run_for(std::chrono::milliseconds(20)); // it waits
        QVERIFY(!ended);
        stream.close();
        io.restart();
        io.run_for(std::chrono::seconds(20));
        QVERIFY(ended);
        const Said late = say(io, stream, "x");
        QVERIFY(late.error);
    }
};

WW_TEST_CLASS(TestCurlStream)
#include "tst_curlstream.moc"
