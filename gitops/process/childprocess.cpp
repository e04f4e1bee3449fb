// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/process/childprocess.h"

#include "gitops/process/spawn.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace gitops {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook {50}; ///< how often it is looked whether to stop
constexpr std::size_t kMaxErrors = 4096;

/// Both ends of a pipe, closed when they go.
struct Pipe
{
    std::array<int, 2> ends {-1, -1};
    Pipe()
    {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            ends = {-1, -1};
    }
    ~Pipe()
    {
        close(0);
        close(1);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close(std::size_t end)
    {
        if (ends[end] >= 0)
            ::close(ends[end]);
        ends[end] = -1;
    }
};

std::vector<std::string> environmentOf(const ChildProcess::Order& order)
{
    std::vector<std::string> out;
    for (const auto& [name, value] : order.environment)
        out.push_back(name + "=" + value.reveal());
    for (char** setting = environ; *setting != nullptr; ++setting) {
        const std::string_view text = *setting;
        const std::string_view name = text.substr(0, text.find('='));
        if (std::ranges::none_of(order.environment,
                                 [name](const auto& one) { return one.first == name; }))
            out.emplace_back(text);
    }
    return out;
}

/// Its id, or why not.
std::expected<pid_t, std::error_code> spawnFor(const ChildProcess::Order& order, const Pipe& output,
                                               const Pipe& errors)
{
    SpawnOrder spawned {.program = order.words.front(),
                        .words = order.words,
                        .environment = environmentOf(order),
                        .descriptors = {{output.ends[1], 1}, {errors.ends[1], 2}}};
    const auto process = spawn(spawned);
    for (std::string& setting : *spawned.environment) // some held secrets
        const core::Secret wiped(std::move(setting));
    return process;
}

/// Reads what is there; closes at the end. False when there is more than limit.
bool drain(Pipe& pipe, std::string& out, std::size_t limit)
{
    std::array<char, 4096> buffer {};
    const ssize_t count = ::read(pipe.ends[0], buffer.data(), buffer.size());
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
        pipe.close(0);
    if (count > 0)
        out.append(buffer.data(), std::size_t(count));
    return out.size() <= limit;
}

ChildProcess::How readAll(const ChildProcess::Order& order, const std::atomic<bool>& isStopped,
                          Pipe& output, Pipe& errors, ChildProcess::End& end)
{
    const auto due = Clock::now() + order.time;
    while (output.ends[0] >= 0 || errors.ends[0] >= 0) {
        if (isStopped)
            return ChildProcess::How::Stopped;
        if (Clock::now() >= due)
            return ChildProcess::How::TimedOut;
        std::array<pollfd, 2> polled {{{output.ends[0], POLLIN, 0}, {errors.ends[0], POLLIN, 0}}};
        if (::poll(polled.data(), polled.size(), int(kLook.count())) <= 0)
            continue;
        if (polled[0].revents && !drain(output, end.output, order.output))
            return ChildProcess::How::SaidTooMuch;
        if (polled[1].revents && !drain(errors, end.errors, kMaxErrors))
            end.errors.erase(0, end.errors.size() - kMaxErrors);
    }
    return ChildProcess::How::Ended;
}

/// Waits for it; past its time, or when it was not to go on, kills it and what it started.
ChildProcess::How reap(pid_t process, ChildProcess::How how, Clock::time_point due,
                       const std::atomic<bool>& isStopped, int& exitCode)
{
    int status = 0;
    while (how == ChildProcess::How::Ended) {
        if (::waitpid(process, &status, WNOHANG) == process) {
            ::kill(-process, SIGKILL); // children that it left behind
            exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            return how;
        }
        if (isStopped)
            how = ChildProcess::How::Stopped;
        else if (Clock::now() >= due)
            how = ChildProcess::How::TimedOut;
        else
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ::kill(-process, SIGKILL);
    ::waitpid(process, &status, 0);
    return how;
}

} // namespace

ChildProcess::End ChildProcess::run(const Order& order, const std::atomic<bool>& isStopped)
{
    End end;
    Pipe output;
    Pipe errors;
    const auto due = Clock::now() + order.time;
    const bool isOpen = output.ends[0] >= 0 && errors.ends[0] >= 0;
    const auto process = isOpen ? spawnFor(order, output, errors)
                                : std::unexpected(std::make_error_code(std::errc(EMFILE)));
    if (!process) {
        end.reason = process.error().message();
        return end;
    }
    output.close(1);
    errors.close(1);
    const How how = readAll(order, isStopped, output, errors, end);
    end.how = reap(*process, how, due, isStopped, end.exitCode);
    return end;
}

} // namespace gitops
