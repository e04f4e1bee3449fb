// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/memorytransport.h"

#include <utility>
#include <vector>

namespace tests {

using gitops::practice::kStatusReset;
using gitops::practice::kStatusSilence;

namespace {

constexpr std::chrono::milliseconds kRequestTimeout {75'000}; ///< as the real one's

core::Error lostAnswer(const core::HttpRequest& request, bool timedOut)
{
    core::Error error;
    error.fault = core::Fault::Cluster;
    if (request.method != "GET") {
        error.code = core::ErrorCode::UnknownOutcome;
        error.message = "the connection broke before an answer came";
    } else if (timedOut) {
        error.code = core::ErrorCode::Timeout;
        error.message = "no answer in time";
    } else {
        error.code = core::ErrorCode::Network;
        error.message = "the connection broke before an answer came";
    }
    return error;
}

core::Error cancelled()
{
    core::Error error;
    error.code = core::ErrorCode::Cancelled;
    error.message = "the request was cancelled";
    return error;
}

} // namespace

struct MemoryTransport::Call
{
    ResponseHandler done;
    StreamHandler handler;
    gitops::practice::ApiServer::WatchId watch = 0;
    bool isStream = false;
};

/// Hands a watch's lines over on the Executor, as a socket would.
struct MemoryTransport::Sink : gitops::practice::WatchSink
{
    Sink(MemoryTransport& owner, CallId call)
        : transport(owner)
        , alive(owner.m_alive)
        , id(call)
    {
    }
    void data(const std::shared_ptr<const std::string>& lines) override
    {
        transport.m_executor.post([this_ = &transport, alive_ = alive, call = id, lines] {
            if (!alive_.lock())
                return;
            const auto found = this_->m_calls.find(call);
            if (found == this_->m_calls.end())
                return;
            const std::shared_ptr<Call> keep = found->second;
            if (keep->handler.data)
                keep->handler.data(*lines);
        });
    }
    void end() override
    {
        transport.m_executor.post([this_ = &transport, alive_ = alive, call = id] {
            if (alive_.lock())
                this_->endStream(call, std::nullopt);
        });
    }
    MemoryTransport& transport;
    std::weak_ptr<bool> alive;
    CallId id;
};

MemoryTransport::MemoryTransport(gitops::practice::ApiServer& server, core::Executor& executor)
    : m_server(server)
    , m_executor(executor)
{
}

MemoryTransport::~MemoryTransport()
{
    m_alive.reset();
    for (const auto& [id, call] : m_calls)
        if (call->watch != 0)
            m_server.closeWatch(call->watch);
}

MemoryTransport::CallId MemoryTransport::send(core::HttpRequest request, ResponseHandler done)
{
    const CallId id = ++m_lastId;
    auto call = std::make_shared<Call>();
    call->done = std::move(done);
    m_calls.emplace(id, std::move(call));
    m_executor.post([this, alive = std::weak_ptr(m_alive), id, request = std::move(request)] {
        if (alive.lock() && m_calls.contains(id))
            answer(id, request);
    });
    return id;
}

void MemoryTransport::answer(CallId id, const core::HttpRequest& request)
{
    ++m_requests;
    core::HttpResponse response = m_server.handle(request);
    if (response.status == kStatusReset) {
        finish(id, std::unexpected(lostAnswer(request, false)));
    } else if (response.status != kStatusSilence) {
        finish(id, std::move(response));
    } else {
        const auto limit = request.timeout.count() > 0 ? request.timeout : kRequestTimeout;
        m_executor.postAt(m_executor.clock().steadyNow() + limit,
                          [this, alive = std::weak_ptr(m_alive), id, request] {
                              if (alive.lock())
                                  finish(id, std::unexpected(lostAnswer(request, true)));
                          });
    }
}

void MemoryTransport::finish(CallId id, core::Result<core::HttpResponse> result)
{
    const auto found = m_calls.find(id);
    if (found == m_calls.end())
        return;
    const std::shared_ptr<Call> call = found->second;
    m_calls.erase(found);
    call->done(std::move(result));
}

MemoryTransport::CallId MemoryTransport::stream(core::HttpRequest request, StreamHandler handler)
{
    const CallId id = ++m_lastId;
    auto call = std::make_shared<Call>();
    call->handler = std::move(handler);
    call->isStream = true;
    m_calls.emplace(id, std::move(call));
    m_executor.post([this, alive = std::weak_ptr(m_alive), id, request = std::move(request)] {
        if (alive.lock() && m_calls.contains(id))
            open(id, request);
    });
    return id;
}

void MemoryTransport::open(CallId id, const core::HttpRequest& request)
{
    ++m_requests;
    const std::shared_ptr<Call> call = m_calls.at(id);
    auto watch = m_server.watch(request, {}, std::make_shared<Sink>(*this, id));
    if (watch) {
        call->watch = *watch;
        if (call->handler.head)
            call->handler.head(200, {{"Content-Type", "application/json"}});
        return;
    }
    const core::HttpResponse& refusal = watch.error();
    if (refusal.status == kStatusSilence)
        return;
    if (refusal.status == kStatusReset) {
        endStream(id, lostAnswer(request, false));
        return;
    }
    if (call->handler.head)
        call->handler.head(refusal.status, refusal.headers);
    if (call->handler.data && m_calls.contains(id))
        call->handler.data(refusal.body);
    endStream(id, std::nullopt);
}

void MemoryTransport::endStream(CallId id, std::optional<core::Error> error)
{
    const auto found = m_calls.find(id);
    if (found == m_calls.end())
        return;
    const std::shared_ptr<Call> call = found->second;
    m_calls.erase(found);
    if (call->handler.end)
        call->handler.end(std::move(error));
}

void MemoryTransport::cancel(CallId id)
{
    const auto found = m_calls.find(id);
    if (found == m_calls.end())
        return;
    const std::shared_ptr<Call> call = found->second;
    m_calls.erase(found);
    if (call->watch != 0)
        m_server.closeWatch(call->watch);
    m_executor.post([call] {
        if (!call->isStream)
            call->done(std::unexpected(cancelled()));
        else if (call->handler.end)
            call->handler.end(cancelled());
    });
}

void MemoryTransport::dropStreams()
{
    std::vector<CallId> ids;
    for (const auto& [id, call] : m_calls)
        if (call->isStream)
            ids.push_back(id);
    core::HttpRequest watchRequest;
    for (CallId id : ids) {
        const auto found = m_calls.find(id);
        if (found == m_calls.end())
            continue;
        if (found->second->watch != 0)
            m_server.closeWatch(found->second->watch);
        endStream(id, lostAnswer(watchRequest, false));
    }
}

std::size_t MemoryTransport::openStreams() const
{
    std::size_t number = 0;
    for (const auto& [id, call] : m_calls)
        number += call->isStream;
    return number;
}

} // namespace tests
