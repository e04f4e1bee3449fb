// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/podprotocol.h"

#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace gitops::practice {

using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;
using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// How a client wants to stream: WebSocket (channels, or SPDY inside) or plain SPDY.
enum class StreamForm
{
    Channels, ///< WebSocket, v4.channel.k8s.io
    Tunnel, ///< WebSocket, SPDY/3.1+portforward.k8s.io
    Spdy ///< Upgrade: SPDY/3.1
};
/// nullopt: no upgrade, or one to something unknown.
std::optional<StreamForm> streamForm(const UpgradeRequest& request);

/// A connection that has left HTTP: it speaks a PodProtocol until that is over. Kept by its owner
/// until ended is called; all on one thread.
class PodStream
{
public:
    using Ended = std::function<void(const std::shared_ptr<PodStream>&)>;

    static std::shared_ptr<PodStream> start(TlsStream stream, UpgradeRequest request,
                                            StreamForm form, std::unique_ptr<PodProtocol> protocol,
                                            Ended ended);
    virtual ~PodStream() = default;
    /// At once; ended is not called any more.
    virtual void close() = 0;
};

} // namespace gitops::practice
