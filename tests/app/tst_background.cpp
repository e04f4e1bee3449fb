// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/background.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using app::Background;

namespace {

/// A process that works until it is told to stop. Nothing but system calls after the fork.
pid_t startWorker(const std::filesystem::path& folder, const std::string& name, bool isStubborn)
{
    const pid_t pid = ::fork();
    if (pid != 0)
        return pid;
    std::signal(SIGTERM, isStubborn ? SIG_IGN : SIG_DFL); // Qt Test has a handler of its own
    Background background(folder, name);
    if (!background.take() || !background.report("{\"works\":true}"))
        ::_exit(1);
    for (;;)
        ::pause();
}

} // namespace

class TestBackground : public QObject
{
    Q_OBJECT

    QTemporaryDir m_dir;
    std::filesystem::path folder() const { return m_dir.filePath("jobs").toStdString(); }

private Q_SLOTS:
    void nobodyWorks();
    void oneWorkerAtATime();
    void forgetsOneThatCrashed();
    void endsTheStubborn();
    void tellsWhyItDidNotStart();
};

void TestBackground::nobodyWorks()
{
    const Background background(folder(), "a/b");
    QVERIFY(!background.worker());
    QCOMPARE(background.reported(), "");
    const auto stopped = background.stop(std::chrono::seconds(1));
    QVERIFY(stopped && !*stopped);
    QVERIFY(background.log().filename().string().find('/') == std::string::npos);
}

void TestBackground::oneWorkerAtATime()
{
    const pid_t pid = startWorker(folder(), "one", false);
    Background background(folder(), "one");
    QTRY_COMPARE(background.worker().value_or(0), pid);
    QTRY_COMPARE(background.reported(), "{\"works\":true}");
    const auto second = background.take();
    QVERIFY(!second);
    QCOMPARE(second.error().code, core::ErrorCode::AlreadyExists);
    QVERIFY(second.error().message.find(std::to_string(pid)) != std::string::npos);
    QVERIFY(!Background(folder(), "another").worker());
    const auto stopped = background.stop(std::chrono::seconds(20));
    QVERIFY(stopped && *stopped);
    QCOMPARE(::waitpid(pid, nullptr, 0), pid);
    QVERIFY(background.take());
    QVERIFY(background.report("x"));
    QCOMPARE(background.reported(), "x");
}

void TestBackground::forgetsOneThatCrashed()
{
    const pid_t pid = startWorker(folder(), "crash", false);
    Background background(folder(), "crash");
    QTRY_VERIFY(!background.reported().empty());
    ::kill(pid, SIGKILL);
    QCOMPARE(::waitpid(pid, nullptr, 0), pid);
    QVERIFY(!background.worker());
    QVERIFY(background.take());
    QCOMPARE(background.reported(), ""); // what the dead one said does not count
}

void TestBackground::endsTheStubborn()
{
    const pid_t pid = startWorker(folder(), "stubborn", true);
    const Background background(folder(), "stubborn");
    QTRY_VERIFY(!background.reported().empty());
    const auto stopped = background.stop(std::chrono::milliseconds(50));
    QVERIFY(stopped && *stopped);
    int status = 0;
    QCOMPARE(::waitpid(pid, &status, 0), pid);
    QCOMPARE(WTERMSIG(status), SIGKILL);
}

/// The test program knows no such class and says so.
void TestBackground::tellsWhyItDidNotStart()
{
    const Background background(folder(), "fails");
    const auto started = background.start({"nosuchtest"}, std::chrono::seconds(60));
    QVERIFY(!started);
    QVERIFY(!started.error().message.empty());
    QVERIFY(!background.worker());
}

WW_TEST_CLASS(TestBackground)
#include "tst_background.moc"
