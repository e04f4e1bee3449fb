// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tests {

/// A real git daemon on a free loopback port: every connection gets its own "git daemon --inetd",
/// through a relay that can fall silent or cut the line.
class GitServer
{
public:
    /// Serves the repositories below folder.
    explicit GitServer(std::string folder);
    ~GitServer();

    std::string url(const std::string& repository) const;
    int connections() const { return m_connections; }
    void setSilent(bool silent) { m_silent = silent; }
    /// The line is cut after so many bytes to the client; 0: never.
    void setCutAfter(std::uint64_t bytes) { m_cutAfter = bytes; }

private:
    void accept();
    void relay(int client);

    const std::string m_folder;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_stop = false;
    std::atomic<bool> m_silent = false;
    std::atomic<std::uint64_t> m_cutAfter = 0;
    std::atomic<int> m_connections = 0;
    std::mutex m_mutex;
    std::vector<std::thread> m_relays; ///< guarded by m_mutex
    std::thread m_acceptor;
};

} // namespace tests
