// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/forwardedconnection.h"

#include "core/base/http.h"
#include "core/base/strings.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace gitops {

namespace asio = boost::asio;

namespace {

constexpr std::uint8_t kDataChannel = 0;
constexpr std::uint8_t kErrorChannel = 1;

} // namespace

ChannelSocket::Request portForwardRequest(const std::string& namespaceName, const PodPort& target)
{
    return {"/api/v1/namespaces/" + core::percentEncode(namespaceName) + "/pods/"
                + core::percentEncode(target.pod)
                + "/portforward?ports=" + std::to_string(target.port),
            "v4.channel.k8s.io"};
}

std::shared_ptr<ForwardedConnection> ForwardedConnection::make(ForwardOwner& owner, Socket socket,
                                                               std::chrono::milliseconds linger)
{
    return std::shared_ptr<ForwardedConnection>(
        new ForwardedConnection(owner, std::move(socket), linger));
}

ForwardedConnection::ForwardedConnection(ForwardOwner& owner, Socket socket,
                                         std::chrono::milliseconds linger)
    : m_owner(owner)
    , m_local(std::move(socket))
    , m_timer(m_local.get_executor())
    , m_linger(linger)
{
    boost::system::error_code ignored;
    m_local.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void ForwardedConnection::start()
{
    connect(false);
}

void ForwardedConnection::connect(bool fresh)
{
    m_owner.lookUp(fresh, [self = shared_from_this()](const core::Result<PodPort>& target) {
        if (self->m_isClosed)
            return;
        if (!target)
            return self->finish(target.error().message);
        const auto use = [self](core::Result<std::shared_ptr<ChannelSocket>> socket) {
            if (self->m_isClosed)
                return;
            if (socket)
                return self->opened(std::move(*socket));
            // The pod may be another one by now: once more, with the server's own word.
            if (!std::exchange(self->m_isRetried, true))
                return self->connect(true);
            self->finish(socket.error().text());
        };
        self->m_owner.open(*target, use);
    });
}

void ForwardedConnection::opened(std::shared_ptr<ChannelSocket> remote)
{
    m_remote = std::move(remote);
    if (m_remote->protocol() != "v4.channel.k8s.io")
        return finish("the server carries port-forwards in no form that Wavewright speaks "
                      "(v4.channel.k8s.io)");
    readRemote();
    readLocal();
}

void ForwardedConnection::readRemote()
{
    m_remote->read(
        [self = shared_from_this()](core::Result<std::optional<ChannelSocket::Message>> message) {
            if (self->m_isClosed)
                return;
            if (!message)
                return self->finish(message.error().text());
            if (!*message)
                return self->finish();
            self->take(std::move(**message));
        });
}

void ForwardedConnection::take(ChannelSocket::Message message)
{
    if (message.channel > kErrorChannel)
        return finish("the server sent on channel " + std::to_string(message.channel)
                      + ", which a port-forward has not");
    std::size_t& preamble = m_preamble[message.channel];
    const std::size_t skipped = std::min(preamble, message.data.size());
    preamble -= skipped;
    message.data.erase(0, skipped);
    if (message.data.empty())
        return readRemote();
    if (message.channel == kErrorChannel)
        return finish(core::sanitised(std::string_view(message.data).substr(0, 1000)));
    m_owner.report({});
    if (m_isLocalDone)
        waitForAnswer();
    auto kept = std::make_shared<std::string>(std::move(message.data));
    asio::async_write(
        m_local, asio::buffer(*kept),
        [self = shared_from_this(), kept](boost::system::error_code error, std::size_t) {
            if (self->m_isClosed)
                return;
            if (error)
                return self->finish();
            self->readRemote();
        });
}

void ForwardedConnection::readLocal()
{
    m_local.async_read_some(
        asio::buffer(m_chunk),
        [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
            if (self->m_isClosed)
                return;
            if (error == asio::error::eof) {
                self->m_isLocalDone = true;
                return self->waitForAnswer();
            }
            if (error)
                return self->finish();
            self->m_remote->send(kDataChannel, {self->m_chunk.data(), size}, [self](bool sent) {
                if (self->m_isClosed)
                    return;
                if (!sent)
                    return self->finish("the connection to the server broke");
                self->readLocal();
            });
        });
}

/// The local side has said all, which cannot be passed on: what is still to come has some time.
void ForwardedConnection::waitForAnswer()
{
    m_timer.expires_after(m_linger);
    m_timer.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error && !self->m_isClosed)
            self->finish();
    });
}

void ForwardedConnection::finish(const std::string& problem)
{
    const auto self = shared_from_this();
    close();
    if (!problem.empty())
        m_owner.report(problem);
    m_owner.ended(self);
}

void ForwardedConnection::close()
{
    if (std::exchange(m_isClosed, true))
        return;
    m_timer.cancel();
    if (m_remote)
        m_remote->close();
    boost::system::error_code ignored;
    m_local.shutdown(Socket::shutdown_both, ignored);
    m_local.close(ignored);
}

} // namespace gitops
