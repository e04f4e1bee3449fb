// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/practice/commitgate.h"
#include "gitops/practice/httpsserver.h"
#include "gitops/practice/podstream.h"
#include "gitops/practice/podstreamrequest.h"
#include "gitops/practice/serviceproxy.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <atomic>
#include <deque>
#include <optional>
#include <unordered_set>
#include <vector>

namespace gitops::practice {

/// One connection: HTTP/1.1 requests one after the other, watches, proxied requests; a port-forward
/// leaves for a PodStream. Lives in Shared::sessions until it is closed; all on the server's
/// thread.
class HttpsSession : public std::enable_shared_from_this<HttpsSession>
{
public:
    /// What the connections of a server have in common. Outlives them; touched on the thread that
    /// runs `io` only, but for `connections`.
    struct Shared
    {
        Shared(ApiServer& apiServer, core::Secret bearer, Backends behind)
            : server(apiServer)
            , token(std::move(bearer))
            , backends(std::move(behind))
        {
        }

        ApiServer& server;
        const core::Secret token; ///< the bearer token that everybody must have
        const Backends backends;
        std::atomic<std::size_t> connections {0};
        boost::asio::io_context io {1};
        boost::asio::ssl::context tls {boost::asio::ssl::context::tls_server};
        std::unique_ptr<CommitGate> gate;
        std::unordered_set<std::shared_ptr<HttpsSession>> sessions;
        std::unordered_set<std::shared_ptr<PodStream>> streams;
        std::function<void()> wake; ///< has the clock's work looked at soon: something was written
    };

    HttpsSession(Shared& shared, boost::asio::ip::tcp::socket socket);
    ~HttpsSession();

    void start();
    /// `reset`: without a goodbye, as a server that dies.
    void close(bool reset = false);

private:
    using Text = std::shared_ptr<const std::string>;
    struct Sink;
    void readHeader();
    void readBody();
    void serve();
    core::HttpRequest request() const;
    void serveWatch(const core::HttpRequest& request);
    void servePodStream(const PodStreamRequest& wanted, StreamForm form);
    void serveProxy(const ProxyRequest& wanted);
    void answer(core::HttpResponse response);
    void send(const core::HttpResponse& response);
    void queue(Text text);
    void flush();
    void write();
    void waitForHangUp();
    void pushChunk(const Text& lines);
    void endChunks();

    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    Shared& m_shared;
    TlsStream m_stream;
    boost::beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser;
    std::deque<Text> m_out;
    std::vector<Text> m_writing; ///< what the running write holds
    std::size_t m_backlog = 0;
    ApiServer::WatchId m_watch = 0;
    bool m_isWriting = false;
    bool m_flushPosted = false;
    bool m_closeAfter = false;
    bool m_readAfter = false; ///< the next request, once everything is sent
    bool m_isSilent = false; ///< a fault: the answer never comes
    bool m_isClosed = false;
    char m_byte = 0;
};

} // namespace gitops::practice
