// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/conversion.h"

#include <array>
#include <utility>

namespace gitops::practice {

namespace {

bool isNewEvent(const ResourceType& type)
{
    return type.kind.group == "events.k8s.io";
}

bool isOldAutoscaler(const ResourceType& type)
{
    return type.kind.group == "autoscaling" && type.kind.version == "v1"
        && type.kind.kind == "HorizontalPodAutoscaler";
}

/// events.k8s.io/v1 name, v1 name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEventFields {{
    {"regarding", "involvedObject"},
    {"note", "message"},
    {"deprecatedSource", "source"},
    {"deprecatedFirstTimestamp", "firstTimestamp"},
    {"deprecatedLastTimestamp", "lastTimestamp"},
    {"deprecatedCount", "count"},
}};

void rename(core::JsonObject& object, std::string_view from, std::string_view to)
{
    if (const auto found = object.find(from); found != object.end()) {
        core::Json value = std::move(found->value());
        object.stable_erase(found);
        object[to] = std::move(value);
    }
}

const core::Json* cpuTarget(const core::Json& metric)
{
    const bool cpu = core::stringAt(metric, {"type"}) == "Resource"
        && core::stringAt(metric, {"resource", "name"}) == "cpu";
    return cpu ? core::findPath(metric, {"resource", "target", "averageUtilization"}) : nullptr;
}

void autoscalerToOld(core::Json& object)
{
    core::Json* spec = core::find(object, "spec");
    if (!spec || !spec->is_object())
        return;
    if (const core::Json* metrics = core::find(*spec, "metrics"); metrics && metrics->is_array())
        for (const core::Json& metric : metrics->get_array())
            if (const core::Json* target = cpuTarget(metric)) {
                const core::Json percentage = *target;
                spec->get_object()["targetCPUUtilizationPercentage"] = percentage;
                break;
            }
    for (std::string_view gone : {"metrics", "behavior"})
        if (const auto found = spec->get_object().find(gone); found != spec->get_object().end())
            spec->get_object().stable_erase(found);
    if (core::Json* status = core::find(object, "status"); status && status->is_object())
        for (std::string_view gone : {"currentMetrics", "conditions"})
            if (const auto found = status->get_object().find(gone);
                found != status->get_object().end())
                status->get_object().stable_erase(found);
}

void autoscalerToNew(core::Json& object)
{
    core::Json* spec = core::find(object, "spec");
    if (!spec || !spec->is_object())
        return;
    core::JsonObject& fields = spec->get_object();
    const auto found = fields.find("targetCPUUtilizationPercentage");
    if (found == fields.end())
        return;
    core::JsonObject target {{"type", "Utilization"}, {"averageUtilization", found->value()}};
    fields.stable_erase(found);
    core::JsonObject resource {{"name", "cpu"}, {"target", std::move(target)}};
    fields["metrics"] = core::JsonArray {
        core::JsonObject {{"type", "Resource"}, {"resource", std::move(resource)}}};
}

} // namespace

bool needsConversion(const ResourceType& type)
{
    return isNewEvent(type) || isOldAutoscaler(type);
}

core::GroupVersionKind storageKind(const ResourceType& type)
{
    if (isNewEvent(type))
        return {"", "v1", "Event"};
    if (isOldAutoscaler(type))
        return {"autoscaling", "v2", "HorizontalPodAutoscaler"};
    if (type.custom && !type.custom->storageVersion.empty())
        return {type.kind.group, type.custom->storageVersion, type.kind.kind};
    return type.kind;
}

void fromStorage(const ResourceType& type, core::Json& object)
{
    core::JsonObject& fields = object.as_object();
    fields["apiVersion"] = type.kind.apiVersion();
    if (isNewEvent(type))
        for (const auto& [newName, oldName] : kEventFields)
            rename(fields, oldName, newName);
    else if (isOldAutoscaler(type))
        autoscalerToOld(object);
}

void toStorage(const ResourceType& type, core::Json& object)
{
    core::JsonObject& fields = object.as_object();
    fields["apiVersion"] = storageKind(type).apiVersion();
    if (isNewEvent(type))
        for (const auto& [newName, oldName] : kEventFields)
            rename(fields, newName, oldName);
    else if (isOldAutoscaler(type))
        autoscalerToNew(object);
}

} // namespace gitops::practice
