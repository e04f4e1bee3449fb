// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/scriptchild.h"

#include "core/base/strings.h"
#include "gitops/diff/jqpath.h"
#include "gitops/process/spawn.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gitops {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience {10}; ///< a busy machine; the child limits itself to one
constexpr std::chrono::minutes kBan {10};
constexpr std::size_t kMaxBans = 1000;
constexpr std::size_t kMaxAnswer = 2u << 20;

core::Error error(core::ErrorCode code, std::string message)
{
    return {code, std::move(message), {}, core::Fault::User, {}};
}

core::Error brokenError(const std::string& what)
{
    return {
        core::ErrorCode::Unavailable, "wavewright-scripts " + what, {}, core::Fault::Machine, {}};
}

/// Waits until the socket is ready for it. False: not in time.
bool waitFor(int socket, short what, Clock::time_point due)
{
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()).count();
        if (left <= 0)
            return false;
        pollfd polled {socket, what, 0};
        const int ready = ::poll(&polled, 1, int(left));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

} // namespace

ScriptChild::ScriptChild(std::string program)
    : m_program(std::move(program))
{
}

ScriptChild::~ScriptChild()
{
    end();
}

core::Result<void> ScriptChild::start()
{
    if (m_process > 0)
        return {};
    std::array<int, 2> ends {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return std::unexpected(
            brokenError("does not start: " + std::generic_category().message(errno)));
    const auto process = spawn({.program = m_program,
                                .words = {m_program},
                                .environment = std::vector<std::string>(),
                                .descriptors = {{ends[1], 0}, {ends[1], 1}}});
    ::close(ends[1]);
    if (process) {
        m_process = *process;
        m_socket = ends[0];
        return {};
    }
    ::close(ends[0]);
    return std::unexpected(
        brokenError("does not start (" + m_program + "): " + process.error().message()));
}

void ScriptChild::end()
{
    if (m_socket >= 0)
        ::close(std::exchange(m_socket, -1));
    if (m_process > 0) {
        ::kill(m_process, SIGKILL);
        ::waitpid(std::exchange(m_process, -1), nullptr, 0);
    }
}

/// LimitExceeded: it ended, or did not answer, over this question.
core::Result<std::string> ScriptChild::exchange(std::string line)
{
    if (auto started = start(); !started)
        return std::unexpected(std::move(started.error()));
    const auto due = Clock::now() + kPatience;
    const auto broken = [this] {
        end();
        return std::unexpected(error(core::ErrorCode::LimitExceeded, ""));
    };
    line += '\n';
    for (std::string_view left = line; !left.empty();) {
        const ssize_t sent =
            ::send(m_socket, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            left.remove_prefix(std::size_t(sent));
        else if ((errno != EAGAIN && errno != EINTR) || !waitFor(m_socket, POLLOUT, due))
            return broken();
    }
    std::string answer;
    std::array<char, 65'536> buffer {};
    while (!answer.ends_with('\n')) {
        if (answer.size() > kMaxAnswer || !waitFor(m_socket, POLLIN, due))
            return broken();
        const ssize_t count = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR))
            return broken();
        if (count > 0)
            answer.append(buffer.data(), std::size_t(count));
    }
    return answer;
}

core::Result<core::Json> ScriptChild::ask(const std::string& name, core::JsonObject request)
{
    const std::lock_guard lock(m_mutex);
    const std::string text(request.at("text").as_string());
    const auto banned = m_banned.find(text);
    if (banned != m_banned.end() && Clock::now() < banned->second)
        return std::unexpected(error(core::ErrorCode::LimitExceeded,
                                     name
                                         + " took more than a second or too much memory, and is "
                                           "not run again for ten minutes."));
    auto answer = exchange(core::toText(core::Json(std::move(request))));
    if (!answer) {
        if (answer.error().code != core::ErrorCode::LimitExceeded)
            return std::unexpected(std::move(answer.error()));
        if (m_banned.size() >= kMaxBans)
            m_banned.clear();
        m_banned[text] = Clock::now() + kBan;
        return std::unexpected(error(core::ErrorCode::LimitExceeded,
                                     name + " took more than a second, or too much memory."));
    }
    auto parsed = core::parseJson(*answer);
    if (!parsed || !parsed->is_object())
        return std::unexpected(brokenError("gave an answer that is no JSON object"));
    if (const core::Json* problem = core::find(*parsed, "error"); problem && problem->is_string())
        return std::unexpected(
            error(core::ErrorCode::Invalid,
                  name + " fails: "
                      + core::sanitised(std::string_view(problem->get_string()).substr(0, 300))));
    return std::move(*parsed);
}

core::Result<std::vector<std::string>> ScriptChild::select(const std::string& expression,
                                                           const core::Json& object)
{
    auto answer = ask("The jqPathExpression \"" + core::sanitised(expression.substr(0, 100)) + "\"",
                      {{"do", "paths"}, {"text", expression}, {"object", object}});
    if (!answer)
        return std::unexpected(std::move(answer.error()));
    const core::Json* paths = core::find(*answer, "paths");
    return pointersOfPaths(paths ? *paths : core::Json(), object);
}

core::Result<core::HealthAssessment>
ScriptChild::judge(const std::string& script, bool openLibraries, const core::Json& object)
{
    auto answer =
        ask("The health script",
            {{"do", "health"}, {"text", script}, {"open", openLibraries}, {"object", object}});
    if (!answer)
        return std::unexpected(std::move(answer.error()));
    const std::string status(core::stringAt(*answer, {"status"}));
    const std::string message(core::stringAt(*answer, {"message"}));
    if (core::find(*answer, "status") == nullptr)
        return core::HealthAssessment {};
    const auto health = core::healthFromString(status);
    if (!health)
        return core::HealthAssessment {core::Health::Unknown,
                                       "Lua returned an invalid health status"};
    return core::HealthAssessment {*health, message};
}

} // namespace gitops
