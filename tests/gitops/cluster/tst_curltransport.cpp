// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/cluster/curltransport.h"
#include "tests/gitops/cluster/transportwaiters.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

using namespace gitops;
using namespace std::chrono_literals;
using tests::ask;
using tests::get;
using tests::LoopbackServer;
using tests::StreamWaiter;
using tests::Waiter;
using tests::write;
using Request = LoopbackServer::Request;
using Connection = LoopbackServer::Connection;

class TestCurlTransport : public QObject
{
    Q_OBJECT

    const tests::LoopbackIdentity m_loopback;

private Q_SLOTS:
    void sendsAndAnswers();
    void keepsConnections();
    void keepsConnectionsOfABurst();
    void writesCarryTheirBody_data();
    void writesCarryTheirBody();
    void errorsOfReads_data();
    void errorsOfReads();
    void errorsOfWrites_data();
    void errorsOfWrites();
    void deadKeptConnectionIsNotResent();
    void responseLimit();
    void gzipIsUnpacked();
    void streams();
    void streamEndsByReset();
    void cancels();
    void cancelledBeforeItBegan();
    void shutdownCancelsAndIsPrompt();
    void manyAtOnce();
    void badRequestsAreRefused();
    void http2();
};

void TestCurlTransport::sendsAndAnswers()
{
    Request seen;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{\"a\":1}", {{"X-One", "1"}, {"Warning", "299 - \"x\""}});
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    core::HttpRequest request = get("/api/v1?limit=5&x=a%20b");
    request.headers.emplace_back("Accept", "application/json");
    Waiter waiter;
    transport.send(request, waiter.handler());
    const auto answer = waiter.get();
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->body, std::string("{\"a\":1}"));
    QCOMPARE(core::header(answer->headers, "x-one"), std::string_view("1"));
    QVERIFY(waiter.m_thread != std::this_thread::get_id());
    QCOMPARE(seen.method, std::string("GET"));
    QCOMPARE(seen.target, std::string("/api/v1?limit=5&x=a%20b"));
    QCOMPARE(core::header(seen.headers, "Authorization"), std::string_view("Bearer t0ken"));
    QCOMPARE(core::header(seen.headers, "Accept"), std::string_view("application/json"));
    QVERIFY(core::header(seen.headers, "User-Agent").starts_with("wavewright/"));
}

void TestCurlTransport::keepsConnections()
{
    LoopbackServer server(m_loopback.tls, [](Connection& connection, const Request&) {
        connection.respond(200, "{}");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    for (int i = 0; i < 5; ++i)
        QVERIFY(ask(transport, i % 2 ? get() : write("PATCH", "{}")));
    QCOMPARE(server.connectionCount(), 1);
}

void TestCurlTransport::keepsConnectionsOfABurst()
{
    LoopbackServer server(m_loopback.tls, [](Connection& connection, const Request&) {
        connection.respond(200, "{}");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    const auto burst = [&transport](int count) {
        Waiter waiter;
        for (int i = 0; i < count; ++i)
            transport.send(write("PATCH", "{}"), waiter.handler());
        return waiter.wait(count);
    };
    QVERIFY(burst(30));
    const int made = server.connectionCount();
    QVERIFY(made > 8); // more than are kept of those that hardly any call uses
    for (int i = 0; i < 3; ++i)
        QVERIFY(ask(transport, get()));
    QVERIFY(burst(made));
    QCOMPARE(server.connectionCount(), made);
}

void TestCurlTransport::writesCarryTheirBody_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<int>("size");
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"})
        for (const int size : {0, 1, 3'000'000})
            QTest::addRow("%s %d", method, size) << QString::fromLatin1(method) << size;
}

void TestCurlTransport::writesCarryTheirBody()
{
    QFETCH(QString, method);
    QFETCH(int, size);
    Request seen;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(201, "ok");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    const std::string body(std::size_t(size), 'x');
    const auto answer = ask(transport, write(method.toStdString(), body));
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->status, 201);
    QCOMPARE(seen.method, method.toStdString());
    QVERIFY(seen.body == body);
    QCOMPARE(core::header(seen.headers, "Content-Type"), std::string_view("application/json"));
    QVERIFY(core::header(seen.headers, "Expect").empty());
}

void TestCurlTransport::errorsOfReads_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<int>("code");
    const auto row = [](const char* fault, core::ErrorCode code) {
        QTest::newRow(fault) << QString::fromLatin1(fault) << int(code);
    };
    row("reset", core::ErrorCode::Network);
    row("close", core::ErrorCode::Network);
    row("cut body", core::ErrorCode::Network);
    row("garbage", core::ErrorCode::Network);
    row("silence", core::ErrorCode::Timeout);
    row("half a body, then silence", core::ErrorCode::Timeout);
}

namespace {

void misbehave(const QString& fault, Connection& connection)
{
    if (fault == "reset") {
        connection.reset();
    } else if (fault == "close") {
        connection.close();
    } else if (fault == "cut body") {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
        connection.close();
    } else if (fault == "garbage") {
        connection.write("\x16\x03\x01 no HTTP at all\r\n\r\n");
        connection.close();
    } else if (fault == "silence") {
        connection.waitForClient();
    } else {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
        connection.waitForClient();
    }
}

} // namespace

void TestCurlTransport::errorsOfReads()
{
    QFETCH(QString, fault);
    QFETCH(int, code);
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        misbehave(fault, connection);
    });
    CurlTransport transport(m_loopback.connectionTo(server), {.requestTimeout = 300ms});
    const auto answer = ask(transport, get());
    QVERIFY(!answer);
    QVERIFY2(int(answer.error().code) == code, answer.error().text().c_str());
    QCOMPARE(answer.error().place.object, server.url());
}

