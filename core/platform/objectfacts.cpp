// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/objectfacts.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

namespace {

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";

const JsonArray& arrayAt(const Json& value, std::initializer_list<std::string_view> path)
{
    static const JsonArray none;
    const Json* found = findPath(value, path);
    return found && found->is_array() ? found->get_array() : none;
}

Quantity one()
{
    return Quantity::ofInteger(1);
}

void addPods(const Json& value, std::initializer_list<std::string_view> path,
             const std::string& pointer, std::int64_t count, ObjectFacts& out)
{
    const Json* podTemplate = findPath(value, path);
    if (!podTemplate || !podTemplate->is_object())
        return;
    out.pods.push_back(podFactsOf(*podTemplate, pointer));
    out.pods.back().count = podCount(count);
}

void readClaim(const Json& claim, std::int64_t count, ObjectFacts& out)
{
    out.claims += count;
    ResourceList need;
    need["persistentvolumeclaims"] = one();
    const ResourceList requests = resourcesOf(findPath(claim, {"spec", "resources", "requests"}));
    if (const auto storage = requests.find("storage"); storage != requests.end())
        need["requests.storage"] = storage->second;
    addNeed(out.need, need, count);
}

void readWorkload(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    const std::int64_t replicas = podCount(integerAt(value, {"spec", "replicas"}, 1));
    if (key.group.empty() && key.kind == "Pod") {
        out.pods.push_back(podFactsOf(value, ""));
        const std::string_view phase = stringAt(value, {"status", "phase"});
        out.finished = phase == "Succeeded" || phase == "Failed";
    } else if (key.group == "batch" && key.kind == "Job") {
        addPods(value, {"spec", "template"}, "/spec/template",
                integerAt(value, {"spec", "parallelism"}, 1), out);
        out.finished = std::ranges::any_of(
            arrayAt(value, {"status", "conditions"}), [](const Json& condition) {
                const std::string_view type = stringAt(condition, {"type"});
                return (type == "Complete" || type == "Failed")
                    && stringAt(condition, {"status"}) == "True";
            });
    } else if (key.group == "batch" && key.kind == "CronJob") {
        const bool suspended = boolAt(value, {"spec", "suspend"});
        addPods(value, {"spec", "jobTemplate", "spec", "template"},
                "/spec/jobTemplate/spec/template",
                suspended ? 0 : integerAt(value, {"spec", "jobTemplate", "spec", "parallelism"}, 1),
                out);
    } else if (key.group == "apps" && key.kind == "DaemonSet") {
        addPods(value, {"spec", "template"}, "/spec/template", 1, out);
    } else if ((key.group == "apps"
                && (key.kind == "Deployment" || key.kind == "StatefulSet"
                    || key.kind == "ReplicaSet"))
               || (key.group.empty() && key.kind == "ReplicationController")
               || (key.group == "serving.knative.dev" && key.kind == "Service")) {
        addPods(value, {"spec", "template"}, "/spec/template", replicas, out);
        for (const Json& claim : arrayAt(value, {"spec", "volumeClaimTemplates"}))
            readClaim(claim, replicas, out);
    }
}

ServicePort servicePortOf(const Json& port)
{
    ServicePort out;
    out.name = stringAt(port, {"name"});
    out.port = int(integerAt(port, {"port"}, 0));
    if (const Json* target = find(port, "targetPort"); target && target->is_string())
        out.targetName = std::string_view(target->get_string());
    else
        out.targetPort = int(integerAt(port, {"targetPort"}, 0));
    if (const std::string_view protocol = stringAt(port, {"protocol"}); !protocol.empty())
        out.protocol = protocol;
    out.nodePort = int(integerAt(port, {"nodePort"}, 0));
    return out;
}

void readService(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    ServiceFacts service;
    service.name = key.name;
    if (const std::string_view type = stringAt(value, {"spec", "type"}); !type.empty())
        service.type = type;
    service.externalName = stringAt(value, {"spec", "externalName"});
    if (const Json* selector = findPath(value, {"spec", "selector"});
        selector && selector->is_object() && !selector->get_object().empty()) {
        service.selector.emplace();
        for (const auto& [name, label] : selector->get_object())
            if (label.is_string())
                service.selector->emplace(name, std::string_view(label.get_string()));
    }
    for (const Json& port : arrayAt(value, {"spec", "ports"}))
        service.ports.push_back(servicePortOf(port));
    out.need["services"] = one();
    if (service.type == "LoadBalancer")
        out.need["services.loadbalancers"] = one();
    if (service.type == "NodePort" || service.type == "LoadBalancer")
        out.need["services.nodeports"] = Quantity::ofInteger(std::int64_t(service.ports.size()));
    out.services.push_back(std::move(service));
}

/// Only the names of what is weak are kept.
void readSecret(const Json& value, ObjectFacts& out)
{
    for (const char* const part : {"stringData", "data"}) {
        const Json* data = find(value, part);
        if (!data || !data->is_object())
            continue;
        for (const auto& [name, text] : data->get_object()) {
            if (!text.is_string())
                continue;
            const std::string_view written = text.get_string();
            const auto plain = part[0] == 'd' ? base64Decode(written.substr(0, 200))
                                              : std::optional(std::string(written));
            if (plain && isWellKnownPassword(name, *plain))
                out.weak.push_back(
                    {std::string(name), std::string("/") + part + "/" + std::string(name)});
        }
    }
    out.need["secrets"] = one();
}

void readDefinition(const Json& value, ObjectFacts& out)
{
    out.defines = {std::string(stringAt(value, {"spec", "group"})),
                   std::string(stringAt(value, {"spec", "names", "kind"}))};
}

void readTenant(const Json& value, ObjectFacts& out)
{
    CapsuleTenantFacts tenant;
    for (const Json& owner : arrayAt(value, {"spec", "owners"}))
        tenant.owners.push_back(std::string(stringAt(owner, {"kind"})) + " "
                                + std::string(stringAt(owner, {"name"})));
    for (const Json& item : arrayAt(value, {"spec", "resourceQuotas", "items"}))
        addNeed(tenant.quota, resourcesOf(find(item, "hard")));
    tenant.state = stringAt(value, {"status", "state"});
    tenant.isCordoned = boolAt(value, {"spec", "cordoned"});
    for (const Json& name : arrayAt(value, {"status", "namespaces"}))
        if (name.is_string())
            tenant.namespaces.emplace_back(std::string_view(name.get_string()));
    out.tenant = std::move(tenant);
}

void readCore(const ObjectKey& key, const Json& value, ObjectFacts& out)
{
    if (key.kind == "Service") {
        readService(key, value, out);
    } else if (key.kind == "Secret") {
        readSecret(value, out);
    } else if (key.kind == "ConfigMap") {
        out.need["configmaps"] = one();
    } else if (key.kind == "PersistentVolumeClaim") {
        readClaim(value, 1, out);
    } else if (key.kind == "ResourceQuota") {
        out.quota = QuotaFacts::read(value);
        out.need["resourcequotas"] = one();
    } else if (key.kind == "LimitRange") {
        out.limits = LimitRangeFacts::read(value);
    } else if (key.kind == "ServiceAccount") {
        if (const Json* automount = find(value, "automountServiceAccountToken");
            automount && automount->is_bool())
            out.automountToken = automount->get_bool();
    }
}

std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> out;
    for (std::string_view word : split(text, ','))
        if (word = trimmed(word); !word.empty())
            out.emplace_back(word);
    return out;
}

