// SPDX-License-Identifier: GPL-3.0-or-later
// Credentials that change, as a server on loopback sees them.
#include "gitops/cluster/curltransport.h"
#include "gitops/cluster/renewingtransport.h"
#include "gitops/cluster/smallfile.h"
#include "tests/gitops/cluster/pluginscript.h"
#include "tests/gitops/cluster/transportwaiters.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <set>

using namespace gitops;
using namespace std::chrono_literals;
using tests::ask;
using tests::get;
using tests::LoopbackServer;
using tests::putFile;
using tests::StreamWaiter;
using tests::Waiter;
using tests::write;
using Request = LoopbackServer::Request;
using Connection = LoopbackServer::Connection;

class TestRenewingTransport : public QObject
{
    Q_OBJECT

    const tests::LoopbackIdentity m_loopback;

private Q_SLOTS:
    void pluginsTokenIsSent();
    void requestsWaitForThePlugin();
    void failingPluginFailsRequests();
    void refusedTokenIsRenewedOnce();
    void sameTokenIsNotSentAgain();
    void expiringTokenIsRenewed();
    void changedFileThrowsThePoolAway();
    void brokenFileLeavesWhatIsThere();
    void otherServerIsNotFollowed();
    void cancels();
    void shutdownIsPrompt();
};

namespace {

/// A server that takes one token, a folder with a plugin and files, and a transport between them.
struct Fixture
{
    QTemporaryDir folder;
    std::mutex mutex;
    std::set<std::string> accepted {"Bearer good"};
    std::vector<std::string> seen; ///< "1 Bearer x": connection and authorization
    LoopbackServer server;
    ClusterConnection connection;
    RenewingTransport::Options options;
    std::unique_ptr<RenewingTransport> transport;

    explicit Fixture(const tests::LoopbackIdentity& identity)
        : server(identity.tls,
                 [this](Connection& one, const Request& request) { serve(one, request); })
        , connection(identity.connectionTo(server))
    {
        connection.token = {};
        options.look = 20ms;
        options.retry = 50ms;
    }
    void serve(Connection& one, const Request& request)
    {
        const std::string authorization(core::header(request.headers, "Authorization"));
        bool isGood = false;
        {
            const std::lock_guard lock(mutex);
            seen.push_back(std::to_string(request.connection) + " " + authorization);
            isGood = accepted.contains(authorization);
        }
        if (!isGood)
            return one.respond(401, "{}");
        if (request.target != "/watch")
            return one.respond(200, request.body);
        one.beginChunked(200);
        one.chunk("{}\n");
        one.waitForClient();
    }
    std::string path(const char* name) const { return folder.filePath(name).toStdString(); }
    void accept(const std::string& token)
    {
        const std::lock_guard lock(mutex);
        accepted = {"Bearer " + token};
    }
    std::vector<std::string> taken()
    {
        const std::lock_guard lock(mutex);
        return std::exchange(seen, {});
    }
    /// The plugin counts its runs in a file and prints a token, or what else it is to do.
    void usePlugin(const std::string& script)
    {
        connection.exec = std::make_shared<const ExecPlugin>(
            tests::scriptPlugin(path("plugin"), "echo run >> '" + path("runs") + "'\n" + script));
    }
    std::size_t runs() const
    {
        const auto text = readSmallFile(path("runs"));
        return text ? text->size() / 4 : 0;
    }
    /// A plugin that prints what the file "token" holds.
    void useTokenPlugin(const std::string& token)
    {
        putFile(path("token"), token);
        usePlugin("printf '{\"kind\":\"ExecCredential\",\"apiVersion\":"
                  "\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"%s\"}}' \"$(cat '"
                  + path("token") + "')\"");
    }
    void start()
    {
        transport = std::make_unique<RenewingTransport>(
            connection, [this] { return resolve(); },
            [](const ClusterConnection& one) { return std::make_unique<CurlTransport>(one); },
            options);
    }
    /// The kubeconfig: its token and server stand in files.
    core::Result<ClusterConnection> resolve() const
    {
        ClusterConnection out = connection;
        if (connection.files.empty())
            return out;
        auto text = readSmallFile(connection.files.front());
        if (!text)
            return std::unexpected(text.error());
        if (text->starts_with("https://"))
            out.server = *text;
        out.token = core::Secret(*text);
        return out;
    }
    void useFile(const std::string& token)
    {
        putFile(path("file"), token);
        connection.files = {path("file")};
        connection.token = core::Secret(token);
    }
    int status(core::HttpRequest request = get())
    {
        const auto answer = ask(*transport, std::move(request));
        return answer ? answer->status : -1;
    }
};

} // namespace

