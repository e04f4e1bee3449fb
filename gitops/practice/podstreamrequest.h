// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/http.h"
#include "core/value/json.h"
#include "gitops/practice/podprotocol.h"

#include <expected>
#include <optional>

namespace gitops::practice {

/// A request to a pod's portforward, exec or attach.
struct PodStreamRequest
{
    std::string namespaceName = {};
    std::string pod = {};
    std::string subresource = {};
    std::vector<std::uint16_t> ports = {}; ///< of the query
    bool hasBadPort = false;
};
/// nullopt: the request is about something else.
std::optional<PodStreamRequest> podStreamRequest(const core::HttpRequest& request);

/// What may be connected to: of a pod that runs, the ports of its containers. pod is the server's
/// answer to a GET of it; a refusal is a response, with a Status that says why.
std::expected<ForwardedPod, core::HttpResponse> forwardedPod(const PodStreamRequest& request,
                                                             const core::HttpResponse& pod);

/// The answer to every exec and attach.
core::HttpResponse nothingRuns(const PodStreamRequest& request);

} // namespace gitops::practice
