// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/execsession.h"
#include "tests/gitops/cluster/oddserver.h"
#include "tests/gitops/cluster/practicepod.h"
#include "tests/support/testregistry.h"

#include <future>

using namespace gitops;

namespace {

const char* const kSuccess = R"({"status":"Success"})";

struct Outcome
{
    core::Result<int> code = 0;
    std::string output;
    std::string errors;
};

Outcome runCommand(ClusterAccess& access, const ExecRequest& request)
{
    Outcome out;
    std::promise<void> ended;
    ExecSession session(access, request,
                        {[&](std::string_view bytes) { out.output += bytes; },
                         [&](std::string_view bytes) { out.errors += bytes; },
                         [&](core::Result<int> code) {
                             out.code = std::move(code);
                             ended.set_value();
                         }});
    session.write("input");
    session.closeInput();
    if (ended.get_future().wait_for(std::chrono::seconds(30)) != std::future_status::ready)
        out.code = core::failure(core::ErrorCode::Timeout, "the test waited in vain");
    return out;
}

} // namespace

class TestExecSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForWhatIsWanted();
    void readsTheExitCode_data();
    void readsTheExitCode();
    void talks_data();
    void talks();
    void practiceRefuses();
};

void TestExecSession::asksForWhatIsWanted()
{
    ExecRequest request {"n", "p", "c", {"ls", "a b"}, false, false};
    QCOMPARE(execTarget(request),
             "/api/v1/namespaces/n/pods/p/exec?stdout=true&container=c&stderr=true&command=ls"
             "&command=a%20b");
    request.hasInput = request.hasTerminal = true;
    request.command = {"sh"};
    QCOMPARE(execTarget(request),
             "/api/v1/namespaces/n/pods/p/exec?stdout=true&container=c&stdin=true&tty=true"
             "&command=sh");
}

void TestExecSession::readsTheExitCode_data()
{
    QTest::addColumn<QString>("status");
    QTest::addColumn<int>("code"); ///< -1: an error
    QTest::addColumn<QString>("words");
    QTest::newRow("success") << kSuccess << 0 << "";
    QTest::newRow("code") << R"({"status":"Failure","reason":"NonZeroExitCode","details":{"causes":
        [{"reason":"ExitCode","message":"17"}]}})"
                          << 17 << "";
    QTest::newRow("no number") << R"({"status":"Failure","reason":"NonZeroExitCode","message":"odd",
        "details":{"causes":[{"reason":"ExitCode","message":"x"}]}})"
                               << -1 << "odd";
    QTest::newRow("did not run") << R"({"status":"Failure","message":"no such program"})" << -1
                                 << "no such program";
    QTest::newRow("empty") << "{}" << -1 << "did not say";
}

void TestExecSession::readsTheExitCode()
{
    QFETCH(QString, status);
    QFETCH(int, code);
    QFETCH(QString, words);
    const auto result = exitCodeOf(*core::parseJson(status.toStdString()));
    QCOMPARE(result.value_or(-1), code);
    if (!result)
        QVERIFY(QString::fromStdString(result.error().message).contains(words));
}

void TestExecSession::talks_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("errors");
    QTest::addColumn<QString>("end"); ///< the code, or words of the error
    const auto row = [](const char* name, const std::string& bytes, const char* output,
                        const char* errors, const char* end) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << output << errors << end;
    };
    using tests::frame;
    row("output and errors",
        frame(2, "\1out") + frame(2, "\2err") + frame(2, "\1put")
            + frame(2, std::string("\3") + kSuccess),
        "output", "err", "0");
    row("status in pieces", frame(2, "\3{\"status\":") + frame(2, "\3\"Success\"}"), "", "", "0");
    row("odd channels",
        frame(2, "\7x") + frame(2, "\xff\1") + frame(2, "\3{\"status\":\"Success\"}"), "", "", "0");
    row("no status", frame(2, "\1half") + frame(8, "\3\xe8"), "half", "", "before the command did");
    row("breaks", "", "", "", "broke");
    row("status is no JSON", frame(2, "\3oops") + frame(8, "\3\xe8"), "", "", "did not say");
}

void TestExecSession::talks()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, output);
    QFETCH(QString, errors);
    QFETCH(QString, end);
    const bool isBroken = end == "broke";
    tests::OddServer server("v5.channel.k8s.io",
                            [bytes, isBroken](tests::LoopbackServer::Connection& to) {
                                to.write(bytes.toStdString());
                                isBroken ? to.reset() : to.waitForClient();
                            });
    const Outcome outcome = runCommand(server.access(), {"n", "p", "c", {"x"}, true, false});
    QCOMPARE(QString::fromStdString(outcome.output), output);
    QCOMPARE(QString::fromStdString(outcome.errors), errors);
    const std::string how =
        outcome.code ? std::to_string(*outcome.code) : outcome.code.error().message;
    QVERIFY2(QString::fromStdString(how).contains(end), how.c_str());
}

void TestExecSession::practiceRefuses()
{
    tests::PracticePod practice;
    const std::string pod = practice.readyPod();
    const Outcome outcome =
        runCommand(practice.access(), {"default", pod, "c", {"ls"}, false, false});
    QVERIFY(!outcome.code);
    QVERIFY2(outcome.code.error().message.find("runs no process") != std::string::npos,
             outcome.code.error().message.c_str());
}

WW_TEST_CLASS(TestExecSession)
#include "tst_execsession.moc"
