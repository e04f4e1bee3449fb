// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/script/luahealth.h"
#include "tests/gitops/script/scriptjson.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

class TestLuaHealth : public QObject
{
    Q_OBJECT

private:
    static QString judged(const QString& script, const QString& object, bool open = false)
    {
        return QString::fromStdString(tests::jsonText(gitops::script::luaHealth(
            script.toStdString(), open, tests::jsonValue(object.toStdString()))));
    }

private Q_SLOTS:
    void judges_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* name, const char* script, const char* answer) {
            QTest::newRow(name) << QString(script) << QString(answer);
        };
        row("as the manual has it",
            "hs = {}\n"
            "if obj.status ~= nil and obj.status.conditions ~= nil then\n"
            "  for i, condition in ipairs(obj.status.conditions) do\n"
            "    if condition.type == \"Ready\" and condition.status == \"False\" then\n"
            "      hs.status = \"Degraded\"\n      hs.message = condition.message\n"
            "      return hs\n    end\n  end\nend\n"
            "hs.status = \"Progressing\"\nhs.message = \"Waiting\"\nreturn hs\n",
            "{\"message\":\"no room\",\"status\":\"Degraded\"}");
        row("nothing", "return nil", "{}");
        row("no return", "local a = 1", "{}");
        row("an empty table", "return {}", "{\"message\":\"\",\"status\":\"\"}");
        row("Lua 5.1's own", "return {status='Healthy', message=tostring(table.getn({1,2}))}",
            "{\"message\":\"2\",\"status\":\"Healthy\"}");
        row("numbers are doubles", "return {status='Healthy', message=tostring(obj.spec.n / 2)}",
            "{\"message\":\"1.5\",\"status\":\"Healthy\"}");
        row("null is not there", "return {status='Healthy', message=tostring(obj.spec.none)}",
            "{\"message\":\"nil\",\"status\":\"Healthy\"}");
        row("strings", "return {status='Healthy', message=string.upper('a')}",
            "{\"message\":\"A\",\"status\":\"Healthy\"}");
        row("time", "return {status=type(os.time()), message=tostring(os.getenv)}",
            "{\"message\":\"nil\",\"status\":\"number\"}");
        row("no files",
            "return {status='x', message=tostring(io)..tostring(dofile)..tostring(require)"
            "..tostring(loadstring)..tostring(os.execute)..tostring(string.dump)}",
            "{\"message\":\"nilnilnilnilnilnil\",\"status\":\"x\"}");
    }
    void judges()
    {
        QFETCH(QString, script);
        QFETCH(QString, answer);
        QCOMPARE(judged(script,
                        "{\"spec\":{\"n\":3,\"none\":null},\"status\":{\"conditions\":[{\"type\":"
                        "\"Ready\",\"status\":\"False\",\"message\":\"no room\"}]}}"),
                 answer);
    }
    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("says");
        QTest::newRow("no Lua") << "if then" << "health.lua:1";
        QTest::newRow("an error") << "error('oh')" << "health.lua:1: oh";
        QTest::newRow("nil indexed")
            << "\nreturn obj.status.phase" << "health.lua:2: attempt to index";
        QTest::newRow("not a table") << "return 'Healthy'" << "returned a string";
        QTest::newRow("bytecode") << QString("\x1bLua") << "compiled code";
        QTest::newRow("for ever") << "while true do end" << "longer than 1 s";
        QTest::newRow("all memory") << "local s = 'x'\nwhile true do s = s .. s end" << "memory";
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, script);
        QFETCH(QString, says);
        const QString answer = judged(script, "{}");
        QVERIFY2(answer.contains("\"error\"") && answer.contains(says), qPrintable(answer));
    }
    void deepObjects()
    {
        QString object = "1";
        for (int i = 0; i < 230; ++i)
            object = "[" + object + "]";
        QVERIFY(judged("return {status='Healthy'}", "{\"a\":" + object + "}").contains("deeply"));
    }
};

WW_TEST_CLASS(TestLuaHealth)
#include "tst_luahealth.moc"
