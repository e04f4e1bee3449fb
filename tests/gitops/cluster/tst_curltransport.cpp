// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/cluster/curltransport.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace gitops;
using namespace std::chrono_literals;
using tests::LoopbackServer;
using Request = LoopbackServer::Request;
using Connection = LoopbackServer::Connection;

namespace {

/// An answer that a test waits for.
class Waiter
{
public:
    Transport::ResponseHandler handler()
    {
        return [this](core::Result<core::HttpResponse> answer) {
            const std::lock_guard lock(m_mutex);
            m_answers.push_back(std::move(answer));
            m_thread = std::this_thread::get_id();
            m_changed.notify_all();
        };
    }
    bool wait(std::size_t count = 1)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 20s, [&] { return m_answers.size() >= count; });
    }
    core::Result<core::HttpResponse> get()
    {
        if (!wait())
            return core::failure(core::ErrorCode::Internal, "the test waited in vain");
        return m_answers.front();
    }
    std::vector<core::Result<core::HttpResponse>> m_answers;
    std::thread::id m_thread;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

/// A stream that a test waits for.
class StreamWaiter
{
public:
    Transport::StreamHandler handler()
    {
        return {[this](int status, const core::HttpHeaders&) { set([&] { m_status = status; }); },
                [this](std::string_view bytes) { set([&] { m_data += bytes; }); },
                [this](std::optional<core::Error> error) {
                    set([&] {
                        m_hasEnded = true;
                        m_error = std::move(error);
                    });
                }};
    }
    template<class Condition>
    bool wait(Condition condition)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 20s, condition);
    }
    int m_status = 0;
    std::string m_data;
    bool m_hasEnded = false;
    std::optional<core::Error> m_error;

private:
    template<class Change>
    void set(Change change)
    {
        const std::lock_guard lock(m_mutex);
        change();
        m_changed.notify_all();
    }
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

core::HttpRequest get(std::string target = "/")
{
    core::HttpRequest request;
    request.target = std::move(target);
    return request;
}

core::HttpRequest write(std::string method, std::string body)
{
    core::HttpRequest request;
    request.method = std::move(method);
    request.target = "/x";
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

} // namespace

class TestCurlTransport : public QObject
{
    Q_OBJECT

    tests::TestAuthority m_authority;
    LoopbackServer::Tls m_tls;

    ClusterConnection connectionTo(const LoopbackServer& server) const
    {
        ClusterConnection out;
        out.server = server.url();
        out.caPem = m_authority.certificatePem();
        out.token = core::Secret("t0ken");
        return out;
    }
    static core::Result<core::HttpResponse> ask(Transport& transport, core::HttpRequest request)
    {
        Waiter waiter;
        transport.send(std::move(request), waiter.handler());
        return waiter.get();
    }

private Q_SLOTS:
    void initTestCase();
    void sendsAndAnswers();
    void keepsConnections();
    void writesCarryTheirBody_data();
    void writesCarryTheirBody();
    void certificates_data();
    void certificates();
    void clientCertificate();
    void tlsServerName();
    void noCredentialsWithoutTls();
    void impersonationHeaders();
    void passwordIsBasic();
    void followsNoRedirect();
    void tokenFileIsReadAgainAfter401();
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

void TestCurlTransport::initTestCase()
{
    m_tls.identity = m_authority.issue("server", "DNS:localhost,IP:127.0.0.1");
}

void TestCurlTransport::sendsAndAnswers()
{
    Request seen;
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{\"a\":1}", {{"X-One", "1"}, {"Warning", "299 - \"x\""}});
    });
    CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(
        m_tls, [](Connection& connection, const Request&) { connection.respond(200, "{}"); });
    CurlTransport transport(connectionTo(server));
    for (int i = 0; i < 5; ++i)
        QVERIFY(ask(transport, i % 2 ? get() : write("PATCH", "{}")));
    QCOMPARE(server.connectionCount(), 1);
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(201, "ok");
    });
    CurlTransport transport(connectionTo(server));
    const std::string body(std::size_t(size), 'x');
    const auto answer = ask(transport, write(method.toStdString(), body));
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->status, 201);
    QCOMPARE(seen.method, method.toStdString());
    QVERIFY(seen.body == body);
    QCOMPARE(core::header(seen.headers, "Content-Type"), std::string_view("application/json"));
    QVERIFY(core::header(seen.headers, "Expect").empty());
}

