// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/cluster/portforward.h"

#include "core/base/http.h"
#include "core/base/strings.h"
#include "gitops/cluster/clusteraccess.h"

#include <charconv>
#include <optional>

namespace gitops {

namespace {

std::optional<std::uint16_t> portNumber(std::string_view text)
{
    std::uint16_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0)
        return {};
    return out;
}

/// "http" and "8080", as the names of ports are written.
bool isPort(std::string_view text)
{
    if (portNumber(text))
        return true;
    return !text.empty() && text.size() <= 15
        && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos
        && text.find_first_not_of("0123456789-") != std::string_view::npos;
}

bool isName(std::string_view text)
{
    return !text.empty() && text.size() <= 253
        && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.")
        == std::string_view::npos;
}

std::unexpected<core::Error> wrong(std::string_view part, const std::string& why)
{
    return core::failure(core::ErrorCode::Invalid,
                         "\"" + core::sanitised(part.substr(0, 100))
                             + "\" is no port-forward: " + why,
                         {}, core::Fault::Repository);
}

/// "service/kafka-bootstrap", "svc/x", "pod/x".
bool takeTarget(std::string_view word, PortForward& out)
{
    const std::size_t slash = word.find('/');
    const std::string_view kind = word.substr(0, slash);
    if (slash == std::string_view::npos || !isName(word.substr(slash + 1)))
        return false;
    out.name = word.substr(slash + 1);
    out.kind = kind == "pod" ? PortForward::Kind::Pod : PortForward::Kind::Service;
    return kind == "pod" || kind == "service" || kind == "svc";
}

core::Result<PortForward> parseOne(std::string_view part, PortForward out)
{
    const std::size_t blank = part.rfind(' ');
    if (blank != std::string_view::npos) {
        if (!takeTarget(core::trimmed(part.substr(0, blank)), out))
            return wrong(part, "it begins with something else than service/NAME or pod/NAME");
        part = part.substr(blank + 1);
    }
    if (out.name.empty())
        return wrong(part, "on this kind of object it must begin with service/NAME or pod/NAME");
    const std::size_t colon = part.find(':');
    const std::string_view local = part.substr(0, colon);
    out.remotePort = colon == std::string_view::npos ? part : part.substr(colon + 1);
    const auto number = portNumber(local);
    if (!number || !isPort(out.remotePort))
        return wrong(part, "ports are LOCAL:REMOTE, like 8080:80 or 8080:http");
    out.localPort = *number;
    return out;
}

std::string namespacePath(const PortForward& forward)
{
    return "/namespaces/" + core::percentEncode(forward.namespaceName);
}

const core::JsonArray& itemsAt(const core::Json& value, std::initializer_list<std::string_view> at)
{
    static const core::JsonArray none;
    const core::Json* found = core::findPath(value, at);
    return found && found->is_array() ? found->get_array() : none;
}

std::unexpected<core::Error> unavailable(const PortForward& forward, const std::string& why)
{
    return core::failure(core::ErrorCode::Unavailable, why, {.object = forward.text()},
                         core::Fault::Cluster);
}

/// A named port of a pod's containers; a number is itself.
std::optional<std::uint16_t> podPort(const core::Json& pod, std::string_view port)
{
    if (const auto number = portNumber(port))
        return number;
    for (const core::Json& container : itemsAt(pod, {"spec", "containers"}))
        for (const core::Json& each : itemsAt(container, {"ports"}))
            if (core::stringAt(each, {"name"}) == port)
                return std::uint16_t(core::integerAt(each, {"containerPort"}, 0));
    return {};
}

bool isReady(const core::Json& pod)
{
    if (core::findPath(pod, {"metadata", "deletionTimestamp"}))
        return false;
    for (const core::Json& condition : itemsAt(pod, {"status", "conditions"}))
        if (core::stringAt(condition, {"type"}) == "Ready")
            return core::stringAt(condition, {"status"}) == "True";
    return false;
}

/// What a Service calls the port, and where it leads.
struct ServicePort
{
    std::string name;
    std::string target; ///< number or name
};

core::Result<ServicePort> servicePort(const core::Json& service, const PortForward& forward)
{
    std::string known;
    for (const core::Json& port : itemsAt(service, {"spec", "ports"})) {
        const std::string name(core::stringAt(port, {"name"}));
        const std::string number = std::to_string(core::integerAt(port, {"port"}, 0));
        known += (known.empty() ? "" : ", ") + number + (name.empty() ? "" : " (" + name + ")");
        if (forward.remotePort != number && forward.remotePort != name)
            continue;
        const core::Json* target = core::find(port, "targetPort");
        if (!target)
            return ServicePort {name, number};
        if (target->is_string())
            return ServicePort {name, std::string(core::stringAt(port, {"targetPort"}))};
        return ServicePort {name, std::to_string(core::integerAt(port, {"targetPort"}, 0))};
    }
    return core::failure(core::ErrorCode::NotFound,
                         "the Service has no such port; it has "
                             + (known.empty() ? std::string("none") : known),
                         {.object = forward.text()}, core::Fault::User);
}

/// The first ready endpoint that is a pod, in the order of the server.
std::optional<PodPort> fromSlices(const core::Json& slices, const std::string& portName)
{
    for (const core::Json& slice : itemsAt(slices, {"items"})) {
        std::int64_t number = 0;
        for (const core::Json& port : itemsAt(slice, {"ports"}))
            if (core::stringAt(port, {"name"}) == portName)
                number = core::integerAt(port, {"port"}, 0);
        if (number < 1 || number > 65'535)
            continue;
        for (const core::Json& endpoint : itemsAt(slice, {"endpoints"}))
            if (core::stringAt(endpoint, {"targetRef", "kind"}) == "Pod"
                && core::boolAt(endpoint, {"conditions", "ready"}, true)
                && !core::boolAt(endpoint, {"conditions", "terminating"}))
                return PodPort {std::string(core::stringAt(endpoint, {"targetRef", "name"})),
                                std::uint16_t(number)};
    }
    return {};
}

core::Result<PodPort> fromSelector(ClusterAccess& access, const PortForward& forward,
                                   const core::Json& service, const ServicePort& port)
{
    const core::Json* selector = core::findPath(service, {"spec", "selector"});
    if (!selector || !selector->is_object() || selector->get_object().empty())
        return unavailable(forward,
                           "the Service selects no pods, so that nothing can be forwarded");
    std::string labels;
    for (const auto& [key, value] : selector->get_object())
        labels += (labels.empty() ? "" : ",") + std::string(key) + "="
            + std::string(value.is_string() ? std::string_view(value.get_string()) : "");
    const auto pods = access.get("/api/v1" + namespacePath(forward)
                                 + "/pods?limit=500&labelSelector=" + core::percentEncode(labels));
    if (!pods)
        return std::unexpected(pods.error());
    for (const core::Json& pod : itemsAt(*pods, {"items"}))
        if (isReady(pod))
            if (const auto number = podPort(pod, port.target))
                return PodPort {std::string(core::stringAt(pod, {"metadata", "name"})), *number};
    return unavailable(forward, "no pod of the Service is ready");
}

core::Result<PodPort> resolveService(ClusterAccess& access, const PortForward& forward)
{
    const auto service = access.get("/api/v1" + namespacePath(forward) + "/services/"
                                    + core::percentEncode(forward.name));
    if (!service)
        return std::unexpected(service.error());
    const auto port = servicePort(*service, forward);
    if (!port)
        return std::unexpected(port.error());
    const auto slices = access.get(
        "/apis/discovery.k8s.io/v1" + namespacePath(forward) + "/endpointslices?labelSelector="
        + core::percentEncode("kubernetes.io/service-name=" + forward.name));
    // Who may not read slices may read pods; what else is wrong is told by that request.
    if (slices)
        if (auto found = fromSlices(*slices, port->name))
            return std::move(*found);
    return fromSelector(access, forward, *service, *port);
}

core::Result<PodPort> resolvePod(ClusterAccess& access, const PortForward& forward)
{
    const auto pod = access.get("/api/v1" + namespacePath(forward) + "/pods/"
                                + core::percentEncode(forward.name));
    if (!pod)
        return std::unexpected(pod.error());
    if (core::stringAt(*pod, {"status", "phase"}) != "Running")
        return unavailable(forward, "the pod does not run");
    const auto port = podPort(*pod, forward.remotePort);
    if (!port)
        return core::failure(core::ErrorCode::NotFound, "no container has a port of this name",
                             {.object = forward.text()}, core::Fault::User);
    return PodPort {forward.name, *port};
}

} // namespace

std::string PortForward::text() const
{
    return std::string(kind == Kind::Service ? "service " : "pod ") + namespaceName + "/" + name
        + " port " + remotePort;
}

core::Result<std::vector<PortForward>> parsePortForwards(std::string_view text,
                                                         std::string_view kind,
                                                         const std::string& name,
                                                         const std::string& namespaceName)
{
    PortForward base;
    base.namespaceName = namespaceName;
    if (kind == "Service" || kind == "Pod") {
        base.kind = kind == "Pod" ? PortForward::Kind::Pod : PortForward::Kind::Service;
        base.name = name;
    }
    std::vector<PortForward> out;
    for (const std::string_view part : core::split(text, ',')) {
        auto one = parseOne(core::trimmed(part), base);
        if (!one)
            return std::unexpected(std::move(one.error()));
        out.push_back(std::move(*one));
        if (out.size() > 64)
            return wrong(text, "more than 64 on one object");
    }
    return out;
}

core::Result<PodPort> resolvePortForward(ClusterAccess& access, const PortForward& forward)
{
    return forward.kind == PortForward::Kind::Service ? resolveService(access, forward)
                                                      : resolvePod(access, forward);
}

} // namespace gitops