void TestRenewingTransport::pluginsTokenIsSent()
{
    Fixture f(m_loopback);
    f.useTokenPlugin("good");
    f.start();
    for (int i = 0; i < 5; ++i)
        QCOMPARE(f.status(write("PATCH", "body")), 200);
    QCOMPARE(f.runs(), std::size_t(1));
    QCOMPARE(f.taken(), (std::vector<std::string>(5, "1 Bearer good")));
}

void TestRenewingTransport::requestsWaitForThePlugin()
{
    Waiter waiter;
    StreamWaiter stream; // outlives the transport, which ends the stream
    Fixture f(m_loopback);
    f.usePlugin("while [ ! -e '" + f.path("go") + "' ]; do sleep 0.01; done\n"
                + tests::echoCredential("\"token\":\"good\""));
    f.start();
    for (int i = 0; i < 20; ++i)
        f.transport->send(get(), waiter.handler());
    f.transport->stream(get("/watch"), stream.handler());
    QTRY_COMPARE(f.runs(), std::size_t(1));
    QVERIFY(f.taken().empty()); // nothing goes without a credential
    putFile(f.path("go"), "");
    QVERIFY(waiter.wait(20));
    QVERIFY(stream.wait([&] { return stream.m_data == "{}\n"; }));
    for (const auto& answer : waiter.m_answers)
        QVERIFY(answer && answer->status == 200);
    QCOMPARE(f.runs(), std::size_t(1));
}

void TestRenewingTransport::failingPluginFailsRequests()
{
    Fixture f(m_loopback);
    f.options.retry = 10min;
    f.usePlugin("echo log in again >&2; exit 1");
    f.start();
    Waiter waiter;
    StreamWaiter stream;
    f.transport->send(get(), waiter.handler());
    f.transport->stream(get("/watch"), stream.handler());
    const auto answer = waiter.get();
    QVERIFY(!answer && answer.error().code == core::ErrorCode::Unauthorized);
    QVERIFY(answer.error().message.find("log in again") != std::string::npos);
    QVERIFY(stream.wait([&] { return stream.m_hasEnded; }));
    QVERIFY(stream.m_error && stream.m_error->code == core::ErrorCode::Unauthorized);
    for (int i = 0; i < 10; ++i)
        QCOMPARE(f.status(), -1);
    QCOMPARE(f.runs(), std::size_t(1)); // not for every request
    QVERIFY(f.taken().empty());
    // It helps later.
    Fixture g(m_loopback);
    g.usePlugin("[ -e '" + g.path("go") + "' ] || exit 1\n"
                + tests::echoCredential("\"token\":\"good\""));
    g.start();
    QCOMPARE(g.status(), -1);
    putFile(g.path("go"), "");
    QTRY_COMPARE(g.status(), 200);
}

void TestRenewingTransport::refusedTokenIsRenewedOnce()
{
    Fixture f(m_loopback);
    f.useTokenPlugin("good");
    f.start();
    QCOMPARE(f.status(), 200);
    f.accept("newer");
    putFile(f.path("token"), "newer");
    QTest::qWait(60); // past the time in which the plugin is not asked again
    Waiter waiter;
    for (int i = 0; i < 10; ++i)
        f.transport->send(write("PATCH", "body"), waiter.handler());
    QVERIFY(waiter.wait(10));
    for (const auto& answer : waiter.m_answers) {
        QVERIFY(answer);
        QCOMPARE(answer->status, 200);
        QCOMPARE(answer->body, std::string("body"));
    }
    QCOMPARE(f.runs(), std::size_t(2)); // one for all
}

void TestRenewingTransport::sameTokenIsNotSentAgain()
{
    Fixture f(m_loopback);
    f.useTokenPlugin("bad");
    f.start();
    for (int i = 0; i < 5; ++i)
        QCOMPARE(f.status(), 401);
    QCOMPARE(f.taken().size(), std::size_t(5));
    QVERIFY(f.runs() <= 7);
}

