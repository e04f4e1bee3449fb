// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// What the JSON and YAML of a verb look like, for its help.
inline constexpr const char* kStatusShape =
    "-o json and -o yaml print one object; members without a value are left out:\n"
    "  applications:\n"
    "  - name, sync (Synced, OutOfSync, Unknown), health, healthMessage, activity, holder, "
    "parent,\n"
    "    destinationNamespace, lastReconciled, lastFetched (RFC 3339)\n"
    "    source: {repoURL, path, targetRevision}\n"
    "    revision: {id, author, subject, time}\n"
    "    conditions: [{type, message, since, place: {file, line, column, object}}]\n"
    "    pauses: [{reason, until, object}]\n"
    "    awaitingConfirmation: [{group, kind, namespace, name}]\n"
    "    operation: {id, trigger, revision, phase, message, startedAt, finishedAt, waves, "
    "results}\n"
    "    resources: [{group, version, kind, namespace, name, declared, sync, health, wave, uid,\n"
    "      requiresPrune, origin: {file, line}, diff}]\n";

inline constexpr const char* kGetAbout =
    "Exit codes: 0 told, 1 there is none, 2 could not tell, 64 usage.";
inline constexpr const char* kGetShape = "-o json and -o yaml print the object, or a List of them.";
inline constexpr const char* kEventsAbout =
    "Exit codes: 0 told, 1 no such kind, 2 could not tell, 64 usage.";
inline constexpr const char* kEventsShape =
    "-o json prints {events: [{lastSeen, type, reason, object, source, count, message}]}.";
inline constexpr const char* kExecAbout =
    "Exit codes: the command's own; 2 with a sentence when it could not run.";
inline constexpr const char* kExecShape = "The command's output is passed on as it is.";
inline constexpr const char* kLogsAbout =
    "Exit codes: 0 read, 1 no such pod, 2 could not tell, 64 usage.";
inline constexpr const char* kLogsShape =
    "-o json prints one object a line: {namespace, pod, container, line}.";

inline constexpr const char* kPortForwardAbout =
    "PLATFORM is an application of -f, --path or the configuration, else a folder\n"
    "with an application.yaml, here or in manifests/. It says what is forwarded: the\n"
    "annotation wavewright.dev/port-forward: \"8501:8501,8000:api\" of a Service, or\n"
    "\"service/NAME 9092:9092\" on the custom resource that brings the Service.\n"
    "Only this machine can connect (127.0.0.1).\n\n"
    "Exit codes: 0 started, stopped, or all lead to a pod (--status), 1 not running or some lead\n"
    "nowhere (--status), 2 could not tell, 64 usage.";
inline constexpr const char* kPortForwardShape =
    "-o json prints one object:\n"
    "  platform, running, pid, context, server, log\n"
    "  forwards:\n"
    "  - localPort, kind (Service, Pod), namespace, name, port\n"
    "    pod, podPort: where it leads now; \"\" while it leads nowhere\n"
    "    connections: open now; total: since the start\n"
    "    problem: the last one that holds, as a sentence\n";

inline constexpr const char* kDiffShape =
    "-o json and -o yaml print what status prints (see wavewright status --help); of each "
    "resource:\n"
    "    diff:\n"
    "      verdict: Same, Different, MissingLive, Extra or CouldNotTell\n"
    "      reason: why one could not tell\n"
    "      changes:\n"
    "      - type: Missing, Different, Undeclared or NotOurs\n"
    "        path: JSON pointer\n"
    "        field: the same as people write it\n"
    "        desired, live: as JSON; secret values are masked\n"
    "        author: {manager, operation, subresource, time} of the last write, where recorded\n"
    "        origin: {file, line} in Git\n";

inline constexpr const char* kNamespacesShape =
    "-o json prints one object:\n"
    "  namespaces:\n"
    "  - name, declared, live, system, labels, place, health, healthMessage, pods, livePods, need\n"
    "    use: {cpu, memory, pods, simulated}, where metrics.k8s.io is served\n"
    "    applications: [{application, firstWave, lastWave, objects}]\n"
    "    kinds: [{kind, declared, live}]\n"
    "    workloads: [{object, application, wave, health, pods, need, defaulted, place}]\n"
    "    quotas: [{object, scopes, place, lines: [{resource, hard, used, requested, pending,\n"
    "      exceeded, consumers}]}]\n"
    "    limits: [{object, defaultRequests, defaults, min, max, place}]\n"
    "    undeclared, leftOver: [{group, kind, namespace, name}]\n"
    "    references: [{from, toNamespace, to, how, text, place}]\n";

inline constexpr const char* kTenantsShape =
    "-o json prints one object:\n"
    "  tenants:\n"
    "  - name, knownBy, namespaces, owners, state, place, quotas, need, workloads (see\n"
    "      wavewright namespaces --help), permittedTopics, usedTopics,\n"
    "      total (lines of quotas, summed over its namespaces)\n"
    "    checks: [{code, title, ok, text, place}]\n"
    "    grants: [{subject, binding, role, namespace, known, rules}]\n"
    "  reachability:\n"
    "    targets: [{type, title, namespace, services, protocol, port}]\n"
    "    rows: [{tenant, namespace, cells: [{reach (allowed, denied, depends), reason,\n"
    "      egress, ingress: {reach, isolated, policy, rule, reason}, exceptions}]}]\n";

inline constexpr const char* kFindingsShape =
    "-o json prints one object, -o sarif SARIF 2.1.0 for code hosts:\n"
    "  findings:\n"
    "  - code, severity (error, warning, note), message, object, namespace, accepted, reason,\n"
    "      hint (what to do)\n"
    "    place: {file, line} in Git, or null\n"
    "    related: [{object, place}]\n"
    "With --list: codes: [{code, severity, title, hint}].\n"
    "An annotation wavewright.dev/accept: \"CODE: REASON; CODE: REASON\" on an object accepts its\n"
    "findings: they are shown, and do not count.\n";

inline constexpr const char* kEnvironmentsShape =
    "-o json prints one object:\n"
    "  environments: names; objects, same, unknown: counts\n"
    "  differences: [{object, field, intended, intendedBy, sides: [{present, value, file, "
    "line}]}]\n"
    "An annotation wavewright.dev/intended-differences: FIELD,FIELD (globs) sets differences "
    "apart.\n";

} // namespace app
