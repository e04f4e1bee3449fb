// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema/fieldset.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using core::FieldPath;
using core::FieldSet;
using core::PathElement;

namespace {

/// Tables write ` for the escaped quotes inside of a fieldsV1 key: moc stumbles over \" in raw
/// strings.
std::string unquoted(const QByteArray& text)
{
    return QByteArray(text).replace("`", "\\\"").toStdString();
}

FieldSet setOf(const std::string& text)
{
    const auto json = core::parseJson(text);
    return json ? FieldSet::parse(*json).value_or(FieldSet()) : FieldSet();
}

std::string textOf(const FieldSet& set)
{
    return core::toText(set.toJson());
}

} // namespace

class TestFieldSet : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void elementsReadAndWrite_data()
    {
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        QTest::addColumn<QByteArray>("display");
        const char* const rows[][3] = {
            {"f:spec", "f:spec", ".spec"},
            {"f:", "f:", "."},
            {"f:app.kubernetes.io/name", "f:app.kubernetes.io/name", ".app.kubernetes.io/name"},
            {R"(k:{"name":"web"})", R"(k:{"name":"web"})", R"([name="web"])"},
            {R"(k:{"protocol":"TCP","containerPort":80})",
             R"(k:{"containerPort":80,"protocol":"TCP"})", R"([containerPort=80,protocol="TCP"])"},
            {R"(k:{"port":80.0})", R"(k:{"port":80})", "[port=80]"},
            {R"(v:"a")", R"(v:"a")", R"([="a"])"},
            {"v:1", "v:1", "[=1]"},
            {"v:true", "v:true", "[=true]"},
            {"i:0", "i:0", "[0]"},
            {"i:12", "i:12", "[12]"},
        };
        for (const auto& row : rows)
            QTest::newRow(row[0]) << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2]);
    }
    void elementsReadAndWrite()
    {
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, display);
        const auto element = PathElement::parse(in.toStdString());
        QVERIFY(element);
        QCOMPARE(element->serialised(), out.toStdString());
        QCOMPARE(element->display(), display.toStdString());
    }

    void refusesOtherElements()
    {
        for (const char* bad : {"", "f", "spec", "x:a", "k:", "k:[]", "k:{", "v:", "v:{",
                                "i:", "i:-1", "i:1x", "i:99999999999999999999999"})
            QVERIFY2(!PathElement::parse(bad), bad);
    }

    void setsReadAndWrite_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("size");
        const std::pair<const char*, int> rows[] = {
            {"{}", 0},
            {R"({"f:spec":{"f:replicas":{}}})", 1},
            {R"({"f:metadata":{"f:labels":{".":{},"f:app":{}}}})", 2},
            {R"({"f:c":{"k:{`name`:`web`}":{".":{},"f:image":{}}},"f:s":{"v:1":{},"i:2":{}}})", 4},
        };
        for (const auto& [text, size] : rows)
            QTest::newRow(text) << QByteArray(text) << size;
    }
    void setsReadAndWrite()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, size);
        const FieldSet set = setOf(unquoted(text));
        QCOMPARE(textOf(set), unquoted(text));
        QCOMPARE(int(set.size()), size);
        FieldSet again;
        set.forEach([&](std::span<const PathElement> path) { again.insert(path); });
        QVERIFY(again == set);
    }

    void refusesBadSets()
    {
        for (const char* bad : {R"({"spec":{}})", R"({"f:a":[]})", R"({"f:a":{"f:b":1}})", "[]"}) {
            const auto json = core::parseJson(bad);
            QVERIFY(json);
            QVERIFY2(!FieldSet::parse(*json), bad);
        }
        core::Json deep = core::JsonObject();
        for (int i = 0; i < 150; ++i)
            deep = core::JsonObject {{"f:a", deep}};
        const auto result = FieldSet::parse(deep);
        QVERIFY(!result);
        QVERIFY(result.error().code == core::ErrorCode::LimitExceeded);
    }

    void algebra_data()
    {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("united");
        QTest::addColumn<QByteArray>("intersected");
        QTest::addColumn<QByteArray>("without");
        QTest::addColumn<QByteArray>("withoutTrees");
        const char* const rows[][6] = {
            {R"({"f:a":{}})", "{}", R"({"f:a":{}})", "{}", R"({"f:a":{}})", R"({"f:a":{}})"},
            {R"({"f:a":{}})", R"({"f:a":{}})", R"({"f:a":{}})", R"({"f:a":{}})", "{}", "{}"},
            {R"({"f:a":{"f:x":{}}})", R"({"f:a":{}})", R"({"f:a":{".":{},"f:x":{}}})", "{}",
             R"({"f:a":{"f:x":{}}})", "{}"},
            {R"({"f:a":{".":{},"f:x":{}}})", R"({"f:a":{"f:x":{}}})",
             R"({"f:a":{".":{},"f:x":{}}})", R"({"f:a":{"f:x":{}}})", R"({"f:a":{}})",
             R"({"f:a":{}})"},
            {R"({"f:a":{},"f:c":{}})", R"({"f:b":{},"f:c":{}})", R"({"f:a":{},"f:b":{},"f:c":{}})",
             R"({"f:c":{}})", R"({"f:a":{}})", R"({"f:a":{}})"},
        };
        for (const auto& row : rows) {
            QTest::newRow((std::string(row[0]) + " and " + row[1]).c_str())
                << QByteArray(row[0]) << QByteArray(row[1]) << QByteArray(row[2])
                << QByteArray(row[3]) << QByteArray(row[4]) << QByteArray(row[5]);
        }
    }
    void algebra()
    {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QByteArray, united);
        QFETCH(QByteArray, intersected);
        QFETCH(QByteArray, without);
        QFETCH(QByteArray, withoutTrees);
        const FieldSet left = setOf(unquoted(a));
        const FieldSet right = setOf(unquoted(b));
        QCOMPARE(textOf(left.united(right)), unquoted(united));
        QCOMPARE(textOf(right.united(left)), unquoted(united));
        QCOMPARE(textOf(left.intersected(right)), unquoted(intersected));
        QCOMPARE(textOf(left.without(right)), unquoted(without));
        QCOMPARE(textOf(left.withoutTreesOf(right)), unquoted(withoutTrees));
    }

    void asksForPaths()
    {
        const FieldSet set = setOf(
            unquoted(R"({"f:spec":{"f:containers":{"k:{`name`:`web`}":{".":{},"f:image":{}}}}})"));
        const FieldPath containers {PathElement::field("spec"), PathElement::field("containers")};
        FieldPath web = containers;
        web.push_back(PathElement::key({{"name", "web"}}));
        FieldPath image = web;
        image.push_back(PathElement::field("image"));
        QVERIFY(!set.contains(containers));
        QVERIFY(set.containsAnyUnder(containers));
        QVERIFY(set.contains(web));
        QVERIFY(set.contains(image));
        image.push_back(PathElement::field("more"));
        QVERIFY(!set.contains(image));
        QVERIFY(!set.containsAnyUnder(image));
        QCOMPARE(core::displayText(web), std::string(R"(.spec.containers[name="web"])"));
        QCOMPARE(set.leaves().size(), std::size_t(1));
        image.pop_back();
        QVERIFY(set.leaves().contains(image));
    }
};

WW_TEST_CLASS(TestFieldSet)
#include "tst_fieldset.moc"
