// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform/findings.h"

#include "core/platform/findingsmodel.h"
#include "core/platform/findingsparts.h"

#include <algorithm>
#include <tuple>

namespace core {

std::string_view toString(Severity severity)
{
    switch (severity) {
    case Severity::Note:
        return "note";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "none";
}

std::optional<Severity> severityFromString(std::string_view text)
{
    for (const Severity each : {Severity::Note, Severity::Warning, Severity::Error})
        if (text == toString(each))
            return each;
    return std::nullopt;
}

const std::vector<FindingRule>& findingRules()
{
    using enum Severity;
    static const std::vector<FindingRule> rules {
        {"claimed-twice", Error, "Two applications declare one object",
         "Leave it to one of them: the others would undo each other's syncs."},
        {"cluster-admin", Warning, "A workload may do everything in the cluster",
         "Give its ServiceAccount a Role with what it needs."},
        {"crd-twice", Error, "A kind is defined twice",
         "A CustomResourceDefinition belongs to one operator, in one application."},
        {"default-credentials", Warning, "A password that everybody knows",
         "Put a password of your own into a sealed Secret."},
        {"default-token", Note, "Pods run with the default ServiceAccount's token",
         "Name a ServiceAccount, or switch automountServiceAccountToken off."},
        {"gold-reads-bronze", Warning, "A gold dataset is made of a bronze one",
         "Read the silver layer, or say with an annotation why not."},
        {"idle-connector", Note, "A connector does not use a topic of its configuration",
         "Look at the connector's tasks, or take the topic out of its configuration."},
        {"later-wave", Error, "Something waits for an object of a later wave",
         "Move what is waited for into the same or an earlier wave."},
        {"missing-layer-1-service", Error, "A service of the layer below is missing",
         "Declare it in the Terraform layer, or point to another one."},
        {"missing-reference", Error, "A pod names a Secret or ConfigMap that nobody declares",
         "Declare it, or mark the reference as optional."},
        {"missing-role", Error, "A binding names a role that is not there",
         "Declare the role, or remove the binding."},
        {"missing-service", Warning, "A text names a Service that is not there",
         "Declare the Service, or mend the name."},
        {"namespace-twice", Error, "Two applications declare one namespace",
         "Leave it to one of them."},
        {"no-consumer", Note, "Nobody reads from a topic or queue",
         "Remove it, or annotate who reads it from outside."},
        {"no-producer", Warning, "Nobody writes to a topic or queue that is read",
         "Deploy its producer, or annotate who writes it from outside."},
        {"no-such-port", Warning, "A text names a port that the Service does not have",
         "Mend the port, or add it to the Service."},
        {"node-port-twice", Error, "Two Services claim one node port",
         "Choose another node port for one of them."},
        {"not-permitted", Error, "A connection that is declared and not permitted",
         "Add a rule to the NetworkPolicy that is named, or remove the connection."},
        {"partition-change", Warning, "A topic's partitions change under its consumers",
         "Make a new topic, or let the consumers end first."},
        {"permitted-unused", Note, "A right to write that nothing uses",
         "Take the ACL away, or deploy what writes."},
        {"plain-listener", Warning, "Tenants may speak to a broker without TLS",
         "Close the port in their policies, or let the listener use TLS."},
        {"privileged", Warning, "A privileged container, or one in the host's network",
         "Drop the privilege, or keep the workload out of tenants' reach."},
        {"quota-exceeded", Error, "A sync would exceed a quota",
         "Raise the quota, or ask for less."},
        {"quota-needs-limits", Error, "Pods that a quota refuses because they say no limits",
         "Set requests and limits, or add a LimitRange with defaults."},
        {"selects-nothing", Note, "A Service selects no pods", "Mend its selector, or remove it."},
        {"speed-without-batch", Warning, "A topic that only the speed layer reads",
         "Let the batch layer's ingestion read it too: views without a twin are never corrected."},
        {"tenant-default-token", Note, "A tenant's pods get the default ServiceAccount's token",
         "Set automountServiceAccountToken of \"default\" to false."},
        {"tenant-no-default-deny-egress", Warning, "A tenant without default deny going out",
         "Add a NetworkPolicy that selects all pods for Egress."},
        {"tenant-no-default-deny-ingress", Error, "A tenant without default deny coming in",
         "Add a NetworkPolicy that selects all pods for Ingress."},
        {"tenant-no-limits", Warning, "A tenant without default limits", "Add a LimitRange."},
        {"tenant-no-pod-security", Note, "A tenant without a Pod Security Standard",
         "Label its namespace with pod-security.kubernetes.io/enforce."},
        {"tenant-no-quota", Error, "A tenant without a quota", "Add a ResourceQuota."},
        {"tenant-wide-rights", Error, "A tenant has rights outside its namespaces",
         "Bind its role with a RoleBinding in its own namespace."},
        {"two-writers", Warning, "Two tenants write to one topic",
         "Give each its own, or agree on an owner."},
        {"unclear-accept", Note,
         "An annotation that accepts without a reason, or what is no finding",
         "Write it as CODE: REASON, several with semicolons between."},
        {"undeclared-flow", Warning, "Data flows that nothing declares",
         "Declare who reads and writes there, or stop it."},
        {"undeclared-topic", Note, "A topic or queue that is used and not declared",
         "Declare it as an object, so that it has its partitions and comes back."},
        {"unknown-consumer", Warning, "A consumer group reads a topic that nobody declares to read",
         "Declare the consumer, or find out whose group it is."},
        {"unresolved", Note, "An end of a flow that the manifests do not tell",
         "Say it with wavewright.dev/produces or wavewright.dev/consumes."},
    };
    return rules;
}

const FindingRule* findingRule(std::string_view code)
{
    const auto& rules = findingRules();
    const auto found = std::ranges::lower_bound(rules, code, {}, &FindingRule::code);
    return found != rules.end() && found->code == code ? &*found : nullptr;
}

static void takeAccepted(const ModelObject& object, Finding& out)
{
    const ObjectFacts* facts = object.facts();
    if (!facts)
        return;
    if (const auto found = facts->accepted.find(out.code); found != facts->accepted.end()) {
        out.accepted = true;
        out.reason = found->second;
    }
}

Finding makeFinding(std::string_view code, std::string message, const ModelObject& object,
                    std::string_view pointer)
{
    Finding out;
    out.code = code;
    if (const FindingRule* rule = findingRule(code))
        out.severity = rule->severity;
    out.message = std::move(message);
    out.place = object.object.place(pointer);
    const ObjectKey& key = object.key();
    const bool isNamespace = key.group.empty() && key.kind == "Namespace";
    out.namespaceName = isNamespace ? key.name : key.namespaceName;
    out.key = key;
    takeAccepted(object, out);
    return out;
}

void updateAccepted(Finding& finding, const PlatformModel& model)
{
    const ModelObject* object = finding.key.kind.empty() ? nullptr : model.find(finding.key);
    finding.accepted = false;
    finding.reason.clear();
    if (object)
        takeAccepted(*object, finding);
}

static auto orderOf(const Finding& each)
{
    return std::tie(each.place.file, each.place.line, each.code, each.place.object, each.message);
}

bool isBefore(const Finding& a, const Finding& b)
{
    if (a.accepted != b.accepted)
        return b.accepted;
    if (a.severity != b.severity)
        return a.severity > b.severity;
    return orderOf(a) < orderOf(b);
}

bool isDouble(const Finding& a, const Finding& b)
{
    return orderOf(a) == orderOf(b);
}

void sortFindings(std::vector<Finding>& findings)
{
    std::ranges::sort(findings, isBefore);
    const auto doubles = std::ranges::unique(findings, isDouble);
    findings.erase(doubles.begin(), doubles.end());
}

std::vector<Finding> findings(const PlatformModel& model, const TenantRules& rules)
{
    FindingsModel once(rules);
    std::vector<Finding> out;
    for (const Finding* each : once.update(model))
        out.push_back(*each);
    return out;
}

void findUnclearAcceptsIn(const PlatformModel& model, const std::string& name,
                          std::vector<Finding>& out)
{
    for (const auto& [key, object] : model.space(name).objects()) {
        if (!object.facts())
            continue;
        for (const auto& [code, reason] : object.facts()->accepted) {
            const bool isKnown = findingRule(code) != nullptr;
            if (isKnown && !reason.empty())
                continue;
            out.push_back(
                makeFinding("unclear-accept",
                            std::string(kAcceptAnnotation) + " of " + key.text()
                                + (isKnown ? " gives no reason for \"" : " names no finding: \"")
                                + code + "\".",
                            object));
        }
    }
}

} // namespace core
