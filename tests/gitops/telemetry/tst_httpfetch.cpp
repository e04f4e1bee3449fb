// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/httpfetch.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/loopbackserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <future>

using namespace gitops;

namespace {

/// Keeps what is asked, and answers when told to.
class KeptTransport : public Transport
{
public:
    std::string target;
    core::HttpHeaders headers;
    ResponseHandler done;

    CallId send(core::HttpRequest request, ResponseHandler handler) override
    {
        target = request.target;
        headers = request.headers;
        done = std::move(handler);
        return 1;
    }
    CallId stream(core::HttpRequest, StreamHandler) override { return 1; }
    void cancel(CallId) override { }
};

} // namespace

class TestHttpFetch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void throughTheApiServer()
    {
        KeptTransport cluster;
        const auto fetch = fetchThrough(cluster, "monitoring", "services", "prometheus", "web");
        int answers = 0;
        fetch->fetch({.target = "/api/v1/query?query=up"}, [&](auto) { ++answers; });
        QCOMPARE(cluster.target,
                 std::string("/api/v1/namespaces/monitoring/services/prometheus:web/proxy/api/v1/"
                             "query?query=up"));
        cluster.done(core::HttpResponse {.status = 200});
        QCOMPARE(answers, 1);
    }

    void noHandlerAfterItsEnd()
    {
        KeptTransport cluster;
        auto fetch = fetchThrough(cluster, "n", "pods", "r-server-0", "15692");
        int answers = 0;
        fetch->fetch({.target = "/"}, [&](auto) { ++answers; });
        fetch.reset(); // the cluster's transport lives on, and answers late
        cluster.done(core::HttpResponse {.status = 200});
        QCOMPARE(answers, 0);
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("good");
        QTest::newRow("http") << "http://127.0.0.1:9090" << true;
        QTest::newRow("prefix") << "https://example.com/prometheus/" << true;
        QTest::newRow("no scheme") << "localhost:9090" << false;
        QTest::newRow("file") << "file:///etc/passwd" << false;
        QTest::newRow("no host") << "http:///x" << false;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("password") << "http://user:secret@host" << false;
        QTest::newRow("query") << "http://host/?x=y" << false;
    }

    void addresses()
    {
        QFETCH(QString, url);
        QFETCH(bool, good);
        const auto fetch = fetchFrom({url.toStdString(), {}, {}, {}});
        QCOMPARE(fetch.has_value(), good);
        if (!fetch)
            QVERIFY(fetch.error().message.find("secret") == std::string::npos);
    }

    /// A real server behind the proxy of an API server, a practice one.
    void throughAProxyOverHttps()
    {
        const tests::LoopbackServer server(
            std::nullopt,
            [](tests::LoopbackServer::Connection& connection,
               const tests::LoopbackServer::Request& request) {
                const bool hasToken = !core::header(request.headers, "Authorization").empty();
                connection.respond(200,
                                   request.method + " " + request.target + " " + request.body
                                       + (hasToken ? " with a token" : ""));
            });
        tests::PracticePod practice({{"default/web:80", std::uint16_t(server.port())},
                                     {"default/gone:80", std::uint16_t(server.port())}});
        const auto ask = [&](const std::string& service, const std::string& port) {
            const auto fetch =
                fetchThrough(practice.access().transport(), "default", "services", service, port);
            std::promise<core::Result<core::HttpResponse>> promise;
            core::HttpRequest request;
            request.method = "POST";
            request.target = "/api/v1/query?a=b%20c";
            request.body = "question";
            fetch->fetch(std::move(request), [&](core::Result<core::HttpResponse> answer) {
                promise.set_value(std::move(answer));
            });
            const auto body = bodyOf(promise.get_future().get());
            return QString::fromStdString(body ? *body : body.error().message);
        };
        // The API server's token stays with it.
        QCOMPARE(ask("web", "80"), "POST /api/v1/query?a=b%20c question");
        QVERIFY(ask("web", "81").contains("no endpoints available for service"));
        QVERIFY(ask("gone", "80").startsWith("HTTP 404")); // there is no such Service
    }

    void answers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("message");
        QTest::newRow("good") << 200 << "";
        QTest::newRow("forbidden") << 403 << "HTTP 403: not for you";
        QTest::newRow("missing") << 404 << "HTTP 404: not for you";
        QTest::newRow("broken") << 502 << "HTTP 502: not for you";
    }

    void answers()
    {
        QFETCH(int, status);
        QFETCH(QString, message);
        const auto body = bodyOf(core::HttpResponse {
            .status = status, .headers = {}, .body = status == 200 ? "text" : "not for you\n"});
        QCOMPARE(body ? QString() : QString::fromStdString(body.error().message), message);
        if (body)
            QCOMPARE(*body, std::string("text"));
    }
};

WW_TEST_CLASS(TestHttpFetch)
#include "tst_httpfetch.moc"
