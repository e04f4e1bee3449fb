// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apiclient.h"
#include "tests/gitops/cluster/scriptedtransport.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using namespace std::chrono_literals;
using core::ErrorCode;
using tests::answer;
using tests::failureAnswer;
using tests::statusBody;

namespace {

ApiResource resource(const std::string& group, const std::string& version, const std::string& kind,
                     const std::string& plural)
{
    ApiResource out;
    out.kind = {group, version, kind};
    out.plural = plural;
    return out;
}

const ApiResource kDeployments = resource("apps", "v1", "Deployment", "deployments");
const ApiResource kSecrets = resource("", "v1", "Secret", "secrets");

const std::string kObject =
    R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","uid":"u"}})";

struct Fixture
{
    tests::ManualExecutor executor;
    tests::ScriptedTransport transport {executor};
    std::unique_ptr<ApiClient> client = std::make_unique<ApiClient>(transport, executor);
    std::vector<core::Result<ApiObject>> objects;

    ApiClient::ObjectHandler take()
    {
        return [this](core::Result<ApiObject> object) { objects.push_back(std::move(object)); };
    }
    /// Answers in the order given; the last one for ever.
    void script(std::vector<tests::ScriptedTransport::Answer> answers)
    {
        transport.script = [answers, next = std::size_t(0)](const core::HttpRequest&) mutable
            -> std::optional<tests::ScriptedTransport::Answer> {
            const auto& one = answers[std::min(next, answers.size() - 1)];
            ++next;
            return one;
        };
    }
    void apply(ApplyOptions options = {})
    {
        client->apply(kDeployments, "shop", "web", kObject, options, take());
    }
    /// Until nothing is due any more.
    void runAll()
    {
        executor.runUntilIdle();
        for (int i = 0; i < 100 && executor.runNextTimer(); ++i) { }
    }
};

} // namespace

class TestApiClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requests();
    void answersOfWrites();
    void removes();
    void version();
    void lists();
    void faultsOfReads_data();
    void faultsOfReads();
    void faultsOfWrites_data();
    void faultsOfWrites();
    void honoursRetryAfter();
    void writesOnceWithoutAnswer();
    void createIsNotRepeatedAfterA500();
    void secretsStayOutOfErrors_data();
    void secretsStayOutOfErrors();
    void fewerWritesWhenOverloaded();
    void readsPassWaitingWrites();
    void destroyedInsideAHandler();
    void destroyedWhileWaiting();
    void watchRefused_data();
    void watchRefused();
    void watchCancelSilences();
    void watchCutOffInAnEvent();
    void watchOfTooLongALine();
    void watchSaysNothingAtAll();
};

void TestApiClient::requests()
{
    Fixture f;
    f.client->get(kDeployments, "shop", "we/b", f.take());
    ApplyOptions options;
    options.force = false;
    options.dryRun = true;
    options.strictValidation = true;
    options.fieldManager = "a b";
    f.apply(options);
    f.apply();
    f.client->create(kSecrets, "shop", "{}", true, f.take());
    f.client->replace(kDeployments, "shop", "web", "{}", false, f.take());
    f.client->patch(kDeployments, "shop", "web", "application/merge-patch+json", "{}", "scale",
                    f.take());
    const auto& seen = f.transport.requests;
    QCOMPARE(seen[0].target, std::string("/apis/apps/v1/namespaces/shop/deployments/we%2Fb"));
    QCOMPARE(seen[1].method, std::string("PATCH"));
    QCOMPARE(seen[1].target,
             std::string("/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=a%20b"
                         "&force=false&fieldValidation=Strict&dryRun=All"));
    QCOMPARE(core::header(seen[1].headers, "Content-Type"),
             std::string_view("application/apply-patch+yaml"));
    QCOMPARE(seen[1].body, kObject);
    QVERIFY(seen[2].target.ends_with("?fieldManager=wavewright&force=true&fieldValidation=Warn"));
    QCOMPARE(seen[3].method, std::string("POST"));
    QVERIFY(seen[3].target.starts_with("/api/v1/namespaces/shop/secrets?"));
    QVERIFY(seen[3].target.ends_with("dryRun=All"));
    QCOMPARE(seen[4].method, std::string("PUT"));
    QVERIFY(seen[5].target.starts_with("/apis/apps/v1/namespaces/shop/deployments/web/scale?"));
    for (const core::HttpRequest& request : seen)
        QVERIFY(core::header(request.headers, "Accept-Encoding").empty()); // lists alone
}

