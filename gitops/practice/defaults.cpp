// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/defaults.h"

#include "core/base/strings.h"
#include "gitops/practice/objectmeta.h"

#include <map>

namespace gitops::practice {

namespace {

/// Sets a member that is absent or null.
void fill(core::JsonObject& object, std::string_view key, core::Json value)
{
    core::Json& place = object[key];
    if (place.is_null())
        place = std::move(value);
}

core::JsonObject& part(core::JsonObject& object, std::string_view key)
{
    core::Json& place = object[key];
    if (!place.is_object())
        place = core::JsonObject {};
    return place.get_object();
}

template<class Do>
void forEachIn(core::JsonObject& object, std::string_view key, Do&& act)
{
    if (core::Json* list = object.if_contains(key); list && list->is_array())
        for (core::Json& each : list->get_array())
            if (each.is_object())
                act(each.get_object());
}

/// Always for "latest" or no tag at all, else IfNotPresent.
std::string_view pullPolicy(std::string_view image)
{
    const std::string_view name = image.substr(image.rfind('/') + 1);
    if (name.find('@') != std::string_view::npos)
        return "IfNotPresent";
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos || name.substr(colon + 1) == "latest" ? "Always"
                                                                                 : "IfNotPresent";
}

void defaultHttpGet(core::Json& handler)
{
    if (core::Json* http = core::find(handler, "httpGet"); http && http->is_object()) {
        fill(http->get_object(), "path", "/");
        fill(http->get_object(), "scheme", "HTTP");
    }
}

void defaultProbe(core::JsonObject& container, std::string_view key)
{
    core::Json* probe = container.if_contains(key);
    if (!probe || !probe->is_object())
        return;
    core::JsonObject& fields = probe->get_object();
    fill(fields, "timeoutSeconds", 1);
    fill(fields, "periodSeconds", 10);
    fill(fields, "successThreshold", 1);
    fill(fields, "failureThreshold", 3);
    defaultHttpGet(*probe);
    if (core::Json* call = fields.if_contains("grpc"); call && call->is_object())
        fill(call->get_object(), "service", "");
}

/// In a pod a limit without a request is the request too.
void requestLimits(core::JsonObject& container)
{
    core::JsonObject& resources = part(container, "resources");
    const core::Json* limits = resources.if_contains("limits");
    if (!limits || !limits->is_object())
        return;
    const core::JsonObject limited = limits->get_object();
    core::JsonObject& requests = part(resources, "requests");
    for (const auto& [name, amount] : limited)
        fill(requests, name, amount);
}

void defaultContainer(core::JsonObject& container)
{
    const core::Json* image = container.if_contains("image");
    fill(container, "imagePullPolicy",
         core::Json(
             pullPolicy(image && image->is_string() ? std::string_view(image->get_string()) : "")));
    fill(container, "terminationMessagePath", "/dev/termination-log");
    fill(container, "terminationMessagePolicy", "File");
    part(container, "resources");
    if (core::Json* lifecycle = container.if_contains("lifecycle");
        lifecycle && lifecycle->is_object())
        for (std::string_view hook : {"preStop", "postStart"})
            if (core::Json* handler = lifecycle->get_object().if_contains(hook))
                defaultHttpGet(*handler);
    forEachIn(container, "ports", [](core::JsonObject& port) { fill(port, "protocol", "TCP"); });
    for (std::string_view probe : {"livenessProbe", "readinessProbe", "startupProbe"})
        defaultProbe(container, probe);
    forEachIn(container, "env", [](core::JsonObject& variable) {
        if (core::Json* from = variable.if_contains("valueFrom"); from && from->is_object())
            if (core::Json* field = from->get_object().if_contains("fieldRef");
                field && field->is_object())
                fill(field->get_object(), "apiVersion", "v1");
    });
}

void defaultVolume(core::JsonObject& volume)
{
    for (const auto& [source, member] : {std::pair {"configMap", "defaultMode"},
                                         {"secret", "defaultMode"},
                                         {"downwardAPI", "defaultMode"},
                                         {"projected", "defaultMode"}})
        if (core::Json* value = volume.if_contains(source); value && value->is_object())
            fill(value->get_object(), member, 420);
    const auto itemsOf = [](core::JsonObject& api) {
        forEachIn(api, "items", [](core::JsonObject& item) {
            if (core::Json* field = item.if_contains("fieldRef"); field && field->is_object())
                fill(field->get_object(), "apiVersion", "v1");
        });
    };
    if (core::Json* api = volume.if_contains("downwardAPI"); api && api->is_object())
        itemsOf(api->get_object());
    if (core::Json* projected = volume.if_contains("projected");
        projected && projected->is_object())
        forEachIn(projected->get_object(), "sources", [&](core::JsonObject& source) {
            if (core::Json* token = source.if_contains("serviceAccountToken");
                token && token->is_object())
                fill(token->get_object(), "expirationSeconds", 3600);
            if (core::Json* api = source.if_contains("downwardAPI"); api && api->is_object())
                itemsOf(api->get_object());
        });
    if (core::Json* path = volume.if_contains("hostPath"); path && path->is_object())
        fill(path->get_object(), "type", "");
    if (volume.size() == 1)
        volume["emptyDir"] = core::JsonObject {};
}

void defaultTemplate(core::JsonObject& spec)
{
    core::JsonObject& templ = part(spec, "template");
    part(templ, "metadata");
    defaultPodSpec(templ["spec"]);
}

void defaultClaim(core::JsonObject& spec)
{
    fill(spec, "volumeMode", "Filesystem");
}

void defaultDeployment(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "replicas", 1);
    defaultTemplate(spec);
    core::JsonObject& strategy = part(spec, "strategy");
    fill(strategy, "type", "RollingUpdate");
    if (strategy["type"] == "RollingUpdate") {
        core::JsonObject& rolling = part(strategy, "rollingUpdate");
        fill(rolling, "maxUnavailable", "25%");
        fill(rolling, "maxSurge", "25%");
    }
    fill(spec, "revisionHistoryLimit", 10);
    fill(spec, "progressDeadlineSeconds", 600);
}

void defaultReplicaSet(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "replicas", 1);
    defaultTemplate(spec);
}

