// SPDX-License-Identifier: GPL-3.0-or-later
// StatefulSets: pods with ordinals and claims of their own, one after the other.
#include "gitops/practice/controllers.h"
#include "gitops/practice/objectmeta.h"

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kClaim {"", "PersistentVolumeClaim"};
constexpr std::string_view kRevision = "controller-revision-hash";

using Wait = std::optional<std::chrono::milliseconds>;

class StatefulSetController : public Controller
{
public:
    core::GroupKind kind() const override { return {"apps", "StatefulSet"}; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kPod}; }
    Wait reconcile(const ControllerKey& key, ControllerContext& context) override;

private:
    struct View
    {
        ObjectPtr set;
        std::string name;
        std::string space;
        std::string revision;
        std::int64_t replicas = 0;
        bool parallel = false;
        std::map<std::int64_t, ObjectPtr> pods; ///< by ordinal
    };
    static View look(const ObjectPtr& set, ControllerContext& context);
    static void ensureClaims(const View& view, const std::string& podName,
                             ControllerContext& context);
    static std::optional<ApiError> createPod(const View& view, std::int64_t ordinal,
                                             ControllerContext& context);
    static std::optional<ApiError> grow(const View& view, ControllerContext& context);
    static void shrink(const View& view, ControllerContext& context);
    static void roll(const View& view, ControllerContext& context);
    static void report(const View& view, ControllerContext& context);
};

StatefulSetController::View StatefulSetController::look(const ObjectPtr& set,
                                                        ControllerContext& context)
{
    View view;
    view.set = set;
    view.name = core::stringAt(*set, {"metadata", "name"});
    view.space = core::stringAt(*set, {"metadata", "namespace"});
    view.revision = view.name + "-" + templateHash(*core::findPath(*set, {"spec", "template"}));
    view.replicas = core::integerAt(*set, {"spec", "replicas"}, 1);
    view.parallel = core::stringAt(*set, {"spec", "podManagementPolicy"}) == "Parallel";
    for (ObjectPtr& pod : controlledBy(context, kPod, *set)) {
        const std::string_view name = core::stringAt(*pod, {"metadata", "name"});
        if (name.size() > view.name.size() + 1)
            view.pods[std::atoll(std::string(name.substr(view.name.size() + 1)).c_str())] =
                std::move(pod);
    }
    return view;
}

Wait StatefulSetController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr set = context.client.get(kind(), key.namespaceName, key.name);
    if (!set || isTerminating(*set))
        return std::nullopt;
    const View view = look(set, context);
    const std::optional<ApiError> refused = grow(view, context);
    shrink(view, context);
    roll(view, context);
    report(look(set, context), context);
    return refused ? Wait(std::chrono::seconds(5)) : std::nullopt;
}

void StatefulSetController::ensureClaims(const View& view, const std::string& podName,
                                         ControllerContext& context)
{
    const core::Json* templates = core::findPath(*view.set, {"spec", "volumeClaimTemplates"});
    if (!templates || !templates->is_array())
        return;
    for (const core::Json& each : templates->get_array()) {
        const std::string name =
            std::string(core::stringAt(each, {"metadata", "name"})) + "-" + podName;
        if (context.client.get(kClaim, view.space, name))
            continue;
        core::JsonObject metadata {{"name", name}, {"namespace", view.space}};
        if (const core::Json* labels =
                core::findPath(*view.set, {"spec", "selector", "matchLabels"}))
            metadata["labels"] = *labels;
        context.client.create(core::JsonObject {{"apiVersion", "v1"},
                                                {"kind", "PersistentVolumeClaim"},
                                                {"metadata", std::move(metadata)},
                                                {"spec", *core::find(each, "spec")}});
    }
}