void TestApiClient::answersOfWrites()
{
    Fixture f;
    f.script({answer(201, kObject,
                     {{"Warning", "299 - \"unknown field \\\"spec.x\\\"\""},
                      {"warning", "299 - \"unknown field \\\"spec.x\\\"\""},
                      {"Warning", "299 - \"second\", 299 - \"third\" \"Wed, 01 Jan 2026\""}}),
              answer(200, kObject), answer(200, "garbage"), answer(200, "[]")});
    f.apply();
    f.apply();
    f.apply();
    ApplyOptions dryRun;
    dryRun.dryRun = true;
    f.apply(dryRun);
    f.runAll();
    QVERIFY(f.objects[0] && f.objects[0]->created);
    QCOMPARE(f.objects[0]->warnings,
             (std::vector<std::string> {"unknown field \"spec.x\"", "second", "third"}));
    QCOMPARE(core::stringAt(f.objects[0]->object, {"metadata", "name"}), std::string_view("web"));
    QVERIFY(f.objects[1] && !f.objects[1]->created);
    // Accepted with an answer that cannot be read: it has to be read back.
    QVERIFY(!f.objects[2] && f.objects[2].error().code == ErrorCode::UnknownOutcome);
    QVERIFY(!f.objects[3] && f.objects[3].error().code == ErrorCode::Internal);
}

void TestApiClient::removes()
{
    Fixture f;
    std::vector<core::Result<void>> results;
    const auto take = [&results](core::Result<void> result) { results.push_back(result); };
    f.script({answer(200, statusBody(200, "", "")), answer(202, kObject),
              answer(409, statusBody(409, "Conflict", "the UID in the precondition differs")),
              answer(404, statusBody(404, "NotFound", "not found"))});
    for (int i = 0; i < 4; ++i)
        f.client->remove(kDeployments, "shop", "web", {.uid = "u-1"}, take);
    f.runAll();
    const auto body = core::parseJson(f.transport.requests[0].body);
    QVERIFY(body);
    QCOMPARE(f.transport.requests[0].method, std::string("DELETE"));
    QCOMPARE(core::stringAt(*body, {"preconditions", "uid"}), std::string_view("u-1"));
    QCOMPARE(core::stringAt(*body, {"propagationPolicy"}), std::string_view("Foreground"));
    QVERIFY(!core::find(*body, "dryRun"));
    QVERIFY(results[0] && results[1]);
    QVERIFY(results[2].error().code == ErrorCode::Conflict);
    QVERIFY(results[3].error().code == ErrorCode::NotFound);
    QCOMPARE(results[3].error().place.object, std::string("Deployment shop/web"));
}

void TestApiClient::version()
{
    Fixture f;
    std::vector<core::Result<std::string>> results;
    const auto take = [&results](core::Result<std::string> one) { results.push_back(one); };
    f.script({answer(200, R"({"gitVersion":"v1.36.3"})"), answer(200, "<html>"),
              answer(401, statusBody(401, "Unauthorized", "Unauthorized"))});
    for (int i = 0; i < 3; ++i)
        f.client->version(take);
    f.runAll();
    QCOMPARE(*results[0], std::string("v1.36.3"));
    QVERIFY(results[1].error().code == ErrorCode::Internal);
    QVERIFY(results[2].error().code == ErrorCode::Unauthorized);
}

