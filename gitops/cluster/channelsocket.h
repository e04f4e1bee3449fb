// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gitops {

class ClusterAccess;

/// A WebSocket to the API server that carries numbered channels, as exec, attach and port-forward
/// do (v4.channel.k8s.io, v5.channel.k8s.io): each binary message is a channel's number and its
/// bytes. Lives on one io_context, and its handlers are called there, never inside the call that
/// takes them. Pings keep it alive and find a dead peer within a minute.
class ChannelSocket
{
public:
    struct Request
    {
        std::string target; ///< path with query
        std::string protocols; ///< "v5.channel.k8s.io, v4.channel.k8s.io"
    };
    struct Message
    {
        std::uint8_t channel = 0;
        std::string data;
    };
    using Opened = std::function<void(core::Result<std::shared_ptr<ChannelSocket>>)>;
    /// nullopt: the server closed it in order.
    using Read = std::function<void(core::Result<std::optional<Message>>)>;
    using Sent = std::function<void(bool)>;

    /// Connects in work (which waits), then speaks on io. A refusal is the server's Status as an
    /// error. Everything given must stay until opened was called.
    static void open(boost::asio::io_context& io, boost::asio::thread_pool& work,
                     ClusterAccess& access, Request request, Opened opened);
    virtual ~ChannelSocket() = default;

    /// The one that the server chose.
    virtual const std::string& protocol() const = 0;
    /// One at a time. Messages are 4 MiB at most; the protocols' text messages count as binary.
    virtual void read(Read done) = 0;
    /// Any number; they leave in order. False: the connection is gone.
    virtual void send(std::uint8_t channel, std::string_view data, Sent done) = 0;
    /// Says goodbye if there is time; afterwards no handler is called any more.
    virtual void close() = 0;
};

} // namespace gitops
