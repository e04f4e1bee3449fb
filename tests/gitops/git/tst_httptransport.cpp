// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/httptransport.h"
#include "gitops/git/libgit2service.h"
#include "tests/gitops/git/httpbackend.h"
#include "tests/gitops/git/servicecaller.h"
#include "tests/support/temporaryrepository.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <filesystem>

using namespace gitops;
using namespace std::chrono_literals;
using tests::LoopbackServer;
using tests::TemporaryFolder;
using tests::TemporaryRepository;

namespace {

/// A repository behind a web server that speaks TLS, unless told otherwise.
struct Setup
{
    TemporaryRepository repository;
    TemporaryFolder cache;
    tests::TestAuthority authority;
    std::unique_ptr<LoopbackServer> server;
    std::unique_ptr<LibGit2Service> service;
    std::string name = std::filesystem::path(repository.path()).filename();
    GitOptions options;
    std::string commit;

    Setup()
    {
        repository.write("file", "1");
        commit = repository.commit("One");
        cache.write("ca.pem", authority.certificatePem());
        options.cacheFolder = cache.path();
        options.http.caFile = cache.path() + "/ca.pem";
        options.timeout = 20s;
    }
    std::string root() const { return std::filesystem::path(repository.path()).parent_path(); }
    LoopbackServer::Handler good() const
    {
        return [root = root()](auto& connection, const auto& request) {
            tests::serveGit(connection, request, root);
        };
    }
    void serve(LoopbackServer::Handler handler, bool tls = true,
               const std::string& names = "IP:127.0.0.1,DNS:localhost")
    {
        std::optional<LoopbackServer::Tls> identity;
        if (tls)
            identity = LoopbackServer::Tls {authority.issue("server", names), {}};
        server = std::make_unique<LoopbackServer>(std::move(identity), std::move(handler));
    }
    core::Result<Revision> find(const std::string& revision = "main",
                                const std::string& host = "127.0.0.1")
    {
        if (!service)
            service = std::make_unique<LibGit2Service>(options);
        return tests::resolve(*service, server->url(host) + '/' + name, revision);
    }
};

} // namespace

