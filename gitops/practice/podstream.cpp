// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/podstream.h"

#include "core/base/strings.h"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <array>
#include <deque>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr std::string_view kChannels = "v4.channel.k8s.io";
constexpr std::string_view kTunnel = "SPDY/3.1+portforward.k8s.io";
constexpr std::size_t kLargestMessage = 1u << 20;
constexpr std::size_t kLargestBacklog = 16u << 20; ///< what nobody reads
constexpr std::chrono::seconds kIdle {4 * 3600}; ///< the kubelet's

bool offers(const UpgradeRequest& request, std::string_view protocol)
{
    const auto list = request[http::field::sec_websocket_protocol];
    for (const std::string_view each : core::split({list.data(), list.size()}, ','))
        if (core::trimmed(each) == protocol)
            return true;
    return false;
}

/// Both kinds of connection: they differ in how a piece is read and written.
class Stream : public PodStream, public std::enable_shared_from_this<Stream>
{
public:
    Stream(std::unique_ptr<PodProtocol> protocol, Ended ended)
        : m_protocol(std::move(protocol))
        , m_ended(std::move(ended))
    {
    }
    void close() override
    {
        if (!std::exchange(m_isClosed, true))
            disconnect();
    }

protected:
    virtual void read() = 0;
    virtual void write(const std::string& piece) = 0;
    virtual void sayGoodbye() = 0;
    virtual void disconnect() = 0;

    void begin()
    {
        m_protocol->attach([this](PodProtocol::Pieces pieces) {
            if (!m_isClosed)
                queue(std::move(pieces));
        });
        queue(m_protocol->begin());
        if (!m_protocol->isOver())
            read();
    }
    void arrived(std::string_view bytes)
    {
        queue(m_protocol->take(bytes));
        if (!m_isClosed && !m_protocol->isOver())
            read();
    }
    void written(bool isGood)
    {
        m_isWriting = false;
        if (m_isClosed)
            return;
        if (!isGood)
            return end();
        m_backlog -= m_out.front().size();
        m_out.pop_front();
        pump();
    }
    void end()
    {
        if (m_isClosed)
            return;
        const auto self = shared_from_this();
        close();
        m_ended(self);
    }
    bool isClosed() const { return m_isClosed; }

private:
    void queue(PodProtocol::Pieces pieces)
    {
        for (std::string& piece : pieces) {
            m_backlog += piece.size();
            m_out.push_back(std::move(piece));
        }
        if (m_backlog > kLargestBacklog)
            return end();
        pump();
    }
    void pump()
    {
        if (m_isWriting || m_isClosed)
            return;
        if (m_out.empty()) {
            if (m_protocol->isOver() && !std::exchange(m_isSaid, true))
                sayGoodbye();
            return;
        }
        m_isWriting = true;
        write(m_out.front());
    }

    std::unique_ptr<PodProtocol> m_protocol;
    Ended m_ended;
    std::deque<std::string> m_out;
    std::size_t m_backlog = 0;
    bool m_isWriting = false;
    bool m_isSaid = false;
    bool m_isClosed = false;
};

