// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/process/childprocess.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <signal.h>
#include <thread>

using namespace gitops;
using namespace std::chrono_literals;
using How = ChildProcess::How;

class TestChildProcess : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ends_data();
    void ends();
    void argumentsAreNoShellText();
    void environment();
    void hasNoTerminal();
    void tooMuchOutput();
    void takesTooLong_data();
    void takesTooLong();
    void isStopped();
    void leavesNobodyBehind();
    void notStarted();
};

namespace {

const std::atomic<bool> kGoOn = false;

ChildProcess::Order script(const std::string& text)
{
    ChildProcess::Order order;
    order.words = {"/bin/sh", "-c", text};
    order.time = 20s;
    return order;
}

} // namespace

void TestChildProcess::ends_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("errors");
    QTest::newRow("nothing") << "true" << 0 << "" << "";
    QTest::newRow("both") << "echo out; echo err >&2" << 0 << "out\n" << "err\n";
    QTest::newRow("fails") << "echo no >&2; exit 3" << 3 << "" << "no\n";
    QTest::newRow("killed") << "kill -TERM $$" << 128 + SIGTERM << "" << "";
    QTest::newRow("closes its output early") << "exec >&- 2>&-; sleep 0.2; exit 4" << 4 << "" << "";
    QTest::newRow("reads nothing") << "cat; exit 5" << 5 << "" << "";
}

void TestChildProcess::ends()
{
    QFETCH(QString, text);
    QFETCH(int, exitCode);
    QFETCH(QString, output);
    QFETCH(QString, errors);
    const auto end = ChildProcess::run(script(text.toStdString()), kGoOn);
    QVERIFY(end.how == How::Ended);
    QCOMPARE(end.exitCode, exitCode);
    QCOMPARE(QString::fromStdString(end.output), output);
    QCOMPARE(QString::fromStdString(end.errors), errors);
}

void TestChildProcess::argumentsAreNoShellText()
{
    ChildProcess::Order order;
    order.words = {"echo", "$HOME", "`id`", "a  b", ";", "ü"};
    QCOMPARE(ChildProcess::run(order, kGoOn).output, std::string("$HOME `id` a  b ; ü\n"));
}

void TestChildProcess::environment()
{
    qputenv("WW_CHILD_A", "ours");
    qputenv("WW_CHILD_B", "kept");
    ChildProcess::Order order = script("echo \"$WW_CHILD_A,$WW_CHILD_B\"");
    order.environment.emplace_back("WW_CHILD_A", core::Secret("theirs"));
    QCOMPARE(ChildProcess::run(order, kGoOn).output, std::string("theirs,kept\n"));
}

void TestChildProcess::hasNoTerminal()
{
    const auto end = ChildProcess::run(
        script("(: < /dev/tty) 2>/dev/null && echo terminal; readlink /proc/self/fd/0; "
               "cut -d' ' -f6 /proc/self/stat; echo $$"),
        kGoOn);
    const QStringList lines = QString::fromStdString(end.output).split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], QString("/dev/null"));
    QCOMPARE(lines[1], lines[2]); // the leader of a session of its own
}

void TestChildProcess::tooMuchOutput()
{
    ChildProcess::Order order = script("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done");
    order.output = 100'000;
    QVERIFY(ChildProcess::run(order, kGoOn).how == How::SaidTooMuch);
    // Complaints are cut instead, and their end is what counts.
    const auto end = ChildProcess::run(
        script(
            "i=0; while [ $i -lt 3000 ]; do echo complaint >&2; i=$((i+1)); done; echo last >&2"),
        kGoOn);
    QVERIFY(end.how == How::Ended);
    QVERIFY(end.errors.size() <= 4096 && end.errors.ends_with("last\n"));
}

void TestChildProcess::takesTooLong_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("sleeps") << "sleep 30";
    QTest::newRow("ignores signals") << "trap '' TERM HUP INT; sleep 30";
    QTest::newRow("with closed output") << "exec >&- 2>&-; sleep 30";
    QTest::newRow("leaves its output to a child") << "sleep 30 & exit 0";
}

void TestChildProcess::takesTooLong()
{
    QFETCH(QString, text);
    ChildProcess::Order order = script(text.toStdString());
    order.time = 200ms;
    const auto start = std::chrono::steady_clock::now();
    QVERIFY(ChildProcess::run(order, kGoOn).how == How::TimedOut);
    QVERIFY(std::chrono::steady_clock::now() - start < 10s);
}

void TestChildProcess::isStopped()
{
    std::atomic<bool> stop = false;
    std::thread stopper([&] {
        std::this_thread::sleep_for(50ms);
        stop = true;
    });
    const auto start = std::chrono::steady_clock::now();
    QVERIFY(ChildProcess::run(script("sleep 30"), stop).how == How::Stopped);
    QVERIFY(std::chrono::steady_clock::now() - start < 10s);
    stopper.join();
}

void TestChildProcess::leavesNobodyBehind()
{
    const auto end = ChildProcess::run(script("sleep 30 >/dev/null 2>&1 & echo $!"), kGoOn);
    QVERIFY(end.how == How::Ended);
    const pid_t child = std::stoi(end.output);
    QTRY_VERIFY(!std::filesystem::exists("/proc/" + std::to_string(child) + "/exe")
                || ::kill(child, 0) != 0);
}

void TestChildProcess::notStarted()
{
    for (const std::string program : {"/does/not/exist", "no-such-program-here", "/etc/passwd"}) {
        ChildProcess::Order order;
        order.words = {program};
        const auto end = ChildProcess::run(order, kGoOn);
        QVERIFY(end.how == How::NotStarted);
        QVERIFY(!end.reason.empty());
    }
}

WW_TEST_CLASS(TestChildProcess)
#include "tst_childprocess.moc"
