// SPDX-License-Identifier: GPL-3.0-or-later
// What simdjson parsed is written as the general writer writes the value of the same text.
#include "gitops/cluster/elementtext.h"
#include "tests/gitops/cluster/jsontexts.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace gitops;
using tests::PaddedText;

class TestElementText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesAsTheValueIsWritten();
    void makesTheSameValue();
    void lastOfEqualKeys_data();
    void lastOfEqualKeys();
    void manyMembersAreQuick();
    void replacedMembers();
};

namespace {

std::vector<ElementMember> parsed(simdjson::dom::parser& parser, const PaddedText& text)
{
    simdjson::dom::object object;
    const auto error = parser.parse(text.view().data(), text.view().size(), false).get(object);
    return error ? std::vector<ElementMember>() : membersOf(object);
}

} // namespace

void TestElementText::writesAsTheValueIsWritten()
{
    simdjson::dom::parser parser;
    ElementWriter writer;
    for (unsigned seed = 1; seed < 2000; ++seed) {
        const core::Json value = tests::JsonMaker(seed).object(5);
        const std::string text = core::toText(value);
        const PaddedText padded(text);
        auto members = parsed(parser, padded);
        QCOMPARE(std::string(writer.compact(members)), text);
        QCOMPARE(std::string(writer.canonical(members)), core::toCanonicalText(value));
    }
}

void TestElementText::makesTheSameValue()
{
    simdjson::dom::parser parser;
    for (unsigned seed = 1; seed < 500; ++seed) {
        const core::Json value = tests::JsonMaker(seed).object(5);
        const PaddedText padded(core::toText(value));
        simdjson::dom::element element;
        QVERIFY(!parser.parse(padded.view().data(), padded.view().size(), false).get(element));
        QCOMPARE(core::toText(toJson(element, {})), core::toText(value));
    }
}

void TestElementText::lastOfEqualKeys_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("top") << "{\"b\":1,\"a\":1,\"b\":2}";
    QTest::newRow("inside") << "{\"o\":{\"b\":1,\"a\":1,\"b\":2}}";
    QTest::newRow("escaped") << "{\"o\":{\"a\":1,\"\\u0061\":2}}";
    QTest::newRow("in turns") << "{\"o\":{\"a\":1,\"b\":1,\"a\":2,\"b\":2,\"a\":3}}";
}

void TestElementText::lastOfEqualKeys()
{
    QFETCH(QString, text);
    simdjson::dom::parser parser;
    ElementWriter writer;
    const PaddedText padded(text.toStdString());
    auto members = parsed(parser, padded);
    QCOMPARE(std::string(writer.canonical(members)),
             core::toCanonicalText(*core::parseJson(text.toStdString())));
}

void TestElementText::manyMembersAreQuick()
{
    std::string text = "{";
    for (int i = 0; i < 300'000; ++i)
        text += "\"k" + std::to_string(i % 150'000) + "\":1,";
    text.back() = '}';
    simdjson::dom::parser parser;
    const PaddedText padded(text);
    QCOMPARE(parsed(parser, padded).size(), std::size_t(150'000)); // by pairs: minutes
}

void TestElementText::replacedMembers()
{
    simdjson::dom::parser parser;
    ElementWriter writer;
    const PaddedText padded("{\"b\":[1,{}]}");
    auto members = parsed(parser, padded);
    const std::vector<ElementMember> inner = members;
    const std::string text = "v\"1";
    members.push_back({.key = "a", .text = &text});
    members.push_back({.key = "c", .members = &inner});
    QCOMPARE(std::string(writer.compact(members)),
             std::string("{\"b\":[1,{}],\"a\":\"v\\\"1\",\"c\":{\"b\":[1,{}]}}"));
    QCOMPARE(std::string(writer.canonical(members)),
             std::string("{\"a\":\"v\\\"1\",\"b\":[1,{}],\"c\":{\"b\":[1,{}]}}"));
    QCOMPARE(std::string(writer.canonical({})), std::string("{}"));
}

WW_TEST_CLASS(TestElementText)
#include "tst_elementtext.moc"
