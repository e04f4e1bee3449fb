// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/protobuf.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using gitops::practice::jsonFromProtobuf;

namespace {

std::string varint(std::uint64_t value)
{
    std::string out;
    for (; value > 0x7f; value >>= 7)
        out += char(value | 0x80);
    return out += char(value);
}

std::string number(int field, std::int64_t value)
{
    return varint(std::uint64_t(field) << 3) + varint(std::uint64_t(value));
}

std::string bytes(int field, const std::string& value)
{
    return varint(std::uint64_t(field) << 3 | 2) + varint(value.size()) + value;
}

std::string envelope(const std::string& apiVersion, const std::string& kind, const std::string& raw)
{
    return std::string("k8s\0", 4) + bytes(1, bytes(1, apiVersion) + bytes(2, kind)) + bytes(2, raw)
        + bytes(3, "") + bytes(4, "");
}

} // namespace

class TestProtobuf : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void survivesEveryCut();
};

void TestProtobuf::reads_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const char* apiVersion, const char* kind,
                        const std::string& raw, const char* json) {
        QTest::newRow(name) << QByteArray::fromStdString(envelope(apiVersion, kind, raw)) << json;
    };
    row("map of strings", "v1", "ConfigMap",
        bytes(1, bytes(1, "m") + bytes(3, "") + bytes(8, ""))
            + bytes(2, bytes(1, "a") + bytes(2, "1")) + bytes(2, bytes(1, "empty")),
        R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"1","empty":""}})");
    row("map of bytes", "v1", "Secret", bytes(2, bytes(1, "k") + bytes(2, "\xff\x01")),
        R"({"apiVersion":"v1","kind":"Secret","data":{"k":"/wE="}})");
    row("zero of a pointer", "apps/v1", "Deployment",
        bytes(2, number(1, 0) + number(5, 0) + number(7, 0)),
        R"({"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":0}})");
    row("status is left out", "v1", "Service",
        bytes(3,
              bytes(1,
                    bytes(1, "h") + number(3, 80)
                        + bytes(4, number(1, 1) + number(2, 0) + bytes(3, "http")))),
        R"({"apiVersion":"v1","kind":"Service"})");
    row("int or string", "v1", "Service",
        bytes(2,
              bytes(1,
                    bytes(1, "h") + number(3, 80)
                        + bytes(4, number(1, 1) + number(2, 0) + bytes(3, "http")))),
        R"({"apiVersion":"v1","kind":"Service","spec":{"ports":[{"name":"h","port":80,"targetPort":"http"}]}})");
    row("quantity", "v1", "ResourceQuota",
        bytes(2, bytes(1, bytes(1, "pods") + bytes(2, bytes(1, "9")))),
        R"({"apiVersion":"v1","kind":"ResourceQuota","spec":{"hard":{"pods":"9"}}})");
    row("time", "v1", "Namespace", bytes(1, bytes(8, number(1, 0) + number(2, 0))),
        R"({"apiVersion":"v1","kind":"Namespace","metadata":{"creationTimestamp":"1970-01-01T00:00:00Z"}})");
    row("negative number", "scheduling.k8s.io/v1", "PriorityClass", number(2, -5),
        R"({"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","value":-5})");
    row("inlined", "v1", "Pod",
        bytes(2, bytes(1, bytes(1, "v") + bytes(2, bytes(19, bytes(1, bytes(1, "map")))))),
        R"({"apiVersion":"v1","kind":"Pod","spec":{"volumes":[{"name":"v","configMap":{"name":"map"}}]}})");
    row("unknown fields", "v1", "Namespace",
        bytes(99, "x") + number(98, 7) + varint(97 << 3 | 5) + "1234" + varint(96 << 3 | 1)
            + "12345678",
        R"({"apiVersion":"v1","kind":"Namespace"})");
}

void TestProtobuf::reads()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, json);
    const auto value = jsonFromProtobuf(body.toStdString());
    QVERIFY2(value, value ? "" : value.error().message.c_str());
    QCOMPARE(QString::fromStdString(core::toText(*value)), json);
}

void TestProtobuf::refuses_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& body, int code) {
        QTest::newRow(name) << QByteArray::fromStdString(body) << code;
    };
    row("empty", "", 400);
    row("json", "{}", 400);
    row("unknown kind", envelope("x.y/v1", "Z", ""), 415);
    row("no kind", std::string("k8s\0", 4), 415);
    row("length beyond the end", envelope("v1", "ConfigMap", bytes(1, "x").substr(0, 2)), 400);
    row("field 0", envelope("v1", "ConfigMap", number(0, 1)), 400);
    row("group", envelope("v1", "ConfigMap", varint(1 << 3 | 3)), 400);
    row("endless number", envelope("v1", "ConfigMap", std::string(20, '\xff')), 400);
    row("number for a message", envelope("v1", "ConfigMap", number(1, 1)), 400);
    row("no UTF-8", envelope("v1", "ConfigMap", bytes(1, bytes(1, "\xff"))), 400);
    row("no JSON in it", envelope("v1", "Namespace", bytes(1, bytes(17, bytes(7, bytes(1, "{"))))),
        400);
}

void TestProtobuf::refuses()
{
    QFETCH(QByteArray, body);
    QFETCH(int, code);
    const auto value = jsonFromProtobuf(body.toStdString());
    QVERIFY(!value);
    QCOMPARE(value.error().code, code);
}

void TestProtobuf::survivesEveryCut()
{
    const std::string body = envelope(
        "v1", "ConfigMap", bytes(1, bytes(1, "name")) + bytes(2, bytes(1, "a") + bytes(2, "b")));
    for (std::size_t size = 0; size < body.size(); ++size)
        (void)jsonFromProtobuf(body.substr(0, size));
    for (std::size_t at = 0; at < body.size(); ++at) {
        std::string changed = body;
        changed[at] = char(changed[at] ^ 0xff);
        (void)jsonFromProtobuf(changed);
    }
    QVERIFY(jsonFromProtobuf(body));
}

WW_TEST_CLASS(TestProtobuf)
#include "tst_protobuf.moc"