class TestHttpTransport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!tests::haveGit())
            QSKIP("git is not installed");
    }

    void clonesAndFetches_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("https") << true;
        QTest::newRow("http on loopback") << false;
    }
    void clonesAndFetches()
    {
        QFETCH(bool, tls);
        Setup setup;
        for (int i = 0; i < 300; ++i)
            setup.repository.write("f" + std::to_string(i), std::string(5000, char('a' + i % 26)));
        std::string noise;
        for (std::uint32_t i = 0, x = 1; i < 6'000'000; ++i) {
            x = x * 1664525 + 1013904223;
            noise += char(x >> 24);
        }
        setup.repository.write("noise", noise); // more than is buffered at a time
        const std::string two = setup.repository.commit("Two");
        setup.serve(setup.good(), tls);
        const auto first = setup.find();
        QVERIFY2(first.has_value(), first ? "" : first.error().text().c_str());
        QCOMPARE(first->commit.id, two);
        QCOMPARE(*first->tree->read("noise"), noise);
        setup.repository.write("file", "3");
        const std::string three = setup.repository.commit("Three");
        const auto second = setup.find();
        QVERIFY2(second.has_value(), second ? "" : second.error().text().c_str());
        QCOMPARE(second->commit.id, three);
        QCOMPARE(setup.find("HEAD")->commit.id, three);
    }

    void certificates_data()
    {
        QTest::addColumn<QByteArray>("names");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("firstDay");
        QTest::addColumn<int>("lastDay");
        QTest::addColumn<bool>("good");
        const auto row = [](const char* title, const char* names, const char* host, int first,
                            int last, bool good) {
            QTest::newRow(title) << QByteArray(names) << QByteArray(host) << first << last << good;
        };
        row("right address", "IP:127.0.0.1", "127.0.0.1", -1, 1, true);
        row("right name", "DNS:localhost", "localhost", -1, 1, true);
        row("wrong address", "IP:127.0.0.2", "127.0.0.1", -1, 1, false);
        row("a name for an address", "DNS:localhost", "127.0.0.1", -1, 1, false);
        row("an address as a name", "DNS:127.0.0.1", "127.0.0.1", -1, 1, false);
        row("wrong name", "DNS:example.org", "localhost", -1, 1, false);
        row("expired", "IP:127.0.0.1", "127.0.0.1", -3, -1, false);
        row("not yet valid", "IP:127.0.0.1", "127.0.0.1", 1, 3, false);
    }
    void certificates()
    {
        QFETCH(QByteArray, names);
        QFETCH(QByteArray, host);
        QFETCH(int, firstDay);
        QFETCH(int, lastDay);
        QFETCH(bool, good);
        Setup setup;
        setup.server = std::make_unique<LoopbackServer>(
            LoopbackServer::Tls {
                setup.authority.issue("server", names.toStdString(), firstDay, lastDay), {}},
            setup.good());
        const auto found = setup.find("main", host.toStdString());
        QCOMPARE(found.has_value(), good);
        if (!good)
            QVERIFY2(found.error().message.find("certificate") != std::string::npos,
                     found.error().text().c_str());
    }

    void otherAuthority()
    {
        Setup setup;
        setup.serve(setup.good());
        setup.cache.write("ca.pem", tests::TestAuthority("another").certificatePem());
        QVERIFY(!setup.find().has_value());
        setup.service.reset();
        setup.options.http.caFile.clear(); // the system's authorities do not know it either
        QVERIFY(!setup.find().has_value());
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("401") << 401 << QByteArray("Unauthorized");
        QTest::newRow("403") << 403 << QByteArray("Forbidden");
        QTest::newRow("404") << 404 << QByteArray("NotFound");
        QTest::newRow("429") << 429 << QByteArray("TooManyRequests");
        QTest::newRow("500") << 500 << QByteArray("Unavailable");
        QTest::newRow("302") << 302 << QByteArray("Invalid");
        QTest::newRow("a web page") << 200 << QByteArray("Invalid");
    }
    void statuses()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        Setup setup;
        setup.serve([&](auto& connection, const auto&) {
            connection.respond(status, "<html>", {{"Location", "https://elsewhere.example/x"}});
        });
        const auto found = setup.find();
        QVERIFY(!found.has_value());
        QCOMPARE(core::toString(found.error().code), std::string_view(code.constData()));
        QCOMPARE(found.error().place.object, setup.server->url() + '/' + setup.name);
    }

    void redirectsDoNotCarryCredentials()
    {
        Setup setup;
        std::atomic<int> asked = 0;
        LoopbackServer other(std::nullopt, [&](auto& connection, const auto&) {
            ++asked;
            connection.respond(404, "");
        });
        setup.serve([&](auto& connection, const auto& request) {
            connection.respond(307, "", {{"Location", other.url() + request.target}});
        });
        setup.options.http.credential = [](const std::string&) {
            return GitCredential {"user", core::Secret("canary-token")};
        };
        const auto found = setup.find();
        QVERIFY(!found.has_value());
        QVERIFY(found.error().message.find(other.url()) != std::string::npos);
        QVERIFY(found.error().text().find("canary") == std::string::npos);
        QCOMPARE(asked.load(), 0);
    }

    void credentials()
    {
        Setup setup;
        setup.serve([root = setup.root()](auto& connection, const auto& request) {
            // "user:canary-token"
            if (core::header(request.headers, "Authorization") != "Basic dXNlcjpjYW5hcnktdG9rZW4=")
                return connection.respond(401, "", {{"WWW-Authenticate", "Basic realm=x"}});
            tests::serveGit(connection, request, root);
        });
        QCOMPARE(setup.find().error().code, core::ErrorCode::Unauthorized);
        setup.service.reset();
        std::string password = "canary-token";
        setup.options.http.credential = [&](const std::string& url) {
            return url.starts_with(setup.server->url())
                ? std::optional(GitCredential {"user", core::Secret(password)})
                : std::nullopt;
        };
        QCOMPARE(setup.find()->commit.id, setup.commit);
        password = "wrong-canary";
        setup.repository.commit("Two");
        const auto refused = setup.find();
        QCOMPARE(refused.error().code, core::ErrorCode::Unauthorized);
        QVERIFY(refused.error().text().find("canary") == std::string::npos);
    }

    void aSilentServerIsGivenUpAndFreed()
    {
        Setup setup;
        std::atomic<bool> silent = true;
        setup.serve([&, root = setup.root()](auto& connection, const auto& request) {
            if (silent)
                return connection.waitForClient();
            tests::serveGit(connection, request, root);
        });
        setup.options.timeout = 300ms;
        QCOMPARE(setup.find().error().code, core::ErrorCode::Timeout);
        silent = false;
        // Unlike libgit2's own client, the thread comes back by itself.
        QTRY_VERIFY_WITH_TIMEOUT(setup.find().has_value(), 10000);
    }

    void cutAnswers()
    {
        Setup setup;
        std::atomic<int> cuts = 3;
        setup.serve([&, root = setup.root()](auto& connection, const auto& request) {
            if (cuts-- > 0) {
                connection.beginChunked(200);
                connection.chunk("001e# service=git-upload-pack\n0000");
                return connection.reset();
            }
            tests::serveGit(connection, request, root);
        });
        for (int i = 0; i < 3; ++i)
            QVERIFY(!setup.find().has_value());
        QCOMPARE(setup.find()->commit.id, setup.commit);
    }
};

WW_TEST_CLASS(TestHttpTransport)
#include "tst_httptransport.moc"
