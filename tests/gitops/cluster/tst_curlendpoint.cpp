// SPDX-License-Identifier: GPL-3.0-or-later
// Address, trust and identity, as a server on loopback sees them.
#include "core/base/strings.h"
#include "gitops/cluster/curlendpoint.h"
#include "tests/gitops/cluster/transportwaiters.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include <algorithm>
#include <atomic>

using namespace gitops;
using tests::ask;
using tests::get;
using tests::LoopbackServer;
using tests::write;
using Request = LoopbackServer::Request;
using Connection = LoopbackServer::Connection;

class TestCurlEndpoint : public QObject
{
    Q_OBJECT

    const tests::LoopbackIdentity m_loopback;

private Q_SLOTS:
    void certificates_data();
    void certificates();
    void clientCertificate();
    void tlsServerName();
    void noCredentialsWithoutTls();
    void impersonationHeaders();
    void proxyIsAskedForATunnel();
    void passwordIsBasic();
    void followsNoRedirect();
    void tokenFileIsReadAgainAfter401();
};

void TestCurlEndpoint::certificates_data()
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

void TestCurlEndpoint::certificates()
{
    QFETCH(QString, names);
    QFETCH(int, firstDay);
    QFETCH(int, lastDay);
    QFETCH(bool, ours);
    QFETCH(QString, host);
    QFETCH(bool, insecure);
    QFETCH(bool, accepted);
    const tests::TestAuthority other("test authority"); // the same name, another key
    const tests::TestAuthority& issuer = ours ? m_loopback.authority : other;
    std::atomic<int> requests = 0;
    LoopbackServer server({{issuer.issue("server", names.toStdString(), firstDay, lastDay), {}}},
                          [&](Connection& connection, const Request&) {
                              ++requests;
                              connection.respond(200, "{}");
                          });
    ClusterConnection connection = m_loopback.connectionTo(server);
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

void TestCurlEndpoint::clientCertificate()
{
    LoopbackServer::Tls tls = m_loopback.tls;
    tls.clientCaPem = m_loopback.authority.certificatePem();
    LoopbackServer server(tls, [](Connection& connection, const Request& request) {
        connection.respond(200, request.peerName);
    });
    // Two identities at one server: each keeps its own.
    const tests::TestIdentity jane = m_loopback.authority.issue("jane", "");
    const tests::TestIdentity joe = m_loopback.authority.issue("joe", "");
    ClusterConnection connection = m_loopback.connectionTo(server);
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

void TestCurlEndpoint::tlsServerName()
{
    std::string host;
    LoopbackServer server({{m_loopback.authority.issue("server", "DNS:inner.example"), {}}},
                          [&](Connection& connection, const Request& request) {
                              host = core::header(request.headers, "Host");
                              connection.respond(200, "{}");
                          });
    ClusterConnection connection = m_loopback.connectionTo(server);
    QVERIFY(!ask(*std::make_unique<CurlTransport>(connection), get()));
    connection.tlsServerName = "inner.example";
    CurlTransport transport(connection);
    const auto answer = ask(transport, get());
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(host, "127.0.0.1:" + std::to_string(server.port()));
}

void TestCurlEndpoint::noCredentialsWithoutTls()
{
    Request seen;
    LoopbackServer server(std::nullopt, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{}");
    });
    ClusterConnection connection = m_loopback.connectionTo(server);
    connection.impersonation.user = "jane";
    CurlTransport transport(connection);
    QVERIFY(ask(transport, get()));
    QVERIFY(core::header(seen.headers, "Authorization").empty());
    QVERIFY(core::header(seen.headers, "Impersonate-User").empty());
}

void TestCurlEndpoint::impersonationHeaders()
{
    Request seen;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        seen = request;
        connection.respond(200, "{}");
    });
    ClusterConnection connection = m_loopback.connectionTo(server);
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

void TestCurlEndpoint::proxyIsAskedForATunnel()
{
    std::atomic<int> direct = 0;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        ++direct;
        connection.respond(200, "{}");
    });
    std::vector<Request> seen;
    LoopbackServer proxy(std::nullopt, [&](Connection& connection, const Request& request) {
        seen.push_back(request);
        connection.respond(502, "no way");
    });
    ClusterConnection connection = m_loopback.connectionTo(server);
    connection.impersonation.user = "jane";
    const std::string address = "127.0.0.1:" + std::to_string(proxy.port());
    connection.proxyUrl = core::Secret("http://me:canary@" + address);
    {
        CurlTransport transport(connection);
        const auto answer = ask(transport, write("PATCH", "{}"));
        QVERIFY(!answer);
        // Nothing can have been written, and the proxy's password is in no text.
        QVERIFY2(answer.error().code == core::ErrorCode::Network, answer.error().text().c_str());
        QVERIFY(answer.error().text().find("canary") == std::string::npos);
    }
    QCOMPARE(direct.load(), 0);
    QVERIFY(!seen.empty());
    for (const Request& request : seen) {
        QCOMPARE(request.method, std::string("CONNECT"));
        QCOMPARE(request.target, "127.0.0.1:" + std::to_string(server.port()));
        QCOMPARE(core::header(request.headers, "Proxy-Authorization"),
                 "Basic " + core::base64Encode("me:canary"));
        // What is the API server's stays inside the tunnel.
        QVERIFY(core::header(request.headers, "Authorization").empty());
        QVERIFY(core::header(request.headers, "Impersonate-User").empty());
    }
}

void TestCurlEndpoint::passwordIsBasic()
{
    std::string value;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        value = core::header(request.headers, "Authorization");
        connection.respond(200, "{}");
    });
    ClusterConnection connection = m_loopback.connectionTo(server);
    connection.token = {};
    connection.username = "me";
    connection.password = core::Secret("päss");
    CurlTransport transport(connection);
    QVERIFY(ask(transport, get()));
    QCOMPARE(value, "Basic " + core::base64Encode("me:päss"));
}

void TestCurlEndpoint::followsNoRedirect()
{
    std::atomic<int> others = 0;
    LoopbackServer other(m_loopback.tls, [&](Connection& connection, const Request&) {
        ++others;
        connection.respond(200, "{}");
    });
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request&) {
        connection.respond(302, "", {{"Location", other.url() + "/"}});
    });
    CurlTransport transport(m_loopback.connectionTo(server));
    const auto answer = ask(transport, get());
    QVERIFY(answer);
    QCOMPARE(answer->status, 302);
    QCOMPARE(others.load(), 0);
}

void TestCurlEndpoint::tokenFileIsReadAgainAfter401()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("token").toStdString();
    const auto put = [&path](const char* token) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(token);
    };
    std::atomic<int> requests = 0;
    LoopbackServer server(m_loopback.tls, [&](Connection& connection, const Request& request) {
        ++requests;
        const bool good = core::header(request.headers, "Authorization") == "Bearer new";
        connection.respond(good ? 200 : 401, request.body);
    });
    ClusterConnection connection = m_loopback.connectionTo(server);
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

WW_TEST_CLASS(TestCurlEndpoint)
#include "tst_curlendpoint.moc"
