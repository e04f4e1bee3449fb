// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "gitops/practice/localport.h"

#include <functional>
#include <optional>
#include <string>

namespace gitops::practice {

/// A request to the proxy of a Service or pod: …/services/prometheus:9090/proxy/api/v1/query?….
struct ProxyRequest
{
    std::string objectTarget; ///< of the Service or pod itself
    std::string backend; ///< "monitoring/prometheus:9090"
    std::string name;
    core::HttpRequest request; ///< as it is passed on
};
/// nullopt: the request is about something else.
std::optional<ProxyRequest> proxyRequest(const core::HttpRequest& request);

/// The answer where nothing runs behind a Service or pod, as a real server gives it.
core::HttpResponse nothingBehind(const ProxyRequest& request);

/// Asks a HTTP server on this machine; done runs on io's thread, with a 502 where it does not
/// answer.
void askLocal(boost::asio::io_context& io, std::uint16_t port, const core::HttpRequest& request,
              std::function<void(core::HttpResponse)> done);

} // namespace gitops::practice
