// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/metricsapi.h"

#include "core/model/measureduse.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>

namespace gitops::practice {

namespace {

constexpr std::chrono::seconds kWindow {30};
constexpr double kSwing = 600; ///< seconds from one peak to the next

/// What is used: cores and bytes.
struct Usage
{
    double cpu = 0;
    double memory = 0;
};

double amountAt(const core::Json& resources, std::string_view what, std::string_view resource)
{
    const auto parsed = core::Quantity::parse(core::stringAt(resources, {what, resource}));
    return parsed ? parsed->toDouble() : 0;
}

/// What a container asks for, else half of its limit, else what a small program takes.
double askedFor(const core::Json& container, std::string_view resource, double otherwise)
{
    const core::Json* resources = core::find(container, "resources");
    if (!resources)
        return otherwise;
    if (const double requested = amountAt(*resources, "requests", resource); requested > 0)
        return requested;
    const double limit = amountAt(*resources, "limits", resource);
    return limit > 0 ? limit / 2 : otherwise;
}

core::WallTime windowOf(core::WallTime now)
{
    return core::WallTime(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch() / kWindow
                          * kWindow);
}

/// Up and down, each container in its own time.
Usage usageOf(const core::Json& container, std::string_view seed, core::WallTime now)
{
    const double seconds = std::chrono::duration<double>(windowOf(now).time_since_epoch()).count();
    const double phase = double(std::hash<std::string_view>()(seed) % 1'000) / 1'000;
    const double wave = std::sin(2 * std::numbers::pi * (seconds / kSwing + phase));
    return {askedFor(container, "cpu", 0.02) * (0.4 + 0.25 * wave),
            askedFor(container, "memory", 48.0 * (1 << 20)) * (0.6 + 0.1 * wave)};
}

core::JsonObject usageJson(const Usage& usage)
{
    return {{"cpu", std::to_string(std::int64_t(usage.cpu * 1e9)) + "n"},
            {"memory", std::to_string(std::int64_t(usage.memory / 1024)) + "Ki"}};
}

const core::JsonArray& containersOf(const core::Json& pod)
{
    static const core::JsonArray none;
    const core::Json* found = core::findPath(pod, {"spec", "containers"});
    return found && found->is_array() ? found->get_array() : none;
}

template<class Take>
void eachContainer(const core::Json& pod, core::WallTime now, Take take)
{
    const std::string uid(core::stringAt(pod, {"metadata", "uid"}));
    for (const core::Json& container : containersOf(pod)) {
        const std::string name(core::stringAt(container, {"name"}));
        take(name, usageOf(container, uid + name, now));
    }
}

bool isRunning(const core::Json& pod)
{
    return core::stringAt(pod, {"status", "phase"}) == "Running";
}

/// Labels are those of the pod or node: people select by them.
core::JsonObject metricsOf(std::string_view kind, const core::Json& object, core::WallTime now)
{
    core::JsonObject metadata {{"name", core::stringAt(object, {"metadata", "name"})}};
    if (const auto space = core::stringAt(object, {"metadata", "namespace"}); !space.empty())
        metadata["namespace"] = space;
    metadata["creationTimestamp"] = core::formatRfc3339(now);
    if (const core::Json* labels = core::findPath(object, {"metadata", "labels"}))
        metadata["labels"] = *labels;
    metadata["annotations"] = core::JsonObject {{core::kSimulatedAnnotation, "true"}};
    return {{"kind", kind},
            {"apiVersion", "metrics.k8s.io/v1beta1"},
            {"metadata", std::move(metadata)},
            {"timestamp", core::formatRfc3339(windowOf(now))},
            {"window", "30s"}};
}

core::Json podMetrics(const core::Json& pod, core::WallTime now)
{
    core::JsonObject out = metricsOf("PodMetrics", pod, now);
    core::JsonArray containers;
    eachContainer(pod, now, [&](const std::string& name, const Usage& usage) {
        containers.push_back(core::JsonObject {{"name", name}, {"usage", usageJson(usage)}});
    });
    out["containers"] = std::move(containers);
    return out;
}

TypePtr typeOf(const char* kind, const char* plural, bool isNamespaced)
{
    auto type = std::make_shared<ResourceType>();
    type->kind = {"metrics.k8s.io", "v1beta1", kind};
    type->plural = plural;
    type->listKind = std::string(kind) + "List";
    type->namespaced = isNamespaced;
    type->verbs = {"get", "list"};
    type->storage = groupResource(plural, type->kind.group);
    type->typeSchema = std::make_shared<core::BuiltinTypeSchema>(
        core::GroupKind {type->kind.group, type->kind.kind});
    return type;
}

} // namespace

std::vector<TypePtr> MetricsApi::types()
{
    return {typeOf("NodeMetrics", "nodes", false), typeOf("PodMetrics", "pods", true)};
}

/// All that runs on it, and what the node takes itself.
core::Json MetricsApi::nodeMetrics(const core::Json& node, core::WallTime now) const
{
    const std::string_view name = core::stringAt(node, {"metadata", "name"});
    Usage sum {0.12, 600.0 * (1 << 20)};
    for (const StoredPtr& pod : m_store.list("pods", "").objects)
        if (isRunning(pod->value()) && core::stringAt(pod->value(), {"spec", "nodeName"}) == name)
            eachContainer(pod->value(), now, [&](const std::string&, const Usage& usage) {
                sum.cpu += usage.cpu;
                sum.memory += usage.memory;
            });
    core::JsonObject out = metricsOf("NodeMetrics", node, now);
    out["usage"] = usageJson(sum);
    return out;
}

core::Json MetricsApi::list(const ResourceRequest& request, const ObjectSelector& selector) const
{
    const bool pods = request.type->namespaced;
    core::JsonArray items;
    for (const StoredPtr& object :
         m_store.list(pods ? "pods" : "nodes", request.keyPrefix()).objects) {
        const core::Json& value = object->value();
        if ((pods && !isRunning(value)) || !selector.matches(value))
            continue;
        items.push_back(pods ? podMetrics(value, request.now) : nodeMetrics(value, request.now));
    }
    return core::JsonObject {{"kind", request.type->listKind},
                             {"apiVersion", "metrics.k8s.io/v1beta1"},
                             {"metadata", core::JsonObject {}},
                             {"items", std::move(items)}};
}

Answer MetricsApi::answer(const ResourceRequest& request) const
{
    const bool pods = request.type->namespaced;
    if (request.path.name.empty()) {
        const auto selector =
            ObjectSelector::make(*request.type, request.target.parameter("labelSelector"),
                                 request.target.parameter("fieldSelector"));
        if (!selector)
            return std::unexpected(selector.error());
        return valueResponse(200, list(request, *selector));
    }
    const StoredPtr object =
        m_store.get(pods ? "pods" : "nodes",
                    storeKey(pods ? request.path.namespaceName : std::string(), request.path.name));
    if (!object || (pods && !isRunning(object->value())))
        return notFound(request.subject());
    return valueResponse(200,
                         pods ? podMetrics(object->value(), request.now)
                              : nodeMetrics(object->value(), request.now));
}

} // namespace gitops::practice
