// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/strategy.h"

#include "gitops/practice/objectmeta.h"

#include <algorithm>
#include <array>

namespace gitops::practice {

namespace {

/// Built-in kinds that count generations.
constexpr std::array<std::string_view, 22> kCounted {
    "pods",
    "podtemplates",
    "replicationcontrollers",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "ingresses.networking.k8s.io",
    "ingressclasses.networking.k8s.io",
    "networkpolicies.networking.k8s.io",
    "poddisruptionbudgets.policy",
    "customresourcedefinitions.apiextensions.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    "flowschemas.flowcontrol.apiserver.k8s.io",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
    "endpointslices.discovery.k8s.io",
    "priorityclasses.scheduling.k8s.io",
};

bool memberDiffers(const core::Json& a, const core::Json& b, std::string_view key)
{
    const core::Json* left = core::find(a, key);
    const core::Json* right = core::find(b, key);
    if (!left || !right)
        return left != right;
    return !core::isEqual(*left, *right);
}

/// Every member but metadata, identity and (where it is a subresource) status.
bool bodyDiffers(const core::Json& a, const core::Json& b, bool skipStatus)
{
    const auto counts = [&](std::string_view key) {
        return key != "metadata" && key != "apiVersion" && key != "kind"
            && !(skipStatus && key == "status");
    };
    for (const auto& [key, value] : a.get_object())
        if (counts(key) && memberDiffers(a, b, key))
            return true;
    for (const auto& [key, value] : b.get_object())
        if (counts(key) && !a.get_object().contains(key))
            return true;
    return false;
}

void copyMember(const core::Json* from, core::Json& to, std::string_view key)
{
    const core::Json* value = from ? core::find(*from, key) : nullptr;
    if (value)
        to.as_object()[key] = *value;
    else
        eraseMember(to, key);
}

/// The object as it was, with one member and the metadata of the new one.
void memberAndMetadata(const core::Json& old, core::Json& object, std::string_view key)
{
    core::Json result = old;
    copyMember(&object, result, key);
    copyMember(&object, result, "metadata");
    object = std::move(result);
}

/// The object as it was, with one member of the new one.
void onlyMember(const core::Json& old, core::Json& object, std::string_view key)
{
    core::Json result = old;
    copyMember(&object, result, key);
    core::JsonObject& metadata = metadataOf(result);
    const core::Json* managed = core::findPath(object, {"metadata", "managedFields"});
    if (managed)
        metadata["managedFields"] = *managed;
    const core::Json* version = core::findPath(object, {"metadata", "resourceVersion"});
    if (version)
        metadata["resourceVersion"] = *version;
    object = std::move(result);
}

} // namespace

bool hasGeneration(const ResourceType& type)
{
    return type.custom || std::ranges::find(kCounted, type.storage) != kCounted.end();
}

bool isNewGeneration(const ResourceType& type, const core::Json& old, const core::Json& object)
{
    if (type.storage == "deployments.apps"
        && memberDiffers(*core::find(old, "metadata"), *core::find(object, "metadata"),
                         "annotations"))
        return true;
    return bodyDiffers(old, object, type.hasStatus());
}

void isolateSubresource(const ResourceType& type, const core::Json* old, core::Json& object,
                        std::string_view subresource)
{
    if ((subresource == "status" || subresource == "approval") && old) {
        if (type.custom)
            onlyMember(*old, object, "status");
        else
            memberAndMetadata(*old, object, "status");
        return;
    }
    if (subresource == "finalize" && old) {
        memberAndMetadata(*old, object, "spec");
        return;
    }
    if (type.hasStatus())
        copyMember(old, object, "status");
    // Only /finalize changes a namespace's own finalizers.
    if (old && type.storage == "namespaces")
        copyMember(old, object, "spec");
}

void selectOwnPods(core::Json& job)
{
    core::Json* spec = core::find(job, "spec");
    if (!spec || !spec->is_object() || core::boolAt(*spec, {"manualSelector"}))
        return;
    const std::string uid(core::stringAt(job, {"metadata", "uid"}));
    const std::string name(core::stringAt(job, {"metadata", "name"}));
    spec->get_object()["selector"] = core::JsonObject {
        {"matchLabels", core::JsonObject {{"batch.kubernetes.io/controller-uid", uid}}}};
    core::Json& podTemplate = spec->get_object()["template"];
    if (!podTemplate.is_object())
        return;
    core::Json& labels = metadataOf(podTemplate)["labels"];
    if (!labels.is_object())
        labels = core::JsonObject {};
    core::JsonObject& own = labels.get_object();
    for (std::string_view prefix : {"", "batch.kubernetes.io/"}) {
        own[std::string(prefix) + "controller-uid"] = uid;
        own[std::string(prefix) + "job-name"] = name;
    }
    // A Job without labels of its own takes its pods'.
    core::JsonObject& metadata = metadataOf(job);
    const core::Json podLabels = core::Json(own);
    if (!metadata.contains("labels"))
        metadata["labels"] = podLabels;
}

bool allowsUnconditionalUpdate(const ResourceType& type)
{
    return !type.custom;
}

} // namespace gitops::practice
