// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/structural.h"
#include "core/value/yamlreader.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::Json;

namespace {

Json yaml(const QByteArray& text)
{
    return core::parseYaml(text.toStdString(), "").value_or(Json());
}

/// A schema with spec as given, in flow style.
Json schemaWith(const QByteArray& spec)
{
    return yaml("{type: object, properties: {spec: " + spec + "}}");
}

} // namespace

class TestStructural : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dropsUnknownFields_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<QByteArray>("unknown");
        const QByteArray plain = "{type: object, properties: {a: {type: string}}}";
        QTest::newRow("unknown") << plain << QByteArray("{spec: {a: x, b: y}}")
                                 << QByteArray("{spec: {a: x}}") << QByteArray("spec.b");
        QTest::newRow("at the root")
            << plain << QByteArray("{apiVersion: v, kind: K, metadata: {any: 1}, other: 1}")
            << QByteArray("{apiVersion: v, kind: K, metadata: {any: 1}}") << QByteArray("other");
        QTest::newRow("preserved")
            << QByteArray("{type: object, x-kubernetes-preserve-unknown-fields: true, properties: "
                          "{a: {type: object, properties: {b: {type: string}}}}}")
            << QByteArray("{spec: {z: {q: 1}, a: {b: x, c: y}}}")
            << QByteArray("{spec: {z: {q: 1}, a: {b: x}}}") << QByteArray("spec.a.c");
        QTest::newRow("free map") << QByteArray(
            "{type: object, additionalProperties: {type: object, properties: {a: {}}}}")
                                  << QByteArray("{spec: {k: {a: 1, b: 2}}}")
                                  << QByteArray("{spec: {k: {a: 1}}}") << QByteArray("spec.k.b");
        QTest::newRow("in lists") << QByteArray(
            "{type: array, items: {type: object, properties: {a: {}}}}")
                                  << QByteArray("{spec: [{a: 1}, {b: 2}]}")
                                  << QByteArray("{spec: [{a: 1}, {}]}") << QByteArray("spec[1].b");
        QTest::newRow("embedded")
            << QByteArray("{type: object, x-kubernetes-embedded-resource: true, properties: {}}")
            << QByteArray("{spec: {apiVersion: v1, kind: P, metadata: {n: 1}, spec: {}}}")
            << QByteArray("{spec: {apiVersion: v1, kind: P, metadata: {n: 1}}}")
            << QByteArray("spec.spec");
    }
    void dropsUnknownFields()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, result);
        QFETCH(QByteArray, unknown);
        std::vector<std::string> paths;
        const Json pruned = core::withoutUnknownFields(yaml(object), schemaWith(schema), &paths);
        QCOMPARE(core::toText(pruned), core::toText(yaml(result)));
        QCOMPARE(paths, std::vector<std::string> {unknown.toStdString()});
    }

    void fillsInDefaults_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("result");
        const QByteArray plain = "{type: object, properties: {a: {type: integer, default: 3}}}";
        QTest::newRow("absent") << plain << QByteArray("{spec: {}}")
                                << QByteArray("{spec: {a: 3}}");
        QTest::newRow("there") << plain << QByteArray("{spec: {a: 1}}")
                               << QByteArray("{spec: {a: 1}}");
        QTest::newRow("null") << plain << QByteArray("{spec: {a: null}}")
                              << QByteArray("{spec: {a: 3}}");
        QTest::newRow("null without a default")
            << QByteArray("{properties: {a: {type: string}}}") << QByteArray("{spec: {a: null}}")
            << QByteArray("{spec: {}}");
        QTest::newRow("null that may be")
            << QByteArray("{properties: {a: {nullable: true, default: 3}}}")
            << QByteArray("{spec: {a: null}}") << QByteArray("{spec: {a: null}}");
        QTest::newRow("parent absent") << plain << QByteArray("{}") << QByteArray("{}");
        QTest::newRow("nested default")
            << QByteArray("{properties: {a: {default: {}, properties: {b: {default: x}}}}}")
            << QByteArray("{spec: {}}") << QByteArray("{spec: {a: {b: x}}}");
        QTest::newRow("in lists") << QByteArray("{items: {properties: {p: {default: TCP}}}}")
                                  << QByteArray("{spec: [{q: 1}, {p: UDP}]}")
                                  << QByteArray("{spec: [{q: 1, p: TCP}, {p: UDP}]}");
        QTest::newRow("in free maps")
            << QByteArray("{additionalProperties: {properties: {p: {default: 1}}}}")
            << QByteArray("{spec: {k: {}}}") << QByteArray("{spec: {k: {p: 1}}}");
    }
    void fillsInDefaults()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, object);
        QFETCH(QByteArray, result);
        QCOMPARE(core::toText(core::withDefaults(yaml(object), schemaWith(schema))),
                 core::toText(yaml(result)));
    }

    void validates_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("error");
        const char* const rows[][3] = {
            {"{type: integer}", "3", ""},
            {"{type: integer}", "3.0", ""},
            {"{type: number}", "3", ""},
            {"{type: integer}", "x",
             "spec: Invalid value: \"string\": spec in body must be of type integer: \"string\""},
            {"{type: string}", "3",
             "spec: Invalid value: \"integer\": spec in body must be of type string: \"integer\""},
            {"{type: integer}", "1.5",
             "spec: Invalid value: \"number\": spec in body must be of type integer: \"number\""},
            {"{type: string}", "null",
             "spec: Invalid value: \"null\": spec in body must be of type string: \"null\""},
            {"{type: string, nullable: true}", "null", ""},
            {"{enum: [b, a]}", "c",
             "spec: Unsupported value: \"c\": supported values: \"a\", \"b\""},
            {"{enum: [a]}", "a", ""},
            {"{type: string, pattern: '^a+$'}", "b",
             "spec: Invalid value: \"b\": spec in body should match '^a+$'"},
            {"{type: string, pattern: '^a+$'}", "aaa", ""},
            {"{type: string, minLength: 2}", "a",
             "spec: Invalid value: \"a\": spec in body should be at least 2 chars long"},
            {"{type: string, maxLength: 2}", "abc", "spec: Too long: may not be more than 2 bytes"},
            {"{type: string, format: date-time}", "yesterday",
             "spec: Invalid value: \"yesterday\": spec in body must be of type date-time: "
             "\"yesterday\""},
            {"{type: integer, minimum: 1}", "0",
             "spec: Invalid value: 0: spec in body should be greater than or equal to 1"},
            {"{type: integer, minimum: 1, exclusiveMinimum: true}", "1",
             "spec: Invalid value: 1: spec in body should be greater than 1"},
            {"{type: integer, maximum: 5}", "6",
             "spec: Invalid value: 6: spec in body should be less than or equal to 5"},
            {"{type: integer, multipleOf: 2}", "3",
             "spec: Invalid value: 3: spec in body should be a multiple of 2"},
            {"{type: array, minItems: 1}", "[]",
             "spec: Invalid value: 0: spec in body should have at least 1 items"},
            {"{type: array, maxItems: 1}", "[1, 2]",
             "spec: Too many: 2: must have at most 1 items"},
            {"{type: object, minProperties: 1}", "{}",
             "spec: Invalid value: 0: spec in body should have at least 1 properties"},
            {"{type: object, required: [a]}", "{}", "spec.a: Required value"},
            {"{type: object, properties: {l: {items: {required: [a]}}}}", "{l: [{a: 1}, {}]}",
             "spec.l[1].a: Required value"},
            {"{type: array, x-kubernetes-list-type: set}", "[a, b, a]",
             "spec[2]: Duplicate value: \"a\""},
            {"{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name]}",
             "[{name: a, v: 1}, {name: a}]", "spec[1]: Duplicate value: {\"name\":\"a\"}"},
            {"{x-kubernetes-int-or-string: true}", "8080", ""},
            {"{x-kubernetes-int-or-string: true}", "http", ""},
            {"{x-kubernetes-int-or-string: true}", "true",
             "spec: Invalid value: \"boolean\": spec in body must be of type integer,string: "
             "\"boolean\""},
            {"{oneOf: [{required: [a]}, {required: [b]}]}", "{}",
             "spec: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). "
             "Found none valid"},
            {"{oneOf: [{required: [a]}, {required: [b]}]}", "{a: 1}", ""},
            {"{oneOf: [{required: [a]}, {required: [b]}]}", "{a: 1, b: 1}",
             "spec: Invalid value: \"\": \"spec\" must validate one and only one schema (oneOf). "
             "Found 2 valid alternatives"},
            {"{anyOf: [{required: [a]}, {required: [b]}]}", "{}",
             "spec: Invalid value: \"\": \"spec\" must validate at least one schema (anyOf)"},
            {"{not: {required: [a]}}", "{a: 1}",
             "spec: Invalid value: \"\": \"spec\" must not validate the schema (not)"},
            {"{allOf: [{required: [a]}, {required: [b]}]}", "{a: 1}",
             "spec: Invalid value: \"\": \"spec\" must validate all the schemas (allOf)"},
            {"{type: object, x-kubernetes-embedded-resource: true}", "{apiVersion: v1}",
             "spec.kind: Required value: must not be empty"},
        };
        for (const auto& row : rows)
            QTest::addRow("%s with %s", row[0], row[1])
                << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2]);
    }
    void validates()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, error);
        const auto errors =
            core::validateStructural(yaml("{spec: " + value + "}"), schemaWith(schema));
        QCOMPARE(errors.empty() ? std::string() : errors.front().text(), error.toStdString());
        QVERIFY(errors.size() <= 1);
    }

    void saysAllAtOnce()
    {
        const auto errors = core::validateStructural(
            yaml("{spec: {a: x}}"),
            schemaWith("{required: [b], properties: {a: {type: integer}}}"));
        QCOMPARE(core::invalidText({"kafka.strimzi.io", "Kafka"}, "k", errors),
                 std::string("Kafka.kafka.strimzi.io \"k\" is invalid: [spec.b: Required value, "
                             "spec.a: Invalid value: \"string\": spec.a in body must be of type "
                             "integer: \"string\"]"));
        QCOMPARE(errors.front().reason(), std::string_view("FieldValueRequired"));
    }

    void deepSchemasEnd()
    {
        core::Json schema = core::JsonObject {{"type", "string"}};
        core::Json object = "x";
        for (int i = 0; i < 400; ++i) {
            schema = core::JsonObject {{"properties", core::JsonObject {{"a", schema}}}};
            object = core::JsonObject {{"a", object}};
        }
        static_cast<void>(core::validateStructural(object, schema));
        static_cast<void>(core::withDefaults(object, schema));
        QVERIFY(core::withoutUnknownFields(object, schema).is_object());
    }
};

WW_TEST_CLASS(TestStructural)
#include "tst_structural.moc"
