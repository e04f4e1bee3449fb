// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/scale.h"

#include "core/base/strings.h"

#include <algorithm>
#include <vector>

namespace gitops::practice {

namespace {

/// ".spec.replicas" -> the member, or nullptr.
const core::Json* at(const core::Json& object, std::string_view path)
{
    const core::Json* value = &object;
    for (std::string_view part : core::split(path, '.')) {
        if (part.empty())
            continue;
        value = core::find(*value, part);
        if (!value)
            return nullptr;
    }
    return value;
}

void setAt(core::Json& object, std::string_view path, core::Json value)
{
    core::Json* place = &object;
    for (std::string_view part : core::split(path, '.')) {
        if (part.empty())
            continue;
        if (!place->is_object())
            *place = core::JsonObject {};
        place = &place->get_object()[part];
    }
    *place = std::move(value);
}

std::string pathOr(const std::string& path, std::string_view fallback)
{
    return path.empty() ? std::string(fallback) : path;
}

std::int64_t integerOf(const core::Json* value, std::int64_t fallback)
{
    return value && value->is_int64() ? value->get_int64()
        : value && value->is_uint64() ? std::int64_t(value->get_uint64())
                                      : fallback;
}

/// A zero is not written, as upstream.
core::JsonObject specOf(std::int64_t replicas)
{
    core::JsonObject spec;
    if (replicas != 0)
        spec["replicas"] = replicas;
    return spec;
}

/// "tier in (a,b)", "tier", "!tier"
std::string ruleText(const core::Json& rule)
{
    const std::string key(core::stringAt(rule, {"key"}));
    const std::string_view how = core::stringAt(rule, {"operator"});
    if (how == "Exists")
        return key;
    if (how == "DoesNotExist")
        return "!" + key;
    std::vector<std::string> values;
    if (const core::Json* list = core::find(rule, "values"); list && list->is_array())
        for (const core::Json& each : list->get_array())
            if (each.is_string())
                values.emplace_back(each.get_string());
    std::ranges::sort(values);
    return key + (how == "NotIn" ? " notin (" : " in (") + core::join(values, ",") + ")";
}

/// matchLabels and expressions of a workload's selector as text.
std::string selectorText(const core::Json& object)
{
    std::string text;
    const core::Json* labels = core::findPath(object, {"spec", "selector", "matchLabels"});
    if (!labels)
        labels = core::findPath(object, {"spec", "selector"});
    if (labels && labels->is_object())
        for (const auto& [key, value] : labels->get_object())
            if (value.is_string())
                text += (text.empty() ? "" : ",") + std::string(key) + "="
                    + std::string(value.get_string());
    const core::Json* rules = core::findPath(object, {"spec", "selector", "matchExpressions"});
    if (rules && rules->is_array())
        for (const core::Json& rule : rules->get_array())
            text += (text.empty() ? "" : ",") + ruleText(rule);
    return text;
}

} // namespace

core::Json scaleOf(const ResourceType& type, const StoredObject& stored)
{
    const core::Json& object = stored.value();
    const CustomVersion* custom = type.custom.get();
    const std::string specPath = pathOr(custom ? custom->specReplicasPath : "", ".spec.replicas");
    const std::string statusPath =
        pathOr(custom ? custom->statusReplicasPath : "", ".status.replicas");
    core::JsonObject status {{"replicas", integerOf(at(object, statusPath), 0)}};
    std::string selector;
    if (!custom)
        selector = selectorText(object);
    else if (const core::Json* text = custom->labelSelectorPath.empty()
                 ? nullptr
                 : at(object, custom->labelSelectorPath);
             text && text->is_string())
        selector = text->get_string();
    if (!selector.empty())
        status["selector"] = selector;
    core::JsonObject metadata {{"name", stored.name()}};
    if (!stored.namespaceName().empty())
        metadata["namespace"] = stored.namespaceName();
    metadata["uid"] = stored.uid();
    metadata["resourceVersion"] = std::to_string(stored.resourceVersion());
    metadata["creationTimestamp"] = core::stringAt(object, {"metadata", "creationTimestamp"});
    return core::JsonObject {{"kind", "Scale"},
                             {"apiVersion", "autoscaling/v1"},
                             {"metadata", std::move(metadata)},
                             {"spec", specOf(integerOf(at(object, specPath), custom ? 0 : 1))},
                             {"status", std::move(status)}};
}

ApiResult<void> setScale(const ResourceType& type, core::Json& object, const core::Json& scale)
{
    const std::int64_t replicas = core::integerAt(scale, {"spec", "replicas"}, 0);
    if (replicas < 0 && type.custom)
        return invalid(type.kind.group, type.kind.kind,
                       std::string(core::stringAt(scale, {"metadata", "name"})),
                       {fieldInvalid(pathOr(type.custom->specReplicasPath, ".spec.replicas"),
                                     replicas, "should be a non-negative integer")});
    if (replicas < 0)
        return invalid(
            "autoscaling", "Scale", std::string(core::stringAt(scale, {"metadata", "name"})),
            {fieldInvalid("spec.replicas", replicas, "must be greater than or equal to 0")});
    setAt(object, pathOr(type.custom ? type.custom->specReplicasPath : "", ".spec.replicas"),
          replicas);
    const std::string_view version = core::stringAt(scale, {"metadata", "resourceVersion"});
    if (!version.empty())
        setAt(object, ".metadata.resourceVersion", core::Json(version));
    return {};
}

} // namespace gitops::practice
