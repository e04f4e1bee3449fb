// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/serviceaddresses.h"

#include "gitops/practice/jsonpath.h"
#include "gitops/practice/objectmeta.h"

#include <fmt/format.h>

#include <optional>
#include <set>

namespace gitops::practice {

namespace {

constexpr int kFirstNodePort = 30'000;
constexpr int kLastNodePort = 32'767;

/// What other services have.
struct Taken
{
    std::set<std::string> addresses;
    std::set<std::int64_t> ports;
};

Taken takenBy(const ObjectStore& store)
{
    Taken taken;
    for (const StoredPtr& service : store.list("services", "").objects) {
        taken.addresses.emplace(core::stringAt(service->value(), {"spec", "clusterIP"}));
        for (const core::Json* port : valuesAt(service->value(), ".spec.ports[*].nodePort"))
            if (port->is_int64())
                taken.ports.insert(port->get_int64());
    }
    return taken;
}

std::string freeAddress(const Taken& taken)
{
    for (int third = 0; third < 256; ++third)
        for (int fourth = third == 0 ? 10 : 0; fourth < 255; ++fourth)
            if (std::string address = fmt::format("10.96.{}.{}", third, fourth);
                !taken.addresses.contains(address))
                return address;
    return {};
}

std::int64_t freePort(Taken& taken)
{
    for (int port = kFirstNodePort; port <= kLastNodePort; ++port)
        if (taken.ports.insert(port).second)
            return port;
    return 0;
}

/// The node port of the port with the same name and number before the update.
std::int64_t portBefore(const core::Json* old, const core::Json& port)
{
    if (old)
        for (const core::Json* each : valuesAt(*old, ".spec.ports[*]"))
            if (core::stringAt(*each, {"name"}) == core::stringAt(port, {"name"})
                && core::integerAt(*each, {"port"}, 0) == core::integerAt(port, {"port"}, 0))
                return core::integerAt(*each, {"nodePort"}, 0);
    return 0;
}

/// A cluster of one address family. A headless service that selects nothing is for both.
void setFamilies(core::Json& spec, const core::Json* old)
{
    const core::Json* selector = core::find(spec, "selector");
    const bool selects = selector && selector->is_object() && !selector->get_object().empty();
    const bool isBoth = core::stringAt(spec, {"clusterIP"}) == "None" && !selects;
    for (std::string_view key : {"ipFamilies", "ipFamilyPolicy"}) {
        if (core::find(spec, key))
            continue;
        const core::Json* before = old ? core::findPath(*old, {"spec", key}) : nullptr;
        core::JsonArray families {"IPv4"};
        if (isBoth)
            families.emplace_back("IPv6");
        spec.get_object()[key] = before ? *before
            : key == "ipFamilies"       ? core::Json(std::move(families))
                                        : core::Json(isBoth ? "RequireDualStack" : "SingleStack");
    }
}

} // namespace

void assignAddresses(const ObjectStore& store, const core::Json* old, core::Json& service)
{
    core::Json* value = core::find(service, "spec");
    if (!value || !value->is_object())
        return;
    core::JsonObject& spec = value->get_object();
    const std::string type(core::stringAt(*value, {"type"}));
    if (type == "ExternalName") {
        eraseMember(spec, "clusterIP");
        eraseMember(spec, "clusterIPs");
        return;
    }
    setFamilies(*value, old);
    std::optional<Taken> taken;
    std::string address(core::stringAt(*value, {"clusterIP"}));
    if (address.empty() && old)
        address = core::stringAt(*old, {"spec", "clusterIP"});
    if (address.empty()) {
        taken = takenBy(store);
        address = freeAddress(*taken);
    }
    spec["clusterIP"] = address;
    spec["clusterIPs"] = core::JsonArray {core::Json(address)};
    core::Json* ports = spec.if_contains("ports");
    if (!ports || !ports->is_array())
        return;
    const bool wantsPorts = type == "NodePort" || type == "LoadBalancer";
    if (!wantsPorts && old && core::stringAt(*old, {"spec", "type"}) != type)
        eraseMember(spec, "externalTrafficPolicy");
    for (core::Json& port : ports->get_array()) {
        if (!port.is_object())
            continue;
        if (!wantsPorts) {
            eraseMember(port.get_object(), "nodePort");
            continue;
        }
        if (core::integerAt(port, {"nodePort"}, 0) != 0)
            continue;
        if (!taken)
            taken = takenBy(store);
        const std::int64_t before = portBefore(old, port);
        port.get_object()["nodePort"] = before != 0 ? before : freePort(*taken);
    }
}

} // namespace gitops::practice
