// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/execplugin.h"
#include "gitops/cluster/transport.h"

#include <chrono>
#include <functional>
#include <memory>

namespace gitops {

/// A transport to one server whose identity may change: files of the connection are looked at, and
/// a credential plugin is run, on a thread of its own. Whatever changes makes a new transport below
/// it, with connections of its own; the one before takes no more requests, its watches end as
/// broken connections do, and it goes when its last request is answered. A request that got a 401
/// is sent once more if there is another credential by then. Until a plugin has answered for the
/// first time, requests wait; when it fails, they fail with its words.
///
/// The server never changes: a kubeconfig that names another one under the same context is not
/// followed.
class RenewingTransport : public Transport
{
public:
    /// Reads the kubeconfig again. On this transport's thread.
    using Resolve = std::function<core::Result<ClusterConnection>()>;
    using Make = std::function<std::unique_ptr<Transport>(const ClusterConnection&)>;
    struct Options
    {
        std::chrono::milliseconds look {10'000}; ///< between two looks at the files
        std::chrono::milliseconds early {60'000}; ///< renewed so long before it expires
        std::chrono::milliseconds retry {5'000}; ///< after a plugin that did not help
        ExecLimits exec;
    };

    RenewingTransport(ClusterConnection connection, Resolve resolve, Make make, Options options);
    /// Handlers that were not called yet get Cancelled before this returns.
    ~RenewingTransport() override;

    CallId send(core::HttpRequest request, ResponseHandler done) override;
    CallId stream(core::HttpRequest request, StreamHandler handler) override;
    void cancel(CallId id) override;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

/// The transport for a connection that came out of a kubeconfig: CurlTransport, renewed where a
/// plugin or a file is behind it.
std::unique_ptr<Transport> makeTransport(const ClusterConnection& connection,
                                         RenewingTransport::Resolve resolve);

} // namespace gitops
