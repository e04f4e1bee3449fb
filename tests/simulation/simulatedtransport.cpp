// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/simulatedtransport.h"

#include <algorithm>

namespace tests {

namespace {

using core::ErrorCode;

core::Error error(ErrorCode code, std::string message)
{
    return {.code = code, .message = std::move(message), .fault = core::Fault::Cluster};
}

core::HttpResponse status(int code, const std::string& reason)
{
    core::HttpResponse response;
    response.status = code;
    response.headers = {{"Content-Type", "application/json"}};
    if (code == 429)
        response.headers.push_back({"Retry-After", "1"});
    response.body = R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":")" + reason
        + R"(","message":"simulated","code":)" + std::to_string(code) + "}";
    return response;
}

} // namespace

struct SimulatedTransport::Shared
{
    SimulatedWorld& world;
    SimulatedCluster& server;
    std::shared_ptr<SimulatedWorld::Strand> cluster;
    CallId last = 0;
    std::map<CallId, ResponseHandler> calls;
    struct Stream
    {
        StreamHandler handler;
        gitops::practice::ApiServer::WatchId watch = 0;
        core::SteadyTime lastDelivery {}; ///< lines stay in order
    };
    std::map<CallId, std::shared_ptr<Stream>> streams;
    bool dead = false;

    void after(std::chrono::milliseconds delay, core::Executor::Task task)
    {
        cluster->postAt(world.clock().steadyNow() + delay, std::move(task));
    }
    void answer(CallId id, core::Result<core::HttpResponse> response)
    {
        const auto found = calls.find(id);
        if (dead || found == calls.end())
            return;
        const ResponseHandler done = std::move(found->second);
        calls.erase(found);
        done(std::move(response));
    }
    void end(CallId id, std::optional<core::Error> reason)
    {
        const auto found = streams.find(id);
        if (dead || found == streams.end())
            return;
        const auto stream = found->second;
        streams.erase(found);
        if (stream->watch)
            server.server().closeWatch(stream->watch);
        if (stream->handler.end)
            stream->handler.end(std::move(reason));
    }
};

/// Carries a watch's lines to the client, in order, some of them twice, until the wire breaks.
class SimulatedTransport::Sink : public gitops::practice::WatchSink
{
public:
    Sink(std::shared_ptr<Shared> shared, CallId id, const NetworkFaults& faults)
        : d(std::move(shared))
        , m_id(id)
        , m_faults(faults)
    {
    }
    void data(const std::shared_ptr<const std::string>& lines) override
    {
        if (m_broken)
            return;
        if (d->world.chance(m_faults.expired)) {
            m_broken = true;
            deliver([shared = d, id = m_id] {
                const auto found = shared->streams.find(id);
                if (!shared->dead && found != shared->streams.end() && found->second->handler.data)
                    found->second->handler.data(
                        "{\"type\":\"ERROR\",\"object\":" + status(410, "Expired").body + "}\n");
                shared->end(id, std::nullopt);
            });
            return;
        }
        if (d->world.chance(m_faults.ended)) {
            m_broken = true;
            end();
            return;
        }
        if (d->world.chance(m_faults.dropped)) {
            m_broken = true;
            deliver([shared = d, id = m_id] {
                shared->end(id, error(ErrorCode::Network, "The watch broke."));
            });
            return;
        }
        const int times = d->world.chance(m_faults.doubled) ? 2 : 1;
        for (int i = 0; i < times && !m_broken; ++i)
            deliver([shared = d, id = m_id, lines] {
                const auto found = shared->streams.find(id);
                if (!shared->dead && found != shared->streams.end() && found->second->handler.data)
                    found->second->handler.data(*lines);
            });
    }
    void end() override
    {
        deliver([shared = d, id = m_id] { shared->end(id, std::nullopt); });
    }

private:
    void deliver(core::Executor::Task task)
    {
        const auto found = d->streams.find(m_id);
        if (found == d->streams.end())
            return;
        auto& last = found->second->lastDelivery;
        last = std::max(last, d->world.clock().steadyNow() + d->world.between(1, 40));
        d->cluster->postAt(last, std::move(task));
    }

    std::shared_ptr<Shared> d;
    const CallId m_id;
    const NetworkFaults m_faults;
    bool m_broken = false;
};

SimulatedTransport::SimulatedTransport(SimulatedWorld& world, SimulatedCluster& cluster)
    : d(std::make_shared<Shared>(Shared {world, cluster, cluster.strand(), 0, {}, {}, false}))
{
}

SimulatedTransport::~SimulatedTransport()
{
    die();
}

void SimulatedTransport::die()
{
    d->dead = true;
    for (const auto& [id, stream] : d->streams)
        if (stream->watch)
            d->server.server().closeWatch(stream->watch);
    d->streams.clear();
    d->calls.clear();
}

