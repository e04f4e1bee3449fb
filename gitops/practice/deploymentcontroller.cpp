// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments through ReplicaSets to Pods.
#include "gitops/practice/controllers.h"

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kReplicaSet {"apps", "ReplicaSet"};
constexpr std::string_view kHash = "pod-template-hash";
constexpr std::string_view kRevision = "deployment.kubernetes.io/revision";

using Wait = std::optional<std::chrono::milliseconds>;

std::int64_t replicasOf(const core::Json& object)
{
    return core::integerAt(object, {"spec", "replicas"}, 1);
}

bool isFinished(const core::Json& pod)
{
    const std::string_view phase = core::stringAt(pod, {"status", "phase"});
    return phase == "Succeeded" || phase == "Failed";
}

class ReplicaSetController : public Controller
{
public:
    core::GroupKind kind() const override { return kReplicaSet; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kPod}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;
};

Wait ReplicaSetController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr set = context.client.get(kind(), key.namespaceName, key.name);
    if (!set || isTerminating(*set))
        return std::nullopt;
    std::vector<ObjectPtr> pods = controlledBy(context, kPod, *set);
    std::erase_if(pods,
                  [](const ObjectPtr& pod) { return isTerminating(*pod) || isFinished(*pod); });
    const std::int64_t wanted = replicasOf(*set);
    // Those that are not ready go first.
    std::ranges::stable_partition(pods, [](const ObjectPtr& pod) { return isPodReady(*pod); });
    for (std::size_t i = std::size_t(std::max<std::int64_t>(wanted, 0)); i < pods.size(); ++i)
        context.client.remove(*pods[i], false);
    std::optional<ApiError> refused;
    for (std::int64_t i = std::int64_t(pods.size()); i < wanted && !refused; ++i)
        context.client.create(podFromTemplate(*set, *core::findPath(*set, {"spec", "template"}),
                                              key.name + "-", true),
                              [&](const ApiError& error) { refused = error; });
    const std::size_t kept = std::min(pods.size(), std::size_t(std::max<std::int64_t>(wanted, 0)));
    const auto ready = std::count_if(pods.begin(), pods.begin() + std::ptrdiff_t(kept),
                                     [](const ObjectPtr& pod) { return isPodReady(*pod); });
    const std::int64_t number = refused ? std::int64_t(kept) : wanted;
    core::JsonObject status {{"replicas", number}};
    if (number > 0)
        status["fullyLabeledReplicas"] = number;
    if (ready > 0) {
        status["readyReplicas"] = ready;
        status["availableReplicas"] = ready;
    }
    status["observedGeneration"] = core::integerAt(*set, {"metadata", "generation"}, 1);
    if (refused) {
        // The message names the pod, whose name is another each time: the first one stays.
        const core::Json* before = core::findPath(*set, {"status", "conditions"});
        status["conditions"] = before && before->is_array()
            ? before->get_array()
            : core::JsonArray {makeCondition("ReplicaFailure", true, "FailedCreate",
                                             refused->message, context.now)};
    }
    if (const ObjectPtr latest = context.client.get(kind(), key.namespaceName, key.name))
        setStatus(context, *latest, std::move(status));
    // A quota may have room later; nothing tells of it.
    return refused ? Wait(std::chrono::seconds(5)) : std::nullopt;
}

class DeploymentController : public Controller
{
public:
    core::GroupKind kind() const override { return {"apps", "Deployment"}; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kReplicaSet}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    static ObjectPtr newSet(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                            const std::string& hash);
    static void createSet(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                          const std::string& hash, ControllerContext& context);
    static void scale(const core::Json& set, std::int64_t replicas, ControllerContext& context);
    static void report(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                       const ObjectPtr& current, ControllerContext& context);
    static void clean(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                      const ObjectPtr& current, ControllerContext& context);
};

ObjectPtr DeploymentController::newSet(const core::Json&, const std::vector<ObjectPtr>& sets,
                                       const std::string& hash)
{
    for (const ObjectPtr& set : sets)
        if (core::stringAt(*set, {"metadata", "labels", kHash}) == hash)
            return set;
    return nullptr;
}

void DeploymentController::createSet(const core::Json& deployment,
                                     const std::vector<ObjectPtr>& sets, const std::string& hash,
                                     ControllerContext& context)
{
    std::int64_t revision = 0;
    for (const ObjectPtr& set : sets)
        revision = std::max<std::int64_t>(
            revision,
            std::atoll(
                std::string(core::stringAt(*set, {"metadata", "annotations", kRevision})).c_str()));
    core::Json podTemplate = *core::findPath(deployment, {"spec", "template"});
    core::Json& labels = podTemplate.as_object()["metadata"].as_object()["labels"];
    if (!labels.is_object())
        labels = core::JsonObject {};
    labels.get_object()[kHash] = hash;
    core::Json selector = *core::findPath(deployment, {"spec", "selector"});
    if (core::Json* match = core::find(selector, "matchLabels"); match && match->is_object())
        match->get_object()[kHash] = hash;
    const std::string name(core::stringAt(deployment, {"metadata", "name"}));
    core::JsonObject metadata {
        {"name", name + "-" + hash},
        {"namespace", core::stringAt(deployment, {"metadata", "namespace"})},
        {"labels", labels},
        {"annotations", core::JsonObject {{kRevision, std::to_string(revision + 1)}}},
        {"ownerReferences", core::JsonArray {controllerReference(deployment)}}};
    core::JsonObject spec {{"replicas", replicasOf(deployment)},
                           {"selector", std::move(selector)},
                           {"template", std::move(podTemplate)}};
    context.client.create(core::JsonObject {{"apiVersion", "apps/v1"},
                                            {"kind", "ReplicaSet"},
                                            {"metadata", std::move(metadata)},
                                            {"spec", std::move(spec)}});
}

