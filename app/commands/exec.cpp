// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright exec: a command in a container.
#include "app/clusterverb.h"
#include "app/commands.h"
#include "app/console.h"
#include "gitops/cluster/clusterobjects.h"
#include "gitops/cluster/execsession.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <future>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace app {

namespace {

constexpr std::size_t kMostPending = 1u << 20;

/// The terminal without line editing for as long as it lives.
class RawTerminal
{
public:
    explicit RawTerminal(bool wanted)
        : m_isRaw(wanted && tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_isRaw)
            return;
        termios raw = m_before;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    }
    ~RawTerminal()
    {
        if (m_isRaw)
            tcsetattr(STDIN_FILENO, TCSADRAIN, &m_before);
    }
    RawTerminal(const RawTerminal&) = delete;
    RawTerminal& operator=(const RawTerminal&) = delete;

private:
    termios m_before {};
    bool m_isRaw;
};

/// The command's bytes as they are: they are for whoever asked for them.
void pass(std::FILE* to, std::string_view bytes)
{
    std::fwrite(bytes.data(), 1, bytes.size(), to);
    std::fflush(to);
}

void tellSize(gitops::ExecSession& session, std::pair<int, int>& last)
{
    winsize size {};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0
        || last == std::pair<int, int>(size.ws_col, size.ws_row))
        return;
    last = {size.ws_col, size.ws_row};
    session.resize(size.ws_col, size.ws_row);
}

/// Carries standard input over until the command has ended.
void feed(gitops::ExecSession& session, const gitops::ExecRequest& request,
          const std::future<core::Result<int>>& end)
{
    std::array<char, 16'384> chunk {};
    bool isOpen = request.hasInput;
    std::pair<int, int> size {0, 0};
    while (end.wait_for(std::chrono::milliseconds(isOpen ? 0 : 50)) != std::future_status::ready) {
        if (request.hasTerminal)
            tellSize(session, size);
        if (!isOpen)
            continue;
        pollfd input {STDIN_FILENO, POLLIN, 0};
        if (session.pending() > kMostPending || ::poll(&input, 1, 50) <= 0) {
            if (session.pending() > kMostPending)
                (void)end.wait_for(std::chrono::milliseconds(10));
            continue;
        }
        const ssize_t count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
        if (count > 0) {
            session.write({chunk.data(), std::size_t(count)});
        } else {
            session.closeInput();
            isOpen = false;
        }
    }
}

} // namespace

int runExec(const Options& options)
{
    std::signal(SIGPIPE, SIG_IGN);
    if (options.words.empty() || options.command.empty()) {
        printError("say a pod (or KIND/NAME) and, after --, the command");
        return Usage;
    }
    const auto access = openCluster(options);
    if (!access)
        return exitWith(access.error());
    const auto pods =
        gitops::podsOf(**access, namespaceOf(options, **access), options.words.front(), {});
    if (!pods)
        return exitWith(pods.error());
    const core::Json& pod = pods->front();
    gitops::ExecRequest request;
    request.namespaceName = core::stringAt(pod, {"metadata", "namespace"});
    request.pod = core::stringAt(pod, {"metadata", "name"});
    request.container =
        options.container.empty() ? gitops::defaultContainer(pod) : options.container;
    request.command = options.command;
    request.hasInput = options.interactive;
    request.hasTerminal = options.terminal;
    if (request.hasTerminal && !isTerminal(STDIN_FILENO)) {
        printError("standard input is no terminal: leave -t out");
        return Usage;
    }
    std::promise<core::Result<int>> ended;
    const auto end = ended.get_future();
    core::Result<int> result = 0;
    {
        const RawTerminal raw(request.hasTerminal);
        gitops::ExecSession session(**access, request,
                                    {[](std::string_view bytes) { pass(stdout, bytes); },
                                     [](std::string_view bytes) { pass(stderr, bytes); },
                                     [&](core::Result<int> code) {
                                         result = std::move(code);
                                         ended.set_value(0);
                                     }});
        feed(session, request, end);
    }
    return result ? *result : exitWith(result.error());
}

} // namespace app