void TestApiClient::lists()
{
    Fixture f;
    std::optional<core::Result<ListPage>> page;
    f.script({answer(200,
                     R"({"metadata":{"resourceVersion":"7","continue":"c"},)"
                     R"("items":[{"metadata":{"name":"a"}},{"kind":"Own"}]})")});
    f.client->list(kDeployments, "", 500, "t/+=", "a=b,c in (d)", [&](auto one) { page = one; });
    f.runAll();
    QCOMPARE(f.transport.requests[0].target,
             std::string("/apis/apps/v1/deployments?limit=500&continue=t%2F%2B%3D"
                         "&labelSelector=a%3Db%2Cc%20in%20%28d%29"));
    QVERIFY(page && *page);
    QCOMPARE((*page)->items.size(), std::size_t(2));
    QCOMPARE((*page)->resourceVersion, std::string("7"));
    QCOMPARE((*page)->continueToken, std::string("c"));
    QCOMPARE((*page)->items[0], std::string_view(R"({"metadata":{"name":"a"}})"));
    QCOMPARE((*page)->items[1], std::string_view(R"({"kind":"Own"})"));
    f.client->list(kDeployments, "shop", 0, "", "", [&](auto one) { page = one; });
    QCOMPARE(f.transport.requests[1].target,
             std::string("/apis/apps/v1/namespaces/shop/deployments"));
}

namespace {

void faultRow(const char* name, int status, const std::string& body, const char* retryAfter,
              ErrorCode code, int tries)
{
    QTest::newRow(name) << status << QByteArray::fromStdString(body) << QByteArray(retryAfter)
                        << int(code) << tries;
}

void faultColumns()
{
    QTest::addColumn<int>("status"); ///< negative: an ErrorCode of the transport
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("tries");
}

tests::ScriptedTransport::Answer scriptedFault()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, retryAfter);
    if (status < 0)
        return failureAnswer(ErrorCode(-status));
    core::HttpHeaders headers;
    if (!retryAfter.isEmpty())
        headers.emplace_back("Retry-After", retryAfter.toStdString());
    return answer(status, body.toStdString(), headers);
}

} // namespace

void TestApiClient::faultsOfReads_data()
{
    faultColumns();
    faultRow("401", 401, statusBody(401, "Unauthorized", "x"), "", ErrorCode::Unauthorized, 1);
    faultRow("403", 403, statusBody(403, "Forbidden", "x"), "", ErrorCode::Forbidden, 1);
    faultRow("404", 404, statusBody(404, "NotFound", "x"), "", ErrorCode::NotFound, 1);
    faultRow("404 text", 404, "404 page not found", "", ErrorCode::NotFound, 1);
    faultRow("410", 410, statusBody(410, "Expired", "x"), "", ErrorCode::Gone, 1);
    faultRow("422", 422, statusBody(422, "Invalid", "x"), "", ErrorCode::Invalid, 1);
    faultRow("429", 429, "Too many requests", "1", ErrorCode::TooManyRequests, 10);
    faultRow("429 for long", 429, "Too many requests", "3600", ErrorCode::TooManyRequests, 1);
    faultRow("500", 500, statusBody(500, "InternalError", "x"), "", ErrorCode::Unavailable, 5);
    faultRow("500 later", 500, "x", "1", ErrorCode::Unavailable, 10);
    faultRow("502 page", 502, "<html><body>Bad Gateway", "", ErrorCode::Unavailable, 5);
    faultRow("garbage", 200, "\x16\x03", "", ErrorCode::Internal, 1);
    faultRow("cut off", 200, kObject.substr(0, 30), "", ErrorCode::Internal, 1);
    faultRow("deep", 200, std::string(500, '['), "", ErrorCode::LimitExceeded, 1);
    faultRow("redirect", 302, "", "", ErrorCode::Internal, 1);
    faultRow("reset", -int(ErrorCode::Network), "", "", ErrorCode::Network, 3);
    faultRow("silence", -int(ErrorCode::Timeout), "", "", ErrorCode::Timeout, 3);
    faultRow("too large", -int(ErrorCode::LimitExceeded), "", "", ErrorCode::LimitExceeded, 1);
}

void TestApiClient::faultsOfReads()
{
    QFETCH(int, code);
    QFETCH(int, tries);
    Fixture f;
    f.script({scriptedFault()});
    f.client->get(kDeployments, "shop", "web", f.take());
    f.runAll();
    QCOMPARE(f.objects.size(), std::size_t(1));
    QVERIFY(!f.objects[0]);
    QVERIFY2(int(f.objects[0].error().code) == code, f.objects[0].error().text().c_str());
    QCOMPARE(f.transport.requests.size(), std::size_t(tries));
    // A fault that passes is not seen.
    if (tries > 1) {
        Fixture g;
        g.script({scriptedFault(), answer(200, kObject)});
        g.client->get(kDeployments, "shop", "web", g.take());
        g.runAll();
        QVERIFY(g.objects.size() == 1 && g.objects[0]);
    }
}

