// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/script/jqpaths.h"
#include "tests/gitops/script/scriptjson.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestJqPaths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void selects_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* name, const char* expression, const char* answer) {
            QTest::newRow(name) << QString(expression) << QString(answer);
        };
        row("field", ".spec.replicas", "{\"paths\":[[\"spec\",\"replicas\"]]}");
        row("absent field", ".spec.nothing", "{\"paths\":[[\"spec\",\"nothing\"]]}");
        row("each", ".spec.items[].name",
            "{\"paths\":[[\"spec\",\"items\",0,\"name\"],[\"spec\",\"items\",1,\"name\"]]}");
        row("select by a function", ".spec.items[] | select(.name | startswith(\"b\")) | .value",
            "{\"paths\":[[\"spec\",\"items\",1,\"value\"]]}");
        row("select by a pattern", ".spec.items[] | select(.name | test(\"^a+$\"))",
            "{\"paths\":[[\"spec\",\"items\",0]]}");
        row("recursive descent", ".. | .value? // empty",
            "{\"paths\":[[\"spec\",\"items\",0,\"value\"],[\"spec\",\"items\",1,\"value\"]]}");
        row("several", ".spec.replicas, .metadata",
            "{\"paths\":[[\"spec\",\"replicas\"],[\"metadata\"]]}");
        row("from the end", ".spec.items[-1]", "{\"paths\":[[\"spec\",\"items\",-1]]}");
        row("a comment", ".spec # all of it", "{\"paths\":[[\"spec\"]]}");
        row("a loop over what is not there", ".status.list[].name", "{\"paths\":[]}");
        row("no path", ".spec.replicas + 1", "{\"paths\":[]}");
    }
    void selects()
    {
        QFETCH(QString, expression);
        QFETCH(QString, answer);
        const char* object = "{\"metadata\":{},\"spec\":{\"replicas\":2,\"items\":["
                             "{\"name\":\"aa\",\"value\":1},{\"name\":\"b\",\"value\":2}]}}";
        for (int i = 0; i < 2; ++i) // compiled, and remembered
            QCOMPARE(QString::fromStdString(tests::jsonText(gitops::script::jqPaths(
                         expression.toStdString(), tests::jsonValue(object)))),
                     answer);
    }
    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("says");
        QTest::newRow("no jq") << ".spec[" << "syntax error";
        QTest::newRow("no such function") << ".spec | dance" << "dance";
        QTest::newRow("a module") << "import \"a\" as a; .spec" << "syntax error";
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, expression);
        QFETCH(QString, says);
        const std::string answer = tests::jsonText(
            gitops::script::jqPaths(expression.toStdString(), tests::jsonValue("{}")));
        QVERIFY2(answer.find("\"error\"") != std::string::npos, answer.c_str());
        QVERIFY2(answer.find(says.toStdString()) != std::string::npos, answer.c_str());
    }
};

WW_TEST_CLASS(TestJqPaths)
#include "tst_jqpaths.moc"
