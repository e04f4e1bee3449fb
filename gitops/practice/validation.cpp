// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/validation.h"

#include "core/object/selector.h"
#include "core/value/quantity.h"
#include "gitops/practice/contentvalidation.h"
#include "gitops/practice/objectmeta.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

namespace gitops::practice {

namespace {

using Causes = std::vector<Cause>;

void require(const core::Json& object, std::initializer_list<std::string_view> path,
             const std::string& name, Causes& causes)
{
    const core::Json* value = core::findPath(object, path);
    const bool isEmpty = !value || value->is_null()
        || (value->is_string() && value->get_string().empty())
        || (value->is_array() && value->get_array().empty());
    if (isEmpty)
        causes.push_back(fieldRequired(name));
}

void checkQuantities(const core::Json* amounts, const std::string& at, Causes& causes)
{
    if (!amounts || !amounts->is_object())
        return;
    for (const auto& [name, value] : amounts->get_object()) {
        const std::string text =
            value.is_string() ? std::string(value.get_string()) : core::toText(value);
        const auto quantity = core::Quantity::parse(text);
        if (!quantity)
            causes.push_back(fieldInvalidText(at + "[" + std::string(name) + "]", text,
                                              "quantities must match the regular expression "
                                              "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"));
        else if (quantity->isNegative())
            causes.push_back(fieldInvalidText(at + "[" + std::string(name) + "]", text,
                                              "must be greater than or equal to 0"));
    }
}

void checkPort(const core::Json& value, const std::string& at, Causes& causes)
{
    if (value.is_int64() && (value.get_int64() < 1 || value.get_int64() > 65'535))
        causes.push_back(fieldInvalid(at, value, "must be between 1 and 65535, inclusive"));
}

void checkWithinLimits(const core::Json& container, const std::string& at, Causes& causes)
{
    const core::Json* requests = core::findPath(container, {"resources", "requests"});
    const core::Json* limits = core::findPath(container, {"resources", "limits"});
    if (!requests || !limits || !requests->is_object() || !limits->is_object())
        return;
    for (const auto& [name, value] : requests->get_object()) {
        const core::Json* bound = limits->get_object().if_contains(name);
        const auto parsed = [](const core::Json& amount) {
            return core::Quantity::parse(amount.is_string() ? std::string(amount.get_string())
                                                            : core::toText(amount));
        };
        const auto asked = parsed(value);
        const auto most = bound ? parsed(*bound) : std::nullopt;
        if (asked && most && *asked > *most)
            causes.push_back(
                fieldInvalidText(at + ".resources.requests", asked->canonical(),
                                 fmt::format("must be less than or equal to {} limit of {}",
                                             std::string_view(name), most->canonical())));
    }
}

void checkMounts(const core::Json& spec, const core::Json& container, const std::string& at,
                 Causes& causes)
{
    const core::Json* mounts = core::find(container, "volumeMounts");
    if (!mounts || !mounts->is_array())
        return;
    const core::Json* volumes = core::find(spec, "volumes");
    for (std::size_t i = 0; i < mounts->get_array().size(); ++i) {
        const std::string_view name = core::stringAt(mounts->get_array()[i], {"name"});
        const bool isThere = volumes && volumes->is_array()
            && std::ranges::any_of(volumes->get_array(), [&](const core::Json& volume) {
                                 return core::stringAt(volume, {"name"}) == name;
                             });
        if (!isThere)
            causes.push_back({"FieldValueNotFound", "Not found: \"" + std::string(name) + "\"",
                              fmt::format("{}.volumeMounts[{}].name", at, i)});
    }
}

void checkContainers(const core::Json& spec, std::string_view list, const std::string& at,
                     Causes& causes)
{
    const core::Json* containers = core::find(spec, list);
    if (!containers || !containers->is_array())
        return;
    std::set<std::string> names;
    std::size_t index = 0;
    for (const core::Json& container : containers->get_array()) {
        const std::string here = fmt::format("{}.{}[{}]", at, list, index++);
        const std::string name(core::stringAt(container, {"name"}));
        if (name.empty())
            causes.push_back(fieldRequired(here + ".name"));
        else if (!isDnsLabel(name))
            causes.push_back(fieldInvalidText(
                here + ".name", name,
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
                "'-', and must start and end with an alphanumeric character"));
        else if (!names.insert(name).second)
            causes.push_back(
                {"FieldValueDuplicate", "Duplicate value: \"" + name + "\"", here + ".name"});
        require(container, {"image"}, here + ".image", causes);
        for (std::string_view part : {"requests", "limits"})
            checkQuantities(core::findPath(container, {"resources", part}),
                            fmt::format("{}.resources.{}", here, part), causes);
        checkWithinLimits(container, here, causes);
        if (const core::Json* ports = core::find(container, "ports"); ports && ports->is_array())
            for (std::size_t i = 0; i < ports->get_array().size(); ++i)
                if (const core::Json* port = core::find(ports->get_array()[i], "containerPort"))
                    checkPort(*port, fmt::format("{}.ports[{}].containerPort", here, i), causes);
    }
}

enum class Mounts
{
    OfVolumes,
    OfClaims ///< a StatefulSet's templates are volumes, too: nobody checks them
};

void checkPodSpec(const core::Json* spec, const std::string& at, Causes& causes,
                  Mounts mounts = Mounts::OfVolumes)
{
    if (!spec || !spec->is_object()) {
        causes.push_back(fieldRequired(at));
        return;
    }
    require(*spec, {"containers"}, at + ".containers", causes);
    for (std::string_view list : {"containers", "initContainers"}) {
        checkContainers(*spec, list, at, causes);
        const core::Json* containers = core::find(*spec, list);
        if (mounts == Mounts::OfVolumes && containers && containers->is_array())
            for (std::size_t i = 0; i < containers->get_array().size(); ++i)
                checkMounts(*spec, containers->get_array()[i],
                            fmt::format("{}.{}[{}]", at, list, i), causes);
    }
}

/// Replicas, a selector, and a template whose labels the selector finds.
void checkWorkload(const core::Json& object, Causes& causes)
{
    if (const std::int64_t replicas = core::integerAt(object, {"spec", "replicas"}, 0);
        replicas < 0)
        causes.push_back(
            fieldInvalid("spec.replicas", replicas, "must be greater than or equal to 0"));
    const core::Json* selectorJson = core::findPath(object, {"spec", "selector"});
    const core::Json* podTemplate = core::findPath(object, {"spec", "template"});
    if (!selectorJson) {
        causes.push_back(fieldRequired("spec.selector"));
        const core::Json* labels =
            podTemplate ? core::findPath(*podTemplate, {"metadata", "labels"}) : nullptr;
        causes.push_back(fieldInvalid("spec.template.metadata.labels",
                                      labels ? *labels : core::Json(),
                                      "`selector` does not match template `labels`"));
    } else if (podTemplate) {
        const auto selector = core::LabelSelector::fromJson(*selectorJson);
        if (!selector || selector->isEmpty())
            causes.push_back(fieldInvalid("spec.selector", *selectorJson,
                                          "empty selector is invalid for this workload"));
        else if (!selector->matches(core::labelsOf(*podTemplate)))
            causes.push_back(
                fieldInvalid("spec.template.metadata.labels",
                             core::findPath(*podTemplate, {"metadata", "labels"})
                                 ? *core::findPath(*podTemplate, {"metadata", "labels"})
                                 : core::Json(core::JsonObject {}),
                             "`selector` does not match template `labels`"));
    }
    const bool hasClaims = core::stringAt(object, {"kind"}) == "StatefulSet";
    checkPodSpec(podTemplate ? core::find(*podTemplate, "spec") : nullptr, "spec.template.spec",
                 causes, hasClaims ? Mounts::OfClaims : Mounts::OfVolumes);
    const std::string_view policy =
        podTemplate ? core::stringAt(*podTemplate, {"spec", "restartPolicy"}) : "Always";
    if (policy != "Always")
        causes.push_back(fieldUnsupported("spec.template.spec.restartPolicy", policy, {"Always"}));
}

void checkPod(const core::Json& object, Causes& causes)
{
    checkPodSpec(core::find(object, "spec"), "spec", causes);
}

void checkJob(const core::Json& object, Causes& causes)
{
    checkPodSpec(core::findPath(object, {"spec", "template", "spec"}), "spec.template.spec",
                 causes);
    const std::string_view policy =
        core::stringAt(object, {"spec", "template", "spec", "restartPolicy"});
    if (policy != "OnFailure" && policy != "Never")
        causes.push_back(fieldRequired("spec.template.spec.restartPolicy",
                                       "valid values: \"OnFailure\", \"Never\""));
}

void checkCronJob(const core::Json& object, Causes& causes)
{
    require(object, {"spec", "schedule"}, "spec.schedule", causes);
    checkPodSpec(core::findPath(object, {"spec", "jobTemplate", "spec", "template", "spec"}),
                 "spec.jobTemplate.spec.template.spec", causes);
}

void checkService(const core::Json& object, Causes& causes)
{
    const std::string_view type = core::stringAt(object, {"spec", "type"});
    static const std::vector<std::string> types {"ClusterIP", "ExternalName", "LoadBalancer",
                                                 "NodePort"};
    if (std::ranges::find(types, type) == types.end())
        causes.push_back(fieldUnsupported("spec.type", type, types));
    const core::Json* ports = core::findPath(object, {"spec", "ports"});
    const bool headless = core::stringAt(object, {"spec", "clusterIP"}) == "None";
    if ((!ports || !ports->is_array() || ports->get_array().empty()) && type != "ExternalName"
        && !headless) {
        causes.push_back(fieldRequired("spec.ports"));
        return;
    }
    if (!ports || !ports->is_array())
        return;
    for (std::size_t i = 0; i < ports->get_array().size(); ++i) {
        const core::Json& port = ports->get_array()[i];
        const std::string here = fmt::format("spec.ports[{}]", i);
        if (const core::Json* number = core::find(port, "port"))
            checkPort(*number, here + ".port", causes);
        else
            causes.push_back(fieldRequired(here + ".port"));
        if (ports->get_array().size() > 1 && core::stringAt(port, {"name"}).empty())
            causes.push_back(fieldRequired(here + ".name"));
    }
}

void checkClaim(const core::Json& object, Causes& causes)
{
    static const std::vector<std::string> modes {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
                                                 "ReadWriteOncePod"};
    const core::Json* wanted = core::findPath(object, {"spec", "accessModes"});
    if (!wanted || !wanted->is_array() || wanted->get_array().empty())
        causes.push_back(fieldRequired("spec.accessModes", "at least 1 access mode is required"));
    else
        for (const core::Json& mode : wanted->get_array())
            if (!mode.is_string()
                || std::ranges::find(modes, std::string_view(mode.get_string())) == modes.end())
                causes.push_back(fieldUnsupported(
                    "spec.accessModes", mode.is_string() ? std::string_view(mode.get_string()) : "",
                    modes));
    require(object, {"spec", "resources", "requests", "storage"}, "spec.resources[storage]",
            causes);
    checkQuantities(core::findPath(object, {"spec", "resources", "requests"}),
                    "spec.resources.requests", causes);
}

void checkQuota(const core::Json& object, Causes& causes)
{
    checkQuantities(core::findPath(object, {"spec", "hard"}), "spec.hard", causes);
}

void checkBinding(const core::Json& object, Causes& causes)
{
    const std::string_view kind = core::stringAt(object, {"roleRef", "kind"});
    if (kind != "Role" && kind != "ClusterRole")
        causes.push_back(fieldUnsupported("roleRef.kind", kind, {"Role", "ClusterRole"}));
    require(object, {"roleRef", "name"}, "roleRef.name", causes);
    const core::Json* subjects = core::find(object, "subjects");
    if (!subjects || !subjects->is_array())
        return;
    for (std::size_t i = 0; i < subjects->get_array().size(); ++i) {
        const std::string_view who = core::stringAt(subjects->get_array()[i], {"kind"});
        if (who != "ServiceAccount" && who != "User" && who != "Group")
            causes.push_back(fieldUnsupported(fmt::format("subjects[{}].kind", i), who,
                                              {"ServiceAccount", "User", "Group"}));
    }
}

/// Kubernetes keeps its own groups for definitions that its API review has seen.
/// Source: k8s.io/apiextensions-apiserver, pkg/apiserver/validation, api-approved.kubernetes.io.
void checkApproval(const core::Json& object, Causes& causes)
{
    const std::string group = "." + std::string(core::stringAt(object, {"spec", "group"}));
    if (!group.ends_with(".k8s.io") && !group.ends_with(".kubernetes.io"))
        return;
    constexpr std::string_view kApproval = "api-approved.kubernetes.io";
    if (core::stringAt(object, {"metadata", "annotations", kApproval}).empty())
        causes.push_back(fieldRequired(
            "metadata.annotations[api-approved.kubernetes.io]",
            "protected groups must have approval annotation \"api-approved.kubernetes.io\", see "
            "https://github.com/kubernetes/enhancements/pull/1111"));
}

void checkDefinition(const core::Json& object, Causes& causes)
{
    checkApproval(object, causes);
    const std::string expected = std::string(core::stringAt(object, {"spec", "names", "plural"}))
        + "." + std::string(core::stringAt(object, {"spec", "group"}));
    const std::string_view name = core::stringAt(object, {"metadata", "name"});
    if (name != expected)
        causes.push_back(
            fieldInvalidText("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
    if (const std::string_view scope = core::stringAt(object, {"spec", "scope"});
        scope != "Cluster" && scope != "Namespaced")
        causes.push_back(fieldUnsupported("spec.scope", scope, {"Cluster", "Namespaced"}));
    require(object, {"spec", "group"}, "spec.group", causes);
    require(object, {"spec", "names", "plural"}, "spec.names.plural", causes);
    require(object, {"spec", "names", "kind"}, "spec.names.kind", causes);
    require(object, {"spec", "versions"}, "spec.versions", causes);
    const core::Json* versions = core::findPath(object, {"spec", "versions"});
    int storage = 0;
    if (versions && versions->is_array())
        for (std::size_t i = 0; i < versions->get_array().size(); ++i) {
            const core::Json& version = versions->get_array()[i];
            storage += core::boolAt(version, {"storage"});
            if (!core::findPath(version, {"schema", "openAPIV3Schema"}))
                causes.push_back(
                    fieldRequired(fmt::format("spec.versions[{}].schema.openAPIV3Schema", i)));
        }
    if (storage != 1)
        causes.push_back(fieldInvalid("spec.versions", versions ? *versions : core::Json(),
                                      "must have exactly one version marked as storage version"));
    if (core::stringAt(object, {"spec", "conversion", "strategy"}) == "Webhook")
        causes.push_back(fieldUnsupported("spec.conversion.strategy", "Webhook", {"None"}));
}

using Check = void (*)(const core::Json&, Causes&);

const std::map<std::string, Check, std::less<>>& checks()
{
    static const std::map<std::string, Check, std::less<>> table {
        {"pods", checkPod},
        {"deployments.apps", checkWorkload},
        {"replicasets.apps", checkWorkload},
        {"statefulsets.apps", checkWorkload},
        {"daemonsets.apps", checkWorkload},
        {"jobs.batch", checkJob},
        {"cronjobs.batch", checkCronJob},
        {"services", checkService},
        {"persistentvolumeclaims", checkClaim},
        {"resourcequotas", checkQuota},
        {"rolebindings.rbac.authorization.k8s.io", checkBinding},
        {"clusterrolebindings.rbac.authorization.k8s.io", checkBinding},
        {"customresourcedefinitions.apiextensions.k8s.io", checkDefinition},
    };
    return table;
}

/// Fields that an update may not change: storage, path, and the server's words.
struct Immutable
{
    std::string_view storage;
    std::string_view path; ///< dotted
    std::string_view words = "field is immutable";
};

constexpr std::array kImmutable {
    Immutable {"deployments.apps", "spec.selector"},
    Immutable {"replicasets.apps", "spec.selector"},
    Immutable {"daemonsets.apps", "spec.selector"},
    Immutable {"jobs.batch", "spec.selector"},
    Immutable {"jobs.batch", "spec.template"},
    Immutable {"jobs.batch", "spec.completionMode"},
    Immutable {"secrets", "type"},
    Immutable {"storageclasses.storage.k8s.io", "parameters", "field is immutable"},
    Immutable {"storageclasses.storage.k8s.io", "provisioner", "field is immutable"},
    Immutable {"storageclasses.storage.k8s.io", "reclaimPolicy"},
    Immutable {"storageclasses.storage.k8s.io", "volumeBindingMode"},
    Immutable {"rolebindings.rbac.authorization.k8s.io", "roleRef", "cannot change roleRef"},
    Immutable {"clusterrolebindings.rbac.authorization.k8s.io", "roleRef", "cannot change roleRef"},
    Immutable {"customresourcedefinitions.apiextensions.k8s.io", "spec.group"},
    Immutable {"customresourcedefinitions.apiextensions.k8s.io", "spec.scope"},
    Immutable {"customresourcedefinitions.apiextensions.k8s.io", "spec.names.kind"},
    Immutable {"customresourcedefinitions.apiextensions.k8s.io", "spec.names.plural"},
};

const core::Json* at(const core::Json& object, std::string_view path)
{
    const core::Json* value = &object;
    while (value && !path.empty()) {
        const std::size_t dot = path.find('.');
        value = core::find(*value, path.substr(0, dot));
        path.remove_prefix(dot == path.npos ? path.size() : dot + 1);
    }
    return value;
}

bool differs(const core::Json* a, const core::Json* b)
{
    return !a || !b ? a != b : !core::isEqual(*a, *b);
}

/// Equal when the named members are left out of both.
bool differsBeyond(const core::Json& old, const core::Json& object,
                   std::initializer_list<std::string_view> members)
{
    const auto stripped = [&](const core::Json& value) {
        core::Json copy = value;
        for (std::string_view member : members)
            eraseMember(copy, member);
        return copy;
    };
    const core::Json* before = core::find(old, "spec");
    const core::Json* after = core::find(object, "spec");
    return before && after && !core::isEqual(stripped(*before), stripped(*after));
}

void checkImmutableData(const core::Json& old, const core::Json& object, Causes& causes)
{
    if (!core::boolAt(old, {"immutable"}))
        return;
    if (!core::boolAt(object, {"immutable"}))
        causes.push_back(fieldForbidden("immutable", "field is immutable when `immutable` is set"));
    for (std::string_view field : {"data", "binaryData"})
        if (differs(core::find(old, field), core::find(object, field)))
            causes.push_back(
                fieldForbidden(std::string(field), "field is immutable when `immutable` is set"));
}

/// Of a pod's spec only images, tolerations, deadlines and (once) the node may change.
void checkPodUpdate(const core::Json& old, const core::Json& object, Causes& causes)
{
    const auto comparable = [](const core::Json& pod, const core::Json& nodeOf) {
        core::Json spec =
            core::find(pod, "spec") ? *core::find(pod, "spec") : core::Json(core::JsonObject {});
        for (std::string_view list : {"containers", "initContainers"})
            if (core::Json* containers = core::find(spec, list);
                containers && containers->is_array())
                for (core::Json& each : containers->get_array())
                    eraseMember(each, "image");
        for (std::string_view member :
             {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"})
            eraseMember(spec, member);
        if (core::stringAt(nodeOf, {"spec", "nodeName"}).empty())
            eraseMember(spec, "nodeName");
        return spec;
    };
    if (!core::isEqual(comparable(old, old), comparable(object, old)))
        causes.push_back(fieldForbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,"
            "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
            "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to "
            "be set to 1 if it was previously negative)"));
}

void checkClaimUpdate(const core::Json& old, const core::Json& object, Causes& causes)
{
    const bool bound = !core::stringAt(old, {"spec", "volumeName"}).empty();
    const bool fine = bound
        ? !differsBeyond(old, object, {"resources", "volumeAttributesClassName"})
        : !differsBeyond(
              old, object,
              {"resources", "volumeAttributesClassName", "volumeName", "storageClassName"});
    if (!fine)
        causes.push_back(
            fieldForbidden("spec",
                           "spec is immutable after creation except resources.requests and "
                           "volumeAttributesClassName for bound claims"));
    const auto size = [](const core::Json& claim) {
        return core::Quantity::parse(
                   core::stringAt(claim, {"spec", "resources", "requests", "storage"}))
            .value_or(core::Quantity());
    };
    if (size(object) < size(old))
        causes.push_back(fieldForbidden("spec.resources.requests.storage",
                                        "field can not be less than status.capacity"));
}

void checkServiceUpdate(const core::Json& old, const core::Json& object, Causes& causes)
{
    const std::string_view before = core::stringAt(old, {"spec", "clusterIP"});
    const std::string_view after = core::stringAt(object, {"spec", "clusterIP"});
    if (!before.empty() && !after.empty() && before != after)
        causes.push_back(fieldInvalidText("spec.clusterIPs[0]", after, "may not change once set"));
}

void checkKindUpdate(const ResourceType& type, const core::Json& old, const core::Json& object,
                     Causes& causes)
{
    const std::string& storage = type.storage;
    if (storage == "configmaps" || storage == "secrets")
        checkImmutableData(old, object, causes);
    else if (storage == "pods")
        checkPodUpdate(old, object, causes);
    else if (storage == "persistentvolumeclaims")
        checkClaimUpdate(old, object, causes);
    else if (storage == "services")
        checkServiceUpdate(old, object, causes);
    else if (storage == "statefulsets.apps"
             && differsBeyond(old, object,
                              {"replicas", "ordinals", "template", "updateStrategy",
                               "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
                               "minReadySeconds"}))
        causes.push_back(fieldForbidden(
            "spec",
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
            "'minReadySeconds' are forbidden"));
}

} // namespace

std::vector<Cause> validateCreate(const ResourceType& type, const core::Json& object)
{
    Causes causes;
    if (const auto check = checks().find(type.storage); check != checks().end())
        check->second(object, causes);
    checkContent(type, object, causes);
    return causes;
}

std::vector<Cause> validateUpdate(const ResourceType& type, const core::Json& old,
                                  const core::Json& object)
{
    Causes causes = validateCreate(type, object);
    for (const Immutable& field : kImmutable)
        if (field.storage == type.storage && differs(at(old, field.path), at(object, field.path))) {
            const core::Json* now = at(object, field.path);
            causes.push_back(
                fieldInvalid(std::string(field.path), now ? *now : core::Json(), field.words));
        }
    checkKindUpdate(type, old, object, causes);
    return causes;
}

} // namespace gitops::practice
