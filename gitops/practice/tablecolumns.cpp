// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the built-in kinds (facts: k/k pkg/printers/internalversion/printers.go).
#include "core/base/strings.h"
#include "gitops/practice/jsonpath.h"
#include "gitops/practice/table.h"

#include <fmt/format.h>

#include <map>

namespace gitops::practice {

namespace {

using Cell = std::function<core::Json(const core::Json&, core::WallTime)>;

std::string textOf(const core::Json& value)
{
    return value.is_string() ? std::string(value.get_string()) : core::toText(value);
}

/// All values at a path, with commas; fallback when there are none.
Cell path(std::string jsonPath, std::string fallback = "")
{
    return [jsonPath = std::move(jsonPath), fallback = std::move(fallback)](
               const core::Json& object, core::WallTime) -> core::Json {
        std::string text;
        for (const core::Json* each : valuesAt(object, jsonPath))
            if (!each->is_null())
                text += (text.empty() ? "" : ",") + textOf(*each);
        return core::Json(text.empty() ? fallback : text);
    };
}

Cell number(std::string jsonPath)
{
    return
        [jsonPath = std::move(jsonPath)](const core::Json& object, core::WallTime) -> core::Json {
            const auto found = valuesAt(object, jsonPath);
            return found.empty() || !found.front()->is_number() ? core::Json(0) : *found.front();
        };
}

/// "1/3".
Cell fraction(std::string part, std::string whole)
{
    return [part = number(std::move(part)), whole = number(std::move(whole))](
               const core::Json& object, core::WallTime now) -> core::Json {
        return core::Json(core::toText(part(object, now)) + "/" + core::toText(whole(object, now)));
    };
}

Cell memberCount(std::string jsonPath)
{
    return
        [jsonPath = std::move(jsonPath)](const core::Json& object, core::WallTime) -> core::Json {
            const auto found = valuesAt(object, jsonPath);
            if (found.empty())
                return 0;
            return found.front()->is_object() ? found.front()->get_object().size()
                : found.front()->is_array()   ? found.front()->get_array().size()
                                              : std::size_t(0);
        };
}

Cell labelText(std::string jsonPath)
{
    return
        [jsonPath = std::move(jsonPath)](const core::Json& object, core::WallTime) -> core::Json {
            std::string text;
            for (const core::Json* each : valuesAt(object, jsonPath))
                if (each->is_object())
                    for (const auto& [key, value] : each->get_object())
                        text += (text.empty() ? "" : ",") + std::string(key) + "=" + textOf(value);
            return core::Json(text.empty() ? "<none>" : text);
        };
}

core::Json podReady(const core::Json& pod, core::WallTime)
{
    std::size_t ready = 0;
    for (const core::Json* each : valuesAt(pod, ".status.containerStatuses[*].ready"))
        ready += each->is_bool() && each->get_bool();
    return core::Json(
        fmt::format("{}/{}", ready, valuesAt(pod, ".spec.containers[*].name").size()));
}

core::Json podStatus(const core::Json& pod, core::WallTime)
{
    if (!core::stringAt(pod, {"metadata", "deletionTimestamp"}).empty())
        return "Terminating";
    for (const core::Json* each :
         valuesAt(pod, ".status.containerStatuses[*].state.waiting.reason"))
        return *each;
    if (const std::string_view reason = core::stringAt(pod, {"status", "reason"}); !reason.empty())
        return core::Json(reason);
    const std::string_view phase = core::stringAt(pod, {"status", "phase"});
    return core::Json(phase == "Succeeded" ? "Completed" : phase);
}

core::Json podRestarts(const core::Json& pod, core::WallTime)
{
    std::int64_t restarts = 0;
    for (const core::Json* each : valuesAt(pod, ".status.containerStatuses[*].restartCount"))
        restarts += each->is_int64() ? each->get_int64() : 0;
    return core::Json(std::to_string(restarts));
}

core::Json servicePorts(const core::Json& service, core::WallTime)
{
    std::string text;
    for (const core::Json* port : valuesAt(service, ".spec.ports[*]")) {
        text += (text.empty() ? "" : ",") + std::to_string(core::integerAt(*port, {"port"}, 0));
        if (const std::int64_t node = core::integerAt(*port, {"nodePort"}, 0); node > 0)
            text += ":" + std::to_string(node);
        const std::string_view protocol = core::stringAt(*port, {"protocol"});
        text += "/" + std::string(protocol.empty() ? "TCP" : protocol);
    }
    return core::Json(text.empty() ? "<none>" : text);
}

core::Json serviceExternal(const core::Json& service, core::WallTime)
{
    std::string text;
    for (std::string_view where :
         {".status.loadBalancer.ingress[*].ip", ".status.loadBalancer.ingress[*].hostname",
          ".spec.externalIPs[*]"})
        for (const core::Json* each : valuesAt(service, where))
            text += (text.empty() ? "" : ",") + textOf(*each);
    if (text.empty())
        text = core::stringAt(service, {"spec", "type"}) == "LoadBalancer" ? "<pending>" : "<none>";
    return core::Json(text);
}

core::Json nodeStatus(const core::Json& node, core::WallTime)
{
    const auto ready = valuesAt(node, R"(.status.conditions[?(@.type=="Ready")].status)");
    std::string text = ready.empty()       ? "Unknown"
        : textOf(*ready.front()) == "True" ? "Ready"
                                           : "NotReady";
    if (core::boolAt(node, {"spec", "unschedulable"}))
        text += ",SchedulingDisabled";
    return core::Json(text);
}

core::Json nodeRoles(const core::Json& node, core::WallTime)
{
    constexpr std::string_view prefix = "node-role.kubernetes.io/";
    std::string text;
    if (const core::Json* labels = core::findPath(node, {"metadata", "labels"});
        labels && labels->is_object())
        for (const auto& [key, value] : labels->get_object())
            if (std::string_view(key).starts_with(prefix))
                text += (text.empty() ? "" : ",") + std::string(key).substr(prefix.size());
    return core::Json(text.empty() ? "<none>" : text);
}

core::Json jobStatus(const core::Json& job, core::WallTime)
{
    for (std::string_view type : {"Complete", "Failed", "Suspended"})
        for (const core::Json* each :
             valuesAt(job, fmt::format(R"(.status.conditions[?(@.type=="{}")].status)", type)))
            if (textOf(*each) == "True")
                return core::Json(type);
    return "Running";
}

core::Json quotaPart(const core::Json& quota, bool limits)
{
    std::string text;
    if (const core::Json* hard = core::findPath(quota, {"status", "hard"});
        hard && hard->is_object())
        for (const auto& [key, value] : hard->get_object()) {
            if (std::string_view(key).starts_with("limits.") != limits)
                continue;
            const std::string_view used = core::stringAt(quota, {"status", "used", key});
            text += fmt::format("{}{}: {}/{}", text.empty() ? "" : ", ", std::string_view(key),
                                used.empty() ? "0" : used, textOf(value));
        }
    return core::Json(text);
}

core::Json claimAccess(const core::Json& claim, core::WallTime)
{
    std::string text;
    for (const core::Json* each : valuesAt(claim, ".status.accessModes[*]")) {
        std::string mode;
        for (char c : textOf(*each))
            if (c >= 'A' && c <= 'Z')
                mode += c;
        text += (text.empty() ? "" : ",") + mode;
    }
    return core::Json(text);
}

core::Json eventAge(const core::Json& event, core::WallTime now)
{
    for (std::string_view field : {"lastTimestamp", "eventTime", "firstTimestamp"})
        if (const auto time = core::parseRfc3339(core::stringAt(event, {field})))
            return core::Json(
                core::describeAge(std::chrono::duration_cast<std::chrono::seconds>(now - *time)));
    return core::Json(ageOf(event, now));
}

core::Json eventObject(const core::Json& event, core::WallTime)
{
    return core::Json(core::toLower(core::stringAt(event, {"involvedObject", "kind"})) + "/"
                      + std::string(core::stringAt(event, {"involvedObject", "name"})));
}

std::vector<TableColumn> workloadWide()
{
    return {{"Containers", "string", 1, path(".spec.template.spec.containers[*].name")},
            {"Images", "string", 1, path(".spec.template.spec.containers[*].image")},
            {"Selector", "string", 1, labelText(".spec.selector.matchLabels")}};
}

std::vector<TableColumn> with(std::vector<TableColumn> first, std::vector<TableColumn> rest)
{
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
}

using Table = std::map<core::GroupKind, std::vector<TableColumn>>;

void addCore(Table& table)
{
    table[{"", "Pod"}] = {{"Ready", "string", 0, podReady},
                          {"Status", "string", 0, podStatus},
                          {"Restarts", "string", 0, podRestarts},
                          {"IP", "string", 1, path(".status.podIP", "<none>")},
                          {"Node", "string", 1, path(".spec.nodeName", "<none>")}};
    table[{"", "Service"}] = {{"Type", "string", 0, path(".spec.type")},
                              {"Cluster-IP", "string", 0, path(".spec.clusterIP", "<none>")},
                              {"External-IP", "string", 0, serviceExternal},
                              {"Port(s)", "string", 0, servicePorts},
                              {"Selector", "string", 1, labelText(".spec.selector")}};
    table[{"", "Namespace"}] = {{"Status", "string", 0, path(".status.phase")}};
    table[{"", "ConfigMap"}] = {{"Data", "string", 0, memberCount(".data")}};
    table[{"", "Secret"}] = {{"Type", "string", 0, path(".type")},
                             {"Data", "string", 0, memberCount(".data")}};
    table[{"", "ServiceAccount"}] = {{"Secrets", "string", 0, memberCount(".secrets")}};
    table[{"", "Node"}] = {{"Status", "string", 0, nodeStatus},
                           {"Roles", "string", 0, nodeRoles},
                           {"Age", "string", 0,
                            [](const core::Json& object, core::WallTime now) {
                                return core::Json(ageOf(object, now));
                            }},
                           {"Version", "string", 0, path(".status.nodeInfo.kubeletVersion")}};
    table[{"", "PersistentVolumeClaim"}] = {
        {"Status", "string", 0, path(".status.phase")},
        {"Volume", "string", 0, path(".spec.volumeName")},
        {"Capacity", "string", 0, path(".status.capacity.storage")},
        {"Access Modes", "string", 0, claimAccess},
        {"StorageClass", "string", 0, path(".spec.storageClassName")},
        {"VolumeAttributesClass", "string", 0, path(".spec.volumeAttributesClassName", "<unset>")}};
    table[{"", "PersistentVolume"}] = {
        {"Capacity", "string", 0, path(".spec.capacity.storage")},
        {"Access Modes", "string", 0, path(".spec.accessModes[*]")},
        {"Reclaim Policy", "string", 0, path(".spec.persistentVolumeReclaimPolicy")},
        {"Status", "string", 0, path(".status.phase")},
        {"Claim", "string", 0, path(".spec.claimRef.name")},
        {"StorageClass", "string", 0, path(".spec.storageClassName")}};
    table[{"", "ResourceQuota"}] = {
        {"Request", "string", 0,
         [](const core::Json& quota, core::WallTime) { return quotaPart(quota, false); }},
        {"Limit", "string", 0,
         [](const core::Json& quota, core::WallTime) { return quotaPart(quota, true); }}};
    table[{"", "Event"}] = {{"Last Seen", "string", 0, eventAge},
                            {"Type", "string", 0, path(".type")},
                            {"Reason", "string", 0, path(".reason")},
                            {"Object", "string", 0, eventObject},
                            {"Message", "string", 0, path(".message")}};
}

void addWorkloads(Table& table)
{
    table[{"apps", "Deployment"}] =
        with({{"Ready", "string", 0, fraction(".status.readyReplicas", ".spec.replicas")},
              {"Up-to-date", "string", 0, number(".status.updatedReplicas")},
              {"Available", "string", 0, number(".status.availableReplicas")}},
             workloadWide());
    table[{"apps", "ReplicaSet"}] = with({{"Desired", "integer", 0, number(".spec.replicas")},
                                          {"Current", "integer", 0, number(".status.replicas")},
                                          {"Ready", "integer", 0, number(".status.readyReplicas")}},
                                         workloadWide());
    table[{"apps", "StatefulSet"}] = {
        {"Ready", "string", 0, fraction(".status.readyReplicas", ".spec.replicas")},
        {"Containers", "string", 1, path(".spec.template.spec.containers[*].name")},
        {"Images", "string", 1, path(".spec.template.spec.containers[*].image")}};
    table[{"apps", "DaemonSet"}] =
        with({{"Desired", "integer", 0, number(".status.desiredNumberScheduled")},
              {"Current", "integer", 0, number(".status.currentNumberScheduled")},
              {"Ready", "integer", 0, number(".status.numberReady")},
              {"Up-to-date", "integer", 0, number(".status.updatedNumberScheduled")},
              {"Available", "integer", 0, number(".status.numberAvailable")},
              {"Node Selector", "string", 0, labelText(".spec.template.spec.nodeSelector")}},
             workloadWide());
    table[{"batch", "Job"}] = {
        {"Status", "string", 0, jobStatus},
        {"Completions", "string", 0, fraction(".status.succeeded", ".spec.completions")}};
    table[{"batch", "CronJob"}] = {{"Schedule", "string", 0, path(".spec.schedule")},
                                   {"Timezone", "string", 0, path(".spec.timeZone", "<none>")},
                                   {"Suspend", "boolean", 0, path(".spec.suspend", "False")},
                                   {"Active", "integer", 0, memberCount(".status.active")}};
    table[{"autoscaling", "HorizontalPodAutoscaler"}] = {
        {"Reference", "string", 0, path(".spec.scaleTargetRef.name")},
        {"MinPods", "string", 0, path(".spec.minReplicas", "<unset>")},
        {"MaxPods", "string", 0, path(".spec.maxReplicas")},
        {"Replicas", "string", 0, number(".status.currentReplicas")}};
}

void addOthers(Table& table)
{
    table[{"networking.k8s.io", "Ingress"}] = {
        {"Class", "string", 0, path(".spec.ingressClassName", "<none>")},
        {"Hosts", "string", 0, path(".spec.rules[*].host", "*")},
        {"Address", "string", 0, path(".status.loadBalancer.ingress[*].ip")},
        {"Ports", "string", 0, [](const core::Json& ingress, core::WallTime) {
             return core::Json(valuesAt(ingress, ".spec.tls[*]").empty() ? "80" : "80, 443");
         }}};
    table[{"networking.k8s.io", "NetworkPolicy"}] = {
        {"Pod-Selector", "string", 0, labelText(".spec.podSelector.matchLabels")}};
    table[{"policy", "PodDisruptionBudget"}] = {
        {"Min Available", "string", 0, path(".spec.minAvailable", "N/A")},
        {"Max Unavailable", "string", 0, path(".spec.maxUnavailable", "N/A")},
        {"Allowed Disruptions", "integer", 0, number(".status.disruptionsAllowed")}};
    table[{"apiextensions.k8s.io", "CustomResourceDefinition"}] = {
        {"Created At", "date", 0, path(".metadata.creationTimestamp")}};
    for (std::string_view kind : {"Role", "ClusterRole"})
        table[{"rbac.authorization.k8s.io", std::string(kind)}] = {
            {"Created At", "date", 0, path(".metadata.creationTimestamp")}};
    for (std::string_view kind : {"RoleBinding", "ClusterRoleBinding"})
        table[{"rbac.authorization.k8s.io", std::string(kind)}] = {
            {"Role", "string", 0, [](const core::Json& binding, core::WallTime) {
                 return core::Json(std::string(core::stringAt(binding, {"roleRef", "kind"})) + "/"
                                   + std::string(core::stringAt(binding, {"roleRef", "name"})));
             }}};
    table[{"storage.k8s.io", "StorageClass"}] = {
        {"Provisioner", "string", 0, path(".provisioner")},
        {"ReclaimPolicy", "string", 0, path(".reclaimPolicy", "Delete")},
        {"VolumeBindingMode", "string", 0, path(".volumeBindingMode", "Immediate")},
        {"AllowVolumeExpansion", "string", 0, path(".allowVolumeExpansion", "false")}};
    table[{"discovery.k8s.io", "EndpointSlice"}] = {
        {"AddressType", "string", 0, path(".addressType")},
        {"Ports", "string", 0, path(".ports[*].port", "<unset>")},
        {"Endpoints", "string", 0, path(".endpoints[*].addresses[*]", "<unset>")}};
    table[{"coordination.k8s.io", "Lease"}] = {
        {"Holder", "string", 0, path(".spec.holderIdentity")}};
}

} // namespace

const std::vector<TableColumn>& builtinColumns(const core::GroupKind& kind)
{
    static const Table table = [] {
        Table made;
        addCore(made);
        addWorkloads(made);
        addOthers(made);
        made[{"events.k8s.io", "Event"}] = made[{"", "Event"}];
        return made;
    }();
    static const std::vector<TableColumn> none;
    const auto found = table.find(kind);
    return found == table.end() ? none : found->second;
}

} // namespace gitops::practice
