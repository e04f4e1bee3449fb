// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/git/sshprocess.h"

#include "core/base/strings.h"
#include "gitops/process/spawn.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace gitops {

namespace {

constexpr int kPollMilliseconds = 200;
constexpr std::size_t kMaxComplaint = 4096;

void closePipe(int& descriptor)
{
    if (descriptor >= 0)
        ::close(descriptor);
    descriptor = -1;
}

/// Ours, without what could open a window and ask for a password.
std::vector<std::string> childEnvironment()
{
    std::vector<std::string> out;
    for (char** setting = environ; *setting != nullptr; ++setting) {
        const std::string_view text = *setting;
        if (!text.starts_with("SSH_ASKPASS") && !text.starts_with("GIT_")
            && !text.starts_with("DISPLAY=") && !text.starts_with("LC_ALL="))
            out.emplace_back(text);
    }
    out.emplace_back("LC_ALL=C");
    out.emplace_back("SSH_ASKPASS_REQUIRE=never");
    return out;
}

} // namespace

core::Result<std::unique_ptr<SshProcess>> SshProcess::start(const std::vector<std::string>& words)
{
    std::unique_ptr<SshProcess> out(new SshProcess);
    std::array<std::array<int, 2>, 3> pipes {{{-1, -1}, {-1, -1}, {-1, -1}}};
    std::error_code error;
    for (auto& pipe : pipes)
        if (!error && ::pipe2(pipe.data(), O_CLOEXEC) != 0)
            error = {errno, std::generic_category()};
    if (!error) {
        const auto process =
            spawn({.program = words.front(),
                   .words = words,
                   .environment = childEnvironment(),
                   .descriptors = {{pipes[0][0], 0}, {pipes[1][1], 1}, {pipes[2][1], 2}}});
        if (process)
            out->m_process = *process;
        else
            error = process.error();
    }
    out->m_input = std::exchange(pipes[0][1], -1);
    out->m_output = std::exchange(pipes[1][0], -1);
    out->m_errors = std::exchange(pipes[2][0], -1);
    for (auto& pipe : pipes)
        for (int& descriptor : pipe)
            closePipe(descriptor);
    if (error)
        return core::failure(core::ErrorCode::Unsupported,
                             "The program \"" + core::sanitised(words.front())
                                 + "\" cannot be started: " + error.message(),
                             {}, core::Fault::Machine);
    for (const int descriptor : {out->m_input, out->m_output, out->m_errors})
        ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
    return out;
}

SshProcess::~SshProcess()
{
    closePipe(m_input);
    closePipe(m_output);
    closePipe(m_errors);
    if (m_process < 0)
        return;
    // It ends by itself when its pipes are closed; else it is made to.
    for (int i = 0; i < 20; ++i) {
        if (::waitpid(m_process, nullptr, WNOHANG) != 0)
            return;
        std::this_thread::sleep_for(std::chrono::milliseconds(i < 10 ? 2 : 20));
    }
    ::kill(-m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
}

void SshProcess::drainErrors()
{
    std::array<char, 1024> buffer {};
    for (;;) {
        const ssize_t count = m_errors < 0 ? 0 : ::read(m_errors, buffer.data(), buffer.size());
        if (count < 0)
            return;
        if (count == 0)
            return closePipe(m_errors);
        m_complaint.append(buffer.data(), std::size_t(count));
        if (m_complaint.size() > kMaxComplaint)
            m_complaint.erase(0, m_complaint.size() - kMaxComplaint);
    }
}

core::Result<void> SshProcess::wait(int descriptor, short what, const JobWatch& watch)
{
    std::array<pollfd, 2> polled {{{descriptor, what, 0}, {m_errors, POLLIN, 0}}};
    ::poll(polled.data(), m_errors < 0 ? 1 : 2, kPollMilliseconds);
    drainErrors();
    if (watch.isCancelled())
        return core::failure(core::ErrorCode::Cancelled, "The exchange was given up.");
    return {};
}

core::Result<std::size_t> SshProcess::read(char* bytes, std::size_t size, JobWatch& watch)
{
    for (;;) {
        const ssize_t count = ::read(m_output, bytes, size);
        if (count >= 0) {
            if (count > 0)
                watch.touch();
            return std::size_t(count);
        }
        if (errno != EAGAIN && errno != EINTR)
            return core::failure(core::ErrorCode::Network, "The connection failed.");
        if (core::Result<void> ready = wait(m_output, POLLIN, watch); !ready)
            return std::unexpected(std::move(ready.error()));
    }
}

core::Result<void> SshProcess::write(std::string_view bytes, JobWatch& watch)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(m_input, bytes.data(), bytes.size());
        if (count > 0) {
            bytes.remove_prefix(std::size_t(count));
            continue;
        }
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return core::failure(core::ErrorCode::Network, "The connection was closed.");
        if (core::Result<void> ready = wait(m_input, POLLOUT, watch); !ready)
            return ready;
    }
    return {};
}

std::string SshProcess::complaint()
{
    // What it said last may come a moment after its output ended.
    for (int i = 0; i < 10 && m_errors >= 0; ++i) {
        pollfd polled {m_errors, POLLIN, 0};
        ::poll(&polled, 1, 100);
        drainErrors();
    }
    return m_complaint;
}

} // namespace gitops
