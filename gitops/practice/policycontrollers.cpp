// SPDX-License-Identifier: GPL-3.0-or-later
// Controllers that only report: HorizontalPodAutoscaler and PodDisruptionBudget.
#include "core/object/selector.h"
#include "gitops/practice/controllers.h"

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kAutoscaler {"autoscaling", "HorizontalPodAutoscaler"};
const core::GroupKind kBudget {"policy", "PodDisruptionBudget"};

using Wait = std::optional<std::chrono::milliseconds>;

std::vector<ControllerKey> allOf(const core::GroupKind& kind, std::string_view space,
                                 const ControllerContext& context)
{
    std::vector<ControllerKey> keys;
    for (const ObjectPtr& each : context.client.list(kind, space))
        keys.push_back(
            {std::string(space), std::string(core::stringAt(*each, {"metadata", "name"}))});
    return keys;
}

/// Keeps its target between the bounds; there are no metrics to scale by.
class AutoscalerController : public Controller
{
public:
    core::GroupKind kind() const override { return kAutoscaler; }
    std::vector<core::GroupKind> alsoFollows() const override
    {
        return {{"apps", "Deployment"}, {"apps", "StatefulSet"}};
    }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override
    {
        return allOf(kAutoscaler, core::stringAt(changed, {"metadata", "namespace"}), context);
    }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;
};

Wait AutoscalerController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr scaler = context.client.get(kind(), key.namespaceName, key.name);
    if (!scaler || isTerminating(*scaler))
        return std::nullopt;
    const auto target =
        core::groupVersionKind(core::stringAt(*scaler, {"spec", "scaleTargetRef", "apiVersion"}),
                               core::stringAt(*scaler, {"spec", "scaleTargetRef", "kind"}));
    const ObjectPtr workload =
        context.client.get({target.group, target.kind}, key.namespaceName,
                           core::stringAt(*scaler, {"spec", "scaleTargetRef", "name"}));
    core::JsonArray conditions;
    core::JsonObject status;
    if (!workload) {
        conditions.push_back(makeCondition("AbleToScale", false, "FailedGetScale",
                                           "the HPA controller was unable to get the target's "
                                           "current scale",
                                           context.now));
        status["desiredReplicas"] = 0;
    } else {
        const std::int64_t now = core::integerAt(*workload, {"spec", "replicas"}, 1);
        const std::int64_t low = core::integerAt(*scaler, {"spec", "minReplicas"}, 1);
        const std::int64_t high =
            std::max(low, core::integerAt(*scaler, {"spec", "maxReplicas"}, low));
        const std::int64_t wanted = std::clamp(now, low, high);
        if (wanted != now && now != 0) {
            core::Json next = *workload;
            next.as_object()["spec"].as_object()["replicas"] = wanted;
            context.client.update(std::move(next), "");
        }
        conditions.push_back(makeCondition("AbleToScale", true, "ReadyForNewScale",
                                           "recommended size matches current size", context.now));
        conditions.push_back(makeCondition("ScalingActive", true, "ValidMetricFound",
                                           "simulated by the practice cluster: no metrics",
                                           context.now));
        conditions.push_back(makeCondition("ScalingLimited", false, "DesiredWithinRange",
                                           "the desired count is within the acceptable range",
                                           context.now));
        status["currentReplicas"] = now;
        status["desiredReplicas"] = wanted;
    }
    status["conditions"] = std::move(conditions);
    setStatus(context, *scaler, std::move(status));
    return std::nullopt;
}

class DisruptionBudgetController : public Controller
{
public:
    core::GroupKind kind() const override { return kBudget; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kPod}; }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override
    {
        return allOf(kBudget, core::stringAt(changed, {"metadata", "namespace"}), context);
    }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;
};

/// 2, or a percentage of all.
std::int64_t amountOf(const core::Json& value, std::int64_t all)
{
    if (value.is_int64())
        return value.get_int64();
    if (!value.is_string())
        return 0;
    return (std::atoll(std::string(value.get_string()).c_str()) * all + 99) / 100;
}

Wait DisruptionBudgetController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr budget = context.client.get(kind(), key.namespaceName, key.name);
    if (!budget || isTerminating(*budget))
        return std::nullopt;
    const core::Json* selectorJson = core::findPath(*budget, {"spec", "selector"});
    const auto selector = selectorJson ? core::LabelSelector::fromJson(*selectorJson)
                                       : core::LabelSelector::fromJson(core::JsonObject {});
    std::int64_t all = 0;
    std::int64_t healthy = 0;
    if (selector)
        for (const ObjectPtr& pod : context.client.list(kPod, key.namespaceName))
            if (selector->matches(core::labelsOf(*pod))) {
                ++all;
                healthy += isPodReady(*pod);
            }
    std::int64_t desired = all;
    if (const core::Json* least = core::findPath(*budget, {"spec", "minAvailable"}))
        desired = amountOf(*least, all);
    else if (const core::Json* most = core::findPath(*budget, {"spec", "maxUnavailable"}))
        desired = all - amountOf(*most, all);
    const std::int64_t allowed = std::max<std::int64_t>(0, healthy - desired);
    core::JsonObject status {
        {"observedGeneration", core::integerAt(*budget, {"metadata", "generation"}, 1)},
        {"disruptionsAllowed", allowed},
        {"currentHealthy", healthy},
        {"desiredHealthy", std::max<std::int64_t>(0, desired)},
        {"expectedPods", all}};
    status["conditions"] = core::JsonArray {
        makeCondition("DisruptionAllowed", allowed > 0,
                      allowed > 0 ? "SufficientPods" : "InsufficientPods", "", context.now)};
    setStatus(context, *budget, std::move(status));
    return std::nullopt;
}

} // namespace

std::unique_ptr<Controller> makeAutoscalerController()
{
    return std::make_unique<AutoscalerController>();
}

std::unique_ptr<Controller> makeDisruptionBudgetController()
{
    return std::make_unique<DisruptionBudgetController>();
}

} // namespace gitops::practice
