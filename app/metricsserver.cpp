// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/metricsserver.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <thread>

namespace app {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Response = http::response<http::string_body>;

Response responseTo(const http::request<http::empty_body>& request, const core::Snapshot& snapshot)
{
    Response response {http::status::ok, request.version()};
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.keep_alive(false);
    if (request.target() == "/metrics") {
        response.body() = metricsText(snapshot);
    } else if (request.target() == "/healthz") {
        const bool connected =
            snapshot.cluster.connection == core::ClusterState::Connection::Connected;
        response.result(connected ? http::status::ok : http::status::service_unavailable);
        response.body() = connected ? "ok\n" : "the cluster does not answer\n";
    } else {
        response.result(http::status::not_found);
        response.body() = "there are /healthz and /metrics\n";
    }
    response.prepare_payload();
    return response;
}

/// One connection: one request, one answer, ten seconds at most.
class Session : public std::enable_shared_from_this<Session>
{
public:
    Session(tcp::socket socket, gitops::Engine& engine)
        : m_stream(std::move(socket))
        , m_engine(engine)
    {
    }

    void start()
    {
        m_stream.expires_after(std::chrono::seconds(10));
        http::async_read(m_stream, m_buffer, m_request,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error)
                                 self->respond();
                         });
    }

private:
    void respond()
    {
        m_response = responseTo(m_request, *m_engine.snapshot());
        http::async_write(m_stream, m_response,
                          [self = shared_from_this()](beast::error_code, std::size_t) {
                              beast::error_code ignored;
                              self->m_stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
                          });
    }

    beast::tcp_stream m_stream;
    gitops::Engine& m_engine;
    beast::flat_buffer m_buffer {16384};
    http::request<http::empty_body> m_request;
    Response m_response;
};

} // namespace

struct MetricsServer::Private
{
    explicit Private(gitops::Engine& theEngine)
        : engine(theEngine)
        , acceptor(context)
    {
    }
    ~Private()
    {
        context.stop();
        if (thread.joinable())
            thread.join();
    }

    void accept()
    {
        acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
            if (!error)
                std::make_shared<Session>(std::move(socket), engine)->start();
            if (error != asio::error::operation_aborted)
                accept();
        });
    }

    gitops::Engine& engine;
    asio::io_context context {1};
    tcp::acceptor acceptor;
    std::jthread thread;
};

core::Result<std::unique_ptr<MetricsServer>> MetricsServer::start(gitops::Engine& engine,
                                                                  const std::string& address)
{
    const auto bad = [&](const std::string& why) {
        return core::failure(core::ErrorCode::Invalid,
                             "cannot listen on \"" + address + "\": " + why, {}, core::Fault::User);
    };
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return bad("write HOST:PORT");
    beast::error_code error;
    const std::string host = colon == 0 ? "0.0.0.0" : address.substr(0, colon);
    const auto ip = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    const int port = std::atoi(address.c_str() + colon + 1);
    if (error || port < 0 || port > 65535)
        return bad("the host must be an IP address and the port a number");
    auto d = std::make_unique<Private>(engine);
    const tcp::endpoint endpoint(ip, static_cast<unsigned short>(port));
    d->acceptor.open(endpoint.protocol(), error);
    if (!error)
        d->acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        d->acceptor.bind(endpoint, error);
    if (!error)
        d->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return bad(error.message());
    d->accept();
    d->thread = std::jthread([raw = d.get()] { raw->context.run(); });
    return std::unique_ptr<MetricsServer>(new MetricsServer(std::move(d)));
}

MetricsServer::MetricsServer(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

MetricsServer::~MetricsServer() = default;

unsigned short MetricsServer::port() const
{
    return d->acceptor.local_endpoint().port();
}

} // namespace app
