// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/background.h"

#include "core/base/http.h"
#include "core/base/strings.h"
#include "gitops/process/spawn.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <expected>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

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

/// The new process has nothing to read, and the log to write to.
std::expected<pid_t, std::error_code> spawnWith(const std::vector<std::string>& words,
                                                const fs::path& log)
{
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return std::unexpected(std::error_code(errno, std::generic_category()));
    gitops::SpawnOrder order {.program = "/proc/self/exe",
                              .words = {"wavewright"},
                              .environment = {},
                              .descriptors = {{file, 1}, {file, 2}}};
    order.words.insert(order.words.end(), words.begin(), words.end());
    const auto process = gitops::spawn(order);
    ::close(file);
    return process;
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
    const auto started = spawnWith(words, log());
    if (!started)
        return diskError("the process cannot be started", log(), started.error().value());
    const pid_t pid = *started;
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