std::map<std::string, std::string> acceptedOf(std::string text)
{
    std::map<std::string, std::string> out;
    std::ranges::replace(text, '\n', ';');
    for (const std::string_view entry : split(text, ';')) {
        const std::size_t colon = entry.find(':');
        const std::string reason(
            trimmed(colon == entry.npos ? std::string_view() : entry.substr(colon + 1)));
        for (const std::string& code : wordsOf(entry.substr(0, colon)))
            out.emplace(code, reason);
    }
    return out;
}

void readAnnotations(const Json& value, ObjectFacts& out)
{
    const Json* annotations = findPath(value, {"metadata", "annotations"});
    if (!annotations || !annotations->is_object())
        return;
    for (const auto& [key, text] : annotations->get_object()) {
        if (!text.is_string())
            continue;
        const std::string_view name = key;
        const std::string_view words = text.get_string();
        if (name == kAcceptAnnotation)
            out.accepted = acceptedOf(std::string(words));
        else if (name == "reflector.v1.k8s.emberstack.com/reflects")
            out.mirrorOf = words;
        else if (name == "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces")
            out.mirroredTo = wordsOf(words);
    }
}

/// Of a SealedSecret: where Reflector copies the Secret to that comes out of it.
void readSealedTemplate(const Json& value, ObjectFacts& out)
{
    const Json* annotations = findPath(value, {"spec", "template", "metadata", "annotations"});
    if (!annotations || !annotations->is_object())
        return;
    const Json* spaces =
        find(*annotations, "reflector.v1.k8s.emberstack.com/reflection-auto-namespaces");
    if (spaces && spaces->is_string())
        out.mirroredTo = wordsOf(spaces->get_string());
}

/// "deployments.apps" of the built-in kinds, as quotas count them.
std::string countName(const ObjectKey& key)
{
    std::string plural = toLower(key.kind);
    if (plural.ends_with("s") || plural.ends_with("x"))
        plural += "es";
    else if (plural.ends_with("y"))
        plural.replace(plural.size() - 1, 1, "ies");
    else
        plural += "s";
    return "count/" + plural + (key.group.empty() ? "" : "." + key.group);
}

} // namespace

ObjectFacts readObjectFacts(const ObjectKey& key, const Json& value)
{
    ObjectFacts out;
    out.labels = labelsOf(value);
    readAnnotations(value, out);
    readWorkload(key, value, out);
    if (key.group.empty()) {
        readCore(key, value, out);
    } else if (key.group == "networking.k8s.io" && key.kind == "NetworkPolicy") {
        out.policy = NetworkPolicyFacts::read(value);
    } else if (key.group == kRbac && key.kind.ends_with("Role")) {
        out.role = RoleFacts::read(value);
    } else if (key.group == kRbac && key.kind.ends_with("RoleBinding")) {
        out.binding = BindingFacts::read(value, key.namespaceName);
    } else if (key.group == "apiextensions.k8s.io" && key.kind == "CustomResourceDefinition") {
        readDefinition(value, out);
    } else if (key.group == "capsule.clastix.io" && key.kind == "Tenant") {
        readTenant(value, out);
    } else if (key.group == "bitnami.com" && key.kind == "SealedSecret") {
        readSealedTemplate(value, out);
    } else {
        readOperatorFacts(key, value, out);
    }
    if (!key.namespaceName.empty())
        out.need.try_emplace(quotaName(countName(key)), one());
    return out;
}

} // namespace core
