// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/quota.h"

#include "core/base/strings.h"
#include "gitops/practice/jsonpath.h"
#include "gitops/practice/objectmeta.h"

#include <algorithm>
#include <optional>

namespace gitops::practice {

namespace {

std::optional<core::Quantity> quantityOf(const core::Json& value)
{
    if (value.is_string())
        return core::Quantity::parse(std::string_view(value.get_string()));
    if (value.is_number())
        return core::Quantity::parse(core::toText(value));
    return std::nullopt;
}

void add(Amounts& amounts, const std::string& name, const core::Quantity& amount)
{
    // The first one decides the spelling: "2Gi" stays binary.
    if (const auto [place, isNew] = amounts.try_emplace(name, amount); !isNew)
        place->second = place->second + amount;
}

/// The sum over all containers; initialisation does not add up but has a say by its largest.
void addContainers(const core::Json& pod, std::string_view which, Amounts& amounts)
{
    Amounts sums;
    const auto each = [&](std::string_view list, auto&& take) {
        for (const core::Json* container : valuesAt(pod, list)) {
            const core::Json* values = core::findPath(*container, {"resources", which});
            if (!values || !values->is_object())
                continue;
            for (const auto& [name, value] : values->get_object())
                if (const auto amount = quantityOf(value))
                    take(std::string(which) + "." + std::string(name), *amount);
        }
    };
    each(".spec.containers[*]",
         [&](const std::string& name, const core::Quantity& amount) { add(sums, name, amount); });
    each(".spec.initContainers[*]", [&](const std::string& name, const core::Quantity& amount) {
        if (sums[name] < amount)
            sums[name] = amount;
    });
    for (const auto& [name, amount] : sums) {
        add(amounts, name, amount);
        // "cpu" and "memory" mean requests.
        if (which == "requests")
            add(amounts, name.substr(name.find('.') + 1), amount);
    }
}

bool hasEnded(const core::Json& pod)
{
    const std::string_view phase = core::stringAt(pod, {"status", "phase"});
    return phase == "Succeeded" || phase == "Failed";
}

struct Violation
{
    std::string name;
    core::Quantity requested;
    core::Quantity used;
    core::Quantity hard;
};

std::string listOf(const std::vector<Violation>& violations, core::Quantity Violation::* member)
{
    std::string text;
    for (const Violation& each : violations)
        text += (text.empty() ? "" : ",") + each.name + "=" + (each.*member).canonical();
    return text;
}

Amounts usage(const ObjectStore& store, std::string_view storage, const std::string& space)
{
    Amounts used;
    for (const StoredPtr& object : store.list(storage, space + "/").objects)
        for (const auto& [name, amount] : quotaCost(storage, object->value()))
            add(used, name, amount);
    return used;
}

/// A quota that counts cpu demands that every pod says how much it wants.
std::string missingAmounts(const core::Json& hard, const core::Json& pod)
{
    std::map<std::string, std::string> missing;
    for (const auto& [name, value] : hard.get_object()) {
        std::string_view key = name;
        std::string_view which = "requests";
        if (key.starts_with("limits."))
            which = "limits";
        key = key.substr(key.find('.') == key.npos ? 0 : key.find('.') + 1);
        if (key != "cpu" && key != "memory")
            continue;
        for (const core::Json* container : valuesAt(pod, ".spec.containers[*]"))
            if (!core::findPath(*container, {"resources", which, key})) {
                std::string& names = missing[std::string(name)];
                names +=
                    (names.empty() ? "" : ",") + std::string(core::stringAt(*container, {"name"}));
            }
    }
    std::string text;
    for (const auto& [name, containers] : missing)
        text += (text.empty() ? "" : "; ") + name + " for: " + containers;
    return text;
}

} // namespace

Amounts quotaCost(std::string_view storage, const core::Json& object)
{
    Amounts amounts;
    const core::Quantity one = core::Quantity::ofInteger(1);
    amounts["count/" + std::string(storage)] = one;
    if (storage == "pods") {
        if (hasEnded(object))
            return amounts;
        amounts["pods"] = one;
        addContainers(object, "requests", amounts);
        addContainers(object, "limits", amounts);
    } else if (storage == "persistentvolumeclaims") {
        amounts["persistentvolumeclaims"] = one;
        if (const core::Json* size =
                core::findPath(object, {"spec", "resources", "requests", "storage"}))
            if (const auto amount = quantityOf(*size))
                amounts["requests.storage"] = *amount;
    } else if (storage == "services") {
        amounts["services"] = one;
        const std::string_view type = core::stringAt(object, {"spec", "type"});
        if (type == "LoadBalancer")
            amounts["services.loadbalancers"] = one;
        if (type == "NodePort" || type == "LoadBalancer")
            amounts["services.nodeports"] = one;
    } else {
        amounts[std::string(storage)] = one; // configmaps, secrets, replicationcontrollers, …
    }
    return amounts;
}

ApiResult<void> admitQuota(const ObjectStore& store, const ResourceType& type,
                           const core::Json* old, const core::Json& object)
{
    const std::string space(core::stringAt(object, {"metadata", "namespace"}));
    if (!type.namespaced || store.count("resourcequotas", space + "/") == 0)
        return {};
    Amounts cost = quotaCost(type.storage, object);
    const Amounts before = old ? quotaCost(type.storage, *old) : Amounts {};
    if (old && cost == before)
        return {};
    const ErrorSubject subject {type.kind.group, type.plural,
                                std::string(core::stringAt(object, {"metadata", "name"}))};
    const Amounts used = usage(store, type.storage, space);
    for (const StoredPtr& quota : store.list("resourcequotas", space + "/").objects) {
        const core::Json* hard = core::findPath(quota->value(), {"spec", "hard"});
        if (!hard || !hard->is_object())
            continue;
        if (type.storage == "pods" && !old)
            if (const std::string missing = missingAmounts(*hard, object); !missing.empty())
                return forbidden(subject,
                                 "failed quota: " + std::string(quota->name()) + ": must specify "
                                     + missing);
        std::vector<Violation> violations;
        for (const auto& [key, value] : hard->get_object()) {
            const auto limit = quantityOf(value);
            const auto asked = cost.find(std::string_view(key));
            if (!limit || asked == cost.end())
                continue;
            const auto had = before.find(asked->first);
            const core::Quantity more =
                had == before.end() ? asked->second : asked->second - had->second;
            const auto now = used.find(asked->first);
            const core::Quantity taken = now == used.end() ? core::Quantity() : now->second;
            if (more > core::Quantity() && taken + more > *limit)
                violations.push_back({std::string(key), more, taken, *limit});
        }
        std::ranges::sort(violations, {}, &Violation::name);
        if (!violations.empty())
            return forbidden(subject,
                             "exceeded quota: " + std::string(quota->name())
                                 + ", requested: " + listOf(violations, &Violation::requested)
                                 + ", used: " + listOf(violations, &Violation::used)
                                 + ", limited: " + listOf(violations, &Violation::hard));
    }
    return {};
}

namespace {

/// Copies what a limit range sets and the container does not; the names of what was set.
std::vector<std::string> fillAmounts(const core::Json* source, core::JsonObject& container,
                                     std::string_view which)
{
    std::vector<std::string> names;
    if (!source || !source->is_object())
        return names;
    core::Json& resources = container["resources"];
    if (!resources.is_object())
        resources = core::JsonObject {};
    core::Json& target = resources.get_object()[which];
    if (!target.is_object())
        target = core::JsonObject {};
    for (const auto& [name, amount] : source->get_object())
        if (!target.get_object().contains(name)) {
            target.get_object()[name] = amount;
            names.emplace_back(name);
        }
    if (target.get_object().empty())
        eraseMember(resources, which);
    std::ranges::sort(names);
    return names;
}

std::string told(const std::vector<std::string>& names, std::string_view which,
                 std::string_view list, const core::Json& container)
{
    const std::string_view kind = list == "containers" ? " for container " : " for init container ";
    return core::join(names, ", ") + " " + std::string(which) + std::string(kind)
        + std::string(core::stringAt(container, {"name"}));
}

/// "[a, b]", or "a" alone.
std::string listed(const std::vector<std::string>& complaints)
{
    const std::string text = core::join(complaints, ", ");
    return complaints.size() == 1 ? text : "[" + text + "]";
}

struct Bounded
{
    std::string_view type; ///< "Container"
    const core::Json* requests = nullptr;
    const core::Json* limits = nullptr;
};

void checkBounds(const core::Json& range, const Bounded& what, std::vector<std::string>& complaints)
{
    for (const bool isMinimum : {true, false}) {
        const core::Json* bounds = core::find(range, isMinimum ? "min" : "max");
        if (!bounds || !bounds->is_object())
            continue;
        for (const auto& [name, value] : bounds->get_object()) {
            const auto bound = quantityOf(value);
            const auto amount = [&](const core::Json* amounts) {
                const core::Json* own = amounts ? core::find(*amounts, name) : nullptr;
                return own ? quantityOf(*own) : std::nullopt;
            };
            const auto request = amount(what.requests);
            const auto limit = amount(what.limits);
            const auto breaks = [&](const std::optional<core::Quantity>& own) {
                return own && bound && (isMinimum ? *own < *bound : *own > *bound);
            };
            const std::string start = std::string(isMinimum ? "minimum " : "maximum ")
                + std::string(name) + " usage per " + std::string(what.type) + " is "
                + (bound ? bound->canonical() : "");
            const bool wantsLimit = !isMinimum && what.type == "Container";
            if (wantsLimit ? !limit : !request)
                complaints.push_back(start + ". No " + (wantsLimit ? "limit" : "request")
                                     + " is specified");
            else if (breaks(limit))
                complaints.push_back(start + ", but limit is " + limit->canonical());
            else if (breaks(request))
                complaints.push_back(start + ", but request is " + request->canonical());
        }
    }
}

} // namespace

void applyLimitRanges(const ObjectStore& store, core::Json& pod)
{
    const std::string space(core::stringAt(pod, {"metadata", "namespace"}));
    core::Json* spec = core::find(pod, "spec");
    if (!spec || !spec->is_object())
        return;
    std::vector<std::string> tales;
    for (const StoredPtr& range : store.list("limitranges", space + "/").objects)
        for (const core::Json* limit : valuesAt(range->value(), ".spec.limits[*]")) {
            if (core::stringAt(*limit, {"type"}) != "Container")
                continue;
            for (std::string_view list : {"containers", "initContainers"}) {
                core::Json* containers = core::find(*spec, list);
                if (!containers || !containers->is_array())
                    continue;
                for (core::Json& container : containers->get_array()) {
                    if (!container.is_object())
                        continue;
                    core::JsonObject& own = container.get_object();
                    const auto requests =
                        fillAmounts(core::find(*limit, "defaultRequest"), own, "requests");
                    const auto limits = fillAmounts(core::find(*limit, "default"), own, "limits");
                    if (!requests.empty())
                        tales.push_back(told(requests, "request", list, container));
                    if (!limits.empty())
                        tales.push_back(told(limits, "limit", list, container));
                }
            }
        }
    if (tales.empty())
        return;
    core::Json& annotations = metadataOf(pod)["annotations"];
    if (!annotations.is_object())
        annotations = core::JsonObject {};
    annotations.get_object()["kubernetes.io/limit-ranger"] =
        "LimitRanger plugin set: " + core::join(tales, "; ");
}

ApiResult<void> admitLimits(const ObjectStore& store, std::string_view storage,
                            const core::Json& object)
{
    const std::string space(core::stringAt(object, {"metadata", "namespace"}));
    std::vector<std::string> complaints;
    for (const StoredPtr& range : store.list("limitranges", space + "/").objects)
        for (const core::Json* limit : valuesAt(range->value(), ".spec.limits[*]")) {
            const std::string_view type = core::stringAt(*limit, {"type"});
            if (storage == "persistentvolumeclaims" && type == "PersistentVolumeClaim")
                checkBounds(*limit,
                            {type, core::findPath(object, {"spec", "resources", "requests"})},
                            complaints);
            if (storage == "pods" && type == "Container")
                for (const core::Json* container : valuesAt(object, ".spec.containers[*]"))
                    checkBounds(*limit,
                                {type, core::findPath(*container, {"resources", "requests"}),
                                 core::findPath(*container, {"resources", "limits"})},
                                complaints);
        }
    if (complaints.empty())
        return {};
    return forbidden(
        {"", std::string(storage), std::string(core::stringAt(object, {"metadata", "name"}))},
        listed(complaints));
}

} // namespace gitops::practice