/// The labels of its template are a controller's labels and selector when it has none.
void defaultReplicationController(core::JsonObject& object)
{
    defaultReplicaSet(object);
    core::JsonObject& spec = part(object, "spec");
    const core::Json* labels = core::findPath(spec["template"], {"metadata", "labels"});
    if (!labels || !labels->is_object() || labels->get_object().empty())
        return;
    const core::Json own = *labels;
    fill(spec, "selector", own);
    fill(part(object, "metadata"), "labels", own);
}

void defaultPodTemplate(core::JsonObject& object)
{
    defaultTemplate(object);
}

void defaultStatefulSet(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "replicas", 1);
    defaultTemplate(spec);
    fill(spec, "podManagementPolicy", "OrderedReady");
    core::JsonObject& strategy = part(spec, "updateStrategy");
    fill(strategy, "type", "RollingUpdate");
    if (strategy["type"] == "RollingUpdate")
        fill(part(strategy, "rollingUpdate"), "partition", 0);
    fill(spec, "revisionHistoryLimit", 10);
    core::JsonObject& retention = part(spec, "persistentVolumeClaimRetentionPolicy");
    fill(retention, "whenDeleted", "Retain");
    fill(retention, "whenScaled", "Retain");
    forEachIn(spec, "volumeClaimTemplates", [](core::JsonObject& claim) {
        fill(claim, "apiVersion", "v1");
        fill(claim, "kind", "PersistentVolumeClaim");
        defaultClaim(part(claim, "spec"));
        fill(part(claim, "status"), "phase", "Pending");
    });
}

void defaultDaemonSet(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    defaultTemplate(spec);
    core::JsonObject& strategy = part(spec, "updateStrategy");
    fill(strategy, "type", "RollingUpdate");
    if (strategy["type"] == "RollingUpdate") {
        core::JsonObject& rolling = part(strategy, "rollingUpdate");
        fill(rolling, "maxUnavailable", 1);
        fill(rolling, "maxSurge", 0);
    }
    fill(spec, "revisionHistoryLimit", 10);
    fill(part(part(object, "metadata"), "annotations"), "deprecated.daemonset.template.generation",
         "1");
}

void defaultJobSpec(core::JsonObject& spec)
{
    const bool neither = !spec.contains("completions") && !spec.contains("parallelism");
    if (neither)
        spec["completions"] = 1;
    fill(spec, "parallelism", 1);
    fill(spec, "backoffLimit", 6);
    fill(spec, "completionMode", "NonIndexed");
    fill(spec, "suspend", false);
    fill(spec, "manualSelector", false);
    fill(spec, "podReplacementPolicy", "TerminatingOrFailed");
    defaultTemplate(spec);
}

/// The Job's own controller labels, which select its pods; made with its uid when it is created.
void defaultJob(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    defaultJobSpec(spec);
}

void defaultCronJob(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "concurrencyPolicy", "Allow");
    fill(spec, "suspend", false);
    fill(spec, "successfulJobsHistoryLimit", 3);
    fill(spec, "failedJobsHistoryLimit", 1);
    core::JsonObject& templ = part(spec, "jobTemplate");
    core::JsonObject& job = part(templ, "spec");
    defaultTemplate(job);
}

