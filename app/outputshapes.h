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
    "  environments: names; objects, same: counts\n"
    "  differences: [{object, field, intended, intendedBy, sides: [{present, value, file, "
    "line}]}]\n"
    "An annotation wavewright.dev/intended-differences: FIELD,FIELD (globs) sets differences "
    "apart.\n";

} // namespace app
