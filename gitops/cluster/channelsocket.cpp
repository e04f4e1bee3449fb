// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/channelsocket.h"

#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/curlstream.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>

namespace gitops {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr std::size_t kLargestMessage = 4u << 20;
constexpr std::chrono::seconds kHandshake {30};
constexpr std::chrono::seconds kDeadAfter {60}; ///< with a ping at half of it

core::Error networkError(const std::string& what, const std::string& server)
{
    return {core::ErrorCode::Network, what, {.object = server}, core::Fault::Cluster, {}};
}

/// What is said in the upgrade request beside WebSocket's own headers.
struct Introduction
{
    core::HttpHeaders headers;
    std::string host;
    std::string target;
    std::string server;
};

class Socket : public ChannelSocket, public std::enable_shared_from_this<Socket>
{
public:
    Socket(asio::io_context& io, CurlEasyPtr easy, Introduction introduction)
        : m_introduction(std::move(introduction))
        , m_stream(io.get_executor(), std::move(easy))
    {
    }

    void shakeHands(Opened opened);
    const std::string& protocol() const override { return m_protocol; }
    void read(Read done) override;
    void send(std::uint8_t channel, std::string_view data, Sent done) override;
    void close() override;

private:
    struct Outgoing
    {
        std::string bytes;
        Sent done;
    };
    void write();
    core::Error refusal() const;
    core::Error broken(const beast::error_code& error) const;

    Introduction m_introduction;
    std::string m_protocol;
    websocket::stream<CurlStream> m_stream;
    websocket::response_type m_response;
    beast::flat_buffer m_buffer;
    std::deque<Outgoing> m_out;
    bool m_isWriting = false;
    bool m_isClosed = false;
};

void Socket::shakeHands(Opened opened)
{
    m_stream.set_option(
        websocket::stream_base::timeout {kHandshake, kDeadAfter, /* keep_alive_pings */ true});
    m_stream.read_message_max(kLargestMessage);
    m_stream.binary(true);
    m_stream.auto_fragment(false);
    m_stream.set_option(
        websocket::stream_base::decorator([self = weak_from_this()](websocket::request_type& out) {
            if (const auto alive = self.lock())
                for (const auto& [name, value] : alive->m_introduction.headers)
                    out.insert(name, value);
        }));
    m_stream.async_handshake(
        m_response, m_introduction.host, m_introduction.target,
        [self = shared_from_this(), done = std::move(opened)](beast::error_code error) {
            if (error == websocket::error::upgrade_declined)
                return done(std::unexpected(self->refusal()));
            if (error)
                return done(std::unexpected(self->broken(error)));
            const auto chosen = self->m_response[http::field::sec_websocket_protocol];
            self->m_protocol = std::string(chosen.data(), chosen.size());
            done(self);
        });
}

core::Error Socket::refusal() const
{
    core::HttpResponse response;
    response.status = int(m_response.result_int());
    response.body = m_response.body();
    for (const auto& field : m_response)
        response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    core::Error error = errorFromResponse(response);
    if (response.status < 400)
        error = {core::ErrorCode::Unsupported,
                 "the server does not open a WebSocket here (HTTP status "
                     + std::to_string(response.status) + ")",
                 {},
                 core::Fault::Cluster,
                 {}};
    return error;
}

core::Error Socket::broken(const beast::error_code& error) const
{
    if (error == beast::error::timeout)
        return {core::ErrorCode::Timeout,
                "the server did not answer in time",
                {.object = m_introduction.server},
                core::Fault::Cluster,
                {}};
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow)
        return {core::ErrorCode::LimitExceeded,
                "the server sent a message that is larger than Wavewright reads",
                {.object = m_introduction.server},
                core::Fault::Cluster,
                {}};
    return networkError("the connection to the server broke: " + error.message(),
                        m_introduction.server);
}

