// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/delayproxy.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <deque>
#include <netinet/tcp.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookUp {50}; ///< for the end

sockaddr_in loopback(int port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address)
{
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

void sendAtOnce(int socket)
{
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// One direction of a connection.
struct Flow
{
    int from = -1;
    int to = -1;
    std::chrono::microseconds delay {0};
    std::deque<std::pair<Clock::time_point, std::string>> waiting {};
    bool hasEnded = false; ///< nothing more comes
    bool isBroken = false;

    void receive()
    {
        char buffer[65536];
        const ssize_t count = recv(from, buffer, sizeof buffer, MSG_DONTWAIT);
        if (count > 0)
            waiting.emplace_back(Clock::now() + delay, std::string(buffer, std::size_t(count)));
        else if (count == 0 || (errno != EAGAIN && errno != EINTR))
            hasEnded = true;
    }
    bool isDue() const { return !waiting.empty() && waiting.front().first <= Clock::now(); }
    void deliver()
    {
        while (isDue()) {
            std::string& text = waiting.front().second;
            const ssize_t count = send(to, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count < 0) {
                isBroken = errno != EAGAIN && errno != EINTR;
                return;
            }
            text.erase(0, std::size_t(count));
            if (!text.empty())
                return;
            waiting.pop_front();
        }
    }
    bool isOver() const { return isBroken || (hasEnded && waiting.empty()); }
};

struct Connection
{
    Flow up;
    Flow down;
    bool isOver() const { return up.isOver() || down.isOver(); }
};

Clock::duration untilNext(const std::vector<Connection>& connections)
{
    Clock::duration wait = kLookUp;
    for (const Connection& each : connections)
        for (const Flow* flow : {&each.up, &each.down})
            if (!flow->waiting.empty())
                wait = std::min(wait, flow->waiting.front().first - Clock::now());
    return std::max(wait, Clock::duration::zero());
}

} // namespace

DelayProxy::DelayProxy(int upstreamPort, std::chrono::microseconds delay)
    : m_upstream(upstreamPort)
    , m_delay(delay)
    , m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(m_listener, generic(address), size) != 0 || listen(m_listener, 64) != 0
        || getsockname(m_listener, static_cast<sockaddr*>(static_cast<void*>(&address)), &size)
            != 0)
        std::exit(2);
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { run(); });
}

DelayProxy::~DelayProxy()
{
    m_stopping = true;
    m_thread.join();
    close(m_listener);
}

void DelayProxy::run()
{
    std::vector<Connection> connections;
    while (!m_stopping) {
        std::vector<pollfd> polled {{m_listener, POLLIN, 0}};
        for (const Connection& each : connections)
            for (const Flow* flow : {&each.up, &each.down}) {
                polled.push_back({flow->hasEnded ? -1 : flow->from, POLLIN, 0});
                polled.push_back({flow->isDue() ? flow->to : -1, POLLOUT, 0});
            }
        const auto wait = std::chrono::nanoseconds(untilNext(connections));
        const timespec time {wait.count() / 1'000'000'000, wait.count() % 1'000'000'000};
        if (ppoll(polled.data(), polled.size(), &time, nullptr) < 0)
            continue;
        std::size_t at = 1;
        for (Connection& each : connections)
            for (Flow* flow : {&each.up, &each.down}) {
                if (polled[at].revents)
                    flow->receive();
                at += 2;
                flow->deliver();
            }
        std::erase_if(connections, [](const Connection& each) {
            if (!each.isOver())
                return false;
            close(each.up.from);
            close(each.up.to);
            return true;
        });
        if (!polled[0].revents)
            continue;
        const int client = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(m_upstream);
        if (client < 0 || connect(server, generic(address), sizeof address) != 0) {
            close(client);
            close(server);
            continue;
        }
        sendAtOnce(client);
        sendAtOnce(server);
        connections.push_back(
            {Flow {client, server, std::chrono::microseconds(0)}, Flow {server, client, m_delay}});
    }
    for (const Connection& each : connections) {
        close(each.up.from);
        close(each.up.to);
    }
}

} // namespace bench
