// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/httpsserver.h"

#include "core/base/strings.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/channelports.h"
#include "gitops/practice/commitgate.h"
#include "gitops/practice/podstream.h"
#include "gitops/practice/podstreamrequest.h"
#include "gitops/practice/requestguard.h"
#include "gitops/practice/serviceproxy.h"
#include "gitops/practice/spdysession.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/format.h>

#include <atomic>
#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>
#include <vector>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Text = std::shared_ptr<const std::string>;

constexpr std::size_t kHeaderLimit = 64u << 10;
constexpr std::size_t kBodyLimit = 4u << 20; ///< above the API's own 3 MiB, which answers with 413
constexpr std::size_t kConnectionLimit = 2'000;
constexpr std::size_t kWatchBacklog = 64u << 20; ///< a watcher that is further behind is cut off
constexpr std::chrono::seconds kIdle {300};
constexpr std::chrono::seconds kHandshake {10};
constexpr std::chrono::milliseconds kLongestSleep {500};

std::string_view phrase(int status)
{
    return http::obsolete_reason(http::int_to_status(unsigned(status)));
}

} // namespace

struct HttpsServer::Private
{
    class Session;

    Private(ApiServer& apiServer, core::Secret bearer, Tick ticker, Backends behind)
        : server(apiServer)
        , token(std::move(bearer))
        , extraTick(std::move(ticker))
        , backends(std::move(behind))
        , tls(asio::ssl::context::tls_server)
        , acceptor(io)
        , timer(io)
        , gate({.isPending = [this] { return server.hasPendingCommit(); },
                .commit = [this] { return server.commit().has_value(); },
                .post = [this](std::function<void()> act) { asio::post(io, std::move(act)); },
                .committed = [this] { wake(); }})
    {
    }

    ApiServer& server;
    core::Secret token;
    Tick extraTick;
    const Backends backends;
    asio::io_context io {1};
    asio::ssl::context tls;
    tcp::acceptor acceptor;
    asio::steady_timer timer;
    CommitGate gate;
    std::unordered_set<std::shared_ptr<Session>> sessions;
    std::unordered_set<std::shared_ptr<PodStream>> streams;
    bool wakePosted = false;
    bool isStopping = false;
    std::atomic<std::size_t> connections {0};
    std::thread thread;

    core::Result<void> configure(const Credentials& credentials, std::uint16_t port);
    void accept();
    void schedule();
    /// Has the clock's work looked at soon: something was written.
    void wake();
};

/// One connection. Lives in Private::sessions until it is closed; all on the server's thread.
class HttpsServer::Private::Session : public std::enable_shared_from_this<Session>
{
public:
    Session(Private& owner, tcp::socket socket)
        : m_owner(owner)
        , m_stream(std::move(socket), owner.tls)
    {
        ++m_owner.connections;
    }
    ~Session() { --m_owner.connections; }

    void start();
    void close(bool reset = false);

private:
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

