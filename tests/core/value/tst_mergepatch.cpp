// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/value/mergepatch.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestMergePatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rfc7396_data()
    {
        QTest::addColumn<QByteArray>("original");
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("result");
        const char* const rows[][3] = {
            {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
            {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
            {R"({"a":"b"})", R"({"a":null})", R"({})"},
            {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
            {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
            {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
            {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
            {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
            {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
            {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
            {R"({"a":"foo"})", R"(null)", R"(null)"},
            {R"({"a":"foo"})", R"("bar")", R"("bar")"},
            {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
            {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
            {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}};
        for (const auto& row : rows)
            QTest::newRow(row[1]) << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2]);
    }
    void rfc7396()
    {
        QFETCH(QByteArray, original);
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, result);
        Json value = parseJson(original.toStdString()).value();
        applyMergePatch(value, parseJson(patch.toStdString()).value());
        QCOMPARE(toText(value), result.toStdString());
    }
    void makingAndApplyingGivesTheOther()
    {
        const Json from = parseJson(R"({"a":1,"b":{"c":[1],"d":2},"e":3})").value();
        const Json to = parseJson(R"({"a":1,"b":{"c":[2],"x":{"y":1}},"f":4})").value();
        Json value = from;
        applyMergePatch(value, makeMergePatch(from, to));
        QVERIFY(isEqual(value, to));
        QCOMPARE(toText(makeMergePatch(from, from)), std::string("{}"));
    }
};

WW_TEST_CLASS(TestMergePatch)
#include "tst_mergepatch.moc"
