// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/lineagetemplate.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

#include <string>

using namespace core;

class TestLineageTemplate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("expected"); // texts with their pointers
        QTest::newRow("plain") << "x" << "x@";
        QTest::newRow("one") << "{/name}" << "n@/name";
        QTest::newRow("around") << "a-{/name}-b" << "a-n-b@/name";
        QTest::newRow("all items") << "{/list/*}" << "1@/list/0 two@/list/1";
        QTest::newRow("all members") << "{/map/*/x}" << "5@/map/a~1b/x";
        QTest::newRow("an index") << "{/list/1}" << "two@/list/1";
        QTest::newRow("escaped") << "{/map/a~1b/x}" << "5@/map/a~1b/x";
        QTest::newRow("the first that is there") << "{/none|/name}" << "n@/name";
        QTest::newRow("a word") << "{/none|'other'}" << "other@";
        QTest::newRow("nothing") << "{/none}" << "";
        QTest::newRow("nothing of two") << "{/name}{/none}" << "";
        QTest::newRow("an object has no text") << "{/map}" << "";
        QTest::newRow("every pair") << "{/list/*}{/list/*}"
                                    << "11@/list/0 1two@/list/0 two1@/list/1 twotwo@/list/1";
        QTest::newRow("relative without a base") << "{./x}" << "";
    }
    void texts()
    {
        QFETCH(QString, pattern);
        const Json object = JsonObject {{"name", "n"},
                                        {"list", JsonArray {1, "two"}},
                                        {"map", JsonObject {{"a/b", JsonObject {{"x", 5}}}}}};
        std::string got;
        for (const ExpandedText& text : expandTemplate(pattern.toStdString(), object))
            got += (got.empty() ? "" : " ") + text.text + "@" + text.pointer;
        QTEST(QString::fromStdString(got), "expected");
    }

    void relative()
    {
        const Json object = JsonObject {{"list", JsonArray {JsonObject {{"x", "y"}}}}};
        const auto bases = valuesAt(object, "/list/*");
        QCOMPARE(bases.size(), std::size_t(1));
        const auto texts = expandTemplate("{./x}", object, bases.front());
        QCOMPARE(texts.size(), std::size_t(1));
        QCOMPARE(texts.front().pointer, std::string("/list/0/x"));
    }

    void isBounded()
    {
        JsonArray many;
        for (int i = 0; i < 1'000; ++i)
            many.push_back(i);
        const Json object = JsonObject {{"a", std::move(many)}};
        QCOMPARE(expandTemplate("{/a/*}{/a/*}{/a/*}", object).size(), std::size_t(10'000));
    }

    void checks_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("sound");
        QTest::newRow("text") << "abc" << true;
        QTest::newRow("pointer") << "{/a|./b|'c'}" << true;
        QTest::newRow("not closed") << "{/a" << false;
        QTest::newRow("not opened") << "a}" << false;
        QTest::newRow("no pointer") << "{a}" << false;
    }
    void checks()
    {
        QFETCH(QString, pattern);
        QTEST(checkTemplate(pattern.toStdString()).empty(), "sound");
    }
};

WW_TEST_CLASS(TestLineageTemplate)
#include "tst_lineagetemplate.moc"
