// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

#include <map>

namespace app {

void addLineageVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* lineage =
        with.verb("lineage", Verb::Lineage, "Where data comes from and where it goes",
                  "  wavewright lineage --path manifests/event-driven/apps/overlays/practice\n"
                  "  wavewright lineage -f application.yaml --focus events --upstream 1 "
                  "--downstream 2\n"
                  "  wavewright lineage -f application.yaml --between orders gold -o dot");
    with.addApplications(lineage);
    with.addCluster(lineage);
    lineage
        ->add_option("--focus", options.focus,
                     "Only this node with what is upstream and downstream of it")
        ->type_name("NODE");
    lineage->add_option("--upstream", options.upstream, "Steps before it; else all")
        ->check(CLI::Range(0, 1000));
    lineage->add_option("--downstream", options.downstream, "Steps after it; else all")
        ->check(CLI::Range(0, 1000));
    lineage
        ->add_option("--between", options.lineagePath,
                     "Only a shortest way of data from one node to another")
        ->type_name("NODE NODE")
        ->expected(2);
    lineage->add_flag("--permitted", options.permitted,
                      "With what NetworkPolicies let workloads reach, dotted");
    with.addTerraform(lineage);
    const std::map<std::string, Format> formats {{"text", Format::Text},
                                                 {"json", Format::Json},
                                                 {"dot", Format::Dot},
                                                 {"openlineage", Format::OpenLineage}};
    lineage->add_option("-o,--output", options.format, "Format")
        ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case))
        ->type_name("text|json|dot|openlineage");
    with.addTimeout(lineage);
    with.addTelemetry(lineage);

    CLI::App* topics =
        with.verb("topics", Verb::Topics, "Topics, queues and exchanges, and who uses them",
                  "  wavewright topics -f application.yaml\n"
                  "  wavewright topics --path manifests/event-driven -o json");
    with.addApplications(topics);
    with.addCluster(topics);
    with.addFormat(topics);
    with.addTimeout(topics);
    with.addTelemetry(topics);
}

} // namespace app