void TestApiClient::faultsOfWrites_data()
{
    faultColumns();
    faultRow("401", 401, statusBody(401, "Unauthorized", "x"), "", ErrorCode::Unauthorized, 1);
    faultRow("403", 403, statusBody(403, "Forbidden", "x"), "", ErrorCode::Forbidden, 1);
    faultRow("409", 409, statusBody(409, "Conflict", "x"), "", ErrorCode::Conflict, 1);
    faultRow("409 exists", 409, statusBody(409, "AlreadyExists", "x"), "", ErrorCode::AlreadyExists,
             1);
    faultRow("413", 413, statusBody(413, "RequestEntityTooLarge", "x"), "",
             ErrorCode::LimitExceeded, 1);
    faultRow("422", 422, statusBody(422, "Invalid", "x"), "", ErrorCode::Invalid, 1);
    faultRow("429", 429, "slow down", "2", ErrorCode::TooManyRequests, 10);
    faultRow("429 bare", 429, "slow down", "", ErrorCode::TooManyRequests, 1);
    faultRow("500", 500, statusBody(500, "InternalError", "etcdserver: request timed out"), "",
             ErrorCode::UnknownOutcome, 1);
    faultRow("webhook", 500,
             statusBody(500, "InternalError", "failed calling webhook \\\"a\\\": refused"), "",
             ErrorCode::Unavailable, 1);
    faultRow("503", 503, statusBody(503, "ServiceUnavailable", "x"), "", ErrorCode::Unavailable, 1);
    faultRow("503 later", 503, "x", "1", ErrorCode::Unavailable, 10);
    faultRow("504", 504, statusBody(504, "Timeout", "x"), "", ErrorCode::UnknownOutcome, 1);
    faultRow("not sent", -int(ErrorCode::Network), "", "", ErrorCode::Network, 3);
    faultRow("no answer", -int(ErrorCode::UnknownOutcome), "", "", ErrorCode::UnknownOutcome, 1);
}

void TestApiClient::faultsOfWrites()
{
    QFETCH(int, code);
    QFETCH(int, tries);
    Fixture f;
    f.script({scriptedFault()});
    f.apply();
    f.runAll();
    QCOMPARE(f.objects.size(), std::size_t(1));
    QVERIFY(!f.objects[0]);
    QVERIFY2(int(f.objects[0].error().code) == code, f.objects[0].error().text().c_str());
    QCOMPARE(f.transport.requests.size(), std::size_t(tries));
    // A dry-run stores nothing: its outcome is never in doubt.
    Fixture g;
    g.script({scriptedFault()});
    ApplyOptions dryRun;
    dryRun.dryRun = true;
    g.apply(dryRun);
    g.runAll();
    QVERIFY(!g.objects[0] && g.objects[0].error().code != ErrorCode::UnknownOutcome);
}

void TestApiClient::honoursRetryAfter()
{
    Fixture f;
    f.script({answer(429, "", {{"Retry-After", "7"}}), answer(200, kObject)});
    f.apply();
    f.executor.advance(6900ms);
    QCOMPARE(f.transport.requests.size(), std::size_t(1));
    f.executor.advance(300ms);
    QCOMPARE(f.transport.requests.size(), std::size_t(2));
    QCOMPARE(f.transport.requests[1].body, kObject); // with its body
    QVERIFY(f.objects.size() == 1 && f.objects[0]);
}

void TestApiClient::writesOnceWithoutAnswer()
{
    Fixture f;
    f.apply();
    f.executor.advance(10min);
    QCOMPARE(f.transport.requests.size(), std::size_t(1));
    f.transport.answerNext(failureAnswer(ErrorCode::UnknownOutcome));
    f.runAll();
    QCOMPARE(f.transport.requests.size(), std::size_t(1));
    QVERIFY(f.objects[0].error().code == ErrorCode::UnknownOutcome);
}

