// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/httpssession.h"

#include "core/base/strings.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/channelports.h"
#include "gitops/practice/requestguard.h"
#include "gitops/practice/spdysession.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t kHeaderLimit = 64u << 10;
constexpr std::size_t kBodyLimit = 4u << 20; ///< above the API's own 3 MiB, which answers with 413
constexpr std::size_t kWatchBacklog = 64u << 20; ///< a watcher that is further behind is cut off
constexpr std::chrono::seconds kIdle {300};
constexpr std::chrono::seconds kHandshake {10};

std::string_view phrase(int status)
{
    return http::obsolete_reason(http::int_to_status(unsigned(status)));
}

} // namespace

HttpsSession::HttpsSession(Shared& shared, tcp::socket socket)
    : m_shared(shared)
    , m_stream(std::move(socket), shared.tls)
{
    ++m_shared.connections;
}

HttpsSession::~HttpsSession()
{
    --m_shared.connections;
}

struct HttpsSession::Sink : WatchSink
{
    explicit Sink(std::weak_ptr<HttpsSession> owner)
        : session(std::move(owner))
    {
    }
    void data(const std::shared_ptr<const std::string>& lines) override
    {
        if (const auto alive = session.lock())
            alive->pushChunk(lines);
    }
    void end() override
    {
        if (const auto alive = session.lock())
            alive->endChunks();
    }
    std::weak_ptr<HttpsSession> session;
};

void HttpsSession::start()
{
    beast::get_lowest_layer(m_stream).expires_after(kHandshake);
    m_stream.async_handshake(asio::ssl::stream_base::server,
                             [self = shared_from_this()](beast::error_code error) {
                                 if (error)
                                     self->close();
                                 else
                                     self->readHeader();
                             });
}

void HttpsSession::close(bool reset)
{
    if (std::exchange(m_isClosed, true))
        return;
    if (m_watch != 0)
        m_shared.server.closeWatch(std::exchange(m_watch, 0));
    beast::error_code ignored;
    beast::tcp_stream& stream = beast::get_lowest_layer(m_stream);
    if (reset)
        stream.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    else
        stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream.close(); // also ends the timers that wait for it
    m_shared.sessions.erase(shared_from_this());
}

void HttpsSession::readHeader()
{
    if (m_isClosed)
        return;
    m_parser.emplace();
    m_parser->header_limit(kHeaderLimit);
    m_parser->body_limit(kBodyLimit);
    beast::get_lowest_layer(m_stream).expires_after(kIdle);
    http::async_read_header(
        m_stream, m_buffer, *m_parser,
        [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (error == http::error::header_limit) {
                self->m_closeAfter = true;
                self->send({431, {{"Content-Type", "text/plain"}}, "headers are too large"});
            } else if (error) {
                self->close();
            } else {
                self->readBody();
            }
        });
}

void HttpsSession::readBody()
{
    if (core::equalsIgnoringCase(m_parser->get()[http::field::expect], "100-continue"))
        queue(std::make_shared<const std::string>("HTTP/1.1 100 Continue\r\n\r\n"));
    if (!m_out.empty())
        flush();
    http::async_read(m_stream, m_buffer, *m_parser,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                         if (error == http::error::body_limit) {
                             self->m_closeAfter = true;
                             self->send(
                                 {413, {{"Content-Type", "text/plain"}}, "limit is 3145728"});
                         } else if (error) {
                             self->close();
                         } else {
                             self->serve();
                         }
                     });
}

core::HttpRequest HttpsSession::request() const
{
    const auto& message = m_parser->get();
    core::HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
        if (field.name() != http::field::authorization)
            request.headers.emplace_back(std::string(field.name_string()),
                                         std::string(field.value()));
    request.body = message.body();
    return request;
}

void HttpsSession::serve()
{
    m_closeAfter = !m_parser->get().keep_alive();
    const auto& head = m_parser->get();
    if (auto refused =
            refusal(head[http::field::host], head[http::field::authorization], m_shared.token)) {
        answer(std::move(*refused));
        return;
    }
    const core::HttpRequest asked = request();
    const auto wanted = podStreamRequest(asked);
    const auto form = wanted ? streamForm(m_parser->get()) : std::nullopt;
    if (wanted && wanted->subresource == "portforward" && form)
        servePodStream(*wanted, *form);
    else if (const auto proxied = proxyRequest(asked))
        serveProxy(*proxied);
    else if (isWatchRequest(asked))
        serveWatch(asked);
    else
        answer(m_shared.server.handle(asked));
    if (asked.method != "GET")
        m_shared.wake();
}

