// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/eventrecorder.h"

#include "core/base/time.h"
#include "gitops/practice/controller.h"

#include <fmt/format.h>

#include <algorithm>

namespace gitops::practice {

namespace {

const core::GroupKind kEvent {"", "Event"};

const core::JsonArray& arrayAt(const core::Json& object,
                               std::initializer_list<std::string_view> path)
{
    static const core::JsonArray none;
    const core::Json* found = core::findPath(object, path);
    return found && found->is_array() ? found->get_array() : none;
}

/// "ContainerCreating", "running", "Completed", "ImagePullBackOff", "Unschedulable" or "".
std::string stateOf(const core::Json& pod)
{
    for (const core::Json& condition : arrayAt(pod, {"status", "conditions"}))
        if (core::stringAt(condition, {"reason"}) == "Unschedulable")
            return "Unschedulable";
    for (const core::Json& status : arrayAt(pod, {"status", "containerStatuses"})) {
        if (core::findPath(status, {"state", "running"}))
            return "running";
        if (core::findPath(status, {"state", "terminated"}))
            return "Completed";
        return std::string(core::stringAt(status, {"state", "waiting", "reason"}));
    }
    return {};
}

std::string waitingMessage(const core::Json& pod)
{
    for (const core::Json& status : arrayAt(pod, {"status", "containerStatuses"}))
        return std::string(core::stringAt(status, {"state", "waiting", "message"}));
    return {};
}

bool isComplete(const core::Json& job)
{
    for (const core::Json& condition : arrayAt(job, {"status", "conditions"}))
        if (core::stringAt(condition, {"type"}) == "Complete"
            && core::stringAt(condition, {"status"}) == "True")
            return true;
    return false;
}

bool startsPods(std::string_view kind)
{
    return kind == "ReplicaSet" || kind == "StatefulSet" || kind == "DaemonSet" || kind == "Job";
}

const char* sourceOf(std::string_view kind)
{
    return kind == "ReplicaSet" ? "replicaset-controller"
        : kind == "StatefulSet" ? "statefulset-controller"
        : kind == "DaemonSet"   ? "daemonset-controller"
        : kind == "Deployment"  ? "deployment-controller"
        : kind == "CronJob"     ? "cronjob-controller"
                                : "job-controller";
}

} // namespace

EventRecorder::EventRecorder(ObjectClient& client, core::WallTime now)
    : m_client(client)
    , m_start(now)
{
}

EventRecorder::Regarding EventRecorder::regarding(const core::Json& object)
{
    const auto text = [&object](std::initializer_list<std::string_view> path) {
        return std::string(core::stringAt(object, path));
    };
    return {text({"apiVersion"}), text({"kind"}), text({"metadata", "namespace"}),
            text({"metadata", "name"}), text({"metadata", "uid"})};
}

EventRecorder::Regarding EventRecorder::controllerOf(const core::Json& object)
{
    for (const core::Json& owner : arrayAt(object, {"metadata", "ownerReferences"}))
        if (core::boolAt(owner, {"controller"}))
            return {std::string(core::stringAt(owner, {"apiVersion"})),
                    std::string(core::stringAt(owner, {"kind"})),
                    std::string(core::stringAt(object, {"metadata", "namespace"})),
                    std::string(core::stringAt(owner, {"name"})),
                    std::string(core::stringAt(owner, {"uid"}))};
    return {};
}

void EventRecorder::observe(const core::Json& object, bool deleted, core::WallTime now)
{
    const std::string_view kind = core::stringAt(object, {"kind"});
    const std::string_view uid = core::stringAt(object, {"metadata", "uid"});
    const bool isPod = kind == "Pod";
    const bool matters =
        isPod || kind == "ReplicaSet" || kind == "Job" || kind == "PersistentVolumeClaim";
    if (!matters || uid.empty())
        return;
    const auto found = m_seen.find(uid);
    // What is older than us and not known is taken as it is.
    const auto created =
        core::parseRfc3339(core::stringAt(object, {"metadata", "creationTimestamp"}));
    const bool isOld = !created || *created + std::chrono::seconds(2) < m_start;
    const Seen before = found == m_seen.end() ? Seen {} : found->second;
    Seen after;
    after.node = core::stringAt(object, {"spec", "nodeName"});
    after.state = stateOf(object);
    after.replicas = core::integerAt(object, {"spec", "replicas"}, 0);
    after.isTerminating = !core::stringAt(object, {"metadata", "deletionTimestamp"}).empty();
    after.isDone =
        kind == "Job" ? isComplete(object) : core::stringAt(object, {"status", "phase"}) == "Bound";
    const bool isNew = found == m_seen.end();
    if (deleted)
        m_seen.erase(std::string(uid));
    else
        m_seen[std::string(uid)] = after;
    if (isNew && isOld)
        return;
    if (isPod) {
        Seen kept = before;
        pod(object, kept, isNew, deleted, now);
        if (!deleted)
            podState(object, before, after, now);
    } else if (!deleted && kind == "ReplicaSet") {
        replicaSet(object, before, after, now);
    } else if (!deleted && kind == "Job") {
        if (const Regarding owner = controllerOf(object); isNew && owner.kind == "CronJob")
            add(owner, "Normal", "SuccessfulCreate", "Created job " + regarding(object).name,
                sourceOf(owner.kind), now);
        if (after.isDone && !before.isDone)
            add(regarding(object), "Normal", "Completed", "Job completed", "job-controller", now);
    } else if (!deleted && after.isDone && !before.isDone) {
        add(regarding(object), "Normal", "ProvisioningSucceeded",
            "Successfully provisioned volume "
                + std::string(core::stringAt(object, {"spec", "volumeName"}))
                + " (simulated: it holds nothing)",
            "persistentvolume-controller", now);
    }
}

/// What happens to the pod as a whole, told of its owner and of it.
void EventRecorder::pod(const core::Json& object, Seen& seen, bool isNew, bool deleted,
                        core::WallTime now)
{
    const Regarding self = regarding(object);
    const Regarding owner = controllerOf(object);
    if (isNew && !deleted && startsPods(owner.kind))
        add(owner, "Normal", "SuccessfulCreate", "Created pod: " + self.name, sourceOf(owner.kind),
            now);
    const bool isTerminating =
        !core::stringAt(object, {"metadata", "deletionTimestamp"}).empty() || deleted;
    if (!isTerminating || seen.isTerminating)
        return;
    if (startsPods(owner.kind))
        add(owner, "Normal", "SuccessfulDelete", "Deleted pod: " + self.name, sourceOf(owner.kind),
            now);
    if (seen.state == "running")
        for (const core::Json& container : arrayAt(object, {"spec", "containers"}))
            add(self, "Normal", "Killing",
                "Stopping container " + std::string(core::stringAt(container, {"name"})), "kubelet",
                now);
}

void EventRecorder::podState(const core::Json& object, const Seen& before, const Seen& after,
                             core::WallTime now)
{
    const Regarding self = regarding(object);
    if (!after.node.empty() && before.node.empty())
        add(self, "Normal", "Scheduled",
            fmt::format("Successfully assigned {}/{} to {}", self.namespaceName, self.name,
                        after.node),
            "default-scheduler", now);
    if (after.state == before.state)
        return;
    if (after.state == "Unschedulable") {
        for (const core::Json& condition : arrayAt(object, {"status", "conditions"}))
            if (core::stringAt(condition, {"reason"}) == "Unschedulable")
                add(self, "Warning", "FailedScheduling",
                    std::string(core::stringAt(condition, {"message"})), "default-scheduler", now);
    } else if (after.state == "running") {
        for (const core::Json& container : arrayAt(object, {"spec", "containers"})) {
            const std::string name(core::stringAt(container, {"name"}));
            add(self, "Normal", "Pulled",
                fmt::format("Container image \"{}\" is taken as present (simulated: nothing is "
                            "pulled)",
                            core::stringAt(container, {"image"})),
                "kubelet", now);
            add(self, "Normal", "Created", "Created container: " + name + " (simulated)", "kubelet",
                now);
            add(self, "Normal", "Started", "Started container " + name + " (simulated)", "kubelet",
                now);
        }
    } else if (after.state != "ContainerCreating" && after.state != "Completed"
               && !after.state.empty()) {
        const bool isBackOff = after.state.ends_with("BackOff");
        add(self, "Warning", isBackOff ? "BackOff" : "Failed",
            after.state + ": " + waitingMessage(object), "kubelet", now);
    }
}

void EventRecorder::replicaSet(const core::Json& object, const Seen& before, const Seen& after,
                               core::WallTime now)
{
    const Regarding owner = controllerOf(object);
    if (owner.kind != "Deployment" || before.replicas == after.replicas)
        return;
    add(owner, "Normal", "ScalingReplicaSet",
        fmt::format("Scaled {} replica set {} from {} to {}",
                    after.replicas > before.replicas ? "up" : "down", regarding(object).name,
                    before.replicas, after.replicas),
        sourceOf(owner.kind), now);
}

void EventRecorder::add(const Regarding& about, const char* type, const char* reason,
                        std::string message, const char* source, core::WallTime now)
{
    if (m_pending.size() >= kMost)
        return;
    const std::string time = core::formatRfc3339(now);
    // The time and a number tell events apart, as client-go's recorder names them.
    const auto ticks = std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch());
    const std::string name =
        fmt::format("{}.{:x}", about.name.substr(0, 200), std::uint64_t(ticks.count()) + ++m_count);
    const std::string component = std::string("practice-") + source;
    m_pending.push_back(core::JsonObject {
        {"apiVersion", "v1"},
        {"kind", "Event"},
        {"metadata", core::JsonObject {{"name", name}, {"namespace", about.namespaceName}}},
        {"involvedObject",
         core::JsonObject {{"apiVersion", about.apiVersion},
                           {"kind", about.kind},
                           {"name", about.name},
                           {"namespace", about.namespaceName},
                           {"uid", about.uid}}},
        {"type", type},
        {"reason", reason},
        {"message", std::move(message)},
        {"source", core::JsonObject {{"component", component}}},
        {"reportingComponent", component},
        {"reportingInstance", ""},
        {"firstTimestamp", time},
        {"lastTimestamp", time},
        {"count", 1}});
    m_written.push_back({now, about.namespaceName, name});
}

void EventRecorder::flush(core::WallTime now)
{
    if (!std::exchange(m_isStarted, true)) { // what an earlier run left
        for (const ObjectPtr& event : m_client.list(kEvent, "")) {
            const auto time = core::parseRfc3339(core::stringAt(*event, {"lastTimestamp"}));
            m_written.push_back({time.value_or(core::WallTime {}),
                                 std::string(core::stringAt(*event, {"metadata", "namespace"})),
                                 std::string(core::stringAt(*event, {"metadata", "name"}))});
        }
        std::ranges::stable_sort(m_written, {}, &Written::when);
    }
    for (core::Json& event : std::exchange(m_pending, {}))
        m_client.create(std::move(event)); // refused where the namespace goes away: no matter
    while (!m_written.empty()
           && (m_written.size() > kMost || m_written.front().when + kKept < now)) {
        const Written& oldest = m_written.front();
        if (const ObjectPtr event = m_client.get(kEvent, oldest.namespaceName, oldest.name))
            m_client.remove(*event, true);
        m_written.pop_front();
    }
}

} // namespace gitops::practice
