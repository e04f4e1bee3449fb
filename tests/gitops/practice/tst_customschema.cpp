// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/practice/testserver.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using tests::jsonOf;
using tests::TestServer;
using tests::text;

namespace {

const std::string kCrds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const std::string kTopics = "/apis/kafka.strimzi.io/v1/namespaces/default/kafkatopics";

constexpr const char* kCrd = R"({
  "apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
  "metadata":{"name":"kafkatopics.kafka.strimzi.io"},
  "spec":{"group":"kafka.strimzi.io","scope":"Namespaced",
    "names":{"kind":"KafkaTopic","plural":"kafkatopics","singular":"kafkatopic"},
    "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{
      "type":"object","properties":{"spec":{"type":"object","properties":{
        "partitions":{"type":"integer","minimum":1,"default":3},
        "retention":{"type":"string"}}}}}}}]}})";

std::string topic(const std::string& spec)
{
    return R"({"apiVersion":"kafka.strimzi.io/v1","kind":"KafkaTopic","metadata":{"name":"t"},)"
           R"("spec":)"
        + spec + "}";
}

} // namespace

class TestCustomSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsInDefaults()
    {
        TestServer server;
        QCOMPARE(server.post(kCrds, kCrd).status, 201);
        const auto created = server.post(kTopics, topic(R"({"retention":"1d"})"));
        QCOMPARE(created.status, 201);
        QCOMPARE(core::integerAt(jsonOf(created), {"spec", "partitions"}, 0), std::int64_t(3));
    }

    void dropsUnknownFieldsOrRefusesThem()
    {
        TestServer server;
        QCOMPARE(server.post(kCrds, kCrd).status, 201);
        const std::string body = topic(R"({"partition":1})");
        const auto strict = server.post(kTopics + "?fieldValidation=Strict", body);
        QCOMPARE(strict.status, 400);
        QCOMPARE(text(jsonOf(strict), {"message"}),
                 "KafkaTopic in version \"v1\" cannot be handled as a KafkaTopic: strict decoding "
                 "error: unknown field \"spec.partition\"");
        const auto created = server.post(kTopics, body);
        QCOMPARE(created.status, 201);
        QVERIFY(!core::findPath(jsonOf(created), {"spec", "partition"}));
    }

    void refusesWhatTheSchemaForbids()
    {
        TestServer server;
        QCOMPARE(server.post(kCrds, kCrd).status, 201);
        const auto refused = server.post(kTopics, topic(R"({"partitions":0})"));
        QCOMPARE(refused.status, 422);
        QCOMPARE(text(jsonOf(refused), {"message"}),
                 "KafkaTopic.kafka.strimzi.io \"t\" is invalid: spec.partitions: Invalid value: 0: "
                 "spec.partitions in body should be greater than or equal to 1");
        const auto applied = server.apply(kTopics + "/t", topic(R"({"partitions":"x"})"));
        QCOMPARE(applied.status, 422);
    }

    /// A repeated apply of what the server filled in and dropped changes nothing.
    void appliesSettle()
    {
        TestServer server;
        QCOMPARE(server.post(kCrds, kCrd).status, 201);
        const std::string body = topic(R"({"retention":"1d","unknown":{"a":1}})");
        const auto first = server.apply(kTopics + "/t", body);
        QVERIFY(first.status == 200 || first.status == 201);
        const auto second = server.apply(kTopics + "/t", body);
        QCOMPARE(second.status, 200);
        QCOMPARE(text(jsonOf(second), {"metadata", "resourceVersion"}),
                 text(jsonOf(first), {"metadata", "resourceVersion"}));
    }
};

WW_TEST_CLASS(TestCustomSchema)
#include "tst_customschema.moc"