void TestCurlTransport::certificates_data()
{
    QTest::addColumn<QString>("names");
    QTest::addColumn<int>("firstDay");
    QTest::addColumn<int>("lastDay");
    QTest::addColumn<bool>("ours");
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("insecure");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char* title, const char* names, int first, int last, bool ours,
                        const char* host, bool insecure, bool accepted) {
        QTest::newRow(title) << QString::fromLatin1(names) << first << last << ours
                             << QString::fromLatin1(host) << insecure << accepted;
    };
    row("right address", "IP:127.0.0.1", -1, 1, true, "127.0.0.1", false, true);
    row("right name", "DNS:localhost", -1, 1, true, "localhost", false, true);
    row("wrong address", "IP:127.0.0.2", -1, 1, true, "127.0.0.1", false, false);
    row("wrong name", "DNS:elsewhere", -1, 1, true, "localhost", false, false);
    row("address as a name", "DNS:127.0.0.1", -1, 1, true, "127.0.0.1", false, false);
    row("expired", "IP:127.0.0.1", -3, -1, true, "127.0.0.1", false, false);
    row("not yet valid", "IP:127.0.0.1", 1, 3, true, "127.0.0.1", false, false);
    row("another authority", "IP:127.0.0.1", -1, 1, false, "127.0.0.1", false, false);
    row("insecure", "DNS:elsewhere", -3, -1, false, "127.0.0.1", true, true);
}

void TestCurlTransport::certificates()
{
    QFETCH(QString, names);
    QFETCH(int, firstDay);
    QFETCH(int, lastDay);
    QFETCH(bool, ours);
    QFETCH(QString, host);
    QFETCH(bool, insecure);
    QFETCH(bool, accepted);
    const tests::TestAuthority other("test authority"); // the same name, another key
    const tests::TestAuthority& issuer = ours ? m_authority : other;
    std::atomic<int> requests = 0;
    LoopbackServer server({{issuer.issue("server", names.toStdString(), firstDay, lastDay), {}}},
                          [&](Connection& connection, const Request&) {
                              ++requests;
                              connection.respond(200, "{}");
                          });
    ClusterConnection connection = connectionTo(server);
    connection.server = server.url(host.toStdString());
    connection.insecureSkipTlsVerify = insecure;
    if (insecure)
        connection.caPem.clear();
    CurlTransport transport(connection);
    const auto answer = ask(transport, write("PATCH", "{}"));
    QCOMPARE(answer.has_value(), accepted);
    QCOMPARE(requests.load(), accepted ? 1 : 0);
    if (!accepted)
        QVERIFY2(answer.error().code == core::ErrorCode::Network,
                 answer.error().text().c_str()); // nothing was sent: no outcome is in doubt
}

void TestCurlTransport::clientCertificate()
{
    LoopbackServer::Tls tls = m_tls;
    tls.clientCaPem = m_authority.certificatePem();
    LoopbackServer server(tls, [](Connection& connection, const Request& request) {
        connection.respond(200, request.peerName);
    });
    // Two identities at one server: each keeps its own.
    const tests::TestIdentity jane = m_authority.issue("jane", "");
    const tests::TestIdentity joe = m_authority.issue("joe", "");
    ClusterConnection connection = connectionTo(server);
    connection.clientCertificatePem = core::Secret(jane.certificatePem);
    connection.clientKeyPem = core::Secret(jane.keyPem);
    CurlTransport first(connection);
    connection.clientCertificatePem = core::Secret(joe.certificatePem);
    connection.clientKeyPem = core::Secret(joe.keyPem);
    CurlTransport second(connection);
    for (int i = 0; i < 2; ++i) {
        const auto a = ask(first, get());
        const auto b = ask(second, get());
        QVERIFY2(a && b, a ? "" : a.error().text().c_str());
        QCOMPARE(a->body, std::string("jane"));
        QCOMPARE(b->body, std::string("joe"));
    }
    connection.clientCertificatePem = {};
    connection.clientKeyPem = {};
    CurlTransport without(connection);
    QVERIFY(!ask(without, get()));
}

