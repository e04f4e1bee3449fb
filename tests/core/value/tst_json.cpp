// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/json.h"
#include "core/value/jsontext.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersAsGoWritesThem_data()
    {
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        const auto row = [](const char* in, const char* out) {
            QTest::newRow(in) << QByteArray(in) << QByteArray(out);
        };
        row("5.0", "5");
        row("1e21", "1e+21");
        row("1e20", "100000000000000000000");
        row("1e-7", "1e-7");
        row("0.000001", "0.000001");
        row("1.50", "1.5");
        row("-0.0", "-0");
        row("123456789.5", "123456789.5");
        row("18446744073709551615", "18446744073709551615");
        row("-9223372036854775808", "-9223372036854775808");
        row("true", "true");
        row("null", "null");
    }
    void numbersAsGoWritesThem()
    {
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        QCOMPARE(toText(parseJson(in.toStdString()).value()), out.toStdString());
    }
    /// Strings are looked through eight bytes at a time: whatever must be escaped is found
    /// anywhere.
    void escapesAnywhere()
    {
        const std::string special = "\"\\\n\x01\x1f";
        const std::string plain = " !#[]\x7f\x80\xff";
        for (std::size_t size = 1; size <= 26; ++size)
            for (std::size_t at = 0; at < size; ++at)
                for (const char c : special + plain) {
                    std::string text(size, '~');
                    text[at] = c;
                    std::string out;
                    appendJsonString(out, text);
                    const bool isSpecial = special.find(c) != std::string::npos;
                    QCOMPARE(out.find('\\') != std::string::npos, isSpecial);
                    std::string two;
                    appendJsonString(two, std::string(1, c));
                    QCOMPARE(out,
                             '"' + text.substr(0, at) + two.substr(1, two.size() - 2)
                                 + text.substr(at + 1) + '"');
                }
    }
    void strings()
    {
        const std::string text = "{\"a\\\"\\\\\\n\\t\\u0001ü🌊\":\"<&>\"}";
        const auto value = parseJson(text);
        QVERIFY(value);
        QCOMPARE(toText(*value), text);
    }
    void canonicalSortsKeys()
    {
        QCOMPARE(toCanonicalText(parseJson(R"({"b":{"y":1,"x":2},"a":[3]})").value()),
                 std::string(R"({"a":[3],"b":{"x":2,"y":1}})"));
        QCOMPARE(toPrettyText(parseJson(R"({"a":[1,{}],"b":[]})").value()),
                 std::string("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"));
    }
    void limitsAndPlaces()
    {
        const auto deep = parseJson(std::string(200, '[') + std::string(200, ']'));
        QVERIFY(!deep);
        QCOMPARE(int(deep.error().code), int(ErrorCode::LimitExceeded));
        QVERIFY(parseJson(std::string(100, '[') + std::string(100, ']')));
        const auto bad = parseJson("{\n \"a\": x}");
        QVERIFY(!bad);
        QCOMPARE(bad.error().place.line, 2);
        QVERIFY(!parseJson("{} {}"));
        QVERIFY(!parseJson(""));
        QVERIFY(!parseJson("\"1234567890\"", {.bytes = 5}));
    }
    void equality()
    {
        QVERIFY(isEqual(parseJson(R"({"a":1,"b":2})").value(),
                        parseJson(R"({"b":2.0,"a":1})").value()));
        QVERIFY(!isEqual(parseJson("[1,2]").value(), parseJson("[2,1]").value()));
        QVERIFY(!isEqual(parseJson("1").value(), parseJson("\"1\"").value()));
        QVERIFY(isEqual(Json(std::uint64_t(5)), Json(std::int64_t(5))));
        QVERIFY(!isEqual(Json(std::uint64_t(18446744073709551615u)), Json(std::int64_t(-1))));
    }
    void lookups()
    {
        const Json value = parseJson(R"({"a":{"b":"x","n":3.0,"t":true}})").value();
        QCOMPARE(stringAt(value, {"a", "b"}), std::string_view("x"));
        QCOMPARE(integerAt(value, {"a", "n"}, -1), std::int64_t(3));
        QCOMPARE(integerAt(value, {"a", "b"}, -1), std::int64_t(-1));
        QVERIFY(boolAt(value, {"a", "t"}));
        QVERIFY(!findPath(value, {"a", "b", "c"}));
    }
};

WW_TEST_CLASS(TestJson)
#include "tst_json.moc"
