// SPDX-License-Identifier: GPL-3.0-or-later
// Scheduler and kubelet: gives a pod a node, starts it, runs it to its end, takes it down.
#include "gitops/practice/controllers.h"
#include "gitops/practice/jsonpath.h"

#include <fmt/format.h>

#include <set>

namespace gitops::practice {

namespace {

/// On a pod: what goes wrong with it ("ImagePullBackOff", "CrashLoopBackOff", "NotReady").
constexpr std::string_view kSimulate = "practice.wavewright.dev/simulate";
const core::GroupKind kNode {"", "Node"};
const core::GroupKind kClaim {"", "PersistentVolumeClaim"};

std::string_view spaceOf(const core::Json& object)
{
    return core::stringAt(object, {"metadata", "namespace"});
}

bool fits(const core::Json& node, const core::Json& pod)
{
    if (core::boolAt(node, {"spec", "unschedulable"}))
        return false;
    const core::Json* wanted = core::findPath(pod, {"spec", "nodeSelector"});
    if (!wanted || !wanted->is_object())
        return true;
    for (const auto& [key, value] : wanted->get_object())
        if (!value.is_string()
            || core::stringAt(node, {"metadata", "labels", key})
                != std::string_view(value.get_string()))
            return false;
    return true;
}

/// The fitting node; a pod's name spreads pods evenly enough.
std::string chooseNode(const ControllerContext& context, const core::Json& pod)
{
    std::vector<std::string> nodes;
    for (const ObjectPtr& node : context.client.list(kNode, ""))
        if (fits(*node, pod))
            nodes.emplace_back(core::stringAt(*node, {"metadata", "name"}));
    if (nodes.empty())
        return {};
    return nodes[std::hash<std::string_view> {}(core::stringAt(pod, {"metadata", "uid"}))
                 % nodes.size()];
}

/// Names at the paths, less those that may be missing ("optional").
std::set<std::string> referenced(const core::Json& pod, std::string_view memberName,
                                 std::initializer_list<std::string_view> paths)
{
    std::set<std::string> names;
    for (std::string_view path : paths)
        for (const core::Json* each : valuesAt(pod, path))
            if (!core::boolAt(*each, {"optional"}))
                if (const std::string_view name = core::stringAt(*each, {memberName});
                    !name.empty())
                    names.emplace(name);
    return names;
}

std::set<std::string> claimNames(const core::Json& pod)
{
    return referenced(pod, "claimName", {".spec.volumes[*].persistentVolumeClaim"});
}

std::set<std::string> mapNames(const core::Json& pod)
{
    return referenced(pod, "name",
                      {".spec.volumes[*].configMap", ".spec.containers[*].envFrom[*].configMapRef",
                       ".spec.containers[*].env[*].valueFrom.configMapKeyRef"});
}

std::set<std::string> secretNames(const core::Json& pod)
{
    std::set<std::string> names = referenced(pod, "name",
                                             {".spec.containers[*].envFrom[*].secretRef",
                                              ".spec.containers[*].env[*].valueFrom.secretKeyRef"});
    names.merge(referenced(pod, "secretName", {".spec.volumes[*].secret"}));
    return names;
}

/// What the pod waits for before it can be scheduled, as the scheduler would say it; "".
std::string unboundClaim(const ControllerContext& context, const core::Json& pod)
{
    for (const std::string& name : claimNames(pod)) {
        const ObjectPtr claim = context.client.get(kClaim, spaceOf(pod), name);
        if (!claim)
            return fmt::format("persistentvolumeclaim \"{}\" not found", name);
        if (core::stringAt(*claim, {"status", "phase"}) != "Bound")
            return "pod has unbound immediate PersistentVolumeClaims";
    }
    return {};
}

/// What the kubelet misses; "".
std::string missingReference(const ControllerContext& context, const core::Json& pod)
{
    for (const std::string& name : mapNames(pod))
        if (!context.client.get({"", "ConfigMap"}, spaceOf(pod), name))
            return fmt::format("configmap \"{}\" not found", name);
    for (const std::string& name : secretNames(pod))
        if (!context.client.get({"", "Secret"}, spaceOf(pod), name))
            return fmt::format("secret \"{}\" not found", name);
    return {};
}

std::string podAddress(const core::Json& pod)
{
    const std::size_t hash =
        std::hash<std::string_view> {}(core::stringAt(pod, {"metadata", "uid"}));
    return fmt::format("10.244.{}.{}", hash % 250, (hash >> 8) % 250 + 2);
}

/// How far a pod has come.
struct Progress
{
    enum class Stage
    {
        Creating,
        Running,
        Done
    } stage = Stage::Creating;
    bool ready = false;
    std::string waitingReason = "ContainerCreating";
    std::string message;
};

core::Json containerState(const Progress& progress, const std::string& since,
                          const std::string& now)
{
    if (progress.stage == Progress::Stage::Running && progress.waitingReason.empty())
        return core::JsonObject {{"running", core::JsonObject {{"startedAt", since}}}};
    if (progress.stage == Progress::Stage::Done)
        return core::JsonObject {{"terminated",
                                  core::JsonObject {{"exitCode", 0},
                                                    {"reason", "Completed"},
                                                    {"startedAt", since},
                                                    {"finishedAt", now}}}};
    core::JsonObject waiting {{"reason", progress.waitingReason}};
    if (!progress.message.empty())
        waiting["message"] = progress.message;
    return core::JsonObject {{"waiting", std::move(waiting)}};
}

core::JsonArray containerStatuses(const core::Json& pod, const Progress& progress,
                                  const std::string& now)
{
    core::JsonArray statuses;
    const std::string started(core::stringAt(pod, {"status", "startTime"}));
    const core::Json* before = core::findPath(pod, {"status", "containerStatuses"});
    const bool running =
        progress.stage == Progress::Stage::Running && progress.waitingReason.empty();
    std::size_t index = 0;
    for (const core::Json* container : valuesAt(pod, ".spec.containers[*]")) {
        core::Json state = containerState(progress, started, now);
        // A state of the same sort keeps its times.
        if (before && before->is_array() && index < before->get_array().size())
            if (const core::Json* old = core::find(before->get_array()[index], "state"); old
                && old->is_object() && !old->get_object().empty()
                && old->get_object().begin()->key() == state.as_object().begin()->key()
                && progress.waitingReason.empty())
                state = *old;
        const std::string_view image = core::stringAt(*container, {"image"});
        core::JsonObject status {
            {"name", core::stringAt(*container, {"name"})},
            {"state", std::move(state)},
            {"lastState", core::JsonObject {}},
            {"ready", progress.ready},
            {"restartCount", progress.waitingReason == "CrashLoopBackOff" ? 3 : 0},
            {"image", image},
            {"imageID", running ? "simulated://" + std::string(image) : ""},
            {"started", running}};
        statuses.push_back(std::move(status));
        ++index;
    }
    return statuses;
}

class PodController : public Controller
{
public:
    core::GroupKind kind() const override { return {"", "Pod"}; }
    std::vector<core::GroupKind> alsoFollows() const override
    {
        return {kNode, kClaim, {"", "ConfigMap"}, {"", "Secret"}};
    }
    std::vector<ControllerKey> concerned(const core::Json& changed,
                                         const ControllerContext& context) const override;
    std::optional<std::chrono::milliseconds> reconcile(const ControllerKey& key,
                                                       ControllerContext& context) override;

private:
    using Wait = std::optional<std::chrono::milliseconds>;
    static Wait schedule(const core::Json& pod, ControllerContext& context);
    static Wait run(const core::Json& pod, ControllerContext& context);
    static void write(const core::Json& pod, const Progress& progress, ControllerContext& context);
};

/// Pods that still wait for something of that name.
std::vector<ControllerKey> PodController::concerned(const core::Json& changed,
                                                    const ControllerContext& context) const
{
    const std::string_view what = core::stringAt(changed, {"kind"});
    const std::string name(core::stringAt(changed, {"metadata", "name"}));
    std::vector<ControllerKey> keys;
    for (const ObjectPtr& pod : context.client.list(kind(), spaceOf(changed))) {
        if (core::stringAt(*pod, {"status", "phase"}) != "Pending")
            continue;
        const bool matters = what == "Node"
            || (what == "ConfigMap" && mapNames(*pod).contains(name))
            || (what == "Secret" && secretNames(*pod).contains(name))
            || (what == "PersistentVolumeClaim" && claimNames(*pod).contains(name));
        if (matters)
            keys.push_back({std::string(spaceOf(*pod)),
                            std::string(core::stringAt(*pod, {"metadata", "name"}))});
    }
    return keys;
}

PodController::Wait PodController::reconcile(const ControllerKey& key, ControllerContext& context)
{
    const ObjectPtr pod = context.client.get(kind(), key.namespaceName, key.name);
    if (!pod)
        return std::nullopt;
    if (isTerminating(*pod)) {
        const auto grace = std::chrono::seconds(
            core::integerAt(*pod, {"metadata", "deletionGracePeriodSeconds"}, 0));
        const auto deadline =
            since(context.now, core::stringAt(*pod, {"metadata", "deletionTimestamp"}));
        const auto elapsed = deadline.value_or(std::chrono::milliseconds(0)) + grace;
        const auto wanted =
            std::min<std::chrono::milliseconds>(context.delays.of("pod.stopped"), grace);
        if (elapsed < wanted)
            return wanted - elapsed;
        if (grace.count() > 0)
            context.client.remove(*pod, true);
        return std::nullopt;
    }
    const std::string_view phase = core::stringAt(*pod, {"status", "phase"});
    if (phase == "Succeeded" || phase == "Failed")
        return std::nullopt;
    return core::stringAt(*pod, {"spec", "nodeName"}).empty() ? schedule(*pod, context)
                                                              : run(*pod, context);
}

PodController::Wait PodController::schedule(const core::Json& pod, ControllerContext& context)
{
    if (const std::string_view scheduler = core::stringAt(pod, {"spec", "schedulerName"});
        !scheduler.empty() && scheduler != "default-scheduler")
        return std::nullopt;
    const auto age = since(context.now, core::stringAt(pod, {"metadata", "creationTimestamp"}));
    const auto wanted = context.delays.of("pod.scheduled");
    if (age && *age < wanted)
        return wanted - *age;
    std::string problem = unboundClaim(context, pod);
    const std::string node = chooseNode(context, pod);
    if (problem.empty() && node.empty())
        problem = "0 nodes are available: no node matched the pod's node selector";
    if (!problem.empty()) {
        core::JsonObject status {{"phase", "Pending"}};
        status["conditions"] = core::JsonArray {
            makeCondition("PodScheduled", false, "Unschedulable", problem, context.now)};
        setStatus(context, pod, std::move(status));
        return std::nullopt;
    }
    core::Json bound = pod;
    bound.as_object()["spec"].as_object()["nodeName"] = node;
    context.client.update(std::move(bound), "");
    return std::nullopt;
}

PodController::Wait PodController::run(const core::Json& pod, ControllerContext& context)
{
    Progress progress;
    const auto elapsed = since(context.now, core::stringAt(pod, {"status", "startTime"}));
    if (!elapsed) { // the kubelet sees it for the first time
        write(pod, progress, context);
        return std::chrono::milliseconds(0);
    }
    const std::string missing = missingReference(context, pod);
    if (!missing.empty() && core::stringAt(pod, {"status", "phase"}) != "Running") {
        progress.waitingReason = "CreateContainerConfigError";
        progress.message = missing;
        write(pod, progress, context);
        return std::nullopt;
    }
    const auto untilReady = context.delays.of("pod.ready");
    if (*elapsed < untilReady)
        return untilReady - *elapsed;
    const std::string_view trouble = core::stringAt(pod, {"metadata", "annotations", kSimulate});
    if (!trouble.empty() && trouble != "NotReady") {
        progress.waitingReason = trouble;
        progress.message = "simulated by the practice cluster";
        if (trouble == "CrashLoopBackOff")
            progress.stage = Progress::Stage::Running;
        write(pod, progress, context);
        return std::nullopt;
    }
    progress.stage = Progress::Stage::Running;
    progress.waitingReason.clear();
    progress.ready = trouble.empty();
    const auto untilDone = untilReady + context.delays.of("pod.done");
    const bool ends = core::stringAt(pod, {"spec", "restartPolicy"}) != "Always";
    if (ends && *elapsed >= untilDone) {
        progress.stage = Progress::Stage::Done;
        progress.ready = false;
    }
    write(pod, progress, context);
    return ends && *elapsed < untilDone ? Wait(untilDone - *elapsed) : std::nullopt;
}

void PodController::write(const core::Json& pod, const Progress& progress,
                          ControllerContext& context)
{
    const bool done = progress.stage == Progress::Stage::Done;
    const bool running = progress.stage == Progress::Stage::Running;
    std::string started(core::stringAt(pod, {"status", "startTime"}));
    if (started.empty())
        started = context.nowText();
    core::JsonObject status {{"phase", done ? "Succeeded" : running ? "Running" : "Pending"}};
    const std::string why = done ? "PodCompleted" : progress.ready ? "" : "ContainersNotReady";
    status["observedGeneration"] = core::integerAt(pod, {"metadata", "generation"}, 1);
    status["conditions"] = core::JsonArray {
        makeCondition("PodReadyToStartContainers", running || done, "", "", context.now),
        makeCondition("Initialized", true, done ? why : "", "", context.now),
        makeCondition("Ready", progress.ready, why, progress.message, context.now),
        makeCondition("ContainersReady", progress.ready, why, progress.message, context.now),
        makeCondition("PodScheduled", true, "", "", context.now)};
    status["hostIP"] = "192.168.49.2";
    status["hostIPs"] = core::JsonArray {core::JsonObject {{"ip", "192.168.49.2"}}};
    if (running || done) {
        status["podIP"] = podAddress(pod);
        status["podIPs"] = core::JsonArray {core::JsonObject {{"ip", podAddress(pod)}}};
    }
    status["startTime"] = started;
    status["qosClass"] = "Burstable";
    status["containerStatuses"] = containerStatuses(pod, progress, context.nowText());
    setStatus(context, pod, std::move(status));
}

} // namespace

std::unique_ptr<Controller> makePodController()
{
    return std::make_unique<PodController>();
}

core::Json podFromTemplate(const core::Json& owner, const core::Json& podTemplate,
                           std::string_view name, bool generate)
{
    core::JsonObject metadata {{generate ? "generateName" : "name", name},
                               {"namespace", spaceOf(owner)}};
    for (std::string_view key : {"labels", "annotations"})
        if (const core::Json* value = core::findPath(podTemplate, {"metadata", key}))
            metadata[key] = *value;
    metadata["ownerReferences"] = core::JsonArray {controllerReference(owner)};
    const core::Json* spec = core::find(podTemplate, "spec");
    return core::JsonObject {{"apiVersion", "v1"},
                             {"kind", "Pod"},
                             {"metadata", std::move(metadata)},
                             {"spec", spec ? *spec : core::Json(core::JsonObject {})}};
}

} // namespace gitops::practice
