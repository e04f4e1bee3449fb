// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

namespace app {

void addLineageVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* lineage = with.verb(
        "lineage", Verb::Lineage, "Where data comes from and where it goes",
        "  wavewright lineage --path manifests/event-driven/apps/overlays/practice\n"
        "  wavewright lineage -f manifests/event-driven/application.yaml --focus events "
        "--upstream 1 "
        "--downstream 2\n"
        "  wavewright lineage -f manifests/event-driven/application.yaml --between events "
        "commands -o dot");
    with.addApplications(lineage);
    with.addCluster(lineage);
    lineage
        ->add_option("--focus", options.focus,
                     "Only this node with what is upstream and downstream of it")
        ->type_name("NODE");
    with.addNumber(lineage, "--upstream", options.upstream, 0, 1000, "Steps before it; else all");
    with.addNumber(lineage, "--downstream", options.downstream, 0, 1000,
                   "Steps after it; else all");
    lineage
        ->add_option("--between", options.lineagePath,
                     "Only a shortest way of data from one node to another")
        ->type_name("NODE NODE")
        ->expected(2);
    lineage->add_flag("--permitted", options.permitted,
                      "With what NetworkPolicies let workloads reach, dotted");
    with.addTerraform(lineage);
    with.addFormat(lineage,
                   {{"text", Format::Text},
                    {"json", Format::Json},
                    {"dot", Format::Dot},
                    {"openlineage", Format::OpenLineage}});
    with.addTimeout(lineage);
    with.addTelemetry(lineage);

    CLI::App* topics = with.verb(
        "topics", Verb::Topics, "Topics, queues and exchanges, and who uses them",
        "  wavewright topics -f manifests/event-driven/application.yaml\n"
        "  wavewright topics --path manifests/event-driven/kafka/overlays/practice -o json");
    with.addApplications(topics);
    with.addCluster(topics);
    with.addFormat(topics);
    with.addTimeout(topics);
    with.addTelemetry(topics);
}

} // namespace app