void HttpsSession::serveWatch(const core::HttpRequest& asked)
{
    queue(std::make_shared<const std::string>(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-cache, private\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"));
    auto watch = m_shared.server.watch(asked, {}, std::make_shared<Sink>(weak_from_this()));
    if (!watch) {
        m_out.pop_back();
        m_backlog = 0;
        answer(std::move(watch).error());
        return;
    }
    m_watch = *watch;
    beast::get_lowest_layer(m_stream).expires_never();
    flush();
    waitForHangUp();
}

/// What a program on this machine answers, for a Service or pod that there is.
void HttpsSession::serveProxy(const ProxyRequest& wanted)
{
    core::HttpRequest read;
    read.target = wanted.objectTarget;
    core::HttpResponse object = m_shared.server.handle(read);
    if (object.status != 200)
        return answer(std::move(object));
    const auto backend = m_shared.backends.find(wanted.backend);
    if (backend == m_shared.backends.end())
        return answer(nothingBehind(wanted));
    askLocal(m_shared.io, backend->second, wanted.request,
             [weak = weak_from_this()](core::HttpResponse response) {
                 if (const auto self = weak.lock(); self && !self->m_isClosed)
                     self->send(response);
             });
}

/// The connection leaves HTTP, and this session with it.
void HttpsSession::servePodStream(const PodStreamRequest& wanted, StreamForm form)
{
    core::HttpRequest read;
    read.target =
        fmt::format("/api/v1/namespaces/{}/pods/{}", core::percentEncode(wanted.namespaceName),
                    core::percentEncode(wanted.pod));
    auto pod = forwardedPod(wanted, m_shared.server.handle(read));
    const bool lacksPorts = form == StreamForm::Channels && wanted.ports.empty();
    if (pod && (wanted.hasBadPort || lacksPorts))
        pod = std::unexpected(
            badRequest("query parameter \"ports\" must have port numbers").error().toResponse());
    if (!pod) {
        answer(std::move(pod).error());
        return;
    }
    Shared& owner = m_shared;
    std::unique_ptr<PodProtocol> protocol;
    if (form == StreamForm::Channels)
        protocol = std::make_unique<ChannelPorts>(
            std::move(*pod), wanted.ports,
            [&owner, name = wanted.namespaceName + "/" + wanted.pod + ":"](
                std::uint16_t port, LocalPort::Data data) -> std::shared_ptr<LocalPort> {
                const auto backend = owner.backends.find(name + std::to_string(port));
                if (backend == owner.backends.end())
                    return nullptr;
                return LocalPort::connect(owner.io, backend->second, std::move(data));
            });
    else
        protocol = std::make_unique<SpdySession>(std::move(*pod));
    m_isClosed = true; // its connection is another's now
    owner.streams.insert(PodStream::start(
        std::move(m_stream), m_parser->release(), form, std::move(protocol),
        [&owner](const std::shared_ptr<PodStream>& stream) { owner.streams.erase(stream); }));
    owner.sessions.erase(shared_from_this());
}

void HttpsSession::waitForHangUp()
{
    m_stream.async_read_some(asio::buffer(&m_byte, 1),
                             [self = shared_from_this()](beast::error_code, std::size_t) {
                                 // A client of a watch has nothing to say: it hangs up.
                                 if (self->m_watch != 0 || self->m_isSilent)
                                     self->close();
                             });
}

void HttpsSession::answer(core::HttpResponse response)
{
    if (response.status == kStatusReset) {
        close(true);
        return;
    }
    if (response.status == kStatusSilence) {
        m_isSilent = true;
        beast::get_lowest_layer(m_stream).expires_never();
        waitForHangUp();
        return;
    }
    m_shared.gate->whenCommitted([self = shared_from_this(), kept = std::move(response)] {
        if (self->m_shared.gate->hasFailed()) {
            ApiError error;
            error.message = "the practice cluster could not write its state to disk";
            self->send(error.toResponse());
        } else {
            self->send(kept);
        }
    });
}

void HttpsSession::send(const core::HttpResponse& response)
{
    std::string text = fmt::format("HTTP/1.1 {} {}\r\n", response.status, phrase(response.status));
    for (const auto& [name, value] : response.headers)
        text += fmt::format("{}: {}\r\n", name, value);
    text += fmt::format("Content-Length: {}\r\n", response.body.size());
    if (m_closeAfter)
        text += "Connection: close\r\n";
    text += "\r\n";
    text += response.body;
    m_readAfter = !m_closeAfter;
    beast::get_lowest_layer(m_stream).expires_after(kIdle);
    queue(std::make_shared<const std::string>(std::move(text)));
    flush();
}

void HttpsSession::queue(Text text)
{
    m_backlog += text->size();
    m_out.push_back(std::move(text));
}

/// A watch's lines wait for the commit of the changes that they tell of.
void HttpsSession::pushChunk(const Text& lines)
{
    static const Text lineEnd = std::make_shared<const std::string>("\r\n");
    queue(std::make_shared<const std::string>(fmt::format("{:x}\r\n", lines->size())));
    queue(lines);
    queue(lineEnd);
    if (m_backlog > kWatchBacklog) {
        asio::post(m_shared.io, [self = shared_from_this()] { self->close(true); });
        return;
    }
    if (std::exchange(m_flushPosted, true))
        return;
    m_shared.gate->whenCommitted([self = shared_from_this()] {
        self->m_flushPosted = false;
        self->flush();
    });
}

void HttpsSession::endChunks()
{
    m_watch = 0;
    m_closeAfter = true;
    queue(std::make_shared<const std::string>("0\r\n\r\n"));
    m_shared.gate->whenCommitted([self = shared_from_this()] { self->flush(); });
}

void HttpsSession::flush()
{
    if (!m_isWriting && !m_isClosed && !m_out.empty())
        write();
}

void HttpsSession::write()
{
    m_isWriting = true;
    m_writing.clear();
    std::vector<asio::const_buffer> buffers;
    while (!m_out.empty() && buffers.size() < 48) {
        m_writing.push_back(std::move(m_out.front()));
        m_out.pop_front();
        m_backlog -= m_writing.back()->size();
        buffers.push_back(asio::buffer(*m_writing.back()));
    }
    asio::async_write(m_stream, buffers,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                          self->m_isWriting = false;
                          if (error) {
                              self->close();
                              return;
                          }
                          if (!self->m_out.empty())
                              self->write();
                          else if (self->m_closeAfter && self->m_watch == 0)
                              self->close();
                          else if (std::exchange(self->m_readAfter, false))
                              self->readHeader();
                      });
}

} // namespace gitops::practice
