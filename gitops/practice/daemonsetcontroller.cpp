// SPDX-License-Identifier: GPL-3.0-or-later
// DaemonSets: a pod on every node.
#include "gitops/practice/controllers.h"
#include "gitops/practice/objectmeta.h"

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kPod {"", "Pod"};
const core::GroupKind kNode {"", "Node"};
constexpr std::string_view kRevision = "controller-revision-hash";

class DaemonSetController : public Controller
{
public:
    core::GroupKind kind() const override { return {"apps", "DaemonSet"}; }
    std::vector<core::GroupKind> alsoFollows() const override { return {kPod, kNode}; }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override;
    std::optional<std::chrono::milliseconds> reconcile(const ControllerKey& key,
                                                       ControllerContext& context) override;
};

std::vector<ControllerKey> DaemonSetController::concerned(const core::Json& changed,
                                                          const ControllerContext& context) const
{
    if (core::stringAt(changed, {"kind"}) != "Node")
        return Controller::concerned(changed, context);
    std::vector<ControllerKey> keys;
    for (const ObjectPtr& set : context.client.list(kind(), ""))
        keys.push_back({std::string(core::stringAt(*set, {"metadata", "namespace"})),
                        std::string(core::stringAt(*set, {"metadata", "name"}))});
    return keys;
}

bool selects(const core::Json& set, const core::Json& node)
{
    const core::Json* wanted = core::findPath(set, {"spec", "template", "spec", "nodeSelector"});
    if (!wanted || !wanted->is_object())
        return true;
    for (const auto& [key, value] : wanted->get_object())
        if (!value.is_string()
            || core::stringAt(node, {"metadata", "labels", key})
                != std::string_view(value.get_string()))
            return false;
    return true;
}

void createPod(const core::Json& set, const std::string& node, const std::string& revision,
               ControllerContext& context)
{
    core::Json pod =
        podFromTemplate(set, *core::findPath(set, {"spec", "template"}),
                        std::string(core::stringAt(set, {"metadata", "name"})) + "-", true);
    core::Json& labels = metadataOf(pod)["labels"];
    if (!labels.is_object())
        labels = core::JsonObject {};
    labels.get_object()[kRevision] = revision;
    pod.as_object()["spec"].as_object()["nodeName"] = node;
    context.client.create(std::move(pod));
}

void report(const core::Json& set, std::int64_t nodes, const std::vector<ObjectPtr>& pods,
            const std::string& revision, ControllerContext& context)
{
    std::int64_t ready = 0;
    std::int64_t updated = 0;
    for (const ObjectPtr& pod : pods) {
        ready += isPodReady(*pod);
        updated += core::stringAt(*pod, {"metadata", "labels", kRevision}) == revision;
    }
    core::JsonObject status {
        {"currentNumberScheduled", std::int64_t(pods.size())},
        {"numberMisscheduled", 0},
        {"desiredNumberScheduled", nodes},
        {"numberReady", ready},
        {"observedGeneration", core::integerAt(set, {"metadata", "generation"}, 1)}};
    if (updated > 0)
        status["updatedNumberScheduled"] = updated;
    if (ready > 0)
        status["numberAvailable"] = ready;
    if (nodes > ready)
        status["numberUnavailable"] = nodes - ready;
    setStatus(context, set, std::move(status));
}

std::optional<std::chrono::milliseconds> DaemonSetController::reconcile(const ControllerKey& key,
                                                                        ControllerContext& context)
{
    const ObjectPtr set = context.client.get(kind(), key.namespaceName, key.name);
    if (!set || isTerminating(*set))
        return std::nullopt;
    const std::string revision = templateHash(*core::findPath(*set, {"spec", "template"}));
    std::map<std::string, ObjectPtr> byNode;
    for (ObjectPtr& pod : controlledBy(context, kPod, *set))
        byNode[std::string(core::stringAt(*pod, {"spec", "nodeName"}))] = std::move(pod);
    std::int64_t nodes = 0;
    bool replacing = false;
    for (const ObjectPtr& node : context.client.list(kNode, "")) {
        if (!selects(*set, *node))
            continue;
        ++nodes;
        const std::string name(core::stringAt(*node, {"metadata", "name"}));
        const auto pod = byNode.find(name);
        if (pod == byNode.end()) {
            createPod(*set, name, revision, context);
            continue;
        }
        const bool old =
            core::stringAt(*pod->second, {"metadata", "labels", kRevision}) != revision;
        replacing = replacing || !isPodReady(*pod->second);
        if (old && !replacing && !isTerminating(*pod->second)) {
            context.client.remove(*pod->second, false);
            replacing = true;
        }
    }
    if (const ObjectPtr latest = context.client.get(kind(), key.namespaceName, key.name))
        report(*latest, nodes, controlledBy(context, kPod, *latest), revision, context);
    return std::nullopt;
}

} // namespace

std::unique_ptr<Controller> makeDaemonSetController()
{
    return std::make_unique<DaemonSetController>();
}

} // namespace gitops::practice
