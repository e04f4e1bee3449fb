// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/background.h"

#include "core/base/http.h"
#include "core/base/strings.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace app {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook {20};

std::unexpected<core::Error> diskError(const std::string& what, const fs::path& file, int error)
{
    return core::failure(core::ErrorCode::Disk, what + ": " + std::strerror(error),
                         {.file = file.string()}, core::Fault::Machine);
}

struct flock wholeFile()
{
    struct flock out = {};
    out.l_type = F_WRLCK;
    out.l_whence = SEEK_SET;
    return out;
}

std::string textOf(const fs::path& file, std::size_t most)
{
    std::ifstream in(file, std::ios::binary);
    std::string out {std::istreambuf_iterator<char>(in), {}};
    return out.size() > most ? out.substr(out.size() - most) : out;
}

std::string lastLine(const fs::path& file)
{
    const std::string text = textOf(file, 64u << 10);
    std::string_view last;
    for (const std::string_view line : core::split(text, '\n'))
        if (!core::trimmed(line).empty())
            last = core::trimmed(line);
    if (last.starts_with("wavewright: "))
        last.remove_prefix(12);
    return core::sanitised(last);
}

/// The new process has a session of its own, nothing to read, and the log to write to.
int spawn(const std::vector<std::string>& words, const fs::path& log, pid_t& pid)
{
    std::vector<std::string> kept {"wavewright"};
    kept.insert(kept.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : kept)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t defaults;
    sigemptyset(&none);
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int error =
        posix_spawn(&pid, "/proc/self/exe", &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

} // namespace

Background::Background(fs::path folder, const std::string& name)
    : m_base(std::move(folder))
{
    std::error_code ignored; // opening a file in it tells
    fs::create_directories(m_base, ignored);
    m_base /= core::percentEncode(name);
}

Background::~Background()
{
    if (m_held < 0)
        return;
    std::error_code ignored;
    fs::remove(statusFile(), ignored);
    ::close(m_held);
}

int Background::open() const
{
    return ::open((m_base.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

std::optional<pid_t> Background::worker() const
{
    if (m_held >= 0)
        return {}; // closing another descriptor of the file would give our lock away
    const int file = open();
    if (file < 0)
        return {};
    struct flock lock = wholeFile();
    const bool isTold = ::fcntl(file, F_GETLK, &lock) == 0;
    ::close(file);
    if (!isTold || lock.l_type == F_UNLCK)
        return {};
    return lock.l_pid;
}

core::Result<void> Background::take()
{
    const int file = open();
    if (file < 0)
        return diskError("the lock cannot be opened", m_base.string() + ".lock", errno);
    struct flock lock = wholeFile();
    if (::fcntl(file, F_SETLK, &lock) != 0) {
        ::close(file);
        const auto other = worker();
        return core::failure(core::ErrorCode::AlreadyExists,
                             "another process does this already"
                                 + (other ? " (" + std::to_string(*other) + ")" : std::string()),
                             {}, core::Fault::User);
    }
    m_held = file;
    std::error_code ignored;
    fs::remove(statusFile(), ignored); // of one that crashed
    return {};
}

core::Result<void> Background::report(const std::string& text) const
{
    const fs::path next = statusFile().string() + ".new";
    std::ofstream out(next, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    std::error_code error;
    if (out)
        fs::rename(next, statusFile(), error);
    if (!out || error)
        return diskError("the state cannot be written", next, error ? error.value() : EIO);
    return {};
}

std::string Background::reported() const
{
    return textOf(statusFile(), 16u << 20);
}

core::Result<pid_t> Background::start(const std::vector<std::string>& words,
                                      std::chrono::milliseconds patience) const
{
    pid_t pid = 0;
    if (const int error = spawn(words, log(), pid); error != 0)
        return diskError("the process cannot be started", log(), error);
    const auto end = Clock::now() + patience;
    for (;;) {
        if (worker() == pid && !reported().empty())
            return pid;
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) == pid)
            return core::failure(core::ErrorCode::Internal, lastLine(log()), {},
                                 core::Fault::Machine);
        if (Clock::now() > end) {
            ::kill(pid, SIGTERM);
            ::waitpid(pid, &status, 0);
            return core::failure(core::ErrorCode::Timeout,
                                 "it did not get ready in time; see " + log().string(), {},
                                 core::Fault::Machine);
        }
        std::this_thread::sleep_for(kLook);
    }
}

core::Result<bool> Background::stop(std::chrono::milliseconds patience) const
{
    const auto pid = worker();
    if (!pid)
        return false;
    if (::kill(*pid, SIGTERM) != 0 && errno != ESRCH)
        return core::failure(core::ErrorCode::Forbidden,
                             "process " + std::to_string(*pid)
                                 + " cannot be ended: " + std::strerror(errno),
                             {}, core::Fault::Machine);
    const auto end = Clock::now() + patience;
    while (worker() == pid) {
        if (Clock::now() > end)
            ::kill(*pid, SIGKILL);
        std::this_thread::sleep_for(kLook);
    }
    return true;
}

} // namespace app
