// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/execsession.h"

#include "core/base/http.h"
#include "core/base/strings.h"
#include "gitops/cluster/channelsocket.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <charconv>
#include <deque>
#include <thread>

namespace gitops {

namespace asio = boost::asio;

namespace {

enum Channel : std::uint8_t
{
    Input = 0,
    Output = 1,
    Errors = 2,
    Status = 3,
    Resize = 4,
    Close = 255
};

constexpr std::size_t kLongestStatus = 1u << 20;

} // namespace

std::string execTarget(const ExecRequest& request)
{
    std::string out = "/api/v1/namespaces/" + core::percentEncode(request.namespaceName) + "/pods/"
        + core::percentEncode(request.pod) + "/exec?stdout=true";
    if (!request.container.empty())
        out += "&container=" + core::percentEncode(request.container);
    if (request.hasInput)
        out += "&stdin=true";
    out += request.hasTerminal ? "&tty=true" : "&stderr=true";
    for (const std::string& word : request.command)
        out += "&command=" + core::percentEncode(word);
    return out;
}

core::Result<int> exitCodeOf(const core::Json& status)
{
    if (core::stringAt(status, {"status"}) == "Success")
        return 0;
    const core::Json* causes = core::findPath(status, {"details", "causes"});
    if (core::stringAt(status, {"reason"}) == "NonZeroExitCode" && causes && causes->is_array())
        for (const core::Json& cause : causes->get_array()) {
            const std::string_view text = core::stringAt(cause, {"message"});
            int code = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
            if (core::stringAt(cause, {"reason"}) == "ExitCode" && error == std::errc()
                && end == text.data() + text.size() && code >= 0 && code <= 255)
                return code;
        }
    const std::string_view message = core::stringAt(status, {"message"});
    return core::failure(core::ErrorCode::Invalid,
                         message.empty() ? "the server did not say how the command ended"
                                         : core::sanitised(message.substr(0, 2000)),
                         {}, core::Fault::Cluster);
}

struct ExecSession::Private : std::enable_shared_from_this<ExecSession::Private>
{
    Handlers handlers;
    asio::io_context io {1};
    asio::executor_work_guard<asio::io_context::executor_type> guard {io.get_executor()};
    asio::thread_pool work {1};
    std::shared_ptr<ChannelSocket> socket;
    std::deque<std::pair<std::uint8_t, std::string>> early; ///< written before it stood
    std::string status;
    std::atomic<std::size_t> pending {0};
    bool isOver = false;
    std::thread thread;

    void opened(std::shared_ptr<ChannelSocket> made);
    void read();
    void take(const ChannelSocket::Message& message);
    void send(std::uint8_t channel, std::string bytes);
    void finish(core::Result<int> result);
    void finishByStatus();
};

void ExecSession::Private::opened(std::shared_ptr<ChannelSocket> made)
{
    socket = std::move(made);
    for (auto& [channel, bytes] : std::exchange(early, {}))
        send(channel, std::move(bytes));
    read();
}

void ExecSession::Private::read()
{
    socket->read(
        [self = shared_from_this()](core::Result<std::optional<ChannelSocket::Message>> message) {
            if (self->isOver)
                return;
            if (message && *message) {
                self->take(**message);
                if (!self->isOver)
                    self->read();
            } else if (!self->status.empty()) {
                self->finishByStatus();
            } else if (!message) {
                self->finish(std::unexpected(message.error()));
            } else {
                self->finish(core::failure(core::ErrorCode::Network,
                                           "the connection ended before the command did", {},
                                           core::Fault::Cluster));
            }
        });
}

void ExecSession::Private::take(const ChannelSocket::Message& message)
{
    switch (message.channel) {
    case Output:
        if (handlers.output && !message.data.empty())
            handlers.output(message.data);
        break;
    case Errors:
        if (handlers.errors && !message.data.empty())
            handlers.errors(message.data);
        break;
    case Status:
        status += message.data.substr(0, kLongestStatus - std::min(kLongestStatus, status.size()));
        // Nothing follows it; a server may take its time with closing.
        if (core::parseJson(status))
            finishByStatus();
        break;
    default:
        break; // v5's signal that a channel is closed
    }
}

void ExecSession::Private::finishByStatus()
{
    const auto value = core::parseJson(status);
    finish(value ? exitCodeOf(*value) : exitCodeOf(core::Json(core::JsonObject())));
}

void ExecSession::Private::send(std::uint8_t channel, std::string bytes)
{
    if (isOver)
        return;
    if (!socket) {
        early.emplace_back(channel, std::move(bytes));
        return;
    }
    if (channel == Close && socket->protocol() != "v5.channel.k8s.io")
        return; // the older form has no way to say so
    const std::size_t size = bytes.size();
    socket->send(channel, bytes,
                 [self = shared_from_this(), size](bool) { self->pending -= size; });
}

void ExecSession::Private::finish(core::Result<int> result)
{
    if (std::exchange(isOver, true))
        return;
    if (socket)
        std::exchange(socket, nullptr)->close();
    if (handlers.end)
        handlers.end(std::move(result));
}

ExecSession::ExecSession(ClusterAccess& access, const ExecRequest& request, Handlers handlers)
    : d(std::make_shared<Private>())
{
    d->handlers = std::move(handlers);
    ChannelSocket::open(d->io, d->work, access,
                        {execTarget(request), "v5.channel.k8s.io, v4.channel.k8s.io"},
                        [self = d](core::Result<std::shared_ptr<ChannelSocket>> socket) {
                            if (self->isOver)
                                return;
                            if (socket)
                                self->opened(std::move(*socket));
                            else
                                self->finish(std::unexpected(socket.error()));
                        });
    d->thread = std::thread([self = d.get()] { self->io.run(); });
}

ExecSession::~ExecSession()
{
    asio::post(d->io, [self = d] {
        self->handlers = {};
        self->finish(0);
    });
    d->work.join();
    d->guard.reset();
    d->thread.join();
}

void ExecSession::write(std::string bytes)
{
    d->pending += bytes.size();
    asio::post(d->io, [self = d, kept = std::move(bytes)] { self->send(Input, kept); });
}

void ExecSession::closeInput()
{
    asio::post(d->io, [self = d] { self->send(Close, std::string(1, char(Input))); });
    d->pending += 1;
}

void ExecSession::resize(int columns, int rows)
{
    std::string text = core::toText(core::JsonObject {{"Width", columns}, {"Height", rows}});
    d->pending += text.size();
    asio::post(d->io, [self = d, kept = std::move(text)] { self->send(Resize, kept); });
}

std::size_t ExecSession::pending() const
{
    return d->pending;
}

} // namespace gitops