void defaultService(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "type", "ClusterIP");
    fill(spec, "sessionAffinity", "None");
    if (spec["sessionAffinity"] == "ClientIP")
        fill(part(part(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10800);
    forEachIn(spec, "ports", [](core::JsonObject& port) {
        fill(port, "protocol", "TCP");
        fill(port, "targetPort", port["port"]);
    });
    if (spec["type"] == "ExternalName")
        return;
    fill(spec, "internalTrafficPolicy", "Cluster");
    if (spec["type"] == "LoadBalancer" || spec["type"] == "NodePort")
        fill(spec, "externalTrafficPolicy", "Cluster");
    if (spec["type"] == "LoadBalancer")
        fill(spec, "allocateLoadBalancerNodePorts", true);
}

void defaultNamespace(core::JsonObject& object)
{
    core::JsonObject& metadata = part(object, "metadata");
    part(metadata, "labels")["kubernetes.io/metadata.name"] = metadata["name"];
}

/// stringData goes into data, in base64.
void defaultSecret(core::JsonObject& object)
{
    fill(object, "type", "Opaque");
    core::Json* plain = object.if_contains("stringData");
    if (!plain)
        return;
    if (plain->is_object()) {
        const core::JsonObject texts = plain->get_object();
        core::JsonObject& data = part(object, "data");
        for (const auto& [key, value] : texts)
            if (value.is_string())
                data[key] = core::base64Encode(std::string_view(value.get_string()));
    }
    eraseMember(object, "stringData");
}

void defaultClaimObject(core::JsonObject& object)
{
    defaultClaim(part(object, "spec"));
}

void defaultVolumeObject(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "volumeMode", "Filesystem");
    fill(spec, "persistentVolumeReclaimPolicy", "Retain");
    if (core::Json* path = spec.if_contains("hostPath"); path && path->is_object())
        fill(path->get_object(), "type", "");
}

void defaultPolicy(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    if (!spec.contains("policyTypes")) {
        core::JsonArray types {"Ingress"};
        if (const core::Json* egress = spec.if_contains("egress");
            egress && egress->is_array() && !egress->get_array().empty())
            types.emplace_back("Egress");
        spec["policyTypes"] = std::move(types);
    }
    for (std::string_view direction : {"ingress", "egress"})
        forEachIn(spec, direction, [](core::JsonObject& rule) {
            forEachIn(rule, "ports", [](core::JsonObject& port) { fill(port, "protocol", "TCP"); });
        });
}

void defaultBinding(core::JsonObject& object)
{
    fill(part(object, "roleRef"), "apiGroup", "rbac.authorization.k8s.io");
    forEachIn(object, "subjects", [](core::JsonObject& subject) {
        if (subject["kind"] != "ServiceAccount")
            fill(subject, "apiGroup", "rbac.authorization.k8s.io");
        else if (const core::Json* group = subject.if_contains("apiGroup");
                 group && (group->is_null() || *group == ""))
            eraseMember(subject, "apiGroup");
    });
}

void defaultAutoscaler(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "minReplicas", 1);
    if (!spec.contains("metrics")) {
        core::JsonObject target {{"type", "Utilization"}, {"averageUtilization", 80}};
        core::JsonObject resource {{"name", "cpu"}, {"target", std::move(target)}};
        spec["metrics"] = core::JsonArray {
            core::JsonObject {{"type", "Resource"}, {"resource", std::move(resource)}}};
    }
}

void defaultStorageClass(core::JsonObject& object)
{
    fill(object, "reclaimPolicy", "Delete");
    fill(object, "volumeBindingMode", "Immediate");
}

void defaultLimitRange(core::JsonObject& object)
{
    forEachIn(part(object, "spec"), "limits", [](core::JsonObject& limit) {
        if (limit["type"] != "Container")
            return;
        const auto copyTo = [&](std::string_view from, std::string_view to) {
            const core::Json* source = limit.if_contains(from);
            if (!source || !source->is_object())
                return;
            const core::JsonObject values = source->get_object();
            core::JsonObject& target = part(limit, to);
            for (const auto& [name, amount] : values)
                fill(target, name, amount);
        };
        copyTo("max", "default");
        copyTo("default", "defaultRequest");
        copyTo("min", "defaultRequest");
    });
}

void defaultPod(core::JsonObject& object)
{
    defaultPodSpec(object["spec"]);
    core::JsonObject& spec = part(object, "spec");
    fill(spec, "enableServiceLinks", true);
    for (std::string_view list : {"containers", "initContainers"})
        forEachIn(spec, list, requestLimits);
}

void defaultServiceReference(core::JsonObject& owner)
{
    if (core::Json* service = owner.if_contains("service"); service && service->is_object())
        fill(service->get_object(), "port", 443);
}

