// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

const std::string kMaps = "/api/v1/namespaces/default/configmaps";

std::string map(const std::string& more)
{
    return R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"})" + more + "}";
}

} // namespace

/// Bodies with fields that their kind does not have, through every door.
class TestDecoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void warnsAndDrops();
    void refusesWhenStrict();
    void blamesThePatch();
    void refusesApplies();
    void takesKindAndVersionFromThePath();
};

void TestDecoding::warnsAndDrops()
{
    TestServer server;
    const auto made = server.post(kMaps, map(R"(,"dato":{})"));
    QCOMPARE(made.status, 201);
    QCOMPARE(core::header(made.headers, "Warning"), "299 - \"unknown field \\\"dato\\\"\"");
    QCOMPARE(text(jsonOf(made), {"dato"}), "<absent>");
    QVERIFY(core::header(server.post(kMaps + "?fieldValidation=Ignore", map(R"(,"x":1)")).headers,
                         "Warning")
                .empty());
}

void TestDecoding::refusesWhenStrict()
{
    TestServer server;
    const auto refused = server.post(kMaps + "?fieldValidation=Strict", map(R"(,"x":1,"y":2)"));
    QCOMPARE(refused.status, 400);
    QCOMPARE(text(jsonOf(refused), {"message"}),
             "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: "
             "unknown field \"x\", unknown field \"y\"");
    QCOMPARE(server.post(kMaps, map(R"(,"data":{"k":7})")).status, 400);
    QCOMPARE(server.send("GET", kMaps + "/a").status, 404);
}

void TestDecoding::blamesThePatch()
{
    TestServer server;
    QCOMPARE(server.post(kMaps, map("")).status, 201);
    const auto refused =
        server.send("PATCH", kMaps + "/a", R"({"data":{"k":5}})", "application/merge-patch+json");
    QCOMPARE(refused.status, 422);
    QVERIFY(
        text(jsonOf(refused), {"message"}).starts_with(" \"\" is invalid: patch: Invalid value"));
}

void TestDecoding::refusesApplies()
{
    TestServer server;
    const auto refused = server.apply(kMaps + "/a", map(R"(,"data":{"k":7})"));
    QCOMPARE(refused.status, 500);
    QCOMPARE(text(jsonOf(refused), {"message"}),
             "failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data.k: expected "
             "string, got &value.valueUnstructured{Value:7}");
    QCOMPARE(text(jsonOf(refused), {"reason"}), "<absent>");
}

void TestDecoding::takesKindAndVersionFromThePath()
{
    TestServer server;
    const auto made = server.post(kMaps, R"({"metadata":{"name":"bare"},"data":{"k":"v"}})");
    QCOMPARE(made.status, 201);
    QCOMPARE(text(jsonOf(made), {"kind"}), "ConfigMap");
}

WW_TEST_CLASS(TestDecoding)
#include "tst_decoding.moc"
