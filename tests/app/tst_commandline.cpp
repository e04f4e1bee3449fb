// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"
#include "tests/support/testregistry.h"

#include <QtTest/QTest>

using namespace app;

class TestCommandLine : public QObject
{
    Q_OBJECT
private:
    static std::variant<Options, int> parse(std::vector<std::string> words)
    {
        words.insert(words.begin(), "wavewright");
        std::vector<char*> arguments;
        for (std::string& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        return parseCommandLine(int(words.size()), arguments.data());
    }

private Q_SLOTS:
    void practiceTakesAValueOnlyWithAnEqualsSign()
    {
        const auto bare = parse({"sync", "--practice", "shop"});
        const Options& options = std::get<Options>(bare);
        QVERIFY(options.practice);
        QVERIFY(options.practiceKubeconfig.empty());
        QCOMPARE(options.applications, std::vector<std::string> {"shop"});
        QCOMPARE(std::get<Options>(parse({"sync", "--practice=/tmp/k"})).practiceKubeconfig,
                 std::string("/tmp/k"));
        QVERIFY(!std::get<Options>(parse({"sync"})).practice);
    }
    void filesAreRepeatable()
    {
        const auto parsed = parse({"run", "-f", "a.yaml", "-f", "b.yaml", "shop"});
        QCOMPARE(std::get<Options>(parsed).files, (std::vector<std::string> {"a.yaml", "b.yaml"}));
        QCOMPARE(std::get<Options>(parsed).applications, std::vector<std::string> {"shop"});
    }
    void usageErrorsExitWith64_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("no verb") << QStringList {};
        QTest::newRow("unknown verb") << QStringList {"frobnicate"};
        QTest::newRow("unknown option") << QStringList {"sync", "--frob"};
        QTest::newRow("bad duration") << QStringList {"sync", "--timeout", "5 parsecs"};
        QTest::newRow("bad format") << QStringList {"version", "-o", "xml"};
        QTest::newRow("missing file") << QStringList {"health"};
        QTest::newRow("pause without reason") << QStringList {"pause", "shop"};
        QTest::newRow("empty reason") << QStringList {"pause", "shop", "--reason", " "};
        QTest::newRow("port too large") << QStringList {"practice", "--port", "99999"};
        QTest::newRow("port below 0") << QStringList {"practice", "--port", "-1"};
        QTest::newRow("port in words") << QStringList {"practice", "--port", "abc"};
        QTest::newRow("delay below 0") << QStringList {"practice", "--delay", "-1"};
        QTest::newRow("delay without end") << QStringList {"sync", "--practice-delay", "inf"};
        QTest::newRow("tail below 0") << QStringList {"logs", "web", "--tail", "-5"};
        QTest::newRow("timeout of run") << QStringList {"run", "--timeout", "5m"};
        QTest::newRow("revision of a folder") << QStringList {"render", "app", "--revision", "v1"};
        QTest::newRow("object without explain") << QStringList {"render", "app", "--object", "web"};
    }
    void usageErrorsExitWith64()
    {
        QFETCH(QStringList, words);
        std::vector<std::string> plain;
        for (const QString& word : words)
            plain.push_back(word.toStdString());
        const auto parsed = parse(plain);
        QVERIFY(std::holds_alternative<int>(parsed));
        QCOMPARE(std::get<int>(parsed), int(Usage));
    }
    void numbersAreTaken()
    {
        QCOMPARE(std::get<Options>(parse({"practice", "--port", "65535"})).port, 65535);
        QCOMPARE(std::get<Options>(parse({"practice", "--delay", "0.5"})).practiceDelay, 0.5);
        QCOMPARE(std::get<Options>(parse({"logs", "web", "--tail", "0"})).tail, 0);
        const auto run = parse({"run", "--until-healthy", "--timeout", "5m"});
        QCOMPARE(std::get<Options>(run).timeout, std::chrono::milliseconds(300'000));
        QCOMPARE(std::get<Options>(parse({"lineage", "-o", "dot"})).format, Format::Dot);
    }
    void theStateFolderIsMarkedAsGiven()
    {
        QVERIFY(std::get<Options>(parse({"status"})).stateIsDefault);
        QVERIFY(!std::get<Options>(parse({"status", "--state", "/tmp/s"})).stateIsDefault);
    }
    void theControlNamespaceIsTaken()
    {
        QVERIFY(std::get<Options>(parse({"run"})).controlNamespace.empty());
        for (const char* verb : {"run", "sync", "diff"})
            QCOMPARE(
                std::get<Options>(parse({verb, "--control-namespace", "team-a"})).controlNamespace,
                std::string("team-a"));
    }
    void helpExitsWith0() { QCOMPARE(std::get<int>(parse({"sync", "--help"})), 0); }
    void completionKnowsEveryVerb_data()
    {
        QTest::addColumn<QByteArray>("shell");
        for (const char* shell : {"bash", "zsh", "fish"})
            QTest::newRow(shell) << QByteArray(shell);
    }
    void completionKnowsEveryVerb()
    {
        QFETCH(QByteArray, shell);
        const std::string script = completionScript(shell.toStdString());
        for (const char* verb : {"render", "diff", "sync", "run", "status", "health", "practice"})
            QVERIFY2(script.find(verb) != std::string::npos, verb);
        QVERIFY(script.find("until-healthy") != std::string::npos);
        QVERIFY(completionScript("tcsh").empty());
    }
};

WW_TEST_CLASS(TestCommandLine)
#include "tst_commandline.moc"
