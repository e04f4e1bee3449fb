// SPDX-License-Identifier: GPL-3.0-or-later
// Who refers to whom by name (Kustomize's builtinpluginconsts/namereference.go).
#include "gitops/render/kustomize/fieldspec.h"

#include <array>

namespace gitops::kustomize {

namespace {

struct PodHolder
{
    std::string_view kind;
    std::string_view version;
    std::string_view podSpec; ///< path of its pod spec, with a slash at the end
};

constexpr std::array<PodHolder, 8> kPodHolders {{
    {"Pod", "v1", "spec/"},
    {"PodTemplate", "", "template/spec/"},
    {"Deployment", "", "spec/template/spec/"},
    {"ReplicaSet", "", "spec/template/spec/"},
    {"DaemonSet", "", "spec/template/spec/"},
    {"StatefulSet", "", "spec/template/spec/"},
    {"Job", "", "spec/template/spec/"},
    {"CronJob", "", "spec/jobTemplate/spec/template/spec/"},
}};

/// For the fewer fields that name accounts, claims and priorities.
constexpr std::array<PodHolder, 7> kOtherPodHolders {{
    {"Pod", "", "spec/"},
    {"StatefulSet", "", "spec/template/spec/"},
    {"Deployment", "", "spec/template/spec/"},
    {"ReplicationController", "", "spec/template/spec/"},
    {"CronJob", "", "spec/jobTemplate/spec/template/spec/"},
    {"Job", "", "spec/template/spec/"},
    {"DaemonSet", "", "spec/template/spec/"},
}};

constexpr std::array<std::string_view, 6> kConfigMapFields {
    "volumes/configMap/name",
    "containers/env/valueFrom/configMapKeyRef/name",
    "initContainers/env/valueFrom/configMapKeyRef/name",
    "containers/envFrom/configMapRef/name",
    "initContainers/envFrom/configMapRef/name",
    "volumes/projected/sources/configMap/name",
};

constexpr std::array<std::string_view, 7> kSecretFields {
    "volumes/secret/secretName",
    "containers/env/valueFrom/secretKeyRef/name",
    "initContainers/env/valueFrom/secretKeyRef/name",
    "containers/envFrom/secretRef/name",
    "initContainers/envFrom/secretRef/name",
    "imagePullSecrets/name",
    "volumes/projected/sources/secret/name",
};

struct Row
{
    std::string path;
    std::string_view kind;
    std::string_view group = "";
    std::string_view version = "";
};

class Table
{
public:
    explicit Table(std::vector<NameReference>& references)
        : m_references(references)
    {
    }
    void target(Gvk gvk) { m_target = std::move(gvk); }
    void row(const Row& row)
    {
        m_references.push_back({m_target,
                                makeFieldSpec(row.path,
                                              {std::string(row.group), std::string(row.version),
                                               std::string(row.kind)})});
    }
    template<class Holders, class Fields>
    void pods(const Holders& holders, const Fields& fields)
    {
        for (const PodHolder& holder : holders)
            for (std::string_view field : fields)
                row(Row {.path = std::string(holder.podSpec) + std::string(field),
                         .kind = holder.kind,
                         .version = holder.version});
    }

private:
    std::vector<NameReference>& m_references;
    Gvk m_target;
};

void addConfigAndSecrets(Table& table)
{
    table.target({"", "v1", "ConfigMap"});
    table.pods(kPodHolders, kConfigMapFields);
    table.row(Row {"spec/configSource/configMap", "Node"});
    table.row(Row {"rules/resourceNames", "Role"});
    table.row(Row {"rules/resourceNames", "ClusterRole"});
    table.row(Row {"metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
                   "Ingress"});
    table.target({"", "v1", "Secret"});
    table.pods(kPodHolders, kSecretFields);
    table.row(Row {"spec/tls/secretName", "Ingress"});
    for (const char* annotation :
         {"metadata/annotations/ingress.kubernetes.io\\/auth-secret",
          "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
          "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"})
        table.row(Row {annotation, "Ingress"});
    table.row(Row {"imagePullSecrets/name", "ServiceAccount"});
    for (const char* path : {"parameters/secretName", "parameters/adminSecretName",
                             "parameters/userSecretName", "parameters/secretRef"})
        table.row(Row {path, "StorageClass"});
    table.row(Row {"rules/resourceNames", "Role"});
    table.row(Row {"rules/resourceNames", "ClusterRole"});
    table.row(Row {"spec/template/spec/containers/env/valueFrom/secretKeyRef/name", "Service",
                   "serving.knative.dev", "v1"});
    table.row(Row {"spec/azureFile/secretName", "PersistentVolume"});
}

void addServicesAndRoles(Table& table)
{
    table.target({"", "v1", "Service"});
    table.row(Row {"spec/serviceName", "StatefulSet", "apps"});
    for (const char* path :
         {"spec/rules/http/paths/backend/serviceName", "spec/backend/serviceName",
          "spec/rules/http/paths/backend/service/name", "spec/defaultBackend/service/name"})
        table.row(Row {path, "Ingress"});
    table.row(Row {"spec/service/name", "APIService", "apiregistration.k8s.io"});
    for (const char* kind : {"ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"})
        table.row(Row {"webhooks/clientConfig/service", kind, "admissionregistration.k8s.io"});
    constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
    table.target({std::string(kRbac), "", "Role"});
    table.row(Row {"roleRef/name", "RoleBinding", kRbac});
    table.target({std::string(kRbac), "", "ClusterRole"});
    table.row(Row {"roleRef/name", "RoleBinding", kRbac});
    table.row(Row {"roleRef/name", "ClusterRoleBinding", kRbac});
    table.target({"", "v1", "ServiceAccount"});
    table.row(Row {"subjects", "RoleBinding", kRbac});
    table.row(Row {"subjects", "ClusterRoleBinding", kRbac});
    table.pods(kOtherPodHolders, std::array {std::string_view("serviceAccountName")});
}

void addStorageAndPolicies(Table& table)
{
    table.target({"", "v1", "PersistentVolumeClaim"});
    table.pods(kOtherPodHolders,
               std::array {std::string_view("volumes/persistentVolumeClaim/claimName")});
    table.target({"", "v1", "PersistentVolume"});
    table.row(Row {"spec/volumeName", "PersistentVolumeClaim"});
    table.row(Row {"rules/resourceNames", "ClusterRole"});
    table.target({"storage.k8s.io", "v1", "StorageClass"});
    table.row(Row {"spec/storageClassName", "PersistentVolume"});
    table.row(Row {"spec/storageClassName", "PersistentVolumeClaim"});
    table.row(Row {"spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet"});
    table.target({"scheduling.k8s.io", "v1", "PriorityClass"});
    table.pods(kOtherPodHolders, std::array {std::string_view("priorityClassName")});
    table.target({"admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"});
    table.row(Row {"spec/policyName", "ValidatingAdmissionPolicyBinding",
                   "admissionregistration.k8s.io"});
}

} // namespace

const std::vector<NameReference>& nameReferences()
{
    static const std::vector<NameReference> kReferences = [] {
        std::vector<NameReference> references;
        Table table(references);
        for (const char* kind :
             {"Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"}) {
            table.target({"", "", kind});
            table.row(Row {"spec/scaleTargetRef/name", "HorizontalPodAutoscaler"});
        }
        addConfigAndSecrets(table);
        addServicesAndRoles(table);
        addStorageAndPolicies(table);
        return references;
    }();
    return kReferences;
}

} // namespace gitops::kustomize
