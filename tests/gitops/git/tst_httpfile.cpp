// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/httpfile.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <atomic>
#include <thread>

using namespace gitops;
using namespace std::chrono_literals;
using tests::LoopbackServer;

namespace {

/// A web server that speaks TLS, and what asks it.
struct Setup
{
    tests::TestAuthority authority;
    tests::TemporaryFolder folder;
    HttpFileOptions options {.caFile = {}, .maxBytes = 1u << 20, .timeout = 20s};
    JobWatch watch;
    std::unique_ptr<LoopbackServer> server;
    std::vector<LoopbackServer::Request> requests;
    std::mutex mutex;

    explicit Setup(LoopbackServer::Handler handler, bool tls = true)
    {
        folder.write("ca.pem", authority.certificatePem());
        options.caFile = folder.path() + "/ca.pem";
        std::optional<LoopbackServer::Tls> identity;
        if (tls)
            identity = LoopbackServer::Tls {authority.issue("server", "IP:127.0.0.1"), {}};
        server = std::make_unique<LoopbackServer>(
            std::move(identity), [this, handler](auto& connection, const auto& request) {
                {
                    const std::lock_guard lock(mutex);
                    requests.push_back(request);
                }
                handler(connection, request);
            });
    }
    core::Result<HttpFile> get(const std::string& path, const std::string& etag = {})
    {
        return fetchHttpFile(server->url() + path, etag, options, watch);
    }
};

} // namespace

class TestHttpFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void gets_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("https") << true;
        QTest::newRow("http on loopback") << false;
    }
    void gets()
    {
        QFETCH(bool, tls);
        Setup setup(
            [](auto& connection, const auto& request) {
                if (core::header(request.headers, "If-None-Match") == "\"one\"")
                    connection.respond(304, "", {{"ETag", "\"one\""}});
                else
                    connection.respond(200, "kind: A\n", {{"ETag", "\"one\""}});
            },
            tls);
        const auto file = setup.get("/a.yaml?raw=1");
        QVERIFY2(file.has_value(), file ? "" : file.error().text().c_str());
        QCOMPARE(file->text, std::string("kind: A\n"));
        QCOMPARE(file->etag, std::string("\"one\""));
        QVERIFY(!file->isUnchanged);
        QCOMPARE(setup.requests[0].target, std::string("/a.yaml?raw=1"));
        QVERIFY(core::header(setup.requests[0].headers, "Authorization").empty());
        QVERIFY(setup.get("/a.yaml", file->etag)->isUnchanged);
        QVERIFY(!setup.get("/a.yaml", "\"two\"")->isUnchanged);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("code");
        const auto row = [](int status, core::ErrorCode code) {
            QTest::newRow(std::to_string(status).c_str()) << status << int(code);
        };
        row(401, core::ErrorCode::Unauthorized);
        row(403, core::ErrorCode::Forbidden);
        row(404, core::ErrorCode::NotFound);
        row(429, core::ErrorCode::TooManyRequests);
        row(503, core::ErrorCode::Unavailable);
        row(304, core::ErrorCode::Invalid); // nobody asked for that
    }
    void statuses()
    {
        QFETCH(int, status);
        QFETCH(int, code);
        Setup setup([&](auto& connection, const auto&) { connection.respond(status, "no"); });
        const auto file = setup.get("/a.yaml?token=word");
        QVERIFY(!file);
        QCOMPARE(int(file.error().code), code);
        QCOMPARE(file.error().message,
                 "The server answers with status " + std::to_string(status) + '.');
        QCOMPARE(file.error().place.object, setup.server->url() + "/a.yaml"); // no token
    }

    /// Releases are served from elsewhere; nothing of ours goes there, and never without TLS.
    void redirects()
    {
        Setup setup([](auto& connection, const auto& request) {
            const std::string target = request.target;
            if (target == "/release")
                connection.respond(302, "", {{"Location", "/storage"}, {"ETag", "\"no\""}});
            else if (target == "/plain")
                connection.respond(302, "", {{"Location", "http://127.0.0.1:1/x"}});
            else if (target == "/file")
                connection.respond(302, "", {{"Location", "file:///etc/hostname"}});
            else if (target == "/round")
                connection.respond(302, "", {{"Location", "/round"}});
            else
                connection.respond(200, "there");
        });
        const auto file = setup.get("/release");
        QVERIFY2(file.has_value(), file ? "" : file.error().text().c_str());
        QCOMPARE(file->text, std::string("there"));
        QCOMPARE(file->etag, std::string());
        for (const char* path : {"/plain", "/file"})
            QCOMPARE(setup.get(path).error().code, core::ErrorCode::Unsupported);
        setup.requests.clear();
        QCOMPARE(setup.get("/round").error().code, core::ErrorCode::Invalid);
        QVERIFY(setup.requests.size() <= 11);
    }

    void refusedUrls()
    {
        Setup setup([](auto& connection, const auto&) { connection.respond(200, "x"); });
        const std::string host = setup.server->url().substr(8);
        for (const std::string& url :
             {"https://me@" + host + "/a", "https://me:s3cr3t@" + host + "/a",
              std::string("http://example.org/a"), std::string("file:///etc/hostname"),
              std::string("/etc/hostname"), std::string("git@host:a/b"), std::string("ftp://h/a"),
              "https://" + host + "/a b", std::string()}) {
            const auto file = fetchHttpFile(url, "", setup.options, setup.watch);
            QVERIFY2(!file, url.c_str());
            QVERIFY(file.error().text().find("s3cr3t") == std::string::npos);
        }
        QVERIFY(setup.requests.empty());
    }

    void strangersCertificate()
    {
        Setup setup([](auto& connection, const auto&) { connection.respond(200, "x"); });
        setup.options.caFile.clear();
        const auto file = setup.get("/a");
        QVERIFY(!file);
        QVERIFY2(file.error().message.starts_with("The server's certificate is not accepted"),
                 file.error().message.c_str());
    }

    void limits_data()
    {
        QTest::addColumn<bool>("saysSize");
        QTest::newRow("with its size") << true;
        QTest::newRow("without end") << false;
    }
    void limits()
    {
        QFETCH(bool, saysSize);
        Setup setup([&](auto& connection, const auto&) {
            if (saysSize)
                return connection.respond(200, std::string(3u << 20, 'x'));
            connection.beginChunked(200);
            while (connection.chunk(std::string(65536, 'x')))
                ;
        });
        const auto file = setup.get("/a");
        QVERIFY(!file);
        QCOMPARE(file.error().code, core::ErrorCode::LimitExceeded);
        QCOMPARE(file.error().message, std::string("The file is larger than 1048576 bytes."));
    }

    void interrupted()
    {
        Setup setup([](auto& connection, const auto&) {
            connection.beginChunked(200);
            connection.chunk("kind: A\n");
            connection.reset();
        });
        const auto file = setup.get("/a"); // half a file is none
        QVERIFY(!file);
        QCOMPARE(file.error().code, core::ErrorCode::Network);
    }

    void silence_data()
    {
        QTest::addColumn<bool>("isCancelled");
        QTest::newRow("the time is over") << false;
        QTest::newRow("given up") << true;
    }
    void silence()
    {
        QFETCH(bool, isCancelled);
        Setup setup([](auto& connection, const auto&) { connection.waitForClient(); });
        setup.options.timeout = isCancelled ? 60s : 1s;
        std::thread other;
        if (isCancelled)
            other = std::thread([&] {
                while (setup.server->connectionCount() == 0)
                    std::this_thread::yield();
                setup.watch.cancel();
            });
        const auto file = setup.get("/a");
        if (other.joinable())
            other.join();
        QVERIFY(!file);
        QCOMPARE(file.error().code, core::ErrorCode::Timeout);
    }
};

WW_TEST_CLASS(TestHttpFile)
#include "tst_httpfile.moc"