void TestCurlTransport::tlsServerName()
{
    std::string host;
    LoopbackServer server({{m_authority.issue("server", "DNS:inner.example"), {}}},
                          [&](Connection& connection, const Request& request) {
                              host = core::header(request.headers, "Host");
                              connection.respond(200, "{}");
                          });
    ClusterConnection connection = connectionTo(server);
    QVERIFY(!ask(*std::make_unique<CurlTransport>(connection), get()));
    connection.tlsServerName = "inner.example";
    CurlTransport transport(connection);
    const auto answer = ask(transport, get());
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(host, "127.0.0.1:" + std::to_string(server.port()));
}

void TestCurlTransport::noCredentialsWithoutTls()
{
    Request seen;
    LoopbackServer server(std::nullopt, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{}");
    });
    ClusterConnection connection = connectionTo(server);
    connection.impersonation.user = "jane";
    CurlTransport transport(connection);
    QVERIFY(ask(transport, get()));
    QVERIFY(core::header(seen.headers, "Authorization").empty());
    QVERIFY(core::header(seen.headers, "Impersonate-User").empty());
}

void TestCurlTransport::impersonationHeaders()
{
    Request seen;
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{}");
    });
    ClusterConnection connection = connectionTo(server);
    connection.impersonation = {"jane", "7", {"dev", "ops"}, {{"Acme.io/Scope", {"view"}}}};
    CurlTransport transport(connection);
    QVERIFY(ask(transport, get()));
    QCOMPARE(core::header(seen.headers, "Impersonate-User"), std::string_view("jane"));
    QCOMPARE(core::header(seen.headers, "Impersonate-Uid"), std::string_view("7"));
    QCOMPARE(std::count_if(seen.headers.begin(), seen.headers.end(),
                           [](const auto& one) { return one.first == "Impersonate-Group"; }),
             2L);
    QCOMPARE(core::header(seen.headers, "Impersonate-Extra-acme.io%2Fscope"),
             std::string_view("view"));
}

void TestCurlTransport::passwordIsBasic()
{
    std::string value;
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        value = core::header(request.headers, "Authorization");
        connection.respond(200, "{}");
    });
    ClusterConnection connection = connectionTo(server);
    connection.token = {};
    connection.username = "me";
    connection.password = core::Secret("päss");
    CurlTransport transport(connection);
    QVERIFY(ask(transport, get()));
    QCOMPARE(value, "Basic " + core::base64Encode("me:päss"));
}

void TestCurlTransport::followsNoRedirect()
{
    std::atomic<int> others = 0;
    LoopbackServer other(m_tls, [&](Connection& connection, const Request&) {
        ++others;
        connection.respond(200, "{}");
    });
    LoopbackServer server(m_tls, [&](Connection& connection, const Request&) {
        connection.respond(302, "", {{"Location", other.url() + "/"}});
    });
    CurlTransport transport(connectionTo(server));
    const auto answer = ask(transport, get());
    QVERIFY(answer);
    QCOMPARE(answer->status, 302);
    QCOMPARE(others.load(), 0);
}

