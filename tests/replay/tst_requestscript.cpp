// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/requestscript.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestRequestScript : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void refuses_data();
    void refuses();
    void fillsIn_data();
    void fillsIn();
};

void TestRequestScript::reads()
{
    const auto scripts = tests::readScripts("one:\n"
                                            "- do: PATCH $core/pods/a?x=1\n"
                                            "  as: merge\n"
                                            "  accept: table\n"
                                            "  body: {b: 1}\n"
                                            "  save: {uid: /metadata/uid}\n"
                                            "  until: {code: 200}\n"
                                            "  hide: [/a]\n"
                                            "two:\n"
                                            "- do: GET /x\n"
                                            "  events: 2\n",
                                            "f");
    QVERIFY2(scripts, scripts ? "" : scripts.error().text().c_str());
    QCOMPARE(scripts->size(), 2u);
    const tests::RequestStep& step = (*scripts)[0].steps[0];
    QCOMPARE((*scripts)[0].name, "one");
    QCOMPARE(step.method, "PATCH");
    QCOMPARE(step.target, "$core/pods/a?x=1");
    QCOMPARE(step.body, "{\"b\":1}");
    QCOMPARE(core::header(step.headers, "Content-Type"), "application/merge-patch+json");
    QVERIFY(core::header(step.headers, "Accept").starts_with("application/json;as=Table"));
    QCOMPARE(step.save.at("uid"), "/metadata/uid");
    QCOMPARE(step.until.size(), 1u);
    QCOMPARE(step.hide.size(), 1u);
    QCOMPARE(step.events, -1);
    QCOMPARE((*scripts)[1].steps[0].events, 2);
    QVERIFY(core::header((*scripts)[1].steps[0].headers, "Content-Type").empty());
}

void TestRequestScript::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("no mapping") << "- a";
    QTest::newRow("no steps") << "one: {}";
    QTest::newRow("empty") << "one: []";
    QTest::newRow("an unknown word") << "one:\n- {do: GET /x, hidden: [/a]}";
    QTest::newRow("no path") << "one:\n- {do: GET}";
    QTest::newRow("no YAML") << "one: [";
}

void TestRequestScript::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!tests::readScripts(text.toStdString(), "f"));
}

void TestRequestScript::fillsIn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("filled");
    QTest::newRow("a variable") << "a/$uid/b" << "a/17/b";
    QTest::newRow("a path") << "$core/pods" << "/api/v1/namespaces/shop/pods";
    QTest::newRow("at the end") << "x=$uid" << "x=17";
    QTest::newRow("unknown") << "$what $" << "$what $";
}

void TestRequestScript::fillsIn()
{
    QFETCH(QString, text);
    QFETCH(QString, filled);
    QCOMPARE(tests::withVariables(text.toStdString(), {{"ns", "shop"}, {"uid", "17"}}),
             filled.toStdString());
}

WW_TEST_CLASS(TestRequestScript)
#include "tst_requestscript.moc"
