// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/podstreamrequest.h"

#include "core/base/strings.h"
#include "gitops/practice/apierror.h"
#include "gitops/practice/apirequest.h"

#include <fmt/format.h>

#include <charconv>

namespace gitops::practice {

namespace {

constexpr std::size_t kMostPorts = 64; ///< channels are numbered in a byte

std::optional<std::uint16_t> portOf(std::string_view text)
{
    std::uint16_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0)
        return {};
    return out;
}

/// Every "ports" of the query, each a number or several with commas.
void readPorts(std::string_view target, PodStreamRequest& out)
{
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos)
        return;
    for (const std::string_view part : core::split(target.substr(mark + 1), '&')) {
        if (!part.starts_with("ports="))
            continue;
        const std::string list = core::percentDecode(part.substr(6));
        for (const std::string_view word : core::split(list, ',')) {
            const auto port = portOf(word);
            if (!port || out.ports.size() >= kMostPorts)
                out.hasBadPort = true;
            else
                out.ports.push_back(*port);
        }
    }
}

} // namespace

std::optional<PodStreamRequest> podStreamRequest(const core::HttpRequest& request)
{
    if (request.method != "GET" && request.method != "POST")
        return {};
    const auto path = parseResourcePath(parseTarget(request.target).segments);
    if (!path || !path->group.empty() || path->version != "v1" || path->plural != "pods"
        || path->namespaceName.empty())
        return {};
    if (path->subresource != "portforward" && path->subresource != "exec"
        && path->subresource != "attach")
        return {};
    PodStreamRequest out {path->namespaceName, path->name, path->subresource, {}, false};
    readPorts(request.target, out);
    return out;
}

std::expected<ForwardedPod, core::HttpResponse> forwardedPod(const PodStreamRequest& request,
                                                             const core::HttpResponse& pod)
{
    if (pod.status != 200)
        return std::unexpected(pod);
    const auto value = core::parseJson(pod.body);
    if (!value)
        return std::unexpected(internalError("the pod cannot be read").error().toResponse());
    if (core::stringAt(*value, {"status", "phase"}) != "Running")
        return std::unexpected(
            badRequest(fmt::format("pod {} does not run, so that nothing can be forwarded to it",
                                   request.pod))
                .error()
                .toResponse());
    ForwardedPod out {request.pod, {}};
    const core::Json* containers = core::findPath(*value, {"spec", "containers"});
    if (!containers || !containers->is_array())
        return out;
    for (const core::Json& container : containers->get_array())
        if (const core::Json* ports = core::find(container, "ports"); ports && ports->is_array())
            for (const core::Json& port : ports->get_array())
                out.ports.insert(std::uint16_t(core::integerAt(port, {"containerPort"}, 0)));
    return out;
}

core::HttpResponse nothingRuns(const PodStreamRequest& request)
{
    return badRequest(fmt::format("practice cluster: pod {} runs no process, so that there is "
                                  "nothing to {} in it",
                                  request.pod,
                                  request.subresource == "attach" ? "attach to" : "execute"))
        .error()
        .toResponse();
}

} // namespace gitops::practice