void TestApiClient::createIsNotRepeatedAfterA500()
{
    Fixture f;
    f.script({answer(500, "x", {{"Retry-After", "1"}})});
    f.client->create(kDeployments, "shop", kObject, false, f.take());
    f.runAll();
    QCOMPARE(f.transport.requests.size(), std::size_t(1));
    QVERIFY(f.objects[0].error().code == ErrorCode::UnknownOutcome);
}

void TestApiClient::secretsStayOutOfErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](int status, const char* reason, const std::string& message,
                        const std::string& details) {
        QTest::newRow(reason) << status
                              << QByteArray::fromStdString(
                                     statusBody(status, reason, message, details));
    };
    row(422, "Invalid", "Secret is invalid: data[a]: Invalid value: c4n4ry",
        R"({"kind":"Secret","causes":[{"field":"data[a]","message":"Invalid value: c4n4ry"}]})");
    row(400, "BadRequest", "illegal base64 data: c4n4ry", "{}");
    row(500, "InternalError", "webhook saw c4n4ry", "{}");
    row(403, "Forbidden", "admission webhook denied: c4n4ry", "{}");
    QTest::newRow("plain text") << 400 << QByteArray("no: c4n4ry");
}

void TestApiClient::secretsStayOutOfErrors()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    Fixture f;
    f.script({answer(status, body.toStdString())});
    f.client->apply(kSecrets, "shop", "db", "{}", {}, f.take());
    f.client->create(kSecrets, "shop", "{}", false, f.take());
    f.client->get(kSecrets, "shop", "db", f.take());
    f.runAll();
    QCOMPARE(f.objects.size(), std::size_t(3));
    for (const auto& object : f.objects) {
        QVERIFY(!object);
        QVERIFY2(object.error().text().find("c4n4ry") == std::string::npos,
                 object.error().text().c_str());
    }
}

void TestApiClient::fewerWritesWhenOverloaded()
{
    Fixture f;
    for (int i = 0; i < 100; ++i)
        f.apply();
    const std::size_t first = f.transport.openRequests();
    QVERIFY(first > 4 && first < 100);
    // All that is under way is refused: about half as many come after.
    for (std::size_t i = 0; i < first; ++i)
        f.transport.answerNext(answer(429, ""));
    f.executor.runUntilIdle();
    const std::size_t second = f.transport.openRequests();
    QVERIFY2(second <= first / 2 + 1, std::to_string(second).c_str());
    QVERIFY(second >= 1);
    // Success lets it grow again.
    while (f.transport.openRequests() && f.transport.requests.size() < 100) {
        f.transport.answerNext(answer(200, kObject));
        f.executor.runUntilIdle();
    }
    QVERIFY(f.transport.openRequests() > second);
}

void TestApiClient::readsPassWaitingWrites()
{
    Fixture f;
    for (int i = 0; i < 200; ++i)
        f.apply();
    const std::size_t before = f.transport.requests.size();
    f.client->get(kDeployments, "shop", "web", f.take());
    QCOMPARE(f.transport.requests.size(), before + 1);
    QCOMPARE(f.transport.requests.back().method, std::string("GET"));
}

void TestApiClient::destroyedInsideAHandler()
{
    Fixture f;
    f.script({answer(200, kObject)});
    int calls = 0;
    for (int i = 0; i < 3; ++i)
        f.client->get(kDeployments, "shop", "web", [&](auto) {
            ++calls;
            f.client.reset();
        });
    f.runAll();
    QCOMPARE(calls, 1);
    Fixture g;
    g.client->watch(kDeployments, "", "1",
                    {[&](auto) { g.client.reset(); }, [](auto) { QFAIL("no end after that"); }});
    g.transport.head(200);
    g.transport.data("{\"type\":\"ADDED\",\"object\":{}}\n{broken\n");
    g.runAll();
    QVERIFY(!g.client);
}

void TestApiClient::destroyedWhileWaiting()
{
    Fixture f;
    f.apply();
    f.script({answer(429, "", {{"Retry-After", "5"}})});
    f.client->get(kDeployments, "shop", "web", f.take());
    f.client->watch(kDeployments, "", "1", {[](auto) {}, [](auto) { QFAIL("cancelled"); }});
    f.executor.runUntilIdle();
    f.client.reset();
    f.runAll();
    QVERIFY(f.objects.empty());
    QCOMPARE(f.transport.openRequests(), std::size_t(0));
    QCOMPARE(f.transport.openStreams(), std::size_t(0));
    QCOMPARE(f.executor.timerCount(), std::size_t(0));
}

