// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gitops/git/gitserver.h"

#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tests {

GitServer::GitServer(std::string folder)
    : m_folder(std::move(folder))
{
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(m_listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(m_listener, 32);
    socklen_t size = sizeof address;
    ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_acceptor = std::thread([this] { accept(); });
}

GitServer::~GitServer()
{
    m_stop = true;
    m_acceptor.join();
    for (std::thread& relay : m_relays)
        relay.join();
    ::close(m_listener);
}

std::string GitServer::url(const std::string& repository) const
{
    return "git://127.0.0.1:" + std::to_string(m_port) + "/" + repository;
}

void GitServer::accept()
{
    while (!m_stop) {
        pollfd wait {m_listener, POLLIN, 0};
        if (::poll(&wait, 1, 20) <= 0)
            continue;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            continue;
        ++m_connections;
        std::lock_guard lock(m_mutex);
        m_relays.emplace_back([this, client] { relay(client); });
    }
}

namespace {

pid_t startDaemon(const std::string& folder, int socket)
{
    std::vector<std::string> words {"git",
                                    "daemon",
                                    "--inetd",
                                    "--export-all",
                                    "--log-destination=none",
                                    "--base-path=" + folder};
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, socket, 0);
    posix_spawn_file_actions_adddup2(&actions, socket, 1);
    pid_t child = -1;
    posix_spawnp(&child, "git", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

bool sendAll(int socket, const char* bytes, std::size_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= std::size_t(sent);
    }
    return true;
}

} // namespace

void GitServer::relay(int client)
{
    std::array<int, 2> pair {};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data());
    const pid_t child = startDaemon(m_folder, pair[1]);
    ::close(pair[1]);
    std::uint64_t sent = 0;
    std::array<char, 16384> buffer {};
    for (bool open = true; open && !m_stop;) {
        std::array<pollfd, 2> wait {{{client, POLLIN, 0}, {pair[0], POLLIN, 0}}};
        if (::poll(wait.data(), 2, 20) <= 0 || m_silent)
            continue;
        for (int side = 0; side < 2 && open; ++side) {
            if ((wait[std::size_t(side)].revents & (POLLIN | POLLHUP)) == 0)
                continue;
            const ssize_t count =
                ::recv(side == 0 ? client : pair[0], buffer.data(), buffer.size(), 0);
            open = count > 0
                && sendAll(side == 0 ? pair[0] : client, buffer.data(), std::size_t(count));
            if (side == 1 && count > 0)
                sent += std::uint64_t(count);
            open = open && (m_cutAfter == 0 || sent < m_cutAfter);
        }
    }
    ::close(client);
    ::close(pair[0]);
    ::kill(child, SIGTERM);
    ::waitpid(child, nullptr, 0);
}

} // namespace tests
