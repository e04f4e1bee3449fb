// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/jsonpatch.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestJsonPatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cases_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("expected"); // empty: an error
        const auto row = [](const char* name, const char* document, const char* patch,
                            const char* expected) {
            QTest::newRow(name) << QByteArray(document) << QByteArray(patch)
                                << QByteArray(expected);
        };
        row("add member", R"({"a":1})", R"([{"op":"add","path":"/b","value":2}])",
            R"({"a":1,"b":2})");
        row("add replaces", R"({"a":1})", R"([{"op":"add","path":"/a","value":2}])", R"({"a":2})");
        row("add item", R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])",
            R"({"a":[1,2,3]})");
        row("append", R"([1])", R"([{"op":"add","path":"/-","value":2}])", R"([1,2])");
        row("append by length", R"([1])", R"([{"op":"add","path":"/1","value":2}])", R"([1,2])");
        row("add outside", R"([1])", R"([{"op":"add","path":"/2","value":2}])", "");
        row("add root", R"([1])", R"([{"op":"add","path":"","value":{}}])", R"({})");
        row("add without parent", R"({})", R"([{"op":"add","path":"/a/b","value":1}])", "");
        row("remove", R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])", R"({"b":2})");
        row("remove missing", R"({})", R"([{"op":"remove","path":"/a"}])", "");
        row("remove last by -1", R"([1,2])", R"([{"op":"remove","path":"/-1"}])", R"([1])");
        row("replace", R"({"a":1})", R"([{"op":"replace","path":"/a","value":null}])",
            R"({"a":null})");
        row("replace missing", R"({})", R"([{"op":"replace","path":"/a","value":1}])", "");
        row("move", R"({"a":{"b":1},"c":{}})", R"([{"op":"move","from":"/a/b","path":"/c/d"}])",
            R"({"a":{},"c":{"d":1}})");
        row("move into itself", R"({"a":{"b":1}})", R"([{"op":"move","from":"/a","path":"/a/b"}])",
            "");
        row("copy", R"({"a":[1]})", R"([{"op":"copy","from":"/a","path":"/b"}])",
            R"({"a":[1],"b":[1]})");
        row("test", R"({"a":[1,{"x":2}]})", R"([{"op":"test","path":"/a/1","value":{"x":2.0}}])",
            R"({"a":[1,{"x":2}]})");
        row("test fails", R"({"a":1})", R"([{"op":"test","path":"/a","value":2}])", "");
        row("test of a missing one is null", R"({})", R"([{"op":"test","path":"/a","value":null}])",
            R"({})");
        row("escapes", R"({"a/b":1,"c~d":2})",
            R"([{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/c~0d","value":3}])",
            R"({"c~d":3})");
        row("leading zero", R"([1,2])", R"([{"op":"remove","path":"/01"}])", "");
        row("unknown op", R"({})", R"([{"op":"merge","path":"/a","value":1}])", "");
        row("no path", R"({})", R"([{"op":"add","value":1}])", "");
        row("no value", R"({})", R"([{"op":"add","path":"/a"}])", "");
        row("not a list", R"({})", R"({"op":"add"})", "");
        row("bad escape", R"({"a":1})", R"([{"op":"remove","path":"/~2"}])", "");
    }
    void cases()
    {
        QFETCH(QByteArray, document);
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, expected);
        Json value = parseJson(document.toStdString()).value();
        const Json before = value;
        const auto done = applyJsonPatch(value, parseJson(patch.toStdString()).value());
        QCOMPARE(done.has_value(), !expected.isEmpty());
        QCOMPARE(toText(value), expected.isEmpty() ? toText(before) : expected.toStdString());
    }
    void aFailureLeavesEverythingAsItWas()
    {
        Json value = parseJson(R"({"a":1})").value();
        const auto done = applyJsonPatch(
            value,
            parseJson(R"([{"op":"remove","path":"/a"},{"op":"remove","path":"/x"}])").value());
        QVERIFY(!done);
        QVERIFY(done.error().message.find("operation 1 (remove /x)") != std::string::npos);
        QCOMPARE(toText(value), std::string(R"({"a":1})"));
    }
    void tooManyOperations()
    {
        Json value = JsonObject {};
        QVERIFY(!applyJsonPatch(value, JsonArray(11, JsonObject {}), {.maxOperations = 10}));
    }
};

WW_TEST_CLASS(TestJsonPatch)
#include "tst_jsonpatch.moc"