    using Parser = http::request_parser<http::string_body>;
    Private& m_owner;
    beast::ssl_stream<beast::tcp_stream> m_stream;
    beast::flat_buffer m_buffer;
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

struct HttpsServer::Private::Session::Sink : WatchSink
{
    explicit Sink(std::weak_ptr<Session> owner)
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
    std::weak_ptr<Session> session;
};

void HttpsServer::Private::Session::start()
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

void HttpsServer::Private::Session::close(bool reset)
{
    if (std::exchange(m_isClosed, true))
        return;
    if (m_watch != 0)
        m_owner.server.closeWatch(std::exchange(m_watch, 0));
    beast::error_code ignored;
    beast::tcp_stream& stream = beast::get_lowest_layer(m_stream);
    if (reset)
        stream.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    else
        stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream.close(); // also ends the timers that wait for it
    m_owner.sessions.erase(shared_from_this());
}

void HttpsServer::Private::Session::readHeader()
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

void HttpsServer::Private::Session::readBody()
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

core::HttpRequest HttpsServer::Private::Session::request() const
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

void HttpsServer::Private::Session::serve()
{
    m_closeAfter = !m_parser->get().keep_alive();
    const auto& head = m_parser->get();
    if (auto refused =
            refusal(head[http::field::host], head[http::field::authorization], m_owner.token)) {
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
        answer(m_owner.server.handle(asked));
    if (asked.method != "GET")
        m_owner.wake();
}

void HttpsServer::Private::Session::serveWatch(const core::HttpRequest& asked)
{
    queue(std::make_shared<const std::string>(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-cache, private\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"));
    auto watch = m_owner.server.watch(asked, {}, std::make_shared<Sink>(weak_from_this()));
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
void HttpsServer::Private::Session::serveProxy(const ProxyRequest& wanted)
{
    core::HttpRequest read;
    read.target = wanted.objectTarget;
    core::HttpResponse object = m_owner.server.handle(read);
    if (object.status != 200)
        return answer(std::move(object));
    const auto backend = m_owner.backends.find(wanted.backend);
    if (backend == m_owner.backends.end())
        return answer(nothingBehind(wanted));
    askLocal(m_owner.io, backend->second, wanted.request,
             [weak = weak_from_this()](core::HttpResponse response) {
                 if (const auto self = weak.lock(); self && !self->m_isClosed)
                     self->send(response);
             });
}

/// The connection leaves HTTP, and this session with it.
void HttpsServer::Private::Session::servePodStream(const PodStreamRequest& wanted, StreamForm form)
{
    core::HttpRequest read;
    read.target =
        fmt::format("/api/v1/namespaces/{}/pods/{}", core::percentEncode(wanted.namespaceName),
                    core::percentEncode(wanted.pod));
    auto pod = forwardedPod(wanted, m_owner.server.handle(read));
    const bool lacksPorts = form == StreamForm::Channels && wanted.ports.empty();
    if (pod && (wanted.hasBadPort || lacksPorts))
        pod = std::unexpected(
            badRequest("query parameter \"ports\" must have port numbers").error().toResponse());
    if (!pod) {
        answer(std::move(pod).error());
        return;
    }
    Private& owner = m_owner;
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

void HttpsServer::Private::Session::waitForHangUp()
{
    m_stream.async_read_some(asio::buffer(&m_byte, 1),
                             [self = shared_from_this()](beast::error_code, std::size_t) {
                                 // A client of a watch has nothing to say: it hangs up.
                                 if (self->m_watch != 0 || self->m_isSilent)
                                     self->close();
                             });
}

void HttpsServer::Private::Session::answer(core::HttpResponse response)
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
    m_owner.gate.whenCommitted([self = shared_from_this(), kept = std::move(response)] {
        if (self->m_owner.gate.hasFailed()) {
            ApiError error;
            error.message = "the practice cluster could not write its state to disk";
            self->send(error.toResponse());
        } else {
            self->send(kept);
        }
    });
}

void HttpsServer::Private::Session::send(const core::HttpResponse& response)
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

void HttpsServer::Private::Session::queue(Text text)
{
    m_backlog += text->size();
    m_out.push_back(std::move(text));
}

/// A watch's lines wait for the commit of the changes that they tell of.
void HttpsServer::Private::Session::pushChunk(const Text& lines)
{
    static const Text lineEnd = std::make_shared<const std::string>("\r\n");
    queue(std::make_shared<const std::string>(fmt::format("{:x}\r\n", lines->size())));
    queue(lines);
    queue(lineEnd);
    if (m_backlog > kWatchBacklog) {
        asio::post(m_owner.io, [self = shared_from_this()] { self->close(true); });
        return;
    }
    if (std::exchange(m_flushPosted, true))
        return;
    m_owner.gate.whenCommitted([self = shared_from_this()] {
        self->m_flushPosted = false;
        self->flush();
    });
}

void HttpsServer::Private::Session::endChunks()
{
    m_watch = 0;
    m_closeAfter = true;
    queue(std::make_shared<const std::string>("0\r\n\r\n"));
    m_owner.gate.whenCommitted([self = shared_from_this()] { self->flush(); });
}

void HttpsServer::Private::Session::flush()
{
    if (!m_isWriting && !m_isClosed && !m_out.empty())
        write();
}

void HttpsServer::Private::Session::write()
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

core::Result<void> HttpsServer::Private::configure(const Credentials& credentials,
                                                   std::uint16_t port)
{
    beast::error_code error;
    tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1
                        | asio::ssl::context::no_compression,
                    error);
    tls.use_certificate_chain(asio::buffer(credentials.serverCertificate), error);
    if (!error)
        tls.use_private_key(asio::buffer(credentials.serverKey.reveal()), asio::ssl::context::pem,
                            error);
    if (error)
        return core::failure(core::ErrorCode::Internal,
                             "the server's certificate cannot be used: " + error.message());
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(512, error);
    if (error)
        return core::failure(
            core::ErrorCode::Network,
            fmt::format("port {} cannot be listened on: {}", port, error.message()), {},
            core::Fault::Machine);
    return {};
}

void HttpsServer::Private::accept()
{
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
        if (error == asio::error::operation_aborted || isStopping)
            return;
        if (!error && sessions.size() < kConnectionLimit) {
            beast::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            auto session = std::make_shared<Session>(*this, std::move(socket));
            sessions.insert(session);
            session->start();
        }
        accept();
    });
}

void HttpsServer::Private::schedule()
{
    if (isStopping)
        return;
    core::SteadyTime next = server.tick();
    if (extraTick)
        next = std::min(next, extraTick());
    if (server.hasPendingCommit())
        gate.whenCommitted([] { });
    const core::SteadyTime now = std::chrono::steady_clock::now();
    next = std::clamp(next, now + std::chrono::milliseconds(1), now + kLongestSleep);
    timer.expires_at(next);
    timer.async_wait([this](beast::error_code error) {
        if (!error)
            schedule();
    });
}

void HttpsServer::Private::wake()
{
    if (std::exchange(wakePosted, true))
        return;
    asio::post(io, [this] {
        wakePosted = false;
        schedule();
    });
}

HttpsServer::HttpsServer(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

core::Result<std::unique_ptr<HttpsServer>> HttpsServer::start(ApiServer& server,
                                                              const Credentials& credentials,
                                                              std::uint16_t port, Tick tick,
                                                              Backends backends)
{
    auto data =
        std::make_unique<Private>(server, credentials.token, std::move(tick), std::move(backends));
    if (auto ready = data->configure(credentials, port); !ready)
        return std::unexpected(std::move(ready).error());
    Private& d = *data;
    d.accept();
    asio::post(d.io, [&d] { d.schedule(); });
    d.thread = std::thread([&d] { d.io.run(); });
    return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(data)));
}

HttpsServer::~HttpsServer()
{
    run([this] {
        beast::error_code ignored;
        d->isStopping = true;
        d->acceptor.close(ignored);
        d->timer.cancel();
        (void)d->server.commit();
        while (!d->sessions.empty()) {
            const auto session = *d->sessions.begin();
            session->close();
        }
        for (const auto& stream : std::exchange(d->streams, {}))
            stream->close();
    });
    d->thread.join(); // nothing is left to wait for, so run returns
}

std::uint16_t HttpsServer::port() const
{
    beast::error_code error;
    return d->acceptor.local_endpoint(error).port();
}

void HttpsServer::run(const std::function<void()>& task)
{
    std::promise<void> done;
    asio::post(d->io, [&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

std::size_t HttpsServer::connectionCount() const
{
    return d->connections;
}

} // namespace gitops::practice
