// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/cluster/transport.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gitops {

/// Requests to one HTTP server below one path. Handlers run on the transport's thread: take the
/// answer and post it on. None runs once this is destroyed, which no handler may do.
class HttpFetch
{
public:
    using Handler = std::function<void(core::Result<core::HttpResponse>)>;

    virtual ~HttpFetch() = default;
    /// target is the path below the server's own, with its query.
    virtual void fetch(core::HttpRequest request, Handler done) = 0;
};
using HttpFetchPtr = std::unique_ptr<HttpFetch>;

/// A server at an address, with a connection of its own.
struct HttpServer
{
    std::string url; ///< "http://host:9090/prefix"
    std::string tokenFile;
    std::string caFile;
    core::HttpHeaders headers;
};
/// Fails when the address is none, or a file cannot be read.
core::Result<HttpFetchPtr> fetchFrom(const HttpServer& server);

/// A Service or pod of the cluster, through the API server's proxy. cluster outlives it.
/// what: "services" or "pods"; port: its name or number.
HttpFetchPtr fetchThrough(Transport& cluster, const std::string& namespaceName,
                          const std::string& what, const std::string& name,
                          const std::string& port);

/// The body of a good answer (200); else one sentence on what the server said.
core::Result<std::string> bodyOf(core::Result<core::HttpResponse> response);

} // namespace gitops
