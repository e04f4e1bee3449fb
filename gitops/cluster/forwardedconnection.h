// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/channelsocket.h"
#include "gitops/cluster/portforward.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace gitops {

class ForwardedConnection;

/// What a connection asks of the forward that it belongs to. All on the I/O thread.
class ForwardOwner
{
public:
    using TargetHandler = std::function<void(const core::Result<PodPort>&)>;

    virtual ~ForwardOwner() = default;
    /// fresh: the server is asked, whatever is remembered.
    virtual void lookUp(bool fresh, TargetHandler done) = 0;
    virtual void open(const PodPort& target, ChannelSocket::Opened opened) = 0;
    /// Why a connection did not come about or broke; "" when one works.
    virtual void report(const std::string& problem) = 0;
    virtual void ended(const std::shared_ptr<ForwardedConnection>& connection) = 0;
};

/// The request that opens a connection to a pod's port.
ChannelSocket::Request portForwardRequest(const std::string& namespaceName, const PodPort& target);

/// One local connection and the WebSocket that carries it. Channel 0 is the port's bytes, channel 1
/// the server's complaints; both begin with the port's number in two bytes. At most one chunk is
/// under way in each direction, so that a slow side slows the other down. Lives on the I/O thread;
/// kept alive by what it waits for.
class ForwardedConnection : public std::enable_shared_from_this<ForwardedConnection>
{
public:
    using Socket = boost::asio::ip::tcp::socket;

    /// owner lives as long as its io_context runs.
    static std::shared_ptr<ForwardedConnection> make(ForwardOwner& owner, Socket socket,
                                                     std::chrono::milliseconds linger);
    void start();
    /// At once, and without telling the owner.
    void close();

private:
    ForwardedConnection(ForwardOwner& owner, Socket socket, std::chrono::milliseconds linger);
    void connect(bool fresh);
    void opened(std::shared_ptr<ChannelSocket> remote);
    void readRemote();
    void take(ChannelSocket::Message message);
    void readLocal();
    void waitForAnswer();
    void finish(const std::string& problem = {});

    ForwardOwner& m_owner;
    Socket m_local;
    boost::asio::steady_timer m_timer;
    std::chrono::milliseconds m_linger;
    std::shared_ptr<ChannelSocket> m_remote;
    std::array<std::size_t, 2> m_preamble {2, 2}; ///< bytes of each channel that are still its port
    std::array<char, 32'768> m_chunk {};
    bool m_isRetried = false;
    bool m_isLocalDone = false;
    bool m_isClosed = false;
};

} // namespace gitops