void TestCurlTransport::errorsOfWrites_data()
{
    errorsOfReads_data();
}

void TestCurlTransport::errorsOfWrites()
{
    QFETCH(QString, fault);
    std::atomic<int> requests = 0;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        ++requests;
        misbehave(fault, connection);
    });
    CurlTransport transport(m_loopback.connectionTo(server), {.requestTimeout = 300ms});
    const auto answer = ask(transport, write("PATCH", "{}"));
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == core::ErrorCode::UnknownOutcome, answer.error().text().c_str());
    QCOMPARE(requests.load(), 1);

    // Where nobody listens, nothing can have been written.
    ClusterConnection nowhere = m_loopback.connectionTo(server);
    nowhere.server = "https://127.0.0.1:" + std::to_string(tests::freePort());
    CurlTransport dead(nowhere);
    const auto refused = ask(dead, write("PATCH", "{}"));
    QVERIFY(!refused && refused.error().code == core::ErrorCode::Network);
}

void TestCurlTransport::deadKeptConnectionIsNotResent()
{
    // The server answers once and dies on the second request of a connection, after reading it.
    std::mutex mutex;
    std::map<int, int> perConnection;
    int writes = 0;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        int count = 0;
        {
            const std::lock_guard lock(mutex);
            writes += request.method != "GET";
            count = ++perConnection[request.connection];
        }
        if (count == 2)
            return connection.close();
        connection.respond(200, "{}");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    for (const std::string body : {"{\"kind\":\"x\"}", ""}) {
        {
            const std::lock_guard lock(mutex);
            perConnection.clear();
            writes = 0;
        }
        QVERIFY(ask(transport, get()));
        const auto answer = ask(transport, write("POST", body));
        const std::lock_guard lock(mutex);
        QCOMPARE(writes, 1);
        if (!body.empty())
            QVERIFY(!answer && answer.error().code == core::ErrorCode::UnknownOutcome);
    }
    // A read may go again on a new connection.
    QVERIFY(ask(transport, get()));
    QVERIFY(ask(transport, get()));
}

