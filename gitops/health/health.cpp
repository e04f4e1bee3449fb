// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/health.h"

#include "core/object/identity.h"
#include "gitops/health/builtinhealth.h"
#include "gitops/health/healthrules.h"

#include <algorithm>
#include <map>

namespace gitops {

using core::Health;

namespace {

/// Keeps a finished hook until its result was read, so such an object is judged by its status.
constexpr std::string_view kHookFinalizer = "argocd.argoproj.io/hook-finalizer";

struct Judge
{
    std::vector<std::string> versions; ///< that it knows
    core::HealthAssessment (*judge)(ObjectReader&);
};

const std::map<core::GroupKind, Judge>& judges()
{
    static const std::map<core::GroupKind, Judge> all {
        {{"apps", "Deployment"}, {{"v1"}, deploymentHealth}},
        {{"apps", "StatefulSet"}, {{"v1"}, statefulSetHealth}},
        {{"apps", "DaemonSet"}, {{"v1"}, daemonSetHealth}},
        {{"apps", "ReplicaSet"}, {{"v1"}, replicaSetHealth}},
        {{"", "Pod"}, {{"v1"}, podHealth}},
        {{"", "Service"}, {{"v1"}, serviceHealth}},
        {{"", "PersistentVolumeClaim"}, {{"v1"}, volumeClaimHealth}},
        {{"batch", "Job"}, {{"v1"}, jobHealth}},
        {{"networking.k8s.io", "Ingress"}, {{"v1", "v1beta1"}, ingressHealth}},
        {{"extensions", "Ingress"}, {{"v1beta1"}, ingressHealth}},
        {{"autoscaling", "HorizontalPodAutoscaler"}, {{"v1", "v2"}, autoscalerHealth}},
        {{"apiregistration.k8s.io", "APIService"}, {{"v1", "v1beta1"}, apiServiceHealth}},
    };
    return all;
}

bool isLeaving(ObjectReader& object)
{
    if (!object.at("metadata.deletionTimestamp"))
        return false;
    return std::ranges::none_of(object.all("metadata.finalizers[]"), [](const core::Json* each) {
        return scalarText(*each) == kHookFinalizer;
    });
}

core::HealthAssessment judged(const core::GroupVersionKind& kind, ObjectReader& object)
{
    if (const HealthRule* rule = healthRuleOf({kind.group, kind.kind}))
        return applyRule(*rule, object);
    const auto found = judges().find({kind.group, kind.kind});
    if (found == judges().end())
        return {};
    if (std::ranges::find(found->second.versions, kind.version) == found->second.versions.end())
        return verdict(Health::Unknown,
                       "Health of " + kind.apiVersion() + " " + kind.kind + " is not known");
    return found->second.judge(object);
}

} // namespace

core::HealthAssessment assessHealth(const core::Json& object)
{
    ObjectReader reader(object);
    if (!object.is_object())
        return verdict(Health::Unknown, "Not an object");
    const std::string apiVersion = reader.text("apiVersion");
    const std::string kind = reader.text("kind");
    if (isLeaving(reader))
        return verdict(Health::Progressing, "Pending deletion");
    const core::HealthAssessment health = judged(core::groupVersionKind(apiVersion, kind), reader);
    if (!reader.complaint().empty())
        return verdict(Health::Unknown, reader.complaint());
    return health;
}

bool isPendingDeletion(const core::Json& object)
{
    ObjectReader reader(object);
    return object.is_object() && isLeaving(reader);
}

} // namespace gitops
