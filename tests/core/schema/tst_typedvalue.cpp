// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/typedvalue.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <memory>

using core::FieldSet;
using core::Json;

namespace {

/// Tables write ` for the escaped quotes inside of a fieldsV1 key: moc stumbles over \" in raw
/// strings.
std::string unquoted(const QByteArray& text)
{
    return QByteArray(text).replace("`", "\\\"").toStdString();
}

Json json(const char* text)
{
    return core::parseJson(text).value_or(Json());
}

/// A type with one list of each sort, a free map, an atomic map and an unknown part.
core::CrdTypeSchema schema()
{
    return core::CrdTypeSchema(std::make_shared<const Json>(json(R"({
      "type":"object","properties":{
        "scalar":{"type":"string"},
        "struct":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}},
        "free":{"type":"object","additionalProperties":{"type":"object",
           "properties":{"x":{"type":"integer"}}}},
        "atomic":{"type":"object","x-kubernetes-map-type":"atomic",
           "properties":{"x":{"type":"integer"}}},
        "list":{"type":"array","items":{"type":"integer"}},
        "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
        "map":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k","p"],
           "items":{"type":"object","properties":{"k":{"type":"string"},
             "p":{"type":"string","default":"TCP"},"v":{"type":"integer"}}}},
        "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}})")));
}

} // namespace