void TestApiClient::watchRefused_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    const auto row = [](int status, const std::string& body, ErrorCode code) {
        QTest::addRow("%d", status) << status << QByteArray::fromStdString(body) << int(code);
    };
    row(401, statusBody(401, "Unauthorized", "x"), ErrorCode::Unauthorized);
    row(403, statusBody(403, "Forbidden", "x"), ErrorCode::Forbidden);
    row(404, "404 page not found", ErrorCode::NotFound);
    row(410, statusBody(410, "Expired", "x"), ErrorCode::Gone);
    row(429, "slow down", ErrorCode::TooManyRequests);
    row(500, "", ErrorCode::Unavailable);
    row(204, "", ErrorCode::Internal);
}

void TestApiClient::watchRefused()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    Fixture f;
    std::optional<core::Error> error;
    f.client->watch(kDeployments, "shop", "5",
                    {[](auto) { QFAIL("no events"); }, [&](auto one) { error = one; },
                     [] { QFAIL("not started"); }});
    f.transport.head(status, {{"Retry-After", "9"}});
    f.transport.data(body.toStdString());
    f.transport.endLast();
    f.executor.runUntilIdle();
    QVERIFY(error);
    QCOMPARE(int(error->code), code);
    if (status == 429)
        QVERIFY(error->retryAfter == 9s);
}

void TestApiClient::watchCancelSilences()
{
    Fixture f;
    ApiClient::WatchId id = 0;
    int events = 0;
    ApiClient::WatchHandler handler;
    handler.events = [&](auto) {
        ++events;
        f.client->cancel(id);
    };
    handler.end = [](auto) { QFAIL("cancelled watches do not end"); };
    id = f.client->watch(kDeployments, "", "5", handler);
    f.transport.head(200);
    f.transport.data("{\"type\":\"ADDED\",\"object\":{}}\n");
    f.executor.runUntilIdle();
    f.executor.advance(1h);
    QCOMPARE(events, 1);
    QCOMPARE(f.transport.openStreams(), std::size_t(0));
    f.client->cancel(id);
}

void TestApiClient::watchCutOffInAnEvent()
{
    Fixture f;
    std::optional<core::Error> error;
    std::size_t events = 0;
    f.client->watch(kDeployments, "", "5",
                    {[&](auto some) { events += some.size(); }, [&](auto one) { error = one; }});
    f.transport.head(200);
    f.transport.data("{\"type\":\"ADDED\",\"object\":{}}\n{\"type\":\"ADD");
    f.transport.endLast();
    f.executor.runUntilIdle();
    QCOMPARE(events, std::size_t(1));
    QVERIFY(error && error->code == ErrorCode::Network);
}

void TestApiClient::watchOfTooLongALine()
{
    Fixture f;
    std::optional<core::Error> error;
    f.client->watch(kDeployments, "", "5", {[](auto) {}, [&](auto one) { error = one; }});
    f.transport.head(200);
    for (int i = 0; i < 40 && !error; ++i) {
        f.transport.data(std::string(1u << 20, 'x'));
        f.executor.runUntilIdle();
    }
    QVERIFY(error && error->code == ErrorCode::LimitExceeded);
}

void TestApiClient::watchSaysNothingAtAll()
{
    Fixture f;
    std::optional<core::Error> error;
    f.client->watch(kDeployments, "", "5", {[](auto) {}, [&](auto one) { error = one; }});
    f.executor.advance(59s);
    QVERIFY(!error);
    f.executor.advance(2s);
    QVERIFY(error && error->code == ErrorCode::Timeout);
    // One that never sends bookmarks may be quiet until its time is over, not longer.
    Fixture g;
    error.reset();
    g.client->watch(kDeployments, "", "5", {[](auto) {}, [&](auto one) { error = one; }});
    g.transport.head(200);
    g.executor.advance(5min);
    QVERIFY(!error);
    g.executor.advance(6min);
    QVERIFY(error && error->code == ErrorCode::Timeout);
}

WW_TEST_CLASS(TestApiClient)
#include "tst_apiclient.moc"
