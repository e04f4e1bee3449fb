// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/builtinhealth.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gitops {

using core::Health;

namespace {

constexpr std::array<std::string_view, 2> kScaleFailures {"FailedGetScale", "FailedUpdateScale"};
constexpr std::array<std::string_view, 6> kMetricFailures {
    "FailedGetResourceMetric", "FailedGetObjectMetric",        "FailedGetPodsMetric",
    "FailedGetExternalMetric", "FailedComputeMetricsReplicas", "InvalidSelector"};

bool isFailure(const Condition& condition)
{
    if (condition.type == "AbleToScale")
        return std::ranges::count(kScaleFailures, condition.reason) > 0;
    if (condition.type == "ScalingActive")
        return std::ranges::count(kMetricFailures, condition.reason) > 0;
    return false;
}

bool isFine(const Condition& condition)
{
    return condition.status == "True"
        && (condition.type == "AbleToScale" || condition.type == "ScalingLimited");
}

core::HealthAssessment fromConditions(const std::vector<Condition>& conditions)
{
    if (const auto bad = std::ranges::find_if(conditions, isFailure); bad != conditions.end())
        return verdict(Health::Degraded, bad->message);
    if (const auto good = std::ranges::find_if(conditions, isFine); good != conditions.end())
        return verdict(Health::Healthy, good->message);
    return verdict(Health::Progressing, "Waiting to autoscale");
}

/// autoscaling/v1 has no room for conditions in its status; the server puts them here.
constexpr std::string_view kConditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";

} // namespace

core::HealthAssessment autoscalerHealth(ObjectReader& object)
{
    if (object.text("apiVersion") != "autoscaling/v1")
        return fromConditions(object.conditions());
    const std::string text = object.annotation(kConditionsAnnotation);
    if (text.empty())
        return fromConditions({});
    const core::Result<core::Json> list = core::parseJson(text, {.bytes = 1u << 20, .depth = 10});
    if (!list)
        return verdict(Health::Unknown,
                       std::string(kConditionsAnnotation)
                           + " cannot be read: " + list.error().message);
    const core::Json wrapped = core::JsonObject {{"conditions", *list}};
    ObjectReader reader(wrapped);
    const core::HealthAssessment health = fromConditions(reader.conditions("conditions"));
    if (!reader.complaint().empty())
        return verdict(Health::Unknown, std::string(kConditionsAnnotation) + " is no list");
    return health;
}

} // namespace gitops