void TestCurlTransport::tokenFileIsReadAgainAfter401()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("token").toStdString();
    const auto put = [&path](const char* token) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(token);
    };
    std::atomic<int> requests = 0;
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        ++requests;
        const bool good = core::header(request.headers, "Authorization") == "Bearer new";
        connection.respond(good ? 200 : 401, request.body);
    });
    ClusterConnection connection = connectionTo(server);
    connection.token = core::Secret("old");
    connection.tokenFile = path;
    put("old\n");
    CurlTransport transport(connection);
    auto answer = ask(transport, get());
    QVERIFY(answer);
    QCOMPARE(answer->status, 401); // the same token again would change nothing
    QCOMPARE(requests.load(), 1);
    put("new\n");
    answer = ask(transport, write("PATCH", "body"));
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->body, std::string("body"));
    QCOMPARE(requests.load(), 3);
    put("old\n");
    QVERIFY(ask(transport, get())->status == 200); // not before a minute or a 401
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
    LoopbackServer server(
        m_tls, [&](Connection& connection, const Request&) { misbehave(fault, connection); });
    CurlTransport transport(connectionTo(server), {.requestTimeout = 300ms});
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request&) {
        ++requests;
        misbehave(fault, connection);
    });
    CurlTransport transport(connectionTo(server), {.requestTimeout = 300ms});
    const auto answer = ask(transport, write("PATCH", "{}"));
    QVERIFY(!answer);
    QVERIFY2(answer.error().code == core::ErrorCode::UnknownOutcome, answer.error().text().c_str());
    QCOMPARE(requests.load(), 1);

    // Where nobody listens, nothing can have been written.
    ClusterConnection nowhere = connectionTo(server);
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
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
    CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(m_tls, [](Connection& connection, const Request&) {
        connection.beginChunked(200);
        while (connection.chunk(std::string(10'000, 'x'))) { }
        connection.close();
    });
    CurlTransport transport(connectionTo(server), {.maxResponseBytes = 1'000'000});
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        asked = core::header(request.headers, "Accept-Encoding");
        if (asked == "gzip")
            connection.respond(200, packed, {{"Content-Encoding", "gzip"}});
        else
            connection.respond(200, "plain");
    });
    core::HttpRequest request = get();
    request.headers.emplace_back("Accept-Encoding", "gzip");
    CurlTransport transport(connectionTo(server));
    auto answer = ask(transport, request);
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(answer->body, std::string("hello\n"));
    answer = ask(transport, get());
    QVERIFY(answer && asked.empty());
    ClusterConnection plain = connectionTo(server);
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request&) {
        connection.beginChunked(200);
        connection.chunk("{\"a\":1}\n{\"b");
        std::unique_lock lock(mutex);
        changed.wait_for(lock, 20s, [&] { return mayEnd; });
        connection.chunk("\":2}\n");
        connection.endChunked();
    });
    CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request&) {
        connection.beginChunked(200);
        connection.chunk("{}\n");
        connection.close(); // without the last chunk
    });
    CurlTransport transport(connectionTo(server));
    StreamWaiter waiter;
    transport.stream(get("/watch"), waiter.handler());
    QVERIFY(waiter.wait([&] { return waiter.m_hasEnded; }));
    QVERIFY(waiter.m_error && waiter.m_error->code == core::ErrorCode::Network);
    QCOMPARE(waiter.m_data, std::string("{}\n"));
}

void TestCurlTransport::cancels()
{
    LoopbackServer server(m_tls, [&](Connection& connection, const Request& request) {
        if (request.target == "/watch") {
            connection.beginChunked(200);
            connection.chunk("{}\n");
        }
        connection.waitForClient();
    });
    CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(
        m_tls, [](Connection& connection, const Request&) { connection.respond(200, "{}"); });
    CurlTransport transport(connectionTo(server));
    Waiter waiter;
    for (int i = 0; i < 200; ++i)
        transport.cancel(transport.send(get(), waiter.handler()));
    QVERIFY(waiter.wait(200));
    QCOMPARE(waiter.m_answers.size(), std::size_t(200)); // each exactly once
}

void TestCurlTransport::shutdownCancelsAndIsPrompt()
{
    LoopbackServer server(
        m_tls, [&](Connection& connection, const Request&) { connection.waitForClient(); });
    Waiter waiter;
    StreamWaiter stream;
    ClusterConnection unresolvable = connectionTo(server);
    unresolvable.server = "https://does-not-exist.invalid";
    const auto start = std::chrono::steady_clock::now();
    {
        CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(m_tls, [](Connection& connection, const Request& request) {
        connection.respond(200, request.body);
    });
    CurlTransport transport(connectionTo(server));
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
    LoopbackServer server(m_tls, [&](Connection& connection, const Request&) {
        ++requests;
        connection.respond(200, "{}");
    });
    CurlTransport transport(connectionTo(server));
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
    put("server.key", m_tls.identity.keyPem);
    put("server.crt", m_tls.identity.certificatePem);
    put("file", std::string(300'000, 'x'));
    const QString port = QString::number(tests::freePort());
    QProcess server;
    server.start(program,
                 {"-a", "127.0.0.1", "-d", folder.path(), "--echo-upload", port,
                  folder.filePath("server.key"), folder.filePath("server.crt")});
    QVERIFY(server.waitForStarted());

    ClusterConnection connection;
    connection.server = "https://127.0.0.1:" + port.toStdString();
    connection.caPem = m_authority.certificatePem();
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
