// SPDX-License-Identifier: GPL-3.0-or-later
// The real child: what it answers, and what becomes of it and of us when a script goes wrong.
#include "gitops/engine/scriptchild.h"
#include "tests/support/testregistry.h"

#include <QElapsedTimer>
#include <QtTest/QTest>

#include <atomic>
#include <thread>
#include <vector>

using gitops::ScriptChild;

class TestScriptChild : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers()
    {
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        const core::Json object = *core::parseJson(
            "{\"spec\":{\"a\":[{\"n\":\"x\"},{\"n\":\"y/z\"}]},\"status\":{\"phase\":\"Broken\"}}");
        const auto paths = child.select(".spec.a[] | select(.n | endswith(\"z\"))", object);
        QVERIFY2(paths, paths ? "" : paths.error().message.c_str());
        QCOMPARE(*paths, std::vector<std::string> {"/spec/a/1"});
        const auto health =
            child.judge("return {status='Degraded', message=obj.status.phase}", false, object);
        QVERIFY(health);
        QCOMPARE(*health, (core::HealthAssessment {core::Health::Degraded, "Broken"}));
        QCOMPARE(*child.judge("return nil", false, object), core::HealthAssessment());
        QCOMPARE(child.judge("return {status='Great'}", false, object)->message,
                 std::string("Lua returned an invalid health status"));
    }
    void errorsAreSentences_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("says");
        QTest::newRow("syntax") << ".spec[" << "The jqPathExpression \".spec[\" fails: ";
        QTest::newRow("for ever") << "def f: f; f" << "took more than a second, or too much memory";
        QTest::newRow("all memory") << "[range(1e9)] | .[0]"
                                    << "took more than a second, or too much memory";
    }
    void errorsAreSentences()
    {
        QFETCH(QString, expression);
        QFETCH(QString, says);
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        const auto answer = child.select(expression.toStdString(), core::JsonObject());
        QVERIFY(!answer);
        QVERIFY2(answer.error().message.find(says.toStdString()) != std::string::npos,
                 answer.error().message.c_str());
        QVERIFY(child.select(".spec", core::JsonObject())); // another child, where need be
    }
    /// One that costs a child its life is not run again at once.
    void isNotRunAgain()
    {
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        const char* endless = "string.find(string.rep('a', 4000), string.rep('a-', 4000) .. 'b')";
        const auto first = child.judge(endless, true, core::JsonObject());
        QVERIFY(!first && first.error().code == core::ErrorCode::LimitExceeded);
        QElapsedTimer timer;
        timer.start();
        const auto second = child.judge(endless, true, core::JsonObject());
        QVERIFY(!second && second.error().message.find("ten minutes") != std::string::npos);
        QVERIFY(timer.elapsed() < 500);
        QVERIFY(child.judge("return {status='Healthy'}", false, core::JsonObject()));
    }
    void cannotReachOut_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::newRow("input") << ".a | input";
        QTest::newRow("a module") << "import \"/etc/hostname\" as $d; .a";
        QTest::newRow("the environment") << "select(env | length > 0)";
    }
    void cannotReachOut()
    {
        QFETCH(QString, expression);
        qputenv("WAVEWRIGHT_TEST_SECRET", "hidden");
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        const auto answer = child.select(expression.toStdString(), core::JsonObject());
        QVERIFY(!answer || answer->empty());
    }
    void severalThreadsAtOnce()
    {
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        std::atomic<int> right = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&child, &right, i] {
                for (int j = 0; j < 20; ++j) {
                    const core::Json object = core::JsonObject {{"n", i * 100 + j}};
                    const auto health = child.judge(
                        "return {status='Healthy', message=tostring(obj.n)}", false, object);
                    right += health && health->message == std::to_string(i * 100 + j);
                }
            });
        for (std::thread& each : threads)
            each.join();
        QCOMPARE(right.load(), 80);
    }
    void programThatIsNotThere()
    {
        ScriptChild child("/nowhere/wavewright-scripts");
        const auto answer = child.select(".a", core::JsonObject());
        QVERIFY(!answer);
        QVERIFY(answer.error().message.find("/nowhere/wavewright-scripts") != std::string::npos);
    }
    void hugeObjects()
    {
        ScriptChild child(WAVEWRIGHT_SCRIPTS);
        const core::Json object = core::JsonObject {{"a", std::string(3u << 20, 'x')}};
        const auto paths = child.select(".a | select(length > 1000)", object);
        QVERIFY2(paths, paths ? "" : paths.error().message.c_str());
        QCOMPARE(paths->size(), std::size_t(1));
    }
};

WW_TEST_CLASS(TestScriptChild)
#include "tst_scriptchild.moc"
