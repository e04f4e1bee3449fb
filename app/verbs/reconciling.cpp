// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

namespace app {

void addReconcilingVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* render = with.verb(
        "render", Verb::Render, "Print the manifests, as kubectl kustomize does",
        "  wavewright render manifests/event-driven/kafka/overlays/production\n"
        "  wavewright render manifests/event-driven/kafka/overlays/production --explain --object "
        "Kafka/event-cluster --field /spec/kafka\n"
        "  wavewright render --repo . --path manifests/event-driven/kafka/overlays/production "
        "--revision HEAD");
    render->add_option("PATH", options.path, "Folder on this machine; with --repo, inside it");
    render->add_option("--path", options.path, "The same");
    CLI::Option* repository =
        render->add_option("--repo", options.repoUrl, "Git repository")->type_name("URL");
    render->add_option("--revision", options.revision, "Branch, tag, commit or version range")
        ->needs(repository);
    render->add_flag("--no-load-restrictor", options.unrestricted,
                     "Let kustomizations read files outside their folder (inside the repository)");
    CLI::Option* explain = render->add_flag(
        "--explain", options.explain,
        "Print instead where each object and field comes from, and who changed it");
    render->add_option("--object", options.object, "With --explain: only objects of this name")
        ->type_name("[KIND/]NAME")
        ->needs(explain);
    render->add_option("--field", options.field, "With --explain: only what is at or below it")
        ->type_name("/POINTER")
        ->needs(explain);
    with.addFormat(render, true);
    with.addState(render);

    CLI::App* diff = with.verb("diff", Verb::Diff, "Show what differs between Git and the cluster",
                               "  wavewright diff --practice --name kafka --path "
                               "manifests/event-driven/kafka/overlays/practice\n"
                               "  wavewright diff -f application.yaml --context prod\n"
                               "  wavewright diff -f application.yaml -o json | jq "
                               "'.applications[].resources[].diff.changes[]?'");
    with.describe(diff,
                  "Exit codes: 0 no difference, 1 differences, 2 could not tell, 3 timed out, 64 "
                  "usage.",
                  kDiffShape);
    with.addApplications(diff);
    with.addCluster(diff);
    with.addFormat(diff, true);
    with.addTimeout(diff);

    CLI::App* sync =
        with.verb("sync", Verb::Sync, "Sync once, in waves; 0 when Synced and Healthy",
                  "  wavewright sync --practice --name operators --path "
                  "manifests/event-driven/operators/overlays/practice\n"
                  "  wavewright sync --practice --name kafka --path "
                  "manifests/event-driven/kafka/overlays/practice --prune --timeout 10m\n"
                  "  wavewright sync kafka    # by the wavewright run of the same state folder");
    with.describe(
        sync,
        "Exit codes: 0 Synced and Healthy, 1 it will not become so by itself, 2 could not "
        "tell, 3 timed out,\n64 usage.",
        "-o json prints JSON lines: one object an event, as it happens.");
    with.addApplications(sync);
    with.addCluster(sync);
    sync->add_flag("--dry-run", options.dryRun, "Ask the server, change nothing");
    sync->add_flag("--prune", options.prune, "Delete what is ours and no longer in Git");
    with.addFormat(sync);
    with.addTimeout(sync);

    CLI::App* run = with.verb("run", Verb::Run, "Keep reconciling until told to stop",
                              "  wavewright run --practice --name operators --path "
                              "manifests/event-driven/operators/overlays/practice\n"
                              "  wavewright run -f application.yaml --listen 127.0.0.1:8080");
    with.addApplications(run);
    with.addCluster(run);
    run->add_option("--listen", options.listen, "Serve /healthz and /metrics")
        ->type_name("ADDRESS");
    CLI::Option* untilHealthy = run->add_flag("--until-healthy", options.untilHealthy,
                                              "End with 0 once everything is Synced and Healthy");
    with.addTelemetry(run);
    with.addFormat(run);
    with.addTimeout(run)->needs(untilHealthy);
}

} // namespace app