void Socket::read(Read done)
{
    m_buffer.clear();
    m_stream.async_read(
        m_buffer,
        [self = shared_from_this(), done = std::move(done)](beast::error_code error, std::size_t) {
            if (self->m_isClosed)
                return;
            if (error == websocket::error::closed)
                return done(std::optional<Message>());
            if (error)
                return done(std::unexpected(self->broken(error)));
            const auto bytes = self->m_buffer.cdata();
            const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
            if (text.empty()) // the protocols know none, and servers send some on opening
                return self->read(done);
            done(Message {std::uint8_t(text.front()), std::string(text.substr(1))});
        });
}

void Socket::send(std::uint8_t channel, std::string_view data, Sent done)
{
    std::string bytes(1, char(channel));
    bytes += data;
    m_out.push_back({std::move(bytes), std::move(done)});
    if (!m_isWriting && !m_isClosed)
        write();
}

void Socket::write()
{
    m_isWriting = true;
    m_stream.async_write(asio::buffer(m_out.front().bytes),
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             self->m_isWriting = false;
                             if (self->m_isClosed)
                                 return;
                             const Sent done = std::move(self->m_out.front().done);
                             self->m_out.pop_front();
                             if (!error && !self->m_out.empty())
                                 self->write();
                             if (done)
                                 done(!error);
                         });
}

void Socket::close()
{
    if (std::exchange(m_isClosed, true))
        return;
    if (!m_stream.is_open() || m_isWriting) {
        m_stream.next_layer().close();
        return;
    }
    m_stream.set_option(
        websocket::stream_base::timeout {std::chrono::seconds(2), std::chrono::seconds(2), false});
    m_stream.async_close(
        websocket::close_code::normal,
        [self = shared_from_this()](beast::error_code) { self->m_stream.next_layer().close(); });
}

struct Connected
{
    CurlEasyPtr easy;
    Introduction introduction;
};

core::Result<Connected> connect(ClusterAccess& access, const ChannelSocket::Request& request)
{
    auto identity = access.identity();
    if (!identity)
        return std::unexpected(std::move(identity.error()));
    CurlEndpoint endpoint(*identity, {.connectTimeout = std::chrono::seconds(10)});
    auto easy = connectTo(endpoint);
    if (!easy)
        return std::unexpected(std::move(easy.error()));
    Connected out {std::move(*easy), {}};
    const std::string& server = identity->server;
    const std::size_t hostStart = server.find("://") + 3;
    const std::size_t hostEnd = std::min(server.find('/', hostStart), server.size());
    out.introduction.server = server;
    out.introduction.host = server.substr(hostStart, hostEnd - hostStart);
    out.introduction.target = server.substr(hostEnd) + request.target;
    for (const auto& [name, value] : endpoint.headers())
        if (name != "Host")
            out.introduction.headers.emplace_back(name, value);
    out.introduction.headers.emplace_back("Sec-WebSocket-Protocol", request.protocols);
    if (std::string authorization = endpoint.authorization(); !authorization.empty())
        out.introduction.headers.emplace_back("Authorization", std::move(authorization));
    return out;
}

} // namespace

void ChannelSocket::open(asio::io_context& io, asio::thread_pool& work, ClusterAccess& access,
                         Request request, Opened opened)
{
    asio::post(work, [&io, &access, asked = std::move(request), done = std::move(opened)] {
        auto connected = std::make_shared<core::Result<Connected>>(connect(access, asked));
        asio::post(io, [&io, &access, connected, done] {
            if (!*connected)
                return done(std::unexpected(std::move(connected->error())));
            auto socket = std::make_shared<Socket>(io, std::move((*connected)->easy),
                                                   std::move((*connected)->introduction));
            socket->shakeHands(
                [&access, done](core::Result<std::shared_ptr<ChannelSocket>> result) {
                    if (!result && result.error().code == core::ErrorCode::Unauthorized)
                        access.refused();
                    done(std::move(result));
                });
        });
    });
}

} // namespace gitops
