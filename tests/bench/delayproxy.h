// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace bench {

/// A TCP proxy on loopback that holds back what the server says: every round trip takes that much
/// longer. One thread of its own.
class DelayProxy
{
public:
    DelayProxy(int upstreamPort, std::chrono::microseconds delay);
    ~DelayProxy();
    DelayProxy(const DelayProxy&) = delete;
    DelayProxy& operator=(const DelayProxy&) = delete;
    int port() const { return m_port; }

private:
    void run();

    const int m_upstream;
    const std::chrono::microseconds m_delay;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stopping {false};
    std::thread m_thread;
};

} // namespace bench
