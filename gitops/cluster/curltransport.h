// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusterconnection.h"
#include "gitops/cluster/transport.h"

#include <chrono>
#include <cstddef>
#include <memory>

namespace gitops {

/// The real transport: libcurl on one I/O thread for one cluster and identity. Requests and streams
/// have connections apart, so that watches never hold up a write. HTTP/2 where the server offers
/// it over TLS, else HTTP/1.1 with keep-alive. No redirects, no netrc, no cookies; certificates are
/// verified unless the connection says otherwise, against its own authority alone when it has one.
/// A write of which a byte of the body may have left is never sent a second time.
///
/// "Accept-Encoding: gzip" in a request lets the server compress; the body arrives unpacked.
class CurlTransport : public Transport
{
public:
    struct Options
    {
        std::chrono::milliseconds connectTimeout {10'000};
        std::chrono::milliseconds requestTimeout {75'000}; ///< the server's own limit is 60 s
        /// A peer that acknowledges nothing for so long is dead.
        std::chrono::milliseconds deadPeerTimeout {45'000};
        std::chrono::milliseconds tokenFileInterval {60'000};
        std::size_t maxResponseBytes = 256u << 20; ///< unpacked; streams have no limit
        int maxConnections = 64; ///< for requests; HTTP/2 needs one
    };

    explicit CurlTransport(ClusterConnection connection);
    CurlTransport(ClusterConnection connection, Options options);
    /// Handlers that were not called yet get Cancelled, on the I/O thread, before this returns.
    /// Never from a handler.
    ~CurlTransport() override;

    CallId send(core::HttpRequest request, ResponseHandler done) override;
    CallId stream(core::HttpRequest request, StreamHandler handler) override;
    void cancel(CallId id) override;

private:
    class Loop;
    std::unique_ptr<Loop> d;
};

} // namespace gitops
