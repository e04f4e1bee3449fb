// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in field specs of Kustomize 5.5 (api/internal/konfig/builtinpluginconsts).
#include "gitops/render/kustomize/fieldspec.h"

#include <array>

namespace gitops::kustomize {

namespace {

struct Row
{
    std::string_view path;
    bool create;
    std::string_view group;
    std::string_view version;
    std::string_view kind;
};

template<std::size_t N>
void addRows(std::vector<FieldSpec>& specs, const std::array<Row, N>& rows)
{
    for (const Row& row : rows)
        specs.push_back(makeFieldSpec(
            row.path, {std::string(row.group), std::string(row.version), std::string(row.kind)},
            row.create));
}

constexpr std::array<Row, 10> kTemplateLabels {{
    {"metadata/labels", true, "", "", ""},
    {"spec/template/metadata/labels", true, "", "v1", "ReplicationController"},
    {"spec/template/metadata/labels", true, "", "", "Deployment"},
    {"spec/template/metadata/labels", true, "", "", "ReplicaSet"},
    {"spec/template/metadata/labels", true, "", "", "DaemonSet"},
    {"spec/template/metadata/labels", true, "apps", "", "StatefulSet"},
    {"spec/volumeClaimTemplates[]/metadata/labels", true, "apps", "", "StatefulSet"},
    {"spec/template/metadata/labels", true, "batch", "", "Job"},
    {"spec/jobTemplate/metadata/labels", true, "batch", "", "CronJob"},
    {"spec/jobTemplate/spec/template/metadata/labels", true, "batch", "", "CronJob"},
}};

constexpr std::array<Row, 12> kSelectors {{
    {"spec/selector", true, "", "v1", "Service"},
    {"spec/selector", true, "", "v1", "ReplicationController"},
    {"spec/selector/matchLabels", true, "", "", "Deployment"},
    {"spec/selector/matchLabels", true, "", "", "ReplicaSet"},
    {"spec/selector/matchLabels", true, "", "", "DaemonSet"},
    {"spec/selector/matchLabels", true, "apps", "", "StatefulSet"},
    {"spec/selector/matchLabels", false, "batch", "", "Job"},
    {"spec/jobTemplate/spec/selector/matchLabels", false, "batch", "", "CronJob"},
    {"spec/selector/matchLabels", false, "policy", "", "PodDisruptionBudget"},
    {"spec/podSelector/matchLabels", false, "networking.k8s.io", "", "NetworkPolicy"},
    {"spec/ingress/from/podSelector/matchLabels", false, "networking.k8s.io", "", "NetworkPolicy"},
    {"spec/egress/to/podSelector/matchLabels", false, "networking.k8s.io", "", "NetworkPolicy"},
}};

/// Below spec/template/spec of apps' Deployment and StatefulSet.
constexpr std::array<std::string_view, 5> kPodSelectors {{
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/"
    "labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/"
    "labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/"
    "matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
}};

constexpr std::array<Row, 9> kAnnotations {{
    {"metadata/annotations", true, "", "", ""},
    {"spec/template/metadata/annotations", true, "", "v1", "ReplicationController"},
    {"spec/template/metadata/annotations", true, "", "", "Deployment"},
    {"spec/template/metadata/annotations", true, "", "", "ReplicaSet"},
    {"spec/template/metadata/annotations", true, "", "", "DaemonSet"},
    {"spec/template/metadata/annotations", true, "", "", "StatefulSet"},
    {"spec/template/metadata/annotations", true, "batch", "", "Job"},
    {"spec/jobTemplate/metadata/annotations", true, "batch", "", "CronJob"},
    {"spec/jobTemplate/spec/template/metadata/annotations", true, "batch", "", "CronJob"},
}};

constexpr std::array<Row, 3> kNamespaces {{
    {"metadata/name", true, "", "", "Namespace"},
    {"spec/service/namespace", true, "apiregistration.k8s.io", "", "APIService"},
    {"spec/conversion/webhook/clientConfig/service/namespace", false, "apiextensions.k8s.io", "",
     "CustomResourceDefinition"},
}};

constexpr std::array<Row, 4> kImages {{
    {"spec/containers[]/image", true, "", "", ""},
    {"spec/initContainers[]/image", true, "", "", ""},
    {"spec/template/spec/containers[]/image", true, "", "", ""},
    {"spec/template/spec/initContainers[]/image", true, "", "", ""},
}};

constexpr std::array<Row, 4> kReplicas {{
    {"spec/replicas", true, "", "", "Deployment"},
    {"spec/replicas", true, "", "", "ReplicationController"},
    {"spec/replicas", true, "", "", "ReplicaSet"},
    {"spec/replicas", true, "", "", "StatefulSet"},
}};

template<std::size_t N>
std::vector<FieldSpec> made(const std::array<Row, N>& rows)
{
    std::vector<FieldSpec> specs;
    addRows(specs, rows);
    return specs;
}

} // namespace

const std::vector<FieldSpec>& labelSpecs()
{
    static const std::vector<FieldSpec> kSpecs = [] {
        std::vector<FieldSpec> specs = made(kSelectors);
        for (const char* kind : {"Deployment", "StatefulSet"})
            for (std::string_view path : kPodSelectors)
                specs.push_back(makeFieldSpec("spec/template/spec/" + std::string(path),
                                              {"apps", "", kind}, false));
        addRows(specs, kTemplateLabels);
        return specs;
    }();
    return kSpecs;
}

const std::vector<FieldSpec>& templateLabelSpecs()
{
    static const std::vector<FieldSpec> kSpecs = made(kTemplateLabels);
    return kSpecs;
}

const std::vector<FieldSpec>& annotationSpecs()
{
    static const std::vector<FieldSpec> kSpecs = made(kAnnotations);
    return kSpecs;
}

const std::vector<FieldSpec>& namespaceSpecs()
{
    static const std::vector<FieldSpec> kSpecs = made(kNamespaces);
    return kSpecs;
}

const std::vector<FieldSpec>& imageSpecs()
{
    static const std::vector<FieldSpec> kSpecs = made(kImages);
    return kSpecs;
}

const std::vector<FieldSpec>& replicaSpecs()
{
    static const std::vector<FieldSpec> kSpecs = made(kReplicas);
    return kSpecs;
}

} // namespace gitops::kustomize