class TestTypedValue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void setOfAnObject_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("set");
        const char* const rows[][2] = {
            {R"({"scalar":"x"})", R"({"f:scalar":{}})"},
            {R"({"scalar":null})", R"({"f:scalar":{}})"},
            {R"({"struct":{"a":"1"}})", R"({"f:struct":{"f:a":{}}})"},
            {R"({"struct":{}})", R"({"f:struct":{}})"},
            {R"({"free":{"one":{"x":1}}})", R"({"f:free":{"f:one":{".":{},"f:x":{}}}})"},
            {R"({"atomic":{"x":1}})", R"({"f:atomic":{}})"},
            {R"({"list":[1,2]})", R"({"f:list":{}})"},
            {R"({"set":["b","a"]})", R"({"f:set":{"v:`a`":{},"v:`b`":{}}})"},
            {R"({"set":[]})", "{}"},
            {R"({"map":[{"k":"a","v":1}]})",
             R"({"f:map":{"k:{`k`:`a`,`p`:`TCP`}":{".":{},"f:k":{},"f:v":{}}}})"},
            {R"({"any":{"deep":{"er":[1]}}})", R"({"f:any":{"f:deep":{".":{},"f:er":{}}}})"},
            {R"({"metadata":{"labels":{"a":"b"},"finalizers":["f"]}})",
             R"({"f:metadata":{"f:finalizers":{"v:`f`":{}},"f:labels":{"f:a":{}}}})"},
        };
        for (const auto& row : rows)
            QTest::newRow(row[0]) << QByteArray(row[0]) << QByteArray(row[1]);
    }
    void setOfAnObject()
    {
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, set);
        const auto type = schema();
        const auto made = core::fieldSetOf(json(object.constData()), type);
        QVERIFY(made);
        QCOMPARE(core::toText(made->toJson()), unquoted(set));
    }

    void refusesListsThatBreakTheirType_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("duplicate key")
            << QByteArray(R"({"map":[{"k":"a"},{"k":"a","p":"TCP"}]})")
            << QByteArray(R"(.map: duplicate entries for key [k="a",p="TCP"])");
        QTest::newRow("missing key")
            << QByteArray(R"({"map":[{"v":1}]})")
            << QByteArray(".map: associative list with keys has an element that omits key field "
                          "\"k\" (and doesn't have default value)");
        QTest::newRow("duplicate value") << QByteArray(R"({"set":["a","a"]})")
                                         << QByteArray(R"(.set: duplicate entries for key [="a"])");
        QTest::newRow("map in a set")
            << QByteArray(R"({"set":[{}]})")
            << QByteArray(".set: associative list without keys has an element that's a map type");
    }
    void refusesListsThatBreakTheirType()
    {
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, message);
        const auto type = schema();
        const auto made = core::fieldSetOf(json(object.constData()), type);
        QVERIFY(!made);
        QCOMPARE(made.error().message, message.toStdString());
        QVERIFY(!core::liveFieldSetOf(json(object.constData()), type).isEmpty());
    }

    void compares_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QByteArray>("added");
        QTest::addColumn<QByteArray>("modified");
        QTest::addColumn<QByteArray>("removed");
        const char* const rows[][5] = {
            {R"({"scalar":"x"})", R"({"scalar":"x"})", "{}", "{}", "{}"},
            {R"({"scalar":"x"})", R"({"scalar":"y"})", "{}", R"({"f:scalar":{}})", "{}"},
            {"{}", R"({"struct":{"a":"1"}})", R"({"f:struct":{".":{},"f:a":{}}})", "{}", "{}"},
            {R"({"struct":{"a":"1"}})", "{}", "{}", "{}", R"({"f:struct":{".":{},"f:a":{}}})"},
            {R"({"struct":{}})", R"({"struct":{"a":"1"}})", R"({"f:struct":{"f:a":{}}})", "{}",
             "{}"},
            {R"({"list":[1,2]})", R"({"list":[2,1]})", "{}", R"({"f:list":{}})", "{}"},
            {R"({"set":["a","b"]})", R"({"set":["b","a"]})", "{}", "{}", "{}"},
            {R"({"set":["a"]})", R"({"set":["b"]})", R"({"f:set":{"v:`b`":{}}})", "{}",
             R"({"f:set":{"v:`a`":{}}})"},
            {R"({"map":[{"k":"a","v":1}]})", R"({"map":[{"k":"a","p":"TCP","v":2}]})",
             R"({"f:map":{"k:{`k`:`a`,`p`:`TCP`}":{"f:p":{}}}})",
             R"({"f:map":{"k:{`k`:`a`,`p`:`TCP`}":{"f:v":{}}}})", "{}"},
            {R"({"atomic":{"x":1}})", R"({"atomic":{"x":2}})", "{}", R"({"f:atomic":{}})", "{}"},
        };
        for (const auto& row : rows)
            QTest::newRow((std::string(row[0]) + " to " + row[1]).c_str())
                << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2])
                << QByteArray(row[3]) << QByteArray(row[4]);
    }
    void compares()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QByteArray, added);
        QFETCH(QByteArray, modified);
        QFETCH(QByteArray, removed);
        const auto type = schema();
        const core::TypedComparison result =
            core::compareTyped(json(before.constData()), json(after.constData()), type);
        QCOMPARE(core::toText(result.added.toJson()), unquoted(added));
        QCOMPARE(core::toText(result.modified.toJson()), unquoted(modified));
        QCOMPARE(core::toText(result.removed.toJson()), unquoted(removed));
    }

    void merges_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("merged");
        const char* const rows[][3] = {
            {R"({"scalar":"x"})", R"({"struct":{"a":"1"}})",
             R"({"scalar":"x","struct":{"a":"1"}})"},
            {R"({"list":[1,2]})", R"({"list":[3]})", R"({"list":[3]})"},
            {R"({"atomic":{"x":1}})", R"({"atomic":{"y":1}})", R"({"atomic":{"y":1}})"},
            {R"({"set":["a","b"]})", R"({"set":["c"]})", R"({"set":["a","b","c"]})"},
            {R"({"set":["a","b","c"]})", R"({"set":["c","a"]})", R"({"set":["b","c","a"]})"},
            {R"({"map":[{"k":"s","v":9},{"k":"a","v":1}]})", R"({"map":[{"k":"a","v":2}]})",
             R"({"map":[{"k":"s","v":9},{"k":"a","v":2}]})"},
            {R"({"struct":{"a":"1"}})", R"({"struct":null})", R"({"struct":{"a":"1"}})"},
        };
        for (const auto& row : rows)
            QTest::newRow((std::string(row[0]) + " with " + row[1]).c_str())
                << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2]);
    }
    void merges()
    {
        QFETCH(QByteArray, base);
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, merged);
        const auto type = schema();
        QCOMPARE(
            core::toText(core::mergeTyped(json(base.constData()), json(patch.constData()), type)),
            merged.toStdString());
    }

    void removesFields()
    {
        const auto type = schema();
        const Json object = json(
            R"({"scalar":"x","struct":{"a":"1"},"set":["a","b"],"map":[{"k":"a","v":1}],"list":[1]})");
        FieldSet fields;
        const auto key = core::PathElement::key({{"k", "a"}, {"p", "TCP"}});
        const auto field = [](const char* name) { return core::PathElement::field(name); };
        fields.insert(core::FieldPath {field("struct"), field("a")});
        fields.insert(core::FieldPath {field("set"), core::PathElement::value("a")});
        fields.insert(core::FieldPath {field("map"), key, field("v")});
        fields.insert(core::FieldPath {field("list"), core::PathElement::at(0)});
        QCOMPARE(core::toText(core::withoutFields(object, fields, type)),
                 std::string(
                     R"({"scalar":"x","struct":null,"set":["b"],"map":[{"k":"a"}],"list":[1]})"));
    }
};

WW_TEST_CLASS(TestTypedValue)
#include "tst_typedvalue.moc"
