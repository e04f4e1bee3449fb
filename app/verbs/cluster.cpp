// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outputshapes.h"
#include "app/verbs/verbbuilder.h"

#include <CLI/CLI.hpp>

#include <limits>

namespace app {

namespace {

CLI::App* question(VerbBuilder& with, const char* name, Verb which, const char* help,
                   const char* examples)
{
    Options& options = with.options();
    CLI::App* to = with.verb(name, which, help, examples);
    with.addKubeconfig(to);
    to->add_option("-n,--namespace", options.namespaceName, "Else the context's")
        ->type_name("NAME");
    return to;
}

void addLogs(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* logs = question(with, "logs", Verb::Logs, "What containers say",
                              "  wavewright logs web-0 -f\n"
                              "  wavewright logs deployment/web --since 10m --tail 100\n"
                              "  wavewright logs -l app=web --all-containers -o json");
    with.describe(logs, kLogsAbout, kLogsShape);
    logs->add_option("POD", options.words, "A pod, or KIND/NAME for all of its pods")->expected(1);
    with.addSelector(logs);
    logs->add_option("-c,--container", options.container, "Else the pod's default");
    logs->add_flag("--all-containers", options.allContainers, "All of each pod");
    logs->add_flag("-f,--follow", options.follow, "Go on until the log ends");
    logs->add_flag("-p,--previous", options.previous, "Of before the last restart");
    logs->add_flag("--timestamps", options.timestamps, "With the server's time of each line");
    logs->add_option("--since", options.since, "Only the last so much time")->type_name("DURATION");
    with.addNumber(logs, "--tail", options.tail, 0, std::numeric_limits<int>::max(),
                   "Only the last so many lines");
    with.addFormat(logs);
}

void addQuestions(VerbBuilder& with)
{
    Options& options = with.options();
    CLI::App* get = question(with, "get", Verb::Get, "Objects of any kind, as the cluster has them",
                             "  wavewright get deployments -A\n"
                             "  wavewright get kafka event-cluster -n kafka -o yaml");
    with.describe(get, kGetAbout, kGetShape);
    get->add_option("WORDS", options.words, "KIND, KIND NAME or KIND/NAME")->required();
    with.addSelector(get);
    get->add_flag("-A,--all-namespaces", options.allNamespaces, "Of all namespaces");
    with.addFormat(get, true);

    CLI::App* events =
        question(with, "events", Verb::Events, "What happened to objects of the cluster",
                 "  wavewright events -n shop\n  wavewright events deployment/web -o json");
    with.describe(events, kEventsAbout, kEventsShape);
    events->add_option("WORDS", options.words, "KIND NAME or KIND/NAME; none: all");
    events->add_flag("-A,--all-namespaces", options.allNamespaces, "Of all namespaces");
    with.addFormat(events);

    addLogs(with);
    CLI::App* exec = question(with, "exec", Verb::Exec, "Run a command in a container",
                              "  wavewright exec web-0 -- ls /data\n"
                              "  wavewright exec statefulset/cassandra -i -t -- cqlsh");
    with.describe(exec, kExecAbout, kExecShape);
    exec->add_option_function<std::string>(
            "POD", [&options](const std::string& pod) { options.words = {pod}; },
            "A pod, or KIND/NAME for the first of its pods")
        ->required();
    exec->add_option("COMMAND", options.command, "After --: the command and its words")->required();
    exec->add_option("-c,--container", options.container, "Else the pod's default");
    exec->add_flag("-i,--stdin", options.interactive, "Pass standard input on");
    exec->add_flag("-t,--tty", options.terminal, "A terminal");
}

} // namespace

void addClusterVerbs(VerbBuilder& with)
{
    Options& options = with.options();
    addQuestions(with);
    CLI::App* forward =
        with.verb("port-forward", Verb::PortForward, "The platform's port-forwards",
                  "  wavewright port-forward lambda-education --start\n"
                  "  wavewright port-forward lambda-education --status -o json\n"
                  "  wavewright port-forward lambda-education --stop\n"
                  "  wavewright port-forward shop -f application.yaml --context dev    # in front");
    with.describe(forward, kPortForwardAbout, kPortForwardShape);
    forward->add_option("PLATFORM", options.platform, "Name of an application, or a folder")
        ->required();
    using Action = Options::BackgroundAction;
    const auto action = [&options, forward](const char* name, Action which, const char* help) {
        return forward->add_flag_callback(
            name, [&options, which] { options.background = which; }, help);
    };
    CLI::Option* start = action("--start", Action::Start, "Forward in the background");
    CLI::Option* stop = action("--stop", Action::Stop, "End that");
    CLI::Option* status = action("--status", Action::Status, "What is forwarded where");
    start->excludes(stop)->excludes(status);
    stop->excludes(status);
    with.addSource(forward);
    with.addKubeconfig(forward);
    with.addState(forward);
    with.addFormat(forward);
}

} // namespace app