std::optional<ApiError> StatefulSetController::createPod(const View& view, std::int64_t ordinal,
                                                         ControllerContext& context)
{
    const std::string name = view.name + "-" + std::to_string(ordinal);
    ensureClaims(view, name, context);
    core::Json pod =
        podFromTemplate(*view.set, *core::findPath(*view.set, {"spec", "template"}), name, false);
    core::JsonObject& metadata = metadataOf(pod);
    core::Json& labels = metadata["labels"];
    if (!labels.is_object())
        labels = core::JsonObject {};
    labels.get_object()[kRevision] = view.revision;
    labels.get_object()["statefulset.kubernetes.io/pod-name"] = name;
    labels.get_object()["apps.kubernetes.io/pod-index"] = std::to_string(ordinal);
    core::JsonObject& spec = pod.as_object()["spec"].as_object();
    spec["hostname"] = name;
    if (const std::string_view service = core::stringAt(*view.set, {"spec", "serviceName"});
        !service.empty())
        spec["subdomain"] = service;
    if (const core::Json* templates = core::findPath(*view.set, {"spec", "volumeClaimTemplates"});
        templates && templates->is_array()) {
        core::Json& volumes = spec["volumes"];
        if (!volumes.is_array())
            volumes = core::JsonArray {};
        for (const core::Json& each : templates->get_array()) {
            const std::string claim(core::stringAt(each, {"metadata", "name"}));
            volumes.get_array().push_back(core::JsonObject {
                {"name", claim},
                {"persistentVolumeClaim", core::JsonObject {{"claimName", claim + "-" + name}}}});
        }
    }
    std::optional<ApiError> refused;
    context.client.create(std::move(pod), [&](const ApiError& error) { refused = error; });
    return refused;
}

/// Missing pods, lowest ordinal first; in order means that each waits for the one before.
std::optional<ApiError> StatefulSetController::grow(const View& view, ControllerContext& context)
{
    for (std::int64_t ordinal = 0; ordinal < view.replicas; ++ordinal) {
        const auto pod = view.pods.find(ordinal);
        if (pod == view.pods.end()) {
            if (auto refused = createPod(view, ordinal, context))
                return refused;
            if (!view.parallel)
                return std::nullopt;
        } else if (!view.parallel && !isPodReady(*pod->second)) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

void StatefulSetController::shrink(const View& view, ControllerContext& context)
{
    for (auto it = view.pods.rbegin(); it != view.pods.rend() && it->first >= view.replicas; ++it) {
        if (!isTerminating(*it->second))
            context.client.remove(*it->second, false);
        if (!view.parallel)
            return; // the next one when this one is gone
    }
}

/// Replaces pods of an old template, highest ordinal first, one at a time.
void StatefulSetController::roll(const View& view, ControllerContext& context)
{
    if (core::stringAt(*view.set, {"spec", "updateStrategy", "type"}) == "OnDelete")
        return;
    const std::int64_t partition =
        core::integerAt(*view.set, {"spec", "updateStrategy", "rollingUpdate", "partition"}, 0);
    for (auto it = view.pods.rbegin(); it != view.pods.rend(); ++it) {
        if (it->first >= view.replicas)
            continue;
        if (isTerminating(*it->second))
            return;
        const bool old =
            core::stringAt(*it->second, {"metadata", "labels", kRevision}) != view.revision;
        if (old && it->first >= partition) {
            context.client.remove(*it->second, false);
            return;
        }
        if (!isPodReady(*it->second))
            return;
    }
}

void StatefulSetController::report(const View& view, ControllerContext& context)
{
    std::int64_t current = 0;
    std::int64_t ready = 0;
    std::int64_t updated = 0;
    for (const auto& [ordinal, pod] : view.pods) {
        ++current;
        ready += isPodReady(*pod);
        updated += core::stringAt(*pod, {"metadata", "labels", kRevision}) == view.revision;
    }
    const bool done = updated == view.replicas && current == view.replicas;
    std::string before(core::stringAt(*view.set, {"status", "currentRevision"}));
    if (before.empty() || (done && ready == view.replicas))
        before = view.revision;
    core::JsonObject status {
        {"observedGeneration", core::integerAt(*view.set, {"metadata", "generation"}, 1)},
        {"replicas", current}};
    if (ready > 0)
        status["readyReplicas"] = ready;
    if (before == view.revision ? updated > 0 : current - updated > 0)
        status["currentReplicas"] = before == view.revision ? updated : current - updated;
    if (updated > 0)
        status["updatedReplicas"] = updated;
    status["currentRevision"] = before;
    status["updateRevision"] = view.revision;
    status["collisionCount"] = 0;
    status["availableReplicas"] = ready;
    if (const ObjectPtr latest = context.client.get({"apps", "StatefulSet"}, view.space, view.name))
        setStatus(context, *latest, std::move(status));
}

} // namespace

std::unique_ptr<Controller> makeStatefulSetController()
{
    return std::make_unique<StatefulSetController>();
}

} // namespace gitops::practice
