// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/portforwarder.h"

#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/forwardedconnection.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <mutex>
#include <pthread.h>
#include <set>
#include <thread>

namespace gitops {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// One forward: its listener, where it leads, and the connections that came. On the I/O thread,
/// state() apart.
class Listener : public ForwardOwner, public std::enable_shared_from_this<Listener>
{
public:
    Listener(asio::io_context& io, asio::thread_pool& work, ClusterAccess& access,
             PortForward forward, const PortForwarder::Options& options,
             const PortForwarder::Log& log)
        : m_io(io)
        , m_work(work)
        , m_access(access)
        , m_options(options)
        , m_log(log)
        , m_acceptor(io)
        , m_timer(io)
    {
        m_state.forward = std::move(forward);
    }

    core::Result<void> listen();
    void start();
    void stop();
    PortForwarder::State state() const
    {
        const std::lock_guard lock(m_mutex);
        return m_state;
    }

    void lookUp(bool fresh, TargetHandler done) override;
    void open(const PodPort& target, ChannelSocket::Opened opened) override;
    void report(const std::string& problem) override;
    void ended(const std::shared_ptr<ForwardedConnection>& connection) override;

private:
    void accept();
    void check();
    void learn(const core::Result<PodPort>& target);
    template<class Change>
    void change(Change&& make)
    {
        const std::lock_guard lock(m_mutex);
        make(m_state);
    }
    std::string name() const
    {
        return "127.0.0.1:" + std::to_string(m_state.localPort) + " to " + m_state.forward.text();
    }

    asio::io_context& m_io;
    asio::thread_pool& m_work;
    ClusterAccess& m_access;
    const PortForwarder::Options& m_options;
    const PortForwarder::Log& m_log;
    tcp::acceptor m_acceptor;
    asio::steady_timer m_timer;
    std::optional<PodPort> m_target;
    std::set<std::shared_ptr<ForwardedConnection>> m_connections;
    bool m_isStopped = false;
    mutable std::mutex m_mutex;
    PortForwarder::State m_state; ///< written on the I/O thread, under m_mutex
};

core::Result<void> Listener::listen()
{
    const std::uint16_t wanted = m_state.forward.localPort;
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted);
    boost::system::error_code error;
    m_acceptor.open(endpoint.protocol(), error);
    if (!error)
        m_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        m_acceptor.bind(endpoint, error);
    if (!error)
        m_acceptor.listen(128, error);
    if (error == asio::error::address_in_use)
        return core::failure(core::ErrorCode::AlreadyExists,
                             "port " + std::to_string(wanted)
                                 + " of this machine, which is to lead to " + m_state.forward.text()
                                 + ", is in use by another program",
                             {}, core::Fault::Machine);
    if (error)
        return core::failure(core::ErrorCode::Network,
                             "port " + std::to_string(wanted)
                                 + " of this machine, which is to lead to " + m_state.forward.text()
                                 + ", cannot be listened on: " + error.message(),
                             {}, core::Fault::Machine);
    m_state.localPort = m_acceptor.local_endpoint(error).port();
    return {};
}

void Listener::start()
{
    accept();
    check();
}

void Listener::stop()
{
    m_isStopped = true;
    boost::system::error_code ignored;
    m_acceptor.close(ignored);
    m_timer.cancel();
    for (const auto& connection : std::exchange(m_connections, {}))
        connection->close();
}

void Listener::accept()
{
    m_acceptor.async_accept(
        [self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
            if (self->m_isStopped)
                return;
            if (error) { // out of descriptors, say: not at once again
                self->m_timer.expires_after(std::chrono::milliseconds(200));
                self->m_timer.async_wait([self](boost::system::error_code) {
                    if (!self->m_isStopped)
                        self->start();
                });
                return;
            }
            if (int(self->m_connections.size()) >= self->m_options.maxConnections) {
                self->m_log(self->name() + ": a connection was closed, because "
                            + std::to_string(self->m_options.maxConnections) + " are open");
            } else {
                auto connection =
                    ForwardedConnection::make(*self, std::move(socket), self->m_options.linger);
                self->m_connections.insert(connection);
                self->change([&](PortForwarder::State& state) {
                    state.connections = int(self->m_connections.size());
                    ++state.total;
                });
                connection->start();
            }
            self->accept();
        });
}

void Listener::check()
{
    lookUp(true, [self = shared_from_this()](const core::Result<PodPort>&) {
        if (self->m_isStopped)
            return;
        self->m_timer.expires_after(self->m_options.check);
        self->m_timer.async_wait([self](boost::system::error_code error) {
            if (!error && !self->m_isStopped)
                self->check();
        });
    });
}