void defaultApiService(core::JsonObject& object)
{
    defaultServiceReference(part(object, "spec"));
}

void defaultWebhooks(core::JsonObject& object)
{
    forEachIn(object, "webhooks", [](core::JsonObject& webhook) {
        defaultServiceReference(part(webhook, "clientConfig"));
        fill(webhook, "failurePolicy", "Fail");
        fill(webhook, "matchPolicy", "Equivalent");
        fill(webhook, "namespaceSelector", core::JsonObject {});
        fill(webhook, "objectSelector", core::JsonObject {});
        fill(webhook, "timeoutSeconds", 10);
        forEachIn(webhook, "rules", [](core::JsonObject& rule) { fill(rule, "scope", "*"); });
    });
}

void defaultMutatingWebhooks(core::JsonObject& object)
{
    defaultWebhooks(object);
    forEachIn(object, "webhooks",
              [](core::JsonObject& webhook) { fill(webhook, "reinvocationPolicy", "Never"); });
}

void defaultPriorityClass(core::JsonObject& object)
{
    fill(object, "preemptionPolicy", "PreemptLowerPriority");
}

void defaultEndpointSlice(core::JsonObject& object)
{
    forEachIn(object, "ports", [](core::JsonObject& port) {
        fill(port, "name", "");
        fill(port, "protocol", "TCP");
    });
}

void defaultCustomDefinition(core::JsonObject& object)
{
    core::JsonObject& spec = part(object, "spec");
    core::JsonObject& names = part(spec, "names");
    const core::Json* kind = names.if_contains("kind");
    const std::string kindName(kind && kind->is_string() ? std::string_view(kind->get_string())
                                                         : "");
    fill(names, "listKind", core::Json(kindName + "List"));
    fill(names, "singular", core::Json(core::toLower(kindName)));
    fill(part(spec, "conversion"), "strategy", "None");
}

using Function = void (*)(core::JsonObject&);

const std::map<std::string, Function, std::less<>>& functions()
{
    static const std::map<std::string, Function, std::less<>> table {
        {"pods", defaultPod},
        {"deployments.apps", defaultDeployment},
        {"replicasets.apps", defaultReplicaSet},
        {"replicationcontrollers", defaultReplicationController},
        {"podtemplates", defaultPodTemplate},
        {"apiservices.apiregistration.k8s.io", defaultApiService},
        {"validatingwebhookconfigurations.admissionregistration.k8s.io", defaultWebhooks},
        {"mutatingwebhookconfigurations.admissionregistration.k8s.io", defaultMutatingWebhooks},
        {"priorityclasses.scheduling.k8s.io", defaultPriorityClass},
        {"endpointslices.discovery.k8s.io", defaultEndpointSlice},
        {"statefulsets.apps", defaultStatefulSet},
        {"daemonsets.apps", defaultDaemonSet},
        {"jobs.batch", defaultJob},
        {"cronjobs.batch", defaultCronJob},
        {"services", defaultService},
        {"namespaces", defaultNamespace},
        {"secrets", defaultSecret},
        {"persistentvolumeclaims", defaultClaimObject},
        {"persistentvolumes", defaultVolumeObject},
        {"networkpolicies.networking.k8s.io", defaultPolicy},
        {"rolebindings.rbac.authorization.k8s.io", defaultBinding},
        {"clusterrolebindings.rbac.authorization.k8s.io", defaultBinding},
        {"horizontalpodautoscalers.autoscaling", defaultAutoscaler},
        {"storageclasses.storage.k8s.io", defaultStorageClass},
        {"limitranges", defaultLimitRange},
        {"customresourcedefinitions.apiextensions.k8s.io", defaultCustomDefinition},
    };
    return table;
}

} // namespace

void defaultPodSpec(core::Json& value)
{
    if (!value.is_object())
        value = core::JsonObject {};
    core::JsonObject& spec = value.get_object();
    for (std::string_view list : {"containers", "initContainers"})
        forEachIn(spec, list, defaultContainer);
    forEachIn(spec, "volumes", defaultVolume);
    fill(spec, "restartPolicy", "Always");
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill(spec, "dnsPolicy", "ClusterFirst");
    fill(spec, "securityContext", core::JsonObject {});
    fill(spec, "schedulerName", "default-scheduler");
    if (const core::Json* account = spec.if_contains("serviceAccountName");
        account && account->is_string())
        spec["serviceAccount"] = core::Json(*account); // a copy: the object may grow and move it
}

void applyDefaults(const ResourceType& type, core::Json& object)
{
    if (const auto found = functions().find(type.storage); found != functions().end())
        found->second(object.as_object());
}

} // namespace gitops::practice
