// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/jsonpointer.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestJsonPointer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rfc6901()
    {
        const Json document =
            parseJson(R"({"foo":["bar","baz"],"":0,"a/b":1,"m~n":8," ":7})").value();
        const std::pair<const char*, const char*> rows[] = {
            {"/foo/0", "\"bar\""}, {"/", "0"}, {"/a~1b", "1"}, {"/m~0n", "8"}, {"/ ", "7"}};
        for (const auto& [text, expected] : rows) {
            const auto pointer = JsonPointer::parse(text);
            QVERIFY2(pointer && pointer->find(document), text);
            QCOMPARE(toText(*pointer->find(document)), std::string(expected));
            QCOMPARE(pointer->text(), std::string(text));
        }
        QCOMPARE(JsonPointer::parse("").value().find(document), &document);
    }
    void leadsNowhere()
    {
        const Json document = parseJson(R"({"a":[1]})").value();
        for (const char* text : {"/b", "/a/1", "/a/-", "/a/00", "/a/0/x"})
            QVERIFY2(!JsonPointer::parse(text).value().find(document), text);
        for (const char* text : {"a", "/~", "/~2"})
            QVERIFY2(!JsonPointer::parse(text), text);
    }
    void removing()
    {
        Json document = parseJson(R"({"a":1,"b":[1,2,3],"c":4})").value();
        QVERIFY(JsonPointer::parse("/a").value().remove(document));
        QVERIFY(JsonPointer::parse("/b/1").value().remove(document));
        QVERIFY(!JsonPointer::parse("/x").value().remove(document));
        QCOMPARE(toText(document), std::string(R"({"b":[1,3],"c":4})"));
    }
};

WW_TEST_CLASS(TestJsonPointer)
#include "tst_jsonpointer.moc"