void Listener::lookUp(bool fresh, TargetHandler done)
{
    if (!fresh && m_target) {
        asio::post(m_io, [done = std::move(done), target = *m_target] { done(target); });
        return;
    }
    asio::post(m_work,
               [self = shared_from_this(), done = std::move(done), forward = m_state.forward] {
                   auto target = resolvePortForward(self->m_access, forward);
                   asio::post(self->m_io, [self, done, target = std::move(target)] {
                       self->learn(target);
                       done(target);
                   });
               });
}

void Listener::learn(const core::Result<PodPort>& target)
{
    if (m_isStopped)
        return;
    const PortForwarder::State before = state();
    if (target)
        m_target = *target;
    else
        m_target.reset();
    change([&](PortForwarder::State& state) {
        state.pod = target ? target->pod : "";
        state.podPort = target ? target->port : 0;
        // What a connection ran into holds until the forward leads elsewhere.
        if (!target)
            state.problem = target.error().message;
        else if (state.pod != before.pod)
            state.problem.clear();
    });
    if (target && before.pod != target->pod)
        m_log(name() + " leads to pod " + target->pod + " port " + std::to_string(target->port));
    if (!target && before.problem != target.error().message)
        m_log(name() + " leads nowhere: " + target.error().message);
}

void Listener::open(const PodPort& target, ChannelSocket::Opened opened)
{
    ChannelSocket::open(m_io, m_work, m_access,
                        portForwardRequest(m_state.forward.namespaceName, target),
                        std::move(opened));
}

void Listener::report(const std::string& problem)
{
    const bool isNew = state().problem != problem;
    change([&](PortForwarder::State& state) { state.problem = problem; });
    if (isNew && !problem.empty())
        m_log(name() + ": " + problem);
}

void Listener::ended(const std::shared_ptr<ForwardedConnection>& connection)
{
    m_connections.erase(connection);
    change([&](PortForwarder::State& state) { state.connections = int(m_connections.size()); });
}

} // namespace

struct PortForwarder::Private
{
    Private(Options optionsOf, Log logOf)
        : options(optionsOf)
        , log(std::move(logOf))
        , guard(io.get_executor())
    {
    }

    const Options options;
    const Log log;
    ClusterAccess* access = nullptr;
    asio::io_context io {1};
    asio::executor_work_guard<asio::io_context::executor_type> guard;
    asio::thread_pool work {4};
    std::vector<std::shared_ptr<Listener>> listeners;
    std::thread thread;
};

core::Result<std::unique_ptr<PortForwarder>> PortForwarder::start(ClusterAccess& access,
                                                                  std::vector<PortForward> forwards,
                                                                  Options options, Log log)
{
    std::set<std::uint16_t> ports;
    for (const PortForward& forward : forwards)
        if (forward.localPort != 0 && !ports.insert(forward.localPort).second)
            return core::failure(core::ErrorCode::AlreadyExists,
                                 "two port-forwards have the local port "
                                     + std::to_string(forward.localPort) + "; one leads to "
                                     + forward.text(),
                                 {}, core::Fault::Repository);
    auto data = std::make_unique<Private>(options, std::move(log));
    Private& d = *data;
    d.access = &access;
    for (PortForward& forward : forwards) {
        auto listener =
            std::make_shared<Listener>(d.io, d.work, access, std::move(forward), d.options, d.log);
        if (auto listening = listener->listen(); !listening)
            return std::unexpected(std::move(listening.error()));
        d.listeners.push_back(std::move(listener));
    }
    d.thread = std::thread([&d] {
        pthread_setname_np(pthread_self(), "port-forward");
        d.io.run();
    });
    asio::post(d.io, [&d] {
        for (const auto& listener : d.listeners)
            listener->start();
    });
    return std::unique_ptr<PortForwarder>(new PortForwarder(std::move(data)));
}

PortForwarder::PortForwarder(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

PortForwarder::~PortForwarder()
{
    asio::post(d->io, [this] {
        for (const auto& listener : d->listeners)
            listener->stop();
    });
    d->work.join(); // each look-up ends within its time limit
    d->guard.reset();
    d->thread.join();
}

std::vector<PortForwarder::State> PortForwarder::states() const
{
    std::vector<State> out;
    for (const auto& listener : d->listeners)
        out.push_back(listener->state());
    return out;
}

} // namespace gitops