void TestCurlTransport::responseLimit()
{
    LoopbackServer server(m_loopback.tls, [](Connection& connection, const Request&) {
        connection.beginChunked(200);
        while (connection.chunk(std::string(10'000, 'x'))) { }
        connection.close();
    });
    CurlTransport transport(m_loopback.connectionTo(server), {.maxResponseBytes = 1'000'000});
    const auto answer = ask(transport, get());
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == core::ErrorCode::LimitExceeded, answer.error().text().c_str());
}

void TestCurlTransport::gzipIsUnpacked()
{
    // gzip of "hello\n"
    const std::string packed("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\xe7\x02"
                             "\x00\x20\x30\x3a\x36\x06\x00\x00\x00",
                             26);
    std::string asked;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        asked = core::header(request.headers, "Accept-Encoding");
        if (asked == "gzip")
            connection.respond(200, packed, {{"Content-Encoding", "gzip"}});
        else
            connection.respond(200, "plain");
    });
    core::HttpRequest request = get();
    request.headers.emplace_back("Accept-Encoding", "gzip");
    CurlTransport transport(m_loopback.connectionTo(server));
    auto answer = ask(transport, request);
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->body, std::string("hello\n"));
    answer = ask(transport, get());
    QVERIFY(answer && asked.empty());
    ClusterConnection plain = m_loopback.connectionTo(server);
    plain.disableCompression = true;
    CurlTransport second(plain);
    answer = ask(second, request);
    QCOMPARE(answer->body, std::string("plain"));
}

void TestCurlTransport::streams()
{
    std::mutex mutex;
    std::condition_variable changed;
    bool mayEnd = false;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        connection.beginChunked(200);
        connection.chunk("{\"a\":1}\n{\"b");
        std::unique_lock lock(mutex);
        changed.wait_for(lock, 20s, [&] { return mayEnd; });
        connection.chunk("\":2}\n");
        connection.endChunked();
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    StreamWaiter waiter;
    transport.stream(get("/watch"), waiter.handler());
    QVERIFY(waiter.wait([&] { return waiter.m_data == "{\"a\":1}\n{\"b"; }));
    QCOMPARE(waiter.m_status, 200);
    QVERIFY(!waiter.m_hasEnded);
    // A stream does not stand in the way of requests.
    {
        const std::lock_guard lock(mutex);
        mayEnd = true;
        changed.notify_all();
    }
    QVERIFY(waiter.wait([&] { return waiter.m_hasEnded; }));
    QCOMPARE(waiter.m_data, std::string("{\"a\":1}\n{\"b\":2}\n"));
    QVERIFY(!waiter.m_error);
}

void TestCurlTransport::streamEndsByReset()
{
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        connection.beginChunked(200);
        connection.chunk("{}\n");
        connection.close(); // without the last chunk
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    StreamWaiter waiter;
    transport.stream(get("/watch"), waiter.handler());
    QVERIFY(waiter.wait([&] { return waiter.m_hasEnded; }));
    QVERIFY(waiter.m_error && waiter.m_error->code == core::ErrorCode::Network);
    QCOMPARE(waiter.m_data, std::string("{}\n"));
}

void TestCurlTransport::cancels()
{
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        if (request.target == "/watch") {
            connection.beginChunked(200);
            connection.chunk("{}\n");
        }
        connection.waitForClient();
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    Waiter waiter;
    transport.cancel(transport.send(get(), waiter.handler()));
    const auto answer = waiter.get();
    QVERIFY(!answer && answer.error().code == core::ErrorCode::Cancelled);
    StreamWaiter stream;
    const auto id = transport.stream(get("/watch"), stream.handler());
    QVERIFY(stream.wait([&] { return !stream.m_data.empty(); }));
    transport.cancel(id);
    QVERIFY(stream.wait([&] { return stream.m_hasEnded; }));
    QVERIFY(stream.m_error && stream.m_error->code == core::ErrorCode::Cancelled);
    transport.cancel(id); // once more does nothing
    transport.cancel(4711);
}

