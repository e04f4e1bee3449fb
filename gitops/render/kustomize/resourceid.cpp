// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/resourceid.h"

#include <unordered_map>

namespace gitops::kustomize {

namespace {

/// The types of Kubernetes 1.21 by API version: namespaced kinds, then those of the cluster scope.
struct KnownTypes
{
    std::string_view apiVersion;
    std::string_view namespaced;
    std::string_view cluster;
};

constexpr KnownTypes kKnownTypes[] = {
    {"admissionregistration.k8s.io/v1", "",
     "MutatingWebhookConfiguration ValidatingWebhookConfiguration"},
    {"admissionregistration.k8s.io/v1beta1", "",
     "MutatingWebhookConfiguration ValidatingWebhookConfiguration"},
    {"apiextensions.k8s.io/v1", "", "CustomResourceDefinition"},
    {"apiextensions.k8s.io/v1beta1", "", "CustomResourceDefinition"},
    {"apiregistration.k8s.io/v1", "", "APIService"},
    {"apiregistration.k8s.io/v1beta1", "", "APIService"},
    {"apps/v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""},
    {"autoscaling/v1", "HorizontalPodAutoscaler Scale", ""},
    {"autoscaling/v2beta1", "HorizontalPodAutoscaler", ""},
    {"autoscaling/v2beta2", "HorizontalPodAutoscaler", ""},
    {"batch/v1", "CronJob Job", ""},
    {"batch/v1beta1", "CronJob", ""},
    {"certificates.k8s.io/v1", "", "CertificateSigningRequest"},
    {"certificates.k8s.io/v1beta1", "", "CertificateSigningRequest"},
    {"coordination.k8s.io/v1", "Lease", ""},
    {"coordination.k8s.io/v1beta1", "Lease", ""},
    {"discovery.k8s.io/v1", "EndpointSlice", ""},
    {"discovery.k8s.io/v1beta1", "EndpointSlice", ""},
    {"events.k8s.io/v1", "Event", ""},
    {"events.k8s.io/v1beta1", "Event", ""},
    {"extensions/v1beta1", "Ingress", ""},
    {"flowcontrol.apiserver.k8s.io/v1beta1", "", "FlowSchema PriorityLevelConfiguration"},
    {"networking.k8s.io/v1", "Ingress NetworkPolicy", "IngressClass"},
    {"networking.k8s.io/v1beta1", "Ingress", "IngressClass"},
    {"node.k8s.io/v1", "", "RuntimeClass"},
    {"node.k8s.io/v1beta1", "", "RuntimeClass"},
    {"policy/v1", "PodDisruptionBudget", ""},
    {"policy/v1beta1", "PodDisruptionBudget", "PodSecurityPolicy"},
    {"rbac.authorization.k8s.io/v1", "Role RoleBinding", "ClusterRole ClusterRoleBinding"},
    {"rbac.authorization.k8s.io/v1beta1", "Role RoleBinding", "ClusterRole ClusterRoleBinding"},
    {"scheduling.k8s.io/v1", "", "PriorityClass"},
    {"scheduling.k8s.io/v1beta1", "", "PriorityClass"},
    {"storage.k8s.io/v1", "", "CSIDriver CSINode StorageClass VolumeAttachment"},
    {"storage.k8s.io/v1beta1", "CSIStorageCapacity",
     "CSIDriver CSINode StorageClass VolumeAttachment"},
    {"v1",
     "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodAttachOptions "
     "PodExecOptions PodPortForwardOptions PodProxyOptions PodTemplate ReplicationController "
     "ResourceQuota Secret Service ServiceAccount ServiceProxyOptions",
     "ComponentStatus Namespace Node NodeProxyOptions PersistentVolume"},
};

/// Ids are asked for their scope everywhere, and a build has one thread.
thread_local const std::unordered_map<std::string, KnownScope>* customScopes = nullptr;

using Scopes = std::unordered_map<std::string, KnownScope>;

void addKinds(Scopes& scopes, std::string_view apiVersion, std::string_view kinds, KnownScope scope)
{
    while (!kinds.empty()) {
        const std::size_t end = std::min(kinds.find(' '), kinds.size());
        scopes.emplace(std::string(apiVersion) + ' ' + std::string(kinds.substr(0, end)), scope);
        kinds.remove_prefix(std::min(end + 1, kinds.size()));
    }
}

const Scopes& knownScopes()
{
    static const Scopes kScopes = [] {
        Scopes made;
        for (const KnownTypes& types : kKnownTypes) {
            addKinds(made, types.apiVersion, types.namespaced, KnownScope::Namespaced);
            addKinds(made, types.apiVersion, types.cluster, KnownScope::Cluster);
        }
        return made;
    }();
    return kScopes;
}

} // namespace

Gvk makeGvk(std::string_view apiVersion, std::string_view kind)
{
    const std::size_t slash = apiVersion.find('/');
    if (slash == std::string_view::npos)
        return {"", std::string(apiVersion), std::string(kind)};
    return {std::string(apiVersion.substr(0, slash)), std::string(apiVersion.substr(slash + 1)),
            std::string(kind)};
}

KnownScope knownScope(const Gvk& gvk)
{
    std::string key = gvk.group.empty() ? gvk.version : gvk.group + '/' + gvk.version;
    key += ' ';
    key += gvk.kind;
    const auto found = knownScopes().find(key);
    if (found != knownScopes().end())
        return found->second;
    if (!customScopes)
        return KnownScope::Unknown;
    const auto custom = customScopes->find(key);
    return custom == customScopes->end() ? KnownScope::Unknown : custom->second;
}

CustomScopes::CustomScopes(const std::unordered_map<std::string, KnownScope>& scopes)
{
    customScopes = &scopes;
}

CustomScopes::~CustomScopes()
{
    customScopes = nullptr;
}

std::string ResourceId::effectiveNamespace() const
{
    if (isClusterScoped())
        return "_non_namespaceable_";
    return namespaceName.empty() ? "default" : namespaceName;
}

std::string ResourceId::key() const
{
    std::string result = effectiveNamespace();
    for (const std::string* part : {&gvk.group, &gvk.version, &gvk.kind, &name})
        result.append(1, '\n').append(*part);
    return result;
}

std::string ResourceId::text() const
{
    return gvk.kind + ' ' + (namespaceName.empty() ? name : namespaceName + '/' + name);
}

} // namespace gitops::kustomize
