// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/clusteraccess.h"
#include "tests/gitops/cluster/pluginscript.h"
#include "tests/gitops/cluster/transportwaiters.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <future>
#include <thread>

using core::ErrorCode;
using gitops::ClusterAccess;
using tests::LoopbackServer;

namespace {

/// A server that says who asked it, and a kubeconfig that names it.
struct Fixture
{
    QTemporaryDir folder;
    const tests::LoopbackIdentity& identity;
    std::promise<void> arrived; ///< a request for /silence
    LoopbackServer server;
    std::unique_ptr<ClusterAccess> access;

    explicit Fixture(const tests::LoopbackIdentity& is)
        : identity(is)
        , server(identity.tls,
                 [this](LoopbackServer::Connection& one, const LoopbackServer::Request& request) {
                     serve(one, request);
                 })
    {
    }
    void serve(LoopbackServer::Connection& one, const LoopbackServer::Request& request)
    {
        if (request.target == "/silence") {
            arrived.set_value();
            return one.waitForClient();
        }
        if (request.target == "/missing")
            return one.respond(404,
                               core::toText(core::JsonObject {{"kind", "Status"},
                                                              {"reason", "NotFound"},
                                                              {"code", 404},
                                                              {"message", "pods web not found"}}));
        if (request.target == "/page")
            return one.respond(200, "<html>");
        const std::string who(core::header(request.headers, "Authorization"));
        one.respond(200, core::toText(core::JsonObject {{"who", who}}));
    }
    std::string path(const char* name) const { return folder.filePath(name).toStdString(); }
    /// user: members of the kubeconfig's user.
    gitops::KubeconfigSource configure(const std::string& user, const std::string& server_ = {})
    {
        tests::putFile(path("ca.crt"), identity.authority.certificatePem());
        tests::putFile(path("config"),
                       "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters:\n"
                       "- name: c\n  cluster: {server: \""
                           + (server_.empty() ? server.url() : server_)
                           + "\", certificate-authority: ca.crt}\nusers:\n- name: u\n  user: {"
                           + user + "}\ncontexts:\n- {name: c, context: {cluster: c, user: u}}\n");
        gitops::KubeconfigSource source;
        source.explicitPath = path("config");
        return source;
    }
    void open(const std::string& user)
    {
        auto opened = ClusterAccess::open(configure(user), {});
        QVERIFY2(opened, opened ? "" : opened.error().text().c_str());
        access = std::move(*opened);
    }
    std::string token()
    {
        const auto who = access->identity();
        return who ? std::string(who->token.reveal()) : who.error().text();
    }
};

} // namespace

class TestClusterAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatIsWrongWithTheConfiguration();
    void asks();
    void identityIsOfThisMoment();
    void anotherServerIsNotFollowed();
    void aPluginIsAskedAgainWhenItWasRefused();
    void stopEndsWhatWaits();
    void goesWhileSomebodyWaits();

private:
    const tests::LoopbackIdentity m_identity;
};

void TestClusterAccess::saysWhatIsWrongWithTheConfiguration()
{
    Fixture f(m_identity);
    gitops::KubeconfigSource none;
    none.home = f.path("nobody");
    const auto empty = ClusterAccess::open(none, {});
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::NotFound);
    QVERIFY2(empty.error().text().find("there is no kubeconfig") != std::string::npos,
             empty.error().text().c_str());
    const auto other = ClusterAccess::open(f.configure("token: t"), "prod");
    QVERIFY(!other);
    QVERIFY2(other.error().text().find("prod") != std::string::npos, other.error().text().c_str());
}

void TestClusterAccess::asks()
{
    Fixture f(m_identity);
    f.open("token: one");
    QCOMPARE(f.access->connection().server, f.server.url());
    const auto answer = f.access->get("/who");
    QVERIFY2(answer, answer ? "" : answer.error().text().c_str());
    QCOMPARE(core::stringAt(*answer, {"who"}), std::string_view("Bearer one"));
    // Whatever else the server says is an error with its words; a bare exchange takes any status.
    const auto missing = f.access->get("/missing");
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(missing.error().text().find("pods web not found") != std::string::npos);
    QVERIFY(!f.access->get("/page"));
    const auto bare = f.access->send(tests::get("/missing"));
    QVERIFY(bare);
    QCOMPARE(bare->status, 404);
}

void TestClusterAccess::identityIsOfThisMoment()
{
    Fixture f(m_identity);
    f.open("token: one");
    QCOMPARE(f.token(), std::string("one"));
    (void)f.configure("token: two");
    QCOMPARE(f.token(), std::string("two"));
    tests::putFile(f.path("config"), "no: kubeconfig\n"); // half written, say
    QCOMPARE(f.token(), std::string("one")); // as it was opened
}

void TestClusterAccess::anotherServerIsNotFollowed()
{
    Fixture f(m_identity);
    f.open("token: one");
    (void)f.configure("token: two", "https://127.0.0.1:1");
    const auto now = f.access->identity();
    QVERIFY(now);
    QCOMPARE(now->server, f.server.url());
    QCOMPARE(std::string(now->token.reveal()), std::string("one"));
}

void TestClusterAccess::aPluginIsAskedAgainWhenItWasRefused()
{
    Fixture f(m_identity);
    // Each run gives another token; the transport has runs of its own.
    const auto plugin = [&](const std::string& more) {
        (void)tests::scriptPlugin(f.path("plugin"),
                                  "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":"
                                  "\"client.authentication.k8s.io/v1\",\"status\":{"
                                      + more + "\"token\":\"run-%s\"}}' $$");
    };
    plugin("");
    f.open("exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: \""
           + f.path("plugin") + "\"}");
    const std::string first = f.token();
    QVERIFY2(first.starts_with("run-"), first.c_str());
    QCOMPARE(f.token(), first);
    f.access->refused();
    const std::string second = f.token();
    QVERIFY(second.starts_with("run-") && second != first);
    // One that ends soon is not handed out again.
    plugin("\"expirationTimestamp\":\"2020-01-01T00:00:00Z\",");
    f.access->refused();
    const std::string old = f.token();
    QVERIFY(f.token() != old);
    // One that fails says so.
    (void)tests::scriptPlugin(f.path("plugin"), "echo nobody home >&2; exit 3");
    f.access->refused();
    QVERIFY2(QString::fromStdString(f.token()).contains("plugin"), f.token().c_str());
}

void TestClusterAccess::stopEndsWhatWaits()
{
    Fixture f(m_identity);
    f.open("token: one");
    auto waiting =
        std::async(std::launch::async, [&] { return f.access->send(tests::get("/silence")); });
    f.arrived.get_future().wait();
    f.access->stop();
    const auto answer = waiting.get();
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Cancelled);
    const auto later = f.access->get("/who");
    QVERIFY(!later);
    QCOMPARE(later.error().code, ErrorCode::Cancelled);
}

void TestClusterAccess::goesWhileSomebodyWaits()
{
    Fixture f(m_identity);
    f.open("token: one");
    std::promise<ErrorCode> ended;
    f.access->transport().send(
        tests::get("/silence"), [&](const core::Result<core::HttpResponse>& answer) {
            ended.set_value(answer ? ErrorCode::Internal : answer.error().code);
        });
    f.arrived.get_future().wait();
    f.access.reset();
    QCOMPARE(ended.get_future().get(), ErrorCode::Cancelled);
}

WW_TEST_CLASS(TestClusterAccess)
#include "tst_clusteraccess.moc"
