// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/process/spawn.h"
#include "tests/support/testregistry.h"

#include <QTemporaryDir>
#include <QtTest/QTest>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

using namespace gitops;

namespace {

struct Ended
{
    int exitCode = -1;
    std::string output;
    std::error_code error;
};

/// A shell's script, its output in a file.
class Shell
{
public:
    SpawnOrder order(const std::string& script)
    {
        return {.program = "/bin/sh",
                .words = {"sh", "-c", script},
                .environment = {},
                .descriptors = {{m_file, 1}}};
    }
    Ended run(const SpawnOrder& order)
    {
        const auto process = spawn(order);
        if (!process)
            return {.error = process.error()};
        int status = 0;
        ::waitpid(*process, &status, 0);
        std::ifstream in(m_path);
        return {.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                .output = {std::istreambuf_iterator<char>(in), {}}};
    }
    Shell()
        : m_path(m_folder.filePath("out").toStdString())
        , m_file(::open(m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
    {
    }
    ~Shell() { ::close(m_file); }
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

private:
    QTemporaryDir m_folder;
    std::string m_path;
    int m_file;
};

} // namespace

class TestSpawn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsGoAsTheyAre()
    {
        Shell shell;
        SpawnOrder order = shell.order("printf '%s|' \"$0\" \"$@\"");
        order.words.insert(order.words.end(), {"zero", "a b", "$HOME;`id`", ""});
        QCOMPARE(shell.run(order).output, "zero|a b|$HOME;`id`||");
    }
    void programIsFoundInPath()
    {
        Shell shell;
        SpawnOrder order = shell.order("exit 7");
        order.program = "sh";
        QCOMPARE(shell.run(order).exitCode, 7);
    }
    void environmentIsOursOrTheGiven()
    {
        Shell shell;
        qputenv("WAVEWRIGHT_TEST_SPAWN", "ours");
        QCOMPARE(shell.run(shell.order("echo $WAVEWRIGHT_TEST_SPAWN")).output, "ours\n");
        qunsetenv("WAVEWRIGHT_TEST_SPAWN");
        Shell other;
        SpawnOrder order = other.order("echo $HOME-$ONLY");
        order.environment = {{"ONLY=this"}};
        QCOMPARE(other.run(order).output, "-this\n");
        Shell third;
        SpawnOrder none = third.order("echo -$HOME-");
        none.environment = std::vector<std::string>();
        QCOMPARE(third.run(none).output, "--\n");
    }
    void standardDescriptorsAreNullUnlessGiven()
    {
        Shell shell;
        const Ended ended = shell.run(shell.order("cat; echo lost >&2; "
                                                  "readlink /proc/$$/fd/0 /proc/$$/fd/2"));
        QCOMPARE(ended.output, "/dev/null\n/dev/null\n");
    }
    void closeOnExecIsNotInherited()
    {
        Shell shell;
        const int secret = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        const auto text = std::to_string(secret);
        const Ended ended =
            shell.run(shell.order("[ -e /proc/$$/fd/" + text + " ] || echo closed"));
        ::close(secret);
        QCOMPARE(ended.output, "closed\n");
    }
    void leadsASession()
    {
        Shell shell;
        const auto process = spawn(shell.order("sleep 100 & wait"));
        QVERIFY(process);
        QCOMPARE(::getsid(*process), *process);
        QCOMPARE(::getpgid(*process), *process);
        QVERIFY(::getsid(0) != *process);
        QCOMPARE(::kill(-*process, SIGKILL), 0);
        QCOMPARE(::waitpid(*process, nullptr, 0), *process);
    }
    void signalsAreAsAtTheStart()
    {
        Shell shell;
        sigset_t blocked;
        sigset_t before;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
        const auto handler = ::signal(SIGPIPE, SIG_IGN);
        const Ended ended =
            shell.run(shell.order("exec grep -E '^Sig(Blk|Ign)' /proc/self/status"));
        Shell other;
        const Ended killed = other.run(other.order("kill -TERM $$"));
        ::signal(SIGPIPE, handler);
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        const QStringList lines = QString::fromStdString(ended.output).split('\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0], "SigBlk:\t0000000000000000");
        const auto ignored = lines[1].section('\t', 1).toULongLong(nullptr, 16);
        QCOMPARE(ignored & (1ull << (SIGPIPE - 1)), 0ull);
        QCOMPARE(killed.exitCode, 128 + SIGTERM);
    }
    void aMissingProgramIsAnError()
    {
        Shell shell;
        SpawnOrder order = shell.order("true");
        order.program = "/does/not/exist";
        QCOMPARE(shell.run(order).error.value(), ENOENT);
        order.program = PROJECT_ROOT_DIR "/README.md";
        QCOMPARE(shell.run(order).error.value(), EACCES);
    }
};

WW_TEST_CLASS(TestSpawn)
#include "tst_spawn.moc"