void DeploymentController::scale(const core::Json& set, std::int64_t replicas,
                                 ControllerContext& context)
{
    if (replicasOf(set) == replicas)
        return;
    core::Json next = set;
    next.as_object()["spec"].as_object()["replicas"] = replicas;
    context.client.update(std::move(next), "");
}

Wait DeploymentController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr deployment = context.client.get(kind(), key.namespaceName, key.name);
    if (!deployment || isTerminating(*deployment))
        return std::nullopt;
    std::vector<ObjectPtr> sets = controlledBy(context, kReplicaSet, *deployment);
    const std::string hash = templateHash(*core::findPath(*deployment, {"spec", "template"}));
    ObjectPtr current = newSet(*deployment, sets, hash);
    if (!current && !core::boolAt(*deployment, {"spec", "paused"})) {
        createSet(*deployment, sets, hash, context);
        sets = controlledBy(context, kReplicaSet, *deployment);
        current = newSet(*deployment, sets, hash);
    }
    const std::int64_t wanted = replicasOf(*deployment);
    const bool recreate = core::stringAt(*deployment, {"spec", "strategy", "type"}) == "Recreate";
    bool oldPodsLeft = false;
    for (const ObjectPtr& set : sets)
        oldPodsLeft =
            oldPodsLeft || (set != current && core::integerAt(*set, {"status", "replicas"}, 0) > 0);
    if (current)
        scale(*current, recreate && oldPodsLeft ? 0 : wanted, context);
    const std::int64_t available =
        current ? core::integerAt(*current, {"status", "availableReplicas"}, 0) : 0;
    for (const ObjectPtr& set : sets)
        if (set != current && (recreate || (current && available >= wanted)))
            scale(*set, 0, context);
    sets = controlledBy(context, kReplicaSet, *deployment);
    current = newSet(*deployment, sets, hash);
    report(*deployment, sets, current, context);
    clean(*deployment, sets, current, context);
    return std::nullopt;
}

void DeploymentController::report(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                                  const ObjectPtr& current, ControllerContext& context)
{
    std::int64_t replicas = 0;
    std::int64_t ready = 0;
    core::JsonArray conditions;
    for (const ObjectPtr& set : sets) {
        replicas += core::integerAt(*set, {"status", "replicas"}, 0);
        ready += core::integerAt(*set, {"status", "readyReplicas"}, 0);
    }
    const std::int64_t wanted = replicasOf(deployment);
    const std::int64_t updated = current ? core::integerAt(*current, {"status", "replicas"}, 0) : 0;
    const bool complete = updated == wanted && replicas == wanted && ready == wanted;
    core::JsonObject status {
        {"observedGeneration", core::integerAt(deployment, {"metadata", "generation"}, 1)}};
    const auto put = [&status](std::string_view key, std::int64_t value) {
        if (value > 0)
            status[key] = value;
    };
    put("replicas", replicas);
    put("updatedReplicas", updated);
    put("readyReplicas", ready);
    put("availableReplicas", ready);
    put("unavailableReplicas", wanted - ready);
    const bool available = ready >= wanted;
    const std::string name =
        current ? std::string(core::stringAt(*current, {"metadata", "name"})) : "";
    core::Json progressing = makeCondition(
        "Progressing", true, complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
        "ReplicaSet \"" + name
            + (complete ? "\" has successfully progressed." : "\" is progressing."),
        context.now);
    core::Json isAvailable =
        makeCondition("Available", available,
                      available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                      available ? "Deployment has minimum availability."
                                : "Deployment does not have minimum availability.",
                      context.now);
    for (core::Json* condition : {&progressing, &isAvailable})
        condition->as_object()["lastUpdateTime"] = context.nowText();
    conditions.push_back(std::move(isAvailable));
    conditions.push_back(std::move(progressing));
    if (current)
        if (const core::Json* own = core::findPath(*current, {"status", "conditions"});
            own && own->is_array())
            for (const core::Json& each : own->get_array())
                conditions.push_back(each); // ReplicaFailure: a quota, say
    status["conditions"] = std::move(conditions);
    const ObjectPtr latest = context.client.get(
        {"apps", "Deployment"}, core::stringAt(deployment, {"metadata", "namespace"}),
        core::stringAt(deployment, {"metadata", "name"}));
    if (latest)
        setStatus(context, *latest, std::move(status));
}

/// Old empty ReplicaSets beyond the history limit go.
void DeploymentController::clean(const core::Json& deployment, const std::vector<ObjectPtr>& sets,
                                 const ObjectPtr& current, ControllerContext& context)
{
    std::vector<ObjectPtr> old;
    for (const ObjectPtr& set : sets)
        if (set != current && replicasOf(*set) == 0
            && core::integerAt(*set, {"status", "replicas"}, 0) == 0)
            old.push_back(set);
    const std::int64_t limit = core::integerAt(deployment, {"spec", "revisionHistoryLimit"}, 10);
    const auto revisionOf = [](const ObjectPtr& set) {
        return std::atoll(
            std::string(core::stringAt(*set, {"metadata", "annotations", kRevision})).c_str());
    };
    std::ranges::sort(old, {}, revisionOf);
    for (std::size_t i = 0; i + std::size_t(std::max<std::int64_t>(limit, 0)) < old.size(); ++i)
        context.client.remove(*old[i], false);
}

} // namespace

std::unique_ptr<Controller> makeReplicaSetController()
{
    return std::make_unique<ReplicaSetController>();
}

std::unique_ptr<Controller> makeDeploymentController()
{
    return std::make_unique<DeploymentController>();
}

} // namespace gitops::practice
