// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/health/builtinhealth.h"

#include <fmt/format.h>

namespace gitops {

using core::Health;

namespace {

/// The controller has not looked at the newest spec yet.
bool isBehind(ObjectReader& object)
{
    return object.integer("status.observedGeneration") < object.generation();
}

core::HealthAssessment behind(ObjectReader& object)
{
    return verdict(
        Health::Progressing,
        fmt::format("Waiting for the controller to observe generation {}", object.generation()));
}

core::HealthAssessment countOf(std::string_view what, std::int64_t have, std::int64_t want)
{
    return verdict(Health::Progressing,
                   fmt::format("Waiting for rollout: {} of {} {}", have, want, what));
}

} // namespace

core::HealthAssessment deploymentHealth(ObjectReader& object)
{
    if (object.flag("spec.paused"))
        return verdict(Health::Suspended, "Deployment is paused");
    if (isBehind(object))
        return behind(object);
    for (const Condition& condition : object.conditions())
        if (condition.type == "Progressing" && condition.reason == "ProgressDeadlineExceeded")
            return verdict(Health::Degraded, "Progress deadline exceeded: " + condition.message);
    const std::optional<std::int64_t> wanted = object.maybeInteger("spec.replicas");
    const std::int64_t all = object.integer("status.replicas");
    const std::int64_t updated = object.integer("status.updatedReplicas");
    const std::int64_t available = object.integer("status.availableReplicas");
    if (wanted && updated < *wanted)
        return countOf("replicas updated", updated, *wanted);
    if (all > updated)
        return verdict(Health::Progressing,
                       fmt::format("Waiting for {} old replicas to terminate", all - updated));
    if (available < updated)
        return countOf("updated replicas available", available, updated);
    return verdict(Health::Healthy);
}

core::HealthAssessment statefulSetHealth(ObjectReader& object)
{
    if (object.integer("status.observedGeneration") == 0 || isBehind(object))
        return behind(object);
    const std::optional<std::int64_t> wanted = object.maybeInteger("spec.replicas");
    const std::int64_t ready = object.integer("status.readyReplicas");
    if (wanted && ready < *wanted)
        return countOf("pods ready", ready, *wanted);
    const std::string strategy = object.text("spec.updateStrategy.type");
    if (strategy == "RollingUpdate" && object.at("spec.updateStrategy.rollingUpdate")) {
        const std::optional<std::int64_t> partition =
            object.maybeInteger("spec.updateStrategy.rollingUpdate.partition");
        const std::int64_t updated = object.integer("status.updatedReplicas");
        if (wanted && partition && updated < *wanted - *partition)
            return countOf("pods updated", updated, *wanted - *partition);
        return verdict(Health::Healthy);
    }
    if (strategy == "OnDelete")
        return verdict(Health::Healthy, "Pods are updated as they are deleted");
    const std::string newest = object.text("status.updateRevision");
    if (newest != object.text("status.currentRevision"))
        return verdict(Health::Progressing,
                       fmt::format("Waiting for rollout of revision {}", newest));
    return verdict(Health::Healthy);
}

core::HealthAssessment daemonSetHealth(ObjectReader& object)
{
    if (isBehind(object))
        return behind(object);
    if (object.text("spec.updateStrategy.type") == "OnDelete")
        return verdict(Health::Healthy, "Pods are updated as they are deleted");
    const std::int64_t wanted = object.integer("status.desiredNumberScheduled");
    const std::int64_t updated = object.integer("status.updatedNumberScheduled");
    if (updated < wanted)
        return countOf("pods updated", updated, wanted);
    const std::int64_t available = object.integer("status.numberAvailable");
    if (available < wanted)
        return countOf("pods available", available, wanted);
    return verdict(Health::Healthy);
}

core::HealthAssessment replicaSetHealth(ObjectReader& object)
{
    if (isBehind(object))
        return behind(object);
    for (const Condition& condition : object.conditions())
        if (condition.type == "ReplicaFailure" && condition.status == "True")
            return verdict(Health::Degraded, condition.message);
    const std::optional<std::int64_t> wanted = object.maybeInteger("spec.replicas");
    const std::int64_t available = object.integer("status.availableReplicas");
    if (wanted && available < *wanted)
        return countOf("replicas available", available, *wanted);
    return verdict(Health::Healthy);
}

} // namespace gitops
