// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/transport.h"
#include "tests/simulation/simulatedcluster.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tests {

/// How often what goes wrong, of 1.
struct NetworkFaults
{
    double lostBefore = 0; ///< the request never arrives
    double lostAfter = 0; ///< it is carried out, its answer never arrives
    double late = 0; ///< the client gives up; the request arrives seconds later
    double tooMany = 0; ///< 429 with Retry-After
    double broken = 0; ///< 500, nothing done
    double brokenAfter = 0; ///< 500, and done all the same (etcd timed out)
    double dropped = 0; ///< of a watch, at each of its lines
    double doubled = 0; ///< of a watch, at each of its lines
    double gone = 0; ///< of a watch: 410 when it begins
    double ended = 0; ///< of a watch, at each of its lines: it closes as if it were done
    double expired =
        0; ///< of a watch, at each of its lines: an ERROR event with 410, and it closes
    bool unauthorized = false; ///< every request is answered with 401
    bool partitioned = false; ///< no request arrives, and no answer
};

/// The wire between one process and a practice cluster in memory: latency, faults, all by the
/// world's seed. Requests that are on the way when the process dies may still arrive.
class SimulatedTransport : public gitops::Transport
{
public:
    /// Called before the server sees a request: the place to check what is asked of it.
    using Observer = std::function<void(const core::HttpRequest&)>;

    SimulatedTransport(SimulatedWorld& world, SimulatedCluster& cluster);
    ~SimulatedTransport() override;

    CallId send(core::HttpRequest request, ResponseHandler done) override;
    CallId stream(core::HttpRequest request, StreamHandler handler) override;
    void cancel(CallId id) override;

    NetworkFaults faults;
    Observer observer;
    Observer sent; ///< when the engine sends it; what was sent may arrive later, or never
    /// Nobody hears of an answer any more.
    void die();
    /// Every watch breaks, without a word from the server: it is gone.
    void breakStreams();

private:
    struct Shared;
    class Sink;
    std::shared_ptr<Shared> d;
};

} // namespace tests
