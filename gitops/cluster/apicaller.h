// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/gate.h"
#include "gitops/cluster/retrypolicy.h"
#include "gitops/cluster/transport.h"
#include "gitops/cluster/writewindow.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace gitops {

/// Sends requests, tries again where that is right, and keeps no more under way than the server
/// bears. Lives on one Executor; handlers are called there, never inside send.
class ApiCaller : public std::enable_shared_from_this<ApiCaller>
{
public:
    using Handler = std::function<void(core::Result<core::HttpResponse>)>;

    ApiCaller(Transport& transport, core::Executor& executor, std::shared_ptr<Gate> gate);

    void send(core::HttpRequest request, RequestKind kind, Handler done);
    /// Cancels everything; no handler is called any more.
    void stop();
    int writeLimit() const { return m_writes.window.limit(); }
    std::minstd_rand& random() { return m_random; }

private:
    using Number = std::uint64_t;
    struct Call
    {
        core::HttpRequest request;
        RequestKind kind = RequestKind::Read;
        Handler done;
        int attempt = 0;
        Transport::CallId transportId = 0; ///< under way
        core::Executor::TimerId timer = 0; ///< waiting for its next try
        core::SteadyTime sentAt {};
    };
    struct Queue
    {
        std::deque<Number> waiting;
        int underWay = 0;
        WriteWindow window; ///< of writes
    };

    Queue& queueOf(RequestKind kind);
    int limitOf(const Queue& queue) const;
    void pump(Queue& queue);
    void start(Number number, Call& call);
    void answered(Number number, core::Result<core::HttpResponse> answer);
    void learn(Queue& queue, const Call& call, const core::Result<core::HttpResponse>& answer);

    Transport& m_transport;
    core::Executor& m_executor;
    const std::shared_ptr<Gate> m_gate;
    std::minstd_rand m_random;
    Number m_last = 0;
    bool m_stopped = false;
    std::map<Number, Call> m_calls;
    Queue m_reads;
    Queue m_writes;
};

} // namespace gitops
