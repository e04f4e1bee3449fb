// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

namespace app {

namespace {

/// What the platform's verbs are about: Git alone, or also a cluster that is named.
CLI::App* platformVerb(VerbBuilder& with, const char* name, Verb which, const char* help,
                       const char* examples)
{
    CLI::App* to = with.verb(name, which, help, examples);
    to->footer(
        to->get_footer()
        + "\nTells of Git alone unless --context, --kubeconfig or --practice names a cluster; "
          "$KUBECONFIG does not.\n");
    with.addSource(to);
    with.addCluster(to);
    with.addTimeout(to);
    return to;
}

void addTenantRules(VerbBuilder& with, CLI::App* to)
{
    Options& options = with.options();
    to->add_option("--tenant-label", options.tenantLabel,
                   "Label of a tenant's namespaces; its value is the tenant")
        ->type_name("LABEL")
        ->capture_default_str();
    to->add_option("--tenant-pattern", options.tenantPattern,
                   "Namespaces of this name are a tenant each")
        ->type_name("GLOB")
        ->capture_default_str();
}

} // namespace

void addPlatformVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* namespaces = platformVerb(
        with, "namespaces", Verb::Namespaces, "What runs in each namespace, and who brought it",
        "  wavewright namespaces --path manifests/event-driven/apps/overlays/practice\n"
        "  wavewright namespaces kafka -f manifests/event-driven/application.yaml");
    with.describe(namespaces, "Exit codes: 0 told, 1 no such namespace, 2 something is not known.",
                  kNamespacesShape);
    namespaces->add_option("NAMESPACE", options.only, "One of them, in full");
    with.addFormat(namespaces);

    CLI::App* tenants = platformVerb(
        with, "tenants", Verb::Tenants, "Quotas, isolation, rights and reachability of tenants",
        "  wavewright tenants --path manifests/event-driven/apps/overlays/practice\n"
        "  wavewright tenants alice -f manifests/event-driven/application.yaml");
    with.describe(tenants, "Exit codes: 0 told, 1 no such tenant, 2 something is not known.",
                  kTenantsShape);
    tenants->add_option("TENANT", options.only, "One of them, in full and with reasons");
    addTenantRules(with, tenants);
    with.addFormat(tenants);

    CLI::App* findings = platformVerb(
        with, "findings", Verb::Findings,
        "What is wrong with the platform; 1 when there is anything",
        "  wavewright findings --path manifests/event-driven/kafka/overlays/production\n"
        "  wavewright findings -f manifests/event-driven/application.yaml -o sarif > "
        "findings.sarif\n"
        "  wavewright findings -f application.yaml --context prod --level error");
    with.describe(findings,
                  "Exit codes: 0 nothing of that level, 1 findings, 2 something is not known.",
                  kFindingsShape);
    findings
        ->add_option("--level", options.level, "Exit with 1 for findings of this level and above")
        ->check(CLI::IsMember({"note", "warning", "error"}))
        ->capture_default_str();
    findings->add_flag("--list", options.list,
                       "All codes with severity, meaning and what to do; reads nothing");
    addTenantRules(with, findings);
    with.addTerraform(findings);
    with.addTelemetry(findings);
    with.addFormat(findings,
                   {{"text", Format::Text}, {"json", Format::Json}, {"sarif", Format::Sarif}});

    CLI::App* environments = with.verb(
        "environments", Verb::Environments, "What differs between overlays or revisions",
        "  wavewright environments manifests/event-driven/kafka/overlays/*\n"
        "  wavewright environments --path manifests/event-driven/kafka/overlays/practice main HEAD "
        "--repo .\n"
        "  wavewright environments manifests/event-driven/kafka/overlays/* --intended "
        "'Kafka/*:spec.kafka.replicas'");
    with.describe(environments,
                  "Exit codes: 0 intended differences at most, 1 others, 2 something is not known.",
                  kEnvironmentsShape);
    environments->add_option("PATH", options.paths, "Folders; with --repo, revisions")->required();
    environments->add_option("--repo", options.repoUrl, "Compare revisions of a repository")
        ->type_name("URL");
    environments->add_option("--path", options.path, "Folder in the repository");
    environments
        ->add_option("--intended", options.intended,
                     "A difference that is meant: KIND/NAME:FIELD, globs (repeatable)")
        ->allow_extra_args(false);
    with.addTerraform(environments);
    with.addFormat(environments);
    with.addState(environments);
}

} // namespace app
