// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/git/httpbackend.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace tests {

namespace {

/// Runs git http-backend as a CGI program; its whole output.
std::string runBackend(std::vector<std::string> environment, const std::string& body)
{
    std::array<int, 2> in {};
    std::array<int, 2> out {};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        return {};
    std::vector<std::string> words {"git", "http-backend"};
    std::vector<char*> argv {words[0].data(), words[1].data(), nullptr};
    std::vector<char*> pointers;
    for (std::string& setting : environment)
        pointers.push_back(setting.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    pid_t child = -1;
    posix_spawnp(&child, "git", &actions, nullptr, argv.data(), pointers.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    std::thread writer([&] {
        std::string_view rest = body;
        while (!rest.empty()) {
            const ssize_t count = ::write(in[1], rest.data(), rest.size());
            if (count <= 0)
                break;
            rest.remove_prefix(std::size_t(count));
        }
        ::close(in[1]);
    });
    std::string text;
    std::array<char, 16384> buffer {};
    for (ssize_t count = 0; (count = ::read(out[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), std::size_t(count));
    writer.join();
    ::close(out[0]);
    ::waitpid(child, nullptr, 0);
    return text;
}

} // namespace

void serveGit(LoopbackServer::Connection& connection, const LoopbackServer::Request& request,
              const std::string& folder)
{
    const std::size_t mark = std::min(request.target.find('?'), request.target.size());
    const std::string output = runBackend(
        {"PATH=" + std::string(std::getenv("PATH")), "GIT_PROJECT_ROOT=" + folder,
         "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_COUNT=1",
         "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "HOME=/nonexistent",
         "REMOTE_ADDR=127.0.0.1", "REQUEST_METHOD=" + request.method,
         "PATH_INFO=" + request.target.substr(0, mark),
         "QUERY_STRING="
             + (mark < request.target.size() ? request.target.substr(mark + 1) : std::string()),
         "CONTENT_TYPE=" + std::string(core::header(request.headers, "Content-Type")),
         "CONTENT_LENGTH=" + std::to_string(request.body.size())},
        request.body);
    const std::size_t end = output.find("\r\n\r\n");
    if (end == std::string::npos)
        return connection.respond(500, "no output");
    int status = 200;
    core::HttpHeaders headers;
    for (std::size_t at = 0; at < end;) {
        const std::size_t lineEnd = output.find("\r\n", at);
        const std::string line = output.substr(at, lineEnd - at);
        const std::size_t colon = line.find(": ");
        if (line.starts_with("Status: "))
            status = std::atoi(line.c_str() + 8);
        else if (colon != std::string::npos)
            headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        at = lineEnd + 2;
    }
    connection.respond(status, std::string_view(output).substr(end + 4), headers);
}

} // namespace tests
