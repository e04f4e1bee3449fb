// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"
#include "core/value/json.h"
#include "gitops/cluster/objectfacts.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;

class TestObjectFacts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithTheValue_data();
    void agreesWithTheValue();
    void managers_data();
    void managers();
    void largeAndSmallInTurn();
    void unreadable_data();
    void unreadable();
};

namespace {

std::string nested(int levels)
{
    std::string text = "{\"apiVersion\":\"v1\",\"kind\":\"A\",\"spec\":";
    for (int i = 0; i < levels; ++i)
        text += "[";
    for (int i = 0; i < levels; ++i)
        text += "]";
    return text + "}";
}

} // namespace

void TestObjectFacts::agreesWithTheValue_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const char* text) {
        QTest::newRow(name) << QByteArray(text);
    };
    row("nothing", "{}");
    row("all of it",
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"uid\":\"u\","
        "\"resourceVersion\":\"7\",\"generation\":3,\"annotations\":{\"b\":\"2\",\"a\":\"1\"}},"
        "\"spec\":{\"type\":\"LoadBalancer\"},"
        "\"status\":{\"z\":1,\"observedGeneration\":2,\"a\":[{\"d\":1.50,\"c\":null}]}}");
    row("of other types",
        "{\"apiVersion\":1,\"kind\":[],\"metadata\":{\"uid\":5,\"resourceVersion\":null,"
        "\"generation\":\"3\",\"annotations\":{\"a\":1,\"b\":\"2\"}},\"spec\":{\"type\":1},"
        "\"status\":\"ready\"}");
    row("metadata is no object", "{\"metadata\":[1],\"spec\":7,\"status\":null}");
    row("generation is a whole number",
        "{\"metadata\":{\"generation\":4.0},"
        "\"status\":{\"observedGeneration\":4e0}}");
    row("generation is a broken number",
        "{\"metadata\":{\"generation\":4.5},"
        "\"status\":{\"observedGeneration\":-4}}");
    row("generation is too large",
        "{\"metadata\":{\"generation\":18446744073709551615},"
        "\"status\":{\"observedGeneration\":1e300}}");
    row("twice",
        "{\"kind\":\"A\",\"kind\":\"B\",\"status\":{\"a\":1,\"observedGeneration\":1},"
        "\"metadata\":{\"uid\":\"1\",\"uid\":\"2\",\"generation\":1,\"annotations\":{\"a\":\"1\"}},"
        "\"spec\":{\"type\":\"x\"},\"spec\":{},\"status\":{\"b\":1,\"b\":2},"
        "\"metadata\":{\"resourceVersion\":\"9\",\"annotations\":{\"b\":\"1\",\"b\":\"2\"}}}");
}

void TestObjectFacts::agreesWithTheValue()
{
    QFETCH(QByteArray, text);
    const auto value = core::parseJson(text.toStdString());
    QVERIFY(value);
    const auto facts = readObjectFacts(text.toStdString());
    QVERIFY(facts);
    QVERIFY(facts->annotations == core::annotationsOf(*value));
    QCOMPARE(facts->type, std::string(core::stringAt(*value, {"spec", "type"})));
    QCOMPARE(
        facts->observedGeneration.value_or(-1),
        std::max<std::int64_t>(-1, core::integerAt(*value, {"status", "observedGeneration"}, -1)));
    const core::Json* status = core::find(*value, "status");
    QVERIFY(facts->status
            == (status ? core::sha256(core::toCanonicalText(*status)) : core::Digest()));
}

void TestObjectFacts::managers_data()
{
    QTest::addColumn<QByteArray>("entries");
    QTest::addColumn<bool>("ours");
    const auto row = [](const char* name, const char* entries, bool ours) {
        QTest::newRow(name) << QByteArray(entries) << ours;
    };
    row("none", "[]", false);
    row("no list", "{\"manager\":\"wavewright\",\"operation\":\"Apply\"}", false);
    row("ours", "[{\"manager\":\"wavewright\",\"operation\":\"Apply\"}]", true);
    row("an update of ours", "[{\"manager\":\"wavewright\",\"operation\":\"Update\"}]", false);
    row("ours of the status",
        "[{\"manager\":\"wavewright\",\"operation\":\"Apply\",\"subresource\":\"status\"}]", false);
    row("another's", "[{\"manager\":\"kubectl\",\"operation\":\"Apply\"}]", false);
    row("another's of the status",
        "[{\"manager\":\"kubelet\",\"operation\":\"Update\",\"subresource\":\"status\"}]", false);
    row("both",
        "[{\"manager\":\"kubectl\",\"operation\":\"Update\"},"
        "{\"manager\":\"wavewright\",\"operation\":\"Apply\"}]",
        true);
    row("nobody's", "[{\"operation\":\"Apply\"}]", false);
    row("named twice",
        "[{\"manager\":\"wavewright\",\"manager\":\"kubectl\",\"operation\":\"Apply\"}]", false);
}

void TestObjectFacts::managers()
{
    QFETCH(QByteArray, entries);
    QFETCH(bool, ours);
    const auto facts =
        readObjectFacts("{\"metadata\":{\"managedFields\":" + entries.toStdString() + "}}");
    QVERIFY(facts);
    QCOMPARE(facts->hasApplyEntry, ours);
}

void TestObjectFacts::largeAndSmallInTurn()
{
    for (const std::size_t size : {10u, 600'000u, 20'000u, 10u, 300'000u}) {
        const std::string type = std::to_string(size);
        const auto facts = readObjectFacts("{\"spec\":{\"type\":\"" + type + "\"},\"data\":\""
                                           + std::string(size, 'x') + "\"}");
        QVERIFY(facts);
        QCOMPARE(facts->type, type);
    }
}

void TestObjectFacts::unreadable_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"nothing", "[]", "7", "{\"a\":", "{} {}", "{\"a\":\"\xff\"}"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("too deep") << QByteArray::fromStdString(nested(200));
}

void TestObjectFacts::unreadable()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readObjectFacts(text.toStdString()));
    QVERIFY(readObjectFacts(nested(90))); // and the next is read as ever
}

WW_TEST_CLASS(TestObjectFacts)
#include "tst_objectfacts.moc"
