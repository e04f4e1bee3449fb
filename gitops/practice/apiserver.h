// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/base/http.h"
#include "gitops/practice/apirequest.h"
#include "gitops/practice/fault.h"
#include "gitops/practice/storage.h"
#include "gitops/practice/watchhub.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace gitops::practice {

class ObjectWriter;
class ResourceRegistry;

/// A Kubernetes API server without sockets, threads or a clock of its own: requests in, responses
/// out. Whoever carries the requests (HttpsServer, a test's memory transport, the seeded
/// simulation) calls everything from one thread and calls tick when it is due.
///
/// A write is in memory when handle returns and durable after commit; a carrier that has promises
/// to keep calls commit before it sends the response.
class ApiServer
{
public:
    struct Options
    {
        std::string version = "v1.36.0";
        std::size_t history = 10'000; ///< changes that a watch can resume over
        std::uint64_t seed = 0; ///< of uids and generated names; 0: unpredictable
        std::string certificateAuthority; ///< PEM, for kube-root-ca.crt
        bool metrics = false; ///< serve metrics.k8s.io, with simulated figures
    };
    using WatchId = WatchHub::WatchId;

    /// Disk: what the storage holds cannot be read.
    static core::Result<std::unique_ptr<ApiServer>> make(std::unique_ptr<Storage> storage,
                                                         const core::Clock& clock, Options options);
    ~ApiServer();

    /// Everything but watches. Status kStatusReset and kStatusSilence ask for what their names say.
    core::HttpResponse handle(const core::HttpRequest& request, const Identity& identity = {});
    /// For requests of which isWatchRequest is true. The first events reach the sink before this
    /// returns; the carrier sends a 200 with application/json first. A refusal is a response.
    std::expected<WatchId, core::HttpResponse> watch(const core::HttpRequest& request,
                                                     const Identity& identity,
                                                     std::shared_ptr<WatchSink> sink);
    void closeWatch(WatchId id);

    /// Carries out what is due by the clock: the end of watches, bookmarks. Returns when to call
    /// again.
    core::SteadyTime tick();
    core::Result<void> commit();
    bool hasPendingCommit() const;

    void setFaultHook(FaultHook hook);
    /// Told of every change, inside the write that makes it; may not write itself.
    void setObserver(std::function<void(const Change&)> observer);
    WatchHub& watches();
    ObjectStore& store();
    ResourceRegistry& registry();
    ObjectWriter& writer();
    const core::Clock& clock() const;
    /// Carries out what follows from writes made directly with writer() (collecting garbage,
    /// emptying namespaces). handle does it by itself.
    void settle();

private:
    struct Private;
    explicit ApiServer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace gitops::practice
