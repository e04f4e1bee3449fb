// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/object/selector.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace core;

class TestSelector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matching_data()
    {
        QTest::addColumn<QByteArray>("selector");
        QTest::addColumn<bool>("matches"); // the labels app=web, tier=front, size=5
        const auto row = [](const char* text, bool matches) {
            QTest::newRow(text) << QByteArray(text) << matches;
        };
        row("", true);
        row("app=web", true);
        row("app==web", true);
        row("app = web , tier=front", true);
        row("app!=web", false);
        row("other!=x", true);
        row("app", true);
        row("!app", false);
        row("!other", true);
        row("app in (web, db)", true);
        row("app in (db)", false);
        row("app notin (db)", true);
        row("other notin (db)", true);
        row("size>4", true);
        row("size<5", false);
        row("app>4", false);
        row("app=", false);
    }
    void matching()
    {
        QFETCH(QByteArray, selector);
        QFETCH(bool, matches);
        const auto parsed = LabelSelector::parse(selector.toStdString());
        QVERIFY(parsed);
        QCOMPARE(parsed->matches({{"app", "web"}, {"tier", "front"}, {"size", "5"}}), matches);
    }
    void refuses()
    {
        for (const char* bad :
             {"=a", "app=web,", "app in web", "app in (a", "a b", "app,,b", "app=w;b", "!"})
            QVERIFY2(!LabelSelector::parse(bad), bad);
    }
    void objects()
    {
        const auto selector = LabelSelector::fromJson(
            parseJson(
                R"({"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["back"]}]})")
                .value());
        QVERIFY(selector);
        QVERIFY(selector->matches({{"app", "web"}, {"tier", "front"}}));
        QVERIFY(!selector->matches({{"app", "web"}, {"tier", "back"}}));
        QVERIFY(!LabelSelector::fromJson(
            parseJson(R"({"matchExpressions":[{"key":"a","operator":"Near"}]})").value()));
    }
    void fields()
    {
        const auto fieldsOf =
            parseFieldSelector("metadata.name=web,status.phase!=Running,spec.nodeName==");
        QVERIFY(fieldsOf);
        QCOMPARE(fieldsOf->size(), std::size_t(3));
        QCOMPARE((*fieldsOf)[1].path, std::string("status.phase"));
        QVERIFY(!(*fieldsOf)[1].equal);
        QCOMPARE((*fieldsOf)[2].value, std::string());
        QVERIFY(!parseFieldSelector("metadata.name"));
    }
    void labels()
    {
        const auto all = labelsOf(parseJson(R"({"metadata":{"labels":{"a":"b","c":1}}})").value());
        QCOMPARE(all.size(), std::size_t(1));
        QVERIFY(annotationsOf(Json {}).empty());
    }
};

WW_TEST_CLASS(TestSelector)
#include "tst_selector.moc"
