// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/render/kustomize/mergeschema.h"

#include "gitops/render/kustomize/openapischema.h"

#include <array>

namespace gitops::kustomize {

namespace {

/// The types that hold a merged list, or lead to one.
enum Place : SchemaPlace
{
    Nothing = kNoSchema,
    Object, ///< any known kind: only its metadata matters
    Meta,
    Workload, ///< spec.template is a pod template
    WorkloadSpec,
    Pod,
    PodStatus,
    PodSpec,
    PodTemplateKind,
    PodTemplate,
    Container,
    EphemeralContainer,
    Volume,
    VolumeSource,
    ClaimTemplate,
    CronJob,
    CronJobSpec,
    JobTemplate,
    Conditioned, ///< a kind whose status has conditions
    Conditions,
    ComponentStatus,
    Node,
    NodeSpec,
    NodeStatus,
    Service,
    ServiceSpec,
    ServiceAccount,
    Webhooks,
    CsiNode,
    CsiNodeSpec,
};

struct Field
{
    Place in;
    std::string_view name;
    Place to;
};

constexpr std::array<Field, 33> kFields {{
    {Workload, "spec", WorkloadSpec},
    {Workload, "status", Conditions},
    {WorkloadSpec, "template", PodTemplate},
    {Pod, "spec", PodSpec},
    {Pod, "status", PodStatus},
    {PodTemplateKind, "template", PodTemplate},
    {PodTemplate, "metadata", Meta},
    {PodTemplate, "spec", PodSpec},
    {Volume, "ephemeral", VolumeSource},
    {VolumeSource, "volumeClaimTemplate", ClaimTemplate},
    {ClaimTemplate, "metadata", Meta},
    {CronJob, "spec", CronJobSpec},
    {CronJobSpec, "jobTemplate", JobTemplate},
    {JobTemplate, "metadata", Meta},
    {JobTemplate, "spec", WorkloadSpec},
    {Conditioned, "status", Conditions},
    {Node, "spec", NodeSpec},
    {Node, "status", NodeStatus},
    {Service, "spec", ServiceSpec},
    {Service, "status", Conditions},
    {CsiNode, "spec", CsiNodeSpec},
    {Object, "metadata", Meta},
    {Workload, "metadata", Meta},
    {Pod, "metadata", Meta},
    {PodTemplateKind, "metadata", Meta},
    {CronJob, "metadata", Meta},
    {Conditioned, "metadata", Meta},
    {ComponentStatus, "metadata", Meta},
    {Node, "metadata", Meta},
    {Service, "metadata", Meta},
    {ServiceAccount, "metadata", Meta},
    {Webhooks, "metadata", Meta},
    {CsiNode, "metadata", Meta},
}};

struct List
{
    Place in;
    std::string_view name;
    ListMerge merge;
};

const std::vector<List>& lists()
{
    static const std::vector<List> kLists {
        {Meta, "finalizers", {true, {}, Nothing}},
        {Meta, "ownerReferences", {true, {"uid"}, Nothing}},
        {PodSpec, "containers", {true, {"name"}, Container}},
        {PodSpec, "initContainers", {true, {"name"}, Container}},
        {PodSpec, "ephemeralContainers", {true, {"name"}, EphemeralContainer}},
        {PodSpec, "hostAliases", {true, {"ip"}, Nothing}},
        {PodSpec, "imagePullSecrets", {true, {"name"}, Nothing}},
        {PodSpec,
         "topologySpreadConstraints",
         {true, {"topologyKey", "whenUnsatisfiable"}, Nothing}},
        {PodSpec, "volumes", {true, {"name"}, Volume}},
        {Container, "env", {true, {"name"}, Nothing}},
        {Container, "ports", {true, {"containerPort", "protocol"}, Nothing}},
        {Container, "volumeDevices", {true, {"devicePath"}, Nothing}},
        {Container, "volumeMounts", {true, {"mountPath"}, Nothing}},
        {EphemeralContainer, "env", {true, {"name"}, Nothing}},
        {EphemeralContainer, "volumeDevices", {true, {"devicePath"}, Nothing}},
        {EphemeralContainer, "volumeMounts", {true, {"mountPath"}, Nothing}},
        {Conditions, "conditions", {true, {"type"}, Nothing}},
        {ComponentStatus, "conditions", {true, {"type"}, Nothing}},
        {PodStatus, "conditions", {true, {"type"}, Nothing}},
        {PodStatus, "podIPs", {true, {"ip"}, Nothing}},
        {NodeSpec, "podCIDRs", {true, {}, Nothing}},
        {NodeStatus, "addresses", {true, {"type"}, Nothing}},
        {NodeStatus, "conditions", {true, {"type"}, Nothing}},
        {ServiceSpec, "ports", {true, {"port", "protocol"}, Nothing}},
        {ServiceAccount, "secrets", {true, {"name"}, Nothing}},
        {Webhooks, "webhooks", {true, {"name"}, Nothing}},
        {CsiNodeSpec, "drivers", {true, {"name"}, Nothing}},
    };
    return kLists;
}

struct Kind
{
    std::string_view kind;
    Place place;
};

constexpr std::array<Kind, 22> kKinds {{
    {"Deployment", Workload},
    {"ReplicaSet", Workload},
    {"DaemonSet", Workload},
    {"StatefulSet", Workload},
    {"ReplicationController", Workload},
    {"Job", Workload},
    {"CronJob", CronJob},
    {"Pod", Pod},
    {"PodTemplate", PodTemplateKind},
    {"Namespace", Conditioned},
    {"PersistentVolumeClaim", Conditioned},
    {"PodDisruptionBudget", Conditioned},
    {"APIService", Conditioned},
    {"ComponentStatus", ComponentStatus},
    {"Node", Node},
    {"Service", Service},
    {"ServiceAccount", ServiceAccount},
    {"MutatingWebhookConfiguration", Webhooks},
    {"ValidatingWebhookConfiguration", Webhooks},
    {"CSINode", CsiNode},
    {"Scale", Object},
    {"ConfigMap", Object},
}};

} // namespace

SchemaPlace MergeSchema::of(const Gvk& gvk) const
{
    if (m_custom)
        return m_custom->of(gvk);
    if (knownScope(gvk) == KnownScope::Unknown)
        return kNoSchema;
    for (const Kind& kind : kKinds)
        if (kind.kind == gvk.kind)
            return kind.place;
    return Object;
}

SchemaPlace MergeSchema::field(SchemaPlace place, std::string_view name) const
{
    if (m_custom)
        return m_custom->field(place, name);
    if (place == kNoSchema)
        return kNoSchema;
    for (const Field& known : kFields)
        if (known.in == place && known.name == name)
            return known.to;
    return kNoSchema;
}

const ListMerge& MergeSchema::list(SchemaPlace place, std::string_view name) const
{
    static const ListMerge kReplaced;
    if (m_custom)
        return m_custom->list(place, name);
    if (place == kNoSchema)
        return kReplaced;
    for (const List& list : lists())
        if (list.in == place && list.name == name)
            return list.merge;
    return kReplaced;
}

} // namespace gitops::kustomize
