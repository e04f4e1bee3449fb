// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of finding, as a table.
#include "core/platform/findings.h"

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr auto kRules = std::to_array<FindingRule>({
    {"claimed-twice", Severity::Error, "Two applications declare one object",
     "Leave it to one of them: the others would undo each other's syncs."},
    {"cluster-admin", Severity::Warning, "A workload may do everything in the cluster",
     "Give its ServiceAccount a Role with what it needs."},
    {"crd-twice", Severity::Error, "A kind is defined twice",
     "A CustomResourceDefinition belongs to one operator, in one application."},
    {"default-credentials", Severity::Warning, "A password that everybody knows",
     "Put a password of your own into a sealed Secret."},
    {"default-token", Severity::Note, "Pods run with the default ServiceAccount's token",
     "Name a ServiceAccount, or switch automountServiceAccountToken off."},
    {"gold-reads-bronze", Severity::Warning, "A gold dataset is made of a bronze one",
     "Read the silver layer, or say with an annotation why not."},
    {"idle-connector", Severity::Note, "A connector does not use a topic of its configuration",
     "Look at the connector's tasks, or take the topic out of its configuration."},
    {"later-wave", Severity::Error, "Something waits for an object of a later wave",
     "Move what is waited for into the same or an earlier wave."},
    {"missing-layer-1-service", Severity::Error, "A service of the layer below is missing",
     "Declare it in the Terraform layer, or point to another one."},
    {"missing-reference", Severity::Error, "A pod names a Secret or ConfigMap that nobody declares",
     "Declare it, or mark the reference as optional."},
    {"missing-role", Severity::Error, "A binding names a role that is not there",
     "Declare the role, or remove the binding."},
    {"missing-service", Severity::Warning, "A text names a Service that is not there",
     "Declare the Service, or mend the name."},
    {"namespace-twice", Severity::Error, "Two applications declare one namespace",
     "Leave it to one of them."},
    {"no-consumer", Severity::Note, "Nobody reads from a topic or queue",
     "Remove it, or annotate who reads it from outside."},
    {"no-producer", Severity::Warning, "Nobody writes to a topic or queue that is read",
     "Deploy its producer, or annotate who writes it from outside."},
    {"no-such-port", Severity::Warning, "A text names a port that the Service does not have",
     "Mend the port, or add it to the Service."},
    {"node-port-twice", Severity::Error, "Two Services claim one node port",
     "Choose another node port for one of them."},
    {"not-permitted", Severity::Error, "A connection that is declared and not permitted",
     "Add a rule to the NetworkPolicy that is named, or remove the connection."},
    {"partition-change", Severity::Warning, "A topic's partitions change under its consumers",
     "Make a new topic, or let the consumers end first."},
    {"permitted-unused", Severity::Note, "A right to write that nothing uses",
     "Take the ACL away, or deploy what writes."},
    {"plain-listener", Severity::Warning, "Tenants may speak to a broker without TLS",
     "Close the port in their policies, or let the listener use TLS."},
    {"privileged", Severity::Warning, "A privileged container, or one in the host's network",
     "Drop the privilege, or keep the workload out of tenants' reach."},
    {"quota-exceeded", Severity::Error, "A sync would exceed a quota",
     "Raise the quota, or ask for less."},
    {"quota-needs-limits", Severity::Error, "Pods that a quota refuses because they say no limits",
     "Set requests and limits, or add a LimitRange with defaults."},
    {"selects-nothing", Severity::Note, "A Service selects no pods",
     "Mend its selector, or remove it."},
    {"speed-without-batch", Severity::Warning, "A topic that only the speed layer reads",
     "Let the batch layer's ingestion read it too: views without a twin are never corrected."},
    {"tenant-default-token", Severity::Note,
     "A tenant's pods get the default ServiceAccount's token",
     "Set automountServiceAccountToken of \"default\" to false."},
    {"tenant-no-default-deny-egress", Severity::Warning, "A tenant without default deny going out",
     "Add a NetworkPolicy that selects all pods for Egress."},
    {"tenant-no-default-deny-ingress", Severity::Error, "A tenant without default deny coming in",
     "Add a NetworkPolicy that selects all pods for Ingress."},
    {"tenant-no-limits", Severity::Warning, "A tenant without default limits", "Add a LimitRange."},
    {"tenant-no-pod-security", Severity::Note, "A tenant without a Pod Security Standard",
     "Label its namespace with pod-security.kubernetes.io/enforce."},
    {"tenant-no-quota", Severity::Error, "A tenant without a quota", "Add a ResourceQuota."},
    {"tenant-wide-rights", Severity::Error, "A tenant has rights outside its namespaces",
     "Bind its role with a RoleBinding in its own namespace."},
    {"two-writers", Severity::Warning, "Two tenants write to one topic",
     "Give each its own, or agree on an owner."},
    {"unclear-accept", Severity::Note,
     "An annotation that accepts without a reason, or what is no finding",
     "Write it as CODE: REASON, several with semicolons between."},
    {"undeclared-flow", Severity::Warning, "Data flows that nothing declares",
     "Declare who reads and writes there, or stop it."},
    {"undeclared-topic", Severity::Note, "A topic or queue that is used and not declared",
     "Declare it as an object, so that it has its partitions and comes back."},
    {"unknown-consumer", Severity::Warning,
     "A consumer group reads a topic that nobody declares to read",
     "Declare the consumer, or find out whose group it is."},
    {"unresolved", Severity::Note, "An end of a flow that the manifests do not tell",
     "Say it with wavewright.dev/produces or wavewright.dev/consumes."},
});

} // namespace

std::span<const FindingRule> findingRules()
{
    return kRules;
}

const FindingRule* findingRule(std::string_view code)
{
    const auto found = std::ranges::lower_bound(kRules, code, {}, &FindingRule::code);
    return found != kRules.end() && found->code == code ? &*found : nullptr;
}

} // namespace core
