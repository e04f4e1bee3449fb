// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/strings.h"
#include "gitops/health/builtinhealth.h"

#include <fmt/format.h>

namespace gitops {

using core::Health;

namespace {

/// kubelet's reasons for a container that waits because something went wrong.
bool isFailure(std::string_view reason)
{
    return reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff");
}

bool isHook(const ObjectReader& pod)
{
    return !pod.annotation("argocd.argoproj.io/hook").empty()
        || !pod.annotation("helm.sh/hook").empty();
}

/// Judged as a pod that should run on for ever.
bool isLongRunning(ObjectReader& pod)
{
    return pod.text("spec.restartPolicy") == "Always"
        || (pod.annotation("argocd.argoproj.io/ignore-restart-policy") == "true" && !isHook(pod));
}

std::vector<std::string> waitingFailures(ObjectReader& pod)
{
    std::vector<std::string> messages;
    for (const core::Json* each : pod.objects("status.containerStatuses")) {
        ObjectReader container(*each);
        const std::string reason = container.text("state.waiting.reason");
        if (!isFailure(reason))
            continue;
        const std::string message = container.text("state.waiting.message");
        messages.push_back(fmt::format("container {}: {}", container.text("name"),
                                       message.empty() ? reason : message));
    }
    return messages;
}

std::string terminationMessage(const core::Json& status)
{
    ObjectReader container(status);
    if (!container.at("state.terminated"))
        return {};
    if (const std::string message = container.text("state.terminated.message"); !message.empty())
        return message;
    if (container.text("state.terminated.reason") == "OOMKilled")
        return "OOMKilled";
    const std::int64_t code = container.integer("state.terminated.exitCode");
    return code == 0
        ? ""
        : fmt::format("container {} failed with exit code {}", container.text("name"), code);
}

core::HealthAssessment failedPod(ObjectReader& pod)
{
    if (const std::string message = pod.text("status.message"); !message.empty())
        return verdict(Health::Degraded, message);
    for (const char* path : {"status.containerStatuses", "status.initContainerStatuses"})
        for (const core::Json* each : pod.objects(path))
            if (const std::string message = terminationMessage(*each); !message.empty())
                return verdict(Health::Degraded, message);
    return verdict(Health::Degraded, pod.text("status.reason"));
}

core::HealthAssessment runningPod(ObjectReader& pod, bool longRunning)
{
    if (!longRunning)
        return verdict(Health::Progressing, pod.text("status.message"));
    for (const Condition& condition : pod.conditions())
        if (condition.type == "Ready" && condition.status == "True")
            return verdict(Health::Healthy, pod.text("status.message"));
    for (const core::Json* each : pod.objects("status.containerStatuses")) {
        ObjectReader container(*each);
        if (container.at("lastState.terminated"))
            return verdict(Health::Degraded,
                           fmt::format("container {} was restarted and the pod is not ready",
                                       container.text("name")));
    }
    return verdict(Health::Progressing, pod.text("status.message"));
}

} // namespace

core::HealthAssessment podHealth(ObjectReader& object)
{
    const bool longRunning = isLongRunning(object);
    if (longRunning)
        if (const auto messages = waitingFailures(object); !messages.empty())
            return verdict(Health::Degraded, core::join(messages, ", "));
    const std::string phase = object.text("status.phase");
    if (phase == "Pending")
        return verdict(Health::Progressing, object.text("status.message"));
    if (phase == "Running")
        return runningPod(object, longRunning);
    if (phase == "Succeeded")
        return verdict(Health::Healthy, object.text("status.message"));
    if (phase == "Failed")
        return failedPod(object);
    return verdict(Health::Unknown, object.text("status.message"));
}

} // namespace gitops