void TestCurlTransport::cancelledBeforeItBegan()
{
    LoopbackServer server(m_loopback.tls, [](Connection& connection, const Request&) {
        connection.respond(200, "{}");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    Waiter waiter;
    for (int i = 0; i < 200; ++i)
        transport.cancel(transport.send(get(), waiter.handler()));
    QVERIFY(waiter.wait(200));
    QCOMPARE(waiter.m_answers.size(), std::size_t(200)); // each exactly once
}

void TestCurlTransport::shutdownCancelsAndIsPrompt()
{
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        connection.waitForClient();
    });
    Waiter waiter;
    StreamWaiter stream;
    ClusterConnection unresolvable = m_loopback.connectionTo(server);
    unresolvable.server = "https://does-not-exist.invalid";
    const auto start = std::chrono::steady_clock::now();
    {
        CurlTransport transport(m_loopback.connectionTo(server));
        CurlTransport lost(unresolvable);
        for (int i = 0; i < 10; ++i)
            transport.send(get(), waiter.handler());
        lost.send(get(), waiter.handler());
        transport.stream(get(), stream.handler());
    }
    QVERIFY(std::chrono::steady_clock::now() - start < 5s);
    QCOMPARE(waiter.m_answers.size(), std::size_t(11));
    QVERIFY(stream.m_hasEnded);
}

void TestCurlTransport::manyAtOnce()
{
    LoopbackServer server(m_loopback.tls, [](Connection& connection, const Request& request) {
        connection.respond(200, request.body);
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    Waiter waiter;
    std::vector<std::thread> senders;
    for (int t = 0; t < 4; ++t)
        senders.emplace_back([&] {
            for (int i = 0; i < 250; ++i)
                transport.send(write("PATCH", std::string(2000, 'x')), waiter.handler());
        });
    for (std::thread& sender : senders)
        sender.join();
    QVERIFY(waiter.wait(1000));
    for (const auto& answer : waiter.m_answers) {
        QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
        QCOMPARE(answer->body.size(), std::size_t(2000));
    }
    QVERIFY2(server.connectionCount() <= 64, std::to_string(server.connectionCount()).c_str());
}

void TestCurlTransport::badRequestsAreRefused()
{
    std::atomic<int> requests = 0;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        ++requests;
        connection.respond(200, "{}");
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    QVERIFY(!ask(transport, get("/a b")));
    QVERIFY(!ask(transport, get("/a\r\nX: y")));
    QVERIFY(!ask(transport, get("@elsewhere/")));
    core::HttpRequest request = get();
    request.headers.emplace_back("X", "a\r\nY: b");
    QVERIFY(!ask(transport, request));
    QCOMPARE(requests.load(), 0);
}

void TestCurlTransport::http2()
{
    const QString program = QStandardPaths::findExecutable("nghttpd");
    if (program.isEmpty())
        QSKIP("nghttpd (package nghttp2-server) is not installed");
    QTemporaryDir folder;
    const auto put = [&folder](const char* name, const std::string& text) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), qint64(text.size()));
    };
    put("server.key", m_loopback.tls.identity.keyPem);
    put("server.crt", m_loopback.tls.identity.certificatePem);
    put("file", std::string(300'000, 'x'));
    const QString port = QString::number(tests::freePort());
    QProcess server;
    server.start(program,
                 {"-a", "127.0.0.1", "-d", folder.path(), "--echo-upload", port,
                  folder.filePath("server.key"), folder.filePath("server.crt")});
    QVERIFY(server.waitForStarted());

    ClusterConnection connection;
    connection.server = "https://127.0.0.1:" + port.toStdString();
    connection.caPem = m_loopback.authority.certificatePem();
    CurlTransport transport(connection);
    QTRY_VERIFY_WITH_TIMEOUT(ask(transport, get("/file")), 10'000);
    Waiter waiter;
    for (int i = 0; i < 300; ++i)
        transport.send(i % 2 ? get("/file") : write("PUT", std::string(5000, 'y')),
                       waiter.handler());
    QVERIFY(waiter.wait(300));
    for (const auto& answer : waiter.m_answers) {
        QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
        QVERIFY(answer->body.size() == 300'000 || answer->body.size() == 5000);
    }
    server.kill();
    server.waitForFinished();
    // The dead connection is noticed; a write on it is never in doubt of having gone twice.
    const auto after = ask(transport, write("PUT", "z"));
    QVERIFY(!after);
    QVERIFY(after.error().code == core::ErrorCode::Network
            || after.error().code == core::ErrorCode::UnknownOutcome);
}

WW_TEST_CLASS(TestCurlTransport)
#include "tst_curltransport.moc"
