// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/quota.h"

#include <algorithm>
#include <set>

namespace core {

namespace {

void addScopes(const Json* list, const char* key, std::vector<std::string>& out)
{
    if (!list || !list->is_array())
        return;
    for (const Json& each : list->get_array()) {
        const std::string_view name =
            each.is_string() ? std::string_view(each.get_string()) : stringAt(each, {key});
        if (!name.empty())
            out.emplace_back(name);
    }
}

void raise(ResourceList& to, const ResourceList& by)
{
    for (const auto& [name, quantity] : by)
        if (const auto [found, added] = to.try_emplace(name, quantity); !added)
            found->second = std::max(found->second, quantity);
}

ResourceList prefixed(const ContainerNeed& need)
{
    ResourceList out;
    for (const auto& [name, quantity] : need.requests)
        out.emplace("requests." + name, quantity);
    for (const auto& [name, quantity] : need.limits)
        out.emplace("limits." + name, quantity);
    return out;
}

Quantity times(const Quantity& quantity, std::int64_t count)
{
    // By doubling: a quantity knows only sums.
    Quantity out;
    Quantity power = quantity;
    for (auto rest = std::uint64_t(std::max<std::int64_t>(count, 0)); rest > 0; rest >>= 1) {
        if (rest & 1)
            out = power + out;
        power = power + power;
    }
    return out;
}

} // namespace

QuotaFacts QuotaFacts::read(const Json& quota)
{
    QuotaFacts facts;
    facts.hard = resourcesOf(findPath(quota, {"spec", "hard"}));
    facts.used = resourcesOf(findPath(quota, {"status", "used"}));
    addScopes(findPath(quota, {"spec", "scopes"}), "", facts.scopes);
    addScopes(findPath(quota, {"spec", "scopeSelector", "matchExpressions"}), "scopeName",
              facts.scopes);
    return facts;
}

LimitRangeFacts LimitRangeFacts::read(const Json& limitRange)
{
    LimitRangeFacts facts;
    const Json* limits = findPath(limitRange, {"spec", "limits"});
    if (!limits || !limits->is_array())
        return facts;
    for (const Json& item : limits->get_array()) {
        if (stringAt(item, {"type"}) != "Container")
            continue;
        facts.defaults = resourcesOf(find(item, "default"));
        facts.defaultRequests = resourcesOf(find(item, "defaultRequest"));
        facts.max = resourcesOf(find(item, "max"));
        facts.min = resourcesOf(find(item, "min"));
    }
    // The server's own defaults: a limit from max, a request from the limit
    // (kubernetes pkg/apis/core/v1/defaults.go).
    for (const auto& [name, quantity] : facts.max)
        facts.defaults.try_emplace(name, quantity);
    for (const auto& [name, quantity] : facts.defaults)
        facts.defaultRequests.try_emplace(name, quantity);
    for (const auto& [name, quantity] : facts.min)
        facts.defaultRequests.try_emplace(name, quantity);
    return facts;
}

ContainerNeed withDefaults(const ContainerFacts& container,
                           const std::vector<const LimitRangeFacts*>& limits)
{
    ContainerNeed need {container.requests, container.limits, {}};
    // A limit without a request is the request, before any LimitRange is asked.
    for (const auto& [name, quantity] : container.limits)
        need.requests.try_emplace(name, quantity);
    for (const LimitRangeFacts* range : limits) {
        for (const auto& [name, quantity] : range->defaults)
            if (need.limits.try_emplace(name, quantity).second)
                need.defaulted.push_back("limits." + name);
        for (const auto& [name, quantity] : range->defaultRequests)
            if (need.requests.try_emplace(name, quantity).second)
                need.defaulted.push_back("requests." + name);
    }
    return need;
}

ResourceList podNeed(const PodFacts& pod, const std::vector<const LimitRangeFacts*>& limits)
{
    ResourceList sum;
    ResourceList greatestInit;
    for (const ContainerFacts& container : pod.containers) {
        const ResourceList need = prefixed(withDefaults(container, limits));
        if (container.isInit && !container.isSidecar)
            raise(greatestInit, need);
        else
            addNeed(sum, need);
    }
    raise(sum, greatestInit);
    sum["pods"] = Quantity::ofInteger(1);
    return sum;
}

void addNeed(ResourceList& to, const ResourceList& need, std::int64_t count)
{
    if (count <= 0)
        return;
    for (const auto& [name, quantity] : need) {
        Quantity& sum = to[name];
        sum = times(quantity, count) + sum;
    }
}

std::string quotaName(const std::string& written)
{
    if (written == "cpu" || written == "memory" || written == "ephemeral-storage")
        return "requests." + written;
    if (!written.starts_with("count/"))
        return written;
    static const std::set<std::string> core {"pods",
                                             "services",
                                             "configmaps",
                                             "secrets",
                                             "persistentvolumeclaims",
                                             "replicationcontrollers",
                                             "resourcequotas"};
    const std::string kind = written.substr(6);
    return core.contains(kind) ? kind : written;
}

Quantity needFor(const ResourceList& need, const std::string& written)
{
    const auto found = need.find(quotaName(written));
    return found == need.end() ? Quantity() : found->second;
}

} // namespace core
