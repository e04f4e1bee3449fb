// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/apierror.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using core::ErrorCode;

namespace {

core::HttpResponse refusal(int status, std::string body)
{
    return {status, {}, std::move(body)};
}

} // namespace

class TestApiError : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void conflictNamesManagersAndFields();
    void causesAreAddedOnce();
    void bodiesThatAreNoStatus();
    void controlCharactersAreShown();
    void longMessagesAreCut();
    void retryAfter();
    void warnings_data();
    void warnings();
};

void TestApiError::conflictNamesManagersAndFields()
{
    const core::Error error = errorFromResponse(refusal(409, R"({"kind":"Status","code":409,
      "reason":"Conflict","message":"Apply failed with 1 conflict: conflict with \"hpa\": .spec.replicas",
      "details":{"name":"web","group":"apps","kind":"deployments","causes":[
        {"reason":"FieldManagerConflict","message":"conflict with \"hpa\"","field":".spec.replicas"}]}})"));
    QVERIFY(error.code == ErrorCode::Conflict);
    QCOMPARE(error.message,
             std::string("Apply failed with 1 conflict: conflict with \"hpa\": .spec.replicas"));
    QCOMPARE(error.place.object, std::string("deployments web"));
    QVERIFY(error.isRetryable());
}

void TestApiError::causesAreAddedOnce()
{
    const core::Error error = errorFromResponse(refusal(422, R"({"kind":"Status","code":422,
      "reason":"Invalid","message":"it is invalid","details":{"kind":"Service","causes":[
        {"message":"must be a number","field":"spec.port"},{"message":"it is invalid","field":""}]}})"));
    QCOMPARE(error.message, std::string("it is invalid (spec.port: must be a number)"));
    QVERIFY(error.fault == core::Fault::User);
}

void TestApiError::bodiesThatAreNoStatus()
{
    QCOMPARE(errorFromResponse(refusal(502, "<html>Bad Gateway")).message,
             std::string("the server answered 502"));
    QCOMPARE(errorFromResponse(refusal(429, "Too many requests")).message,
             std::string("the server answered 429: Too many requests"));
    for (const char* const body : {"", "{", "{}", "[]", "null", R"({"kind":"Status"})",
                                   R"({"kind":"Status","details":[],"code":"x","message":3})"}) {
        const core::Error error = errorFromResponse(refusal(403, body));
        QVERIFY2(error.code == ErrorCode::Forbidden, body);
        QVERIFY(!error.message.empty());
    }
}

void TestApiError::controlCharactersAreShown()
{
    const core::Error error = errorFromResponse(
        refusal(400, R"({"kind":"Status","reason":"BadRequest","message":"a\u001b[31mb"})"));
    QVERIFY(error.message.find('\x1b') == std::string::npos);
}

void TestApiError::longMessagesAreCut()
{
    const core::Error error =
        errorFromResponse(refusal(400,
                                  R"({"kind":"Status","reason":"BadRequest","message":")"
                                      + std::string(1 << 20, 'x') + "\"}"));
    QVERIFY(error.message.size() < 10'000);
}

void TestApiError::retryAfter()
{
    const auto of = [](const char* value) {
        return retryAfterOf({429, {{"retry-after", value}}, {}});
    };
    QVERIFY(of("3") == std::chrono::seconds(3));
    QVERIFY(of("0") == std::chrono::seconds(0));
    QVERIFY(of("99999999999") == std::chrono::seconds(86'400));
    QVERIFY(!of("-1") && !of("soon") && !of("Wed, 21 Oct 2026 07:28:00 GMT") && !of("1.5"));
    QVERIFY(!retryAfterOf({429, {}, {}}));
}

void TestApiError::warnings_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("joined");
    QTest::newRow("one") << QByteArray("299 - \"a b\"") << QByteArray("a b");
    QTest::newRow("escaped") << QByteArray(R"(299 - "say \"x\" \\ y")")
                             << QByteArray(R"(say "x" \ y)");
    QTest::newRow("dated") << QByteArray(R"(299 - "a" "Wed, 01 Jan 2026 00:00:00 GMT")")
                           << QByteArray("a");
    QTest::newRow("two") << QByteArray(R"(299 - "a", 299 - "b")") << QByteArray("a|b");
    QTest::newRow("twice") << QByteArray(R"(299 - "a", 299 - "a")") << QByteArray("a");
    QTest::newRow("unquoted") << QByteArray("299 - a") << QByteArray("");
    QTest::newRow("unfinished") << QByteArray("299 - \"a") << QByteArray("");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
}

void TestApiError::warnings()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, joined);
    std::string out;
    for (const std::string& one : warningsOf({{"Warning", value.toStdString()}}))
        out += (out.empty() ? "" : "|") + one;
    QCOMPARE(out, joined.toStdString());
}

WW_TEST_CLASS(TestApiError)
#include "tst_apierror.moc"