void TestRenewingTransport::expiringTokenIsRenewed()
{
    Fixture f(m_loopback);
    f.usePlugin(tests::echoCredential(
        "\"token\":\"good\",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\""));
    f.start();
    QCOMPARE(f.status(), 200);
    QTRY_VERIFY(f.runs() >= 3); // again and again, with pauses
    QCOMPARE(f.status(), 200);
    for (const std::string& one : f.taken())
        QCOMPARE(one, std::string("1 Bearer good")); // the same credential keeps its connections
}

void TestRenewingTransport::changedFileThrowsThePoolAway()
{
    Fixture f(m_loopback);
    f.useFile("good");
    f.start();
    StreamWaiter stream;
    QCOMPARE(f.status(), 200);
    f.transport->stream(get("/watch"), stream.handler());
    QVERIFY(stream.wait([&] { return stream.m_data == "{}\n"; }));
    f.taken();
    f.accept("newer");
    putFile(f.path("file"), "newer");
    // The watch under the old identity ends as a broken connection does, not as a request to stop.
    QVERIFY(stream.wait([&] { return stream.m_hasEnded; }));
    QVERIFY(stream.m_error && stream.m_error->code == core::ErrorCode::Network);
    QCOMPARE(f.status(), 200);
    const auto seen = f.taken();
    QCOMPARE(seen.size(), std::size_t(1));
    QVERIFY2(seen[0].ends_with(" Bearer newer") && !seen[0].starts_with("1 "), seen[0].c_str());
}

void TestRenewingTransport::brokenFileLeavesWhatIsThere()
{
    Fixture f(m_loopback);
    f.useFile("good");
    f.start();
    QVERIFY(QFile::remove(QString::fromStdString(f.path("file"))));
    QTest::qWait(100);
    QCOMPARE(f.status(), 200);
    f.accept("newer");
    putFile(f.path("file"), "newer");
    QTRY_COMPARE(f.status(), 200);
}

void TestRenewingTransport::otherServerIsNotFollowed()
{
    Fixture f(m_loopback);
    f.useFile("good");
    f.start();
    putFile(f.path("file"), "https://127.0.0.1:1");
    QTest::qWait(100);
    QCOMPARE(f.status(), 200);
}

void TestRenewingTransport::cancels()
{
    Fixture f(m_loopback);
    f.usePlugin("while [ ! -e '" + f.path("go") + "' ]; do sleep 0.01; done\n"
                + tests::echoCredential("\"token\":\"good\""));
    f.start();
    Waiter waiting;
    f.transport->cancel(f.transport->send(get(), waiting.handler()));
    putFile(f.path("go"), "");
    const auto answer = waiting.get();
    QVERIFY(!answer && answer.error().code == core::ErrorCode::Cancelled);
    StreamWaiter stream;
    const auto id = f.transport->stream(get("/watch"), stream.handler());
    QVERIFY(stream.wait([&] { return !stream.m_data.empty(); }));
    f.transport->cancel(id);
    QVERIFY(stream.wait([&] { return stream.m_hasEnded; }));
    QVERIFY(stream.m_error->code == core::ErrorCode::Cancelled);
    f.transport->cancel(id);
    f.transport->cancel(4711);
}

void TestRenewingTransport::shutdownIsPrompt()
{
    const auto start = std::chrono::steady_clock::now();
    Waiter waiting;
    Waiter underWay;
    StreamWaiter stream;
    {
        Fixture f(m_loopback);
        f.usePlugin("sleep 30");
        f.start();
        f.transport->send(get(), waiting.handler());
        QTRY_COMPARE(f.runs(), std::size_t(1));
        f.transport.reset();
        Fixture g(m_loopback);
        g.useFile("good");
        g.start();
        g.transport->stream(get("/watch"), stream.handler());
        QVERIFY(stream.wait([&] { return !stream.m_data.empty(); }));
        g.transport->send(get("/watch"), underWay.handler());
        g.transport.reset();
    }
    QVERIFY(!waiting.get() && waiting.get().error().code == core::ErrorCode::Cancelled);
    QVERIFY(!underWay.get() && underWay.get().error().code == core::ErrorCode::Cancelled);
    QVERIFY(stream.m_hasEnded);
    QVERIFY(std::chrono::steady_clock::now() - start < 10s);
}

WW_TEST_CLASS(TestRenewingTransport)
#include "tst_renewingtransport.moc"
