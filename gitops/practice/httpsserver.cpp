// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/httpsserver.h"

#include "gitops/practice/httpssession.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <future>
#include <thread>

namespace gitops::practice {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr std::size_t kConnectionLimit = 2'000;
constexpr std::chrono::milliseconds kLongestSleep {500};

} // namespace

struct HttpsServer::Private
{
    Private(ApiServer& server, core::Secret token, Tick ticker, Backends backends)
        : extraTick(std::move(ticker))
        , shared(server, std::move(token), std::move(backends))
        , acceptor(shared.io)
        , timer(shared.io)
    {
        shared.wake = [this] { wake(); };
        shared.gate = std::make_unique<CommitGate>(CommitGate::Disk {
            .isPending = [this] { return shared.server.hasPendingCommit(); },
            .commit = [this] { return shared.server.commit().has_value(); },
            .post = [this](std::function<void()> act) { asio::post(shared.io, std::move(act)); },
            .committed = [this] { wake(); }});
    }

    Tick extraTick;
    HttpsSession::Shared shared;
    tcp::acceptor acceptor;
    asio::steady_timer timer;
    bool wakePosted = false;
    bool isStopping = false;
    std::thread thread;

    core::Result<void> configure(const Credentials& credentials, std::uint16_t port);
    void accept();
    void schedule();
    void wake();
};

core::Result<void> HttpsServer::Private::configure(const Credentials& credentials,
                                                   std::uint16_t port)
{
    beast::error_code error;
    shared.tls.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1
                               | asio::ssl::context::no_compression,
                           error);
    shared.tls.use_certificate_chain(asio::buffer(credentials.serverCertificate), error);
    if (!error)
        shared.tls.use_private_key(asio::buffer(credentials.serverKey.reveal()),
                                   asio::ssl::context::pem, error);
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
        if (!error && shared.sessions.size() < kConnectionLimit) {
            beast::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            auto session = std::make_shared<HttpsSession>(shared, std::move(socket));
            shared.sessions.insert(session);
            session->start();
        }
        accept();
    });
}

void HttpsServer::Private::schedule()
{
    if (isStopping)
        return;
    core::SteadyTime next = shared.server.tick();
    if (extraTick)
        next = std::min(next, extraTick());
    if (shared.server.hasPendingCommit())
        shared.gate->whenCommitted([] { });
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
    asio::post(shared.io, [this] {
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
    asio::post(d.shared.io, [&d] { d.schedule(); });
    d.thread = std::thread([&d] { d.shared.io.run(); });
    return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(data)));
}

HttpsServer::~HttpsServer()
{
    run([this] {
        beast::error_code ignored;
        d->isStopping = true;
        d->acceptor.close(ignored);
        d->timer.cancel();
        (void)d->shared.server.commit();
        while (!d->shared.sessions.empty()) {
            const auto session = *d->shared.sessions.begin();
            session->close();
        }
        for (const auto& stream : std::exchange(d->shared.streams, {}))
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
    asio::post(d->shared.io, [&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

std::size_t HttpsServer::connectionCount() const
{
    return d->shared.connections;
}

} // namespace gitops::practice