class WebSocketStream : public Stream
{
public:
    WebSocketStream(TlsStream stream, UpgradeRequest request, std::string_view chosen,
                    std::unique_ptr<PodProtocol> protocol, Ended ended)
        : Stream(std::move(protocol), std::move(ended))
        , m_socket(std::move(stream))
        , m_request(std::move(request))
        , m_chosen(chosen)
    {
    }
    void start()
    {
        beast::get_lowest_layer(m_socket).expires_never();
        m_socket.set_option(
            websocket::stream_base::timeout {std::chrono::seconds(10), kIdle, false});
        m_socket.read_message_max(kLargestMessage);
        m_socket.binary(true);
        m_socket.set_option(websocket::stream_base::decorator(
            [chosen = m_chosen](websocket::response_type& response) {
                response.set(http::field::sec_websocket_protocol,
                             beast::string_view(chosen.data(), chosen.size()));
            }));
        m_socket.async_accept(m_request, [self = self()](beast::error_code error) {
            if (self->isClosed())
                return;
            if (error)
                return self->end();
            self->begin();
        });
    }

protected:
    void read() override
    {
        m_buffer.clear();
        m_socket.async_read(m_buffer, [self = self()](beast::error_code error, std::size_t) {
            if (self->isClosed())
                return;
            if (error)
                return self->end();
            const auto bytes = self->m_buffer.cdata();
            self->arrived({static_cast<const char*>(bytes.data()), bytes.size()});
        });
    }
    void write(const std::string& piece) override
    {
        m_socket.async_write(
            asio::buffer(piece),
            [self = self()](beast::error_code error, std::size_t) { self->written(!error); });
    }
    void sayGoodbye() override
    {
        m_socket.async_close(websocket::close_code::normal,
                             [self = self()](beast::error_code) { self->end(); });
    }
    void disconnect() override { beast::get_lowest_layer(m_socket).close(); }

private:
    std::shared_ptr<WebSocketStream> self()
    {
        return std::static_pointer_cast<WebSocketStream>(shared_from_this());
    }
    websocket::stream<TlsStream> m_socket;
    UpgradeRequest m_request;
    std::string m_chosen;
    beast::flat_buffer m_buffer;
};

class PlainStream : public Stream
{
public:
    PlainStream(TlsStream stream, std::unique_ptr<PodProtocol> protocol, Ended ended)
        : Stream(std::move(protocol), std::move(ended))
        , m_stream(std::move(stream))
    {
    }
    void start()
    {
        beast::get_lowest_layer(m_stream).expires_never();
        asio::async_write(m_stream, asio::buffer(m_head),
                          [self = self()](beast::error_code error, std::size_t) {
                              if (self->isClosed())
                                  return;
                              if (error)
                                  return self->end();
                              self->begin();
                          });
    }

protected:
    void read() override
    {
        m_stream.async_read_some(asio::buffer(m_chunk),
                                 [self = self()](beast::error_code error, std::size_t size) {
                                     if (self->isClosed())
                                         return;
                                     if (error)
                                         return self->end();
                                     self->arrived({self->m_chunk.data(), size});
                                 });
    }
    void write(const std::string& piece) override
    {
        asio::async_write(
            m_stream, asio::buffer(piece),
            [self = self()](beast::error_code error, std::size_t) { self->written(!error); });
    }
    void sayGoodbye() override { end(); }
    void disconnect() override { beast::get_lowest_layer(m_stream).close(); }

private:
    std::shared_ptr<PlainStream> self()
    {
        return std::static_pointer_cast<PlainStream>(shared_from_this());
    }
    const std::string m_head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                               "Upgrade: SPDY/3.1\r\n"
                               "X-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n";
    TlsStream m_stream;
    std::array<char, 16'384> m_chunk {};
};

} // namespace

std::optional<StreamForm> streamForm(const UpgradeRequest& request)
{
    if (websocket::is_upgrade(request)) {
        if (offers(request, kTunnel))
            return StreamForm::Tunnel;
        if (offers(request, kChannels))
            return StreamForm::Channels;
        return {};
    }
    if (core::equalsIgnoringCase(std::string_view(request[http::field::upgrade].data(),
                                                  request[http::field::upgrade].size()),
                                 "SPDY/3.1"))
        return StreamForm::Spdy;
    return {};
}

std::shared_ptr<PodStream> PodStream::start(TlsStream stream, UpgradeRequest request,
                                            StreamForm form, std::unique_ptr<PodProtocol> protocol,
                                            Ended ended)
{
    if (form == StreamForm::Spdy) {
        auto out =
            std::make_shared<PlainStream>(std::move(stream), std::move(protocol), std::move(ended));
        out->start();
        return out;
    }
    auto out = std::make_shared<WebSocketStream>(std::move(stream), std::move(request),
                                                 form == StreamForm::Tunnel ? kTunnel : kChannels,
                                                 std::move(protocol), std::move(ended));
    out->start();
    return out;
}

} // namespace gitops::practice