void SimulatedTransport::breakStreams()
{
    for (const auto& [id, stream] : d->streams) {
        stream->watch = 0;
        d->after(d->world.between(1, 40), [shared = d, call = id] {
            shared->end(call, error(ErrorCode::Network, "The connection broke."));
        });
    }
}

SimulatedTransport::CallId SimulatedTransport::send(core::HttpRequest request, ResponseHandler done)
{
    if (sent)
        sent(request);
    const CallId id = ++d->last;
    d->calls[id] = std::move(done);
    const bool isWrite = request.method != "GET";
    const auto arrive = [shared = d, request, check = observer](bool answers, CallId call) {
        if (check)
            check(request);
        core::HttpResponse response = shared->server.server().handle(request);
        if (answers)
            shared->after(shared->world.between(1, 30),
                          [shared, call, response = std::move(response)]() mutable {
                              shared->answer(call, std::move(response));
                          });
    };
    const auto lose = [&](std::chrono::milliseconds delay) {
        d->after(delay, [shared = d, id, isWrite] {
            shared->answer(
                id,
                std::unexpected(error(isWrite ? ErrorCode::UnknownOutcome : ErrorCode::Network,
                                      "The connection broke.")));
        });
    };
    const auto refuse = [&](int code, const char* reason) {
        d->after(d->world.between(2, 60),
                 [shared = d, id, response = status(code, reason)]() mutable {
                     shared->answer(id, std::move(response));
                 });
    };
    const auto way = d->world.between(1, 30);
    if (faults.unauthorized) {
        refuse(401, "Unauthorized");
    } else if (faults.partitioned) {
        lose(d->world.between(2000, 9000));
    } else if (d->world.chance(faults.lostBefore)) {
        lose(d->world.between(5, 2000));
    } else if (d->world.chance(faults.lostAfter)) {
        d->after(way, [arrive, id] { arrive(false, id); });
        lose(way + d->world.between(1, 500));
    } else if (isWrite && d->world.chance(faults.late)) {
        d->after(d->world.between(500, 8000), [arrive, id] { arrive(false, id); });
        lose(d->world.between(100, 2000));
    } else if (d->world.chance(faults.tooMany)) {
        refuse(429, "TooManyRequests");
    } else if (d->world.chance(faults.broken)) {
        refuse(500, "InternalError");
    } else if (d->world.chance(faults.brokenAfter)) {
        d->after(way, [arrive, id] { arrive(false, id); });
        refuse(500, "InternalError");
    } else {
        d->after(way, [arrive, id] { arrive(true, id); });
    }
    return id;
}

SimulatedTransport::CallId SimulatedTransport::stream(core::HttpRequest request,
                                                      StreamHandler handler)
{
    const CallId id = ++d->last;
    auto stream = std::make_shared<Shared::Stream>();
    stream->handler = std::move(handler);
    d->streams[id] = stream;
    if (faults.partitioned || d->world.chance(faults.lostBefore)) {
        d->after(d->world.between(1, 500), [shared = d, id] {
            shared->end(id, error(ErrorCode::Network, "The connection broke."));
        });
        return id;
    }
    const bool gone = d->world.chance(faults.gone);
    d->after(d->world.between(1, 30), [shared = d, id, request, gone, known = faults] {
        const auto found = shared->streams.find(id);
        if (shared->dead || found == shared->streams.end())
            return;
        const auto open = found->second;
        open->lastDelivery = shared->world.clock().steadyNow();
        const auto refuse = [&](const core::HttpResponse& response) {
            if (open->handler.head)
                open->handler.head(response.status, response.headers);
            if (open->handler.data)
                open->handler.data(response.body);
            shared->end(id, std::nullopt);
        };
        if (known.unauthorized || gone) {
            refuse(known.unauthorized ? status(401, "Unauthorized") : status(410, "Expired"));
            return;
        }
        // The first lines are on the wire before this returns, and arrive after the head.
        auto watch =
            shared->server.server().watch(request, {}, std::make_shared<Sink>(shared, id, known));
        if (!watch) {
            refuse(watch.error());
            return;
        }
        open->watch = *watch;
        if (open->handler.head)
            open->handler.head(200, {{"Content-Type", "application/json"}});
    });
    return id;
}

void SimulatedTransport::cancel(CallId id)
{
    if (d->calls.contains(id)) {
        d->after(std::chrono::milliseconds(0), [shared = d, id] {
            shared->answer(id, std::unexpected(error(ErrorCode::Cancelled, "Cancelled.")));
        });
    } else if (d->streams.contains(id)) {
        d->after(std::chrono::milliseconds(0),
                 [shared = d, id] { shared->end(id, error(ErrorCode::Cancelled, "Cancelled.")); });
    }
}

} // namespace tests
