// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/cluster/transport.h"
#include "gitops/practice/apiserver.h"

#include <map>
#include <memory>

namespace tests {

/// A Transport to a practice API server in the same process: no sockets, no threads, all callbacks
/// on one Executor. Faults come from the server's fault hook and mean what they would on a wire: a
/// reset of a write is UnknownOutcome, silence lasts until the request is given up (a watch: for
/// ever).
///
/// send, stream and cancel have to be called from the Executor's thread. The server must outlive
/// it.
class MemoryTransport : public gitops::Transport
{
public:
    MemoryTransport(gitops::practice::ApiServer& server, core::Executor& executor);
    ~MemoryTransport() override;

    CallId send(core::HttpRequest request, ResponseHandler done) override;
    CallId stream(core::HttpRequest request, StreamHandler handler) override;
    void cancel(CallId id) override;

    /// Breaks all open streams, as a lost connection would.
    void dropStreams();
    std::size_t openStreams() const;
    /// How many requests were sent, watches included.
    std::size_t requestCount() const { return m_requests; }

private:
    struct Call;
    struct Sink;
    void answer(CallId id, const core::HttpRequest& request);
    void open(CallId id, const core::HttpRequest& request);
    void finish(CallId id, core::Result<core::HttpResponse> result);
    void endStream(CallId id, std::optional<core::Error> error);

    gitops::practice::ApiServer& m_server;
    core::Executor& m_executor;
    std::map<CallId, std::shared_ptr<Call>> m_calls;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
    CallId m_lastId = 0;
    std::size_t m_requests = 0;
};

} // namespace tests
