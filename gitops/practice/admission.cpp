// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/admission.h"

#include "core/value/jsonpointer.h"
#include "gitops/practice/jsonpath.h"
#include "gitops/practice/objectmeta.h"
#include "gitops/practice/quota.h"

#include <algorithm>
#include <array>
#include <map>

namespace gitops::practice {

namespace {

/// Sets a member that is absent.
void fill(core::JsonObject& object, std::string_view key, core::Json value)
{
    if (!object.contains(key))
        object[key] = std::move(value);
}

core::JsonObject& part(core::Json& object, std::string_view key)
{
    core::Json& place = object.as_object()[key];
    if (!place.is_object())
        place = core::JsonObject {};
    return place.get_object();
}

/// The name of the class that says of itself that it is the default; "".
std::string defaultClass(const ObjectStore& store, std::string_view storage,
                         std::string_view annotation)
{
    for (const StoredPtr& each : store.list(storage, "").objects)
        if (core::stringAt(each->value(), {"metadata", "annotations", annotation}) == "true")
            return std::string(each->name());
    return {};
}

/// A pod stays five minutes on a node that does not answer.
void tolerateTroubledNodes(core::JsonObject& spec)
{
    core::Json& list = spec["tolerations"];
    if (!list.is_array())
        list = core::JsonArray {};
    for (std::string_view taint : {"not-ready", "unreachable"}) {
        const std::string key = "node.kubernetes.io/" + std::string(taint);
        const bool isThere = std::ranges::any_of(list.get_array(), [&](const core::Json& each) {
            const std::string_view own = core::stringAt(each, {"key"});
            return own == key || (own.empty() && core::stringAt(each, {"operator"}) == "Exists");
        });
        if (!isThere)
            list.get_array().push_back(core::JsonObject {{"key", key},
                                                         {"operator", "Exists"},
                                                         {"effect", "NoExecute"},
                                                         {"tolerationSeconds", 300}});
    }
    if (list.get_array().empty())
        eraseMember(spec, "tolerations");
}

/// What comes with every cluster.
std::optional<std::int64_t> systemPriority(std::string_view name)
{
    if (name == "system-node-critical")
        return 2'000'001'000;
    if (name == "system-cluster-critical")
        return 2'000'000'000;
    return std::nullopt;
}

ApiResult<void> setPriority(const ObjectStore& store, const core::Json& pod, core::JsonObject& spec)
{
    const std::string name(core::stringAt(pod, {"spec", "priorityClassName"}));
    std::int64_t value = 0;
    std::string_view preemption = "PreemptLowerPriority";
    if (const auto system = systemPriority(name)) {
        value = *system;
    } else if (!name.empty()) {
        const StoredPtr found = store.get("priorityclasses.scheduling.k8s.io", name);
        if (!found)
            return forbidden({"", "pods", std::string(core::stringAt(pod, {"metadata", "name"}))},
                             "no PriorityClass with name " + name + " was found");
        value = core::integerAt(found->value(), {"value"}, 0);
        if (const std::string_view own = core::stringAt(found->value(), {"preemptionPolicy"});
            !own.empty())
            preemption = own;
    }
    fill(spec, "priority", value);
    fill(spec, "preemptionPolicy", core::Json(preemption));
    return {};
}

ApiResult<void> admitPod(const ObjectStore& store, core::Json& pod)
{
    core::JsonObject& spec = part(pod, "spec");
    fill(spec, "serviceAccountName", "default");
    if (!spec.contains("serviceAccount")) {
        const core::Json account = spec["serviceAccountName"];
        spec["serviceAccount"] = account;
    }
    tolerateTroubledNodes(spec);
    if (auto set = setPriority(store, pod, spec); !set)
        return set;
    applyLimitRanges(store, pod);
    core::JsonObject& status = part(pod, "status");
    fill(status, "phase", "Pending");
    fill(status, "qosClass", core::Json(qosClass(pod)));
    return admitLimits(store, "pods", pod);
}

ApiResult<void> admitClaim(const ObjectStore& store, core::Json& claim)
{
    core::JsonObject& spec = part(claim, "spec");
    if (!spec.contains("storageClassName"))
        if (std::string name = defaultClass(store, "storageclasses.storage.k8s.io",
                                            "storageclass.kubernetes.io/is-default-class");
            !name.empty())
            spec["storageClassName"] = name;
    fill(part(claim, "status"), "phase", "Pending");
    return admitLimits(store, "persistentvolumeclaims", claim);
}

void admitIngress(const ObjectStore& store, core::Json& ingress)
{
    core::JsonObject& spec = part(ingress, "spec");
    const bool named = spec.contains("ingressClassName")
        || !core::stringAt(ingress, {"metadata", "annotations", "kubernetes.io/ingress.class"})
                .empty();
    if (named)
        return;
    if (std::string name = defaultClass(store, "ingressclasses.networking.k8s.io",
                                        "ingressclass.kubernetes.io/is-default-class");
        !name.empty())
        spec["ingressClassName"] = name;
}

/// A definition knows from the start in which version its objects are kept.
void admitDefinition(core::Json& definition)
{
    core::JsonArray stored;
    for (const core::Json* version : valuesAt(definition, ".spec.versions[*]"))
        if (core::boolAt(*version, {"storage"}))
            stored.emplace_back(core::stringAt(*version, {"name"}));
    fill(part(definition, "status"), "storedVersions", std::move(stored));
}

void admitNamespaceObject(core::Json& space)
{
    fill(part(space, "spec"), "finalizers", core::JsonArray {"kubernetes"});
    fill(part(space, "status"), "phase", "Active");
}

/// Storage, pointer ("*" goes through a list or map), and the text of what stands there.
struct Present
{
    std::string_view storage;
    std::string_view pointer;
    std::string_view value;
};

constexpr std::array kPresent {
    Present {"deployments.apps", "/status", "{}"},
    Present {"statefulsets.apps", "/status/availableReplicas", "0"},
    Present {"statefulsets.apps", "/status/replicas", "0"},
    Present {"replicasets.apps", "/status/replicas", "0"},
    Present {"replicationcontrollers", "/status/replicas", "0"},
    Present {"daemonsets.apps", "/status/currentNumberScheduled", "0"},
    Present {"daemonsets.apps", "/status/desiredNumberScheduled", "0"},
    Present {"daemonsets.apps", "/status/numberMisscheduled", "0"},
    Present {"daemonsets.apps", "/status/numberReady", "0"},
    Present {"jobs.batch", "/status", "{}"},
    Present {"cronjobs.batch", "/status", "{}"},
    Present {"cronjobs.batch", "/spec/jobTemplate/metadata", "{}"},
    Present {"services", "/status/loadBalancer", "{}"},
    Present {"ingresses.networking.k8s.io", "/status/loadBalancer", "{}"},
    Present {"poddisruptionbudgets.policy", "/status/currentHealthy", "0"},
    Present {"poddisruptionbudgets.policy", "/status/desiredHealthy", "0"},
    Present {"poddisruptionbudgets.policy", "/status/disruptionsAllowed", "0"},
    Present {"poddisruptionbudgets.policy", "/status/expectedPods", "0"},
    Present {"resourcequotas", "/status", "{}"},
    Present {"customresourcedefinitions.apiextensions.k8s.io", "/status/acceptedNames",
             R"({"kind":"","plural":""})"},
    Present {"customresourcedefinitions.apiextensions.k8s.io", "/status/conditions", "null"},
    Present {"events", "/source", "{}"},
    Present {"events", "/eventTime", "null"},
    Present {"events", "/firstTimestamp", "null"},
    Present {"events", "/lastTimestamp", "null"},
    Present {"horizontalpodautoscalers.autoscaling", "/status/currentMetrics", "null"},
    Present {"horizontalpodautoscalers.autoscaling", "/status/desiredReplicas", "0"},
    Present {"apiservices.apiregistration.k8s.io", "/status", "{}"},
    Present {"events", "/reportingComponent", "\"\""},
    Present {"events", "/reportingInstance", "\"\""},
    Present {"endpointslices.discovery.k8s.io", "/endpoints/*/conditions", "{}"},
};

void fillAt(core::Json& value, const std::vector<std::string>& tokens, std::size_t at,
            const core::Json& wanted)
{
    if (tokens[at] == "*") {
        if (core::JsonArray* list = value.if_array())
            for (core::Json& each : *list)
                fillAt(each, tokens, at + 1, wanted);
        return;
    }
    if (!value.is_object())
        return;
    core::Json* place = value.get_object().if_contains(tokens[at]);
    const bool last = at + 1 == tokens.size();
    if (!place && !last && tokens[at + 1] == "*")
        return;
    if (!place)
        place = &(value.get_object()[tokens[at]] = last ? wanted : core::Json(core::JsonObject {}));
    if (!last)
        fillAt(*place, tokens, at + 1, wanted);
}

} // namespace

std::string_view qosClass(const core::Json& pod)
{
    bool any = false;
    bool all = true;
    for (std::string_view list : {".spec.containers[*]", ".spec.initContainers[*]"})
        for (const core::Json* container : valuesAt(pod, list))
            for (std::string_view name : {"cpu", "memory"}) {
                const core::Json* request =
                    core::findPath(*container, {"resources", "requests", name});
                const core::Json* limit = core::findPath(*container, {"resources", "limits", name});
                any = any || request || limit;
                all = all && limit && (!request || core::isEqual(*request, *limit));
            }
    return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
}

ApiResult<void> applyAdmission(const ObjectStore& store, const ResourceType& type,
                               core::Json& object)
{
    if (type.storage == "pods")
        return admitPod(store, object);
    if (type.storage == "persistentvolumeclaims")
        return admitClaim(store, object);
    if (type.storage == "ingresses.networking.k8s.io")
        admitIngress(store, object);
    else if (type.storage == "customresourcedefinitions.apiextensions.k8s.io")
        admitDefinition(object);
    else if (type.storage == "namespaces")
        admitNamespaceObject(object);
    return {};
}

void fillPresent(const ResourceType& type, core::Json& object)
{
    for (const Present& each : kPresent)
        if (each.storage == type.storage)
            if (const auto pointer = core::JsonPointer::parse(each.pointer))
                fillAt(object, pointer->tokens(), 0,
                       core::parseJson(each.value).value_or(core::Json()));
}

} // namespace gitops::practice
