// SPDX-License-Identifier: GPL-3.0-or-later
// The only user of CLI11, which costs seconds to compile.
#include "app/commandline.h"

#include "app/outputshapes.h"
#include "core/base/time.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace app {

namespace {

std::string folderFromEnvironment(const char* variable, const char* belowHome)
{
    const char* value = std::getenv(variable);
    if (value && *value)
        return std::string(value) + "/wavewright";
    const char* home = std::getenv("HOME");
    return std::string(home ? home : "/tmp") + "/" + belowHome + "/wavewright";
}

/// A flag that may have a value: --practice or --practice=FILE, never "--practice FILE".
void addPractice(CLI::App* to, Options& options)
{
    to->add_flag("--practice", options.practiceKubeconfig,
                 "Use a practice cluster inside this process; =FILE writes its kubeconfig there")
        ->each([&options](const std::string&) { options.practice = true; });
}

/// Where live figures come from.
void addTelemetry(CLI::App* to, Options& options)
{
    to->add_option("--prometheus", options.prometheus, "Take live figures from this Prometheus")
        ->type_name("URL");
    to->add_option("--kafka", options.kafka, "Ask these Kafka brokers for live figures")
        ->type_name("HOST:PORT,…");
    to->add_option("--rabbitmq", options.rabbitmq, "RabbitMQ's Prometheus endpoint")
        ->type_name("URL");
    to->add_option("--openlineage", options.openLineage,
                   "Run events: a file of them, or Marquez's address")
        ->type_name("FILE|URL");
    to->add_flag("--simulated-traffic", options.simulatedTraffic,
                 "Show made-up traffic on the practice cluster, marked as simulated");
}

/// Builds the parser over one Options.
class Parser
{
public:
    explicit Parser(Options& options)
        : m_options(options)
        , m_root("Wavewright: a GitOps reconciler for Kubernetes platforms.\n"
                 "Reads Argo CD's Applications, renders them from Git, compares with the cluster, "
                 "applies in "
                 "sync waves, heals drift.",
                 "wavewright")
    {
        m_root.require_subcommand(1);
        m_root.set_help_all_flag("--help-all", "Help of every verb");
        m_root.set_version_flag("--version", "wavewright " WAVEWRIGHT_VERSION);
        m_root.footer(
            "Exit codes: 0 yes, 1 no, 2 could not tell, 3 timed out, 64 usage.\n\n"
            "Try it, with no cluster at all:\n"
            "  wavewright sync --practice --path manifests/event-driven/kafka/overlays/practice");
        addReconciling();
        addAboutApplications();
        addPlatform();
        addLineage();
        addStreams();
        addOthers();
    }

    CLI::App& root() { return m_root; }

private:
    CLI::App* verb(const char* name, Verb which, const char* help, const char* examples)
    {
        CLI::App* out = m_root.add_subcommand(name, help);
        out->footer(std::string("Examples:\n") + examples + "\n");
        out->callback([this, which] { m_options.verb = which; });
        return out;
    }

    /// Exit codes and the shape of -o json and yaml, below the examples of --help.
    static void describe(CLI::App* verb, const std::string& exitCodes, const std::string& shape)
    {
        verb->footer(verb->get_footer() + "\n" + exitCodes + "\n\n" + shape);
    }

    using Formats = std::vector<std::pair<std::string, Format>>;
    void addFormat(CLI::App* to, bool yaml = false)
    {
        Formats formats {{"text", Format::Text}, {"json", Format::Json}};
        if (yaml)
            formats.emplace_back("yaml", Format::Yaml);
        addFormat(to, formats);
    }
    void addFormat(CLI::App* to, const Formats& formats)
    {
        std::string names;
        for (const auto& [name, format] : formats)
            names += (names.empty() ? "" : "|") + name;
        const auto take = [this, formats, names](const std::string& text) {
            const auto found = std::ranges::find(formats, text, &Formats::value_type::first);
            if (found == formats.end())
                throw CLI::ValidationError("--output", "\"" + text + "\" is none of " + names);
            m_options.format = found->second;
        };
        to->add_option_function<std::string>("-o,--output", take, "Format")->type_name(names);
    }

    void addState(CLI::App* to)
    {
        to->add_option("--config", m_options.configFile, "Configuration (repositories, clusters)")
            ->type_name("FILE");
        to->add_option("--state", m_options.stateFolder, "State folder")->type_name("FOLDER");
    }

    void addCluster(CLI::App* to)
    {
        to->add_option("--kubeconfig", m_options.kubeconfig, "As kubectl's")->type_name("FILE");
        to->add_option("--context", m_options.context, "As kubectl's");
        to->add_option("-n,--namespace", m_options.namespaceName, "Destination of --path")
            ->type_name("NAME");
        addPractice(to, m_options);
        to->add_flag("--fresh", m_options.fresh, "Begin with an empty practice cluster");
        to->add_option("--practice-delay", m_options.practiceDelay,
                       "Factor on the time that its simulated controllers take; 0: at once")
            ->type_name("FACTOR");
        addState(to);
    }

    void addApplications(CLI::App* to)
    {
        to->add_option("APP", m_options.applications, "Names of applications; none: all");
        addSource(to);
    }

    void addSource(CLI::App* to)
    {
        to->add_option("-f,--file", m_options.files,
                       "Application manifests, files or folders (repeatable)")
            ->type_name("FILE")
            ->allow_extra_args(false);
        to->add_option("--path", m_options.path, "Make an application of this folder")
            ->type_name("FOLDER");
        to->add_option("--name", m_options.name, "Its name; else the folder's");
    }

    void addTimeout(CLI::App* to)
    {
        to->add_option_function<std::string>(
              "--timeout",
              [this](const std::string& text) {
                  const auto duration = core::parseDuration(text);
                  if (!duration || duration->count() < 0)
                      throw CLI::ValidationError("--timeout",
                                                 "\"" + text + "\" is no duration like 5m or 90s");
                  m_options.timeout = *duration;
              },
              "Give up after this time (exit code 3)")
            ->type_name("DURATION");
    }

    void addReconciling()
    {
        CLI::App* render =
            verb("render", Verb::Render, "Print the manifests, as kubectl kustomize does",
                 "  wavewright render overlays/production\n"
                 "  wavewright render --repo https://example.com/shop.git --path deploy --revision "
                 "v1.2");
        render->add_option("PATH", m_options.path,
                           "Folder on this machine; with --repo, inside it");
        render->add_option("--path", m_options.path, "The same");
        render->add_option("--repo", m_options.repoUrl, "Git repository")->type_name("URL");
        render->add_option("--revision", m_options.revision,
                           "Branch, tag, commit or version range");
        render->add_flag(
            "--no-load-restrictor", m_options.unrestricted,
            "Let kustomizations read files outside their folder (inside the repository)");
        addFormat(render, true);
        addState(render);

        CLI::App* diff = verb("diff", Verb::Diff, "Show what differs between Git and the cluster",
                              "  wavewright diff -f application.yaml\n"
                              "  wavewright diff --path overlays/production --context prod\n"
                              "  wavewright diff -f application.yaml -o json | jq "
                              "'.applications[].resources[].diff.changes[]?'");
        describe(diff,
                 "Exit codes: 0 no difference, 1 differences, 2 could not tell, 3 timed out, 64 "
                 "usage.",
                 kDiffShape);
        addApplications(diff);
        addCluster(diff);
        addFormat(diff, true);
        addTimeout(diff);

        CLI::App* sync = verb(
            "sync", Verb::Sync, "Sync once, in waves; 0 when Synced and Healthy",
            "  wavewright sync -f application.yaml\n"
            "  wavewright sync --path overlays/production --prune --timeout 10m\n"
            "  wavewright sync --practice --path manifests/event-driven/apps/overlays/practice");
        addApplications(sync);
        addCluster(sync);
        sync->add_flag("--dry-run", m_options.dryRun, "Ask the server, change nothing");
        sync->add_flag("--prune", m_options.prune, "Delete what is ours and no longer in Git");
        addFormat(sync);
        addTimeout(sync);

        CLI::App* run = verb("run", Verb::Run, "Keep reconciling until told to stop",
                             "  wavewright run -f applications/\n"
                             "  wavewright run -f application.yaml --listen 127.0.0.1:8080");
        addApplications(run);
        addCluster(run);
        run->add_option("--listen", m_options.listen, "Serve /healthz and /metrics")
            ->type_name("ADDRESS");
        run->add_flag("--until-healthy", m_options.untilHealthy,
                      "End with 0 once everything is Synced and Healthy");
        addFormat(run);
        addTimeout(run);
    }

    void addAboutApplications()
    {
        CLI::App* status =
            verb("status", Verb::Status, "What runs: sync, health and what is waited for",
                 "  wavewright status\n  wavewright status kafka -o json");
        describe(status,
                 "Exit codes: 0 all Synced and Healthy, 1 not, 2 could not tell (no Wavewright "
                 "runs, no such application), 64 usage.",
                 kStatusShape);
        status->add_option("APP", m_options.applications, "Names of applications; none: all");
        addState(status);
        addFormat(status, true);

        CLI::App* history =
            verb("history", Verb::History, "What happened: revisions, syncs, drift",
                 "  wavewright history kafka\n  wavewright history -o json --limit 50");
        history->add_option("APP", m_options.applications, "Name of an application; none: all");
        history->add_option("--limit", m_options.limit, "The newest so many")
            ->check(CLI::Range(1, 1000000));
        addState(history);
        addFormat(history);

        CLI::App* wait = verb("wait", Verb::Wait, "Wait until applications are Synced and Healthy",
                              "  wavewright wait kafka --timeout 5m");
        wait->add_option("APP", m_options.applications, "Names of applications; none: all");
        addState(wait);
        addTimeout(wait);

        CLI::App* confirm =
            verb("confirm", Verb::Confirm, "Say yes to prunes that wait for a person",
                 "  wavewright confirm users\n"
                 "  wavewright confirm users --object 'Namespace user-carol'");
        confirm->add_option("APP", m_options.applications, "Name of the application")->required();
        addObject(confirm);

        CLI::App* pause =
            verb("pause", Verb::Pause, "Stop reconciling an application or one object",
                 "  wavewright pause kafka --reason 'broker maintenance' --for 1h\n"
                 "  wavewright pause shop --object 'Deployment shop/web' --reason debugging");
        pause->add_option("APP", m_options.applications, "Name of the application")->required();
        pause->add_option("--reason", m_options.reason, "Why; shown to everybody")->required();
        pause->add_option("--for", m_options.until, "Until it goes on by itself; else until resume")
            ->type_name("DURATION");
        addObject(pause);

        CLI::App* resume =
            verb("resume", Verb::Resume, "Go on after a pause", "  wavewright resume kafka");
        resume->add_option("APP", m_options.applications, "Name of the application")->required();
        addObject(resume);

        CLI::App* adopt =
            verb("adopt", Verb::Adopt, "Take objects that were there before us under our care",
                 "  wavewright adopt kafka");
        adopt->add_option("APP", m_options.applications, "Name of the application")->required();
        addState(adopt);
    }

    /// What the platform's verbs are about: Git alone, or also a cluster that is named.
    CLI::App* platformVerb(const char* name, Verb which, const char* help, const char* examples)
    {
        CLI::App* to = verb(name, which, help, examples);
        addSource(to);
        addCluster(to);
        addTimeout(to);
        return to;
    }

    void addTerraform(CLI::App* to)
    {
        to->add_option("--terraform", m_options.terraform,
                       "What \"terraform show -json\" printed, or a state file: the layer below "
                       "(repeatable)")
            ->type_name("FILE")
            ->allow_extra_args(false);
    }

    void addTenantRules(CLI::App* to)
    {
        to->add_option("--tenant-label", m_options.tenantLabel,
                       "Label of a tenant's namespaces; its value is the tenant")
            ->type_name("LABEL")
            ->capture_default_str();
        to->add_option("--tenant-pattern", m_options.tenantPattern,
                       "Namespaces of this name are a tenant each")
            ->type_name("GLOB")
            ->capture_default_str();
    }

    void addPlatform()
    {
        CLI::App* namespaces = platformVerb(
            "namespaces", Verb::Namespaces, "What runs in each namespace, and who brought it",
            "  wavewright namespaces --path manifests/event-driven/apps/overlays/practice\n"
            "  wavewright namespaces kafka -f application.yaml --context prod");
        describe(namespaces, "Exit codes: 0 told, 1 no such namespace, 2 something is not known.",
                 kNamespacesShape);
        namespaces->add_option("NAMESPACE", m_options.only, "One of them, in full");
        addFormat(namespaces);

        CLI::App* tenants = platformVerb(
            "tenants", Verb::Tenants, "Quotas, isolation, rights and reachability of tenants",
            "  wavewright tenants --path manifests/event-driven/apps/overlays/practice\n"
            "  wavewright tenants alice -f application.yaml --context prod");
        describe(tenants, "Exit codes: 0 told, 1 no such tenant, 2 something is not known.",
                 kTenantsShape);
        tenants->add_option("TENANT", m_options.only, "One of them, in full and with reasons");
        addTenantRules(tenants);
        addFormat(tenants);

        CLI::App* findings = platformVerb(
            "findings", Verb::Findings, "What is wrong with the platform; 1 when there is anything",
            "  wavewright findings --path overlays/production\n"
            "  wavewright findings -f application.yaml -o sarif > findings.sarif\n"
            "  wavewright findings -f application.yaml --context prod --level error");
        describe(findings,
                 "Exit codes: 0 nothing of that level, 1 findings, 2 something is not known.",
                 kFindingsShape);
        findings
            ->add_option("--level", m_options.level,
                         "Exit with 1 for findings of this level and above")
            ->check(CLI::IsMember({"note", "warning", "error"}))
            ->capture_default_str();
        findings->add_flag("--list", m_options.list,
                           "All codes with severity, meaning and what to do; reads nothing");
        addTenantRules(findings);
        addTerraform(findings);
        addTelemetry(findings, m_options);
        addFormat(findings,
                  {{"text", Format::Text}, {"json", Format::Json}, {"sarif", Format::Sarif}});

        CLI::App* environments =
            verb("environments", Verb::Environments, "What differs between overlays or revisions",
                 "  wavewright environments overlays/dev overlays/staging overlays/prod\n"
                 "  wavewright environments --path overlays/prod v1.2 v1.3 --repo .\n"
                 "  wavewright environments overlays/* --intended 'Deployment/*:spec.replicas'");
        describe(environments,
                 "Exit codes: 0 intended differences at most, 1 others, 2 something is not known.",
                 kEnvironmentsShape);
        environments->add_option("PATH", m_options.paths, "Folders; with --repo, revisions")
            ->required();
        environments->add_option("--repo", m_options.repoUrl, "Compare revisions of a repository")
            ->type_name("URL");
        environments->add_option("--path", m_options.path, "Folder in the repository");
        environments
            ->add_option("--intended", m_options.intended,
                         "A difference that is meant: KIND/NAME:FIELD, globs (repeatable)")
            ->allow_extra_args(false);
        addTerraform(environments);
        addFormat(environments);
        addState(environments);
    }

    void addObject(CLI::App* to)
    {
        to->add_option("--object", m_options.object, "One object")
            ->type_name("'KIND[.GROUP] [NAMESPACE/]NAME'");
        addState(to);
    }

    void addLineage()
    {
        CLI::App* lineage =
            verb("lineage", Verb::Lineage, "Where data comes from and where it goes",
                 "  wavewright lineage --path manifests/event-driven/apps/overlays/practice\n"
                 "  wavewright lineage -f application.yaml --focus events --upstream 1 "
                 "--downstream 2\n"
                 "  wavewright lineage -f application.yaml --between orders gold -o dot");
        addApplications(lineage);
        addCluster(lineage);
        lineage
            ->add_option("--focus", m_options.focus,
                         "Only this node with what is upstream and downstream of it")
            ->type_name("NODE");
        lineage->add_option("--upstream", m_options.upstream, "Steps before it; else all")
            ->check(CLI::Range(0, 1000));
        lineage->add_option("--downstream", m_options.downstream, "Steps after it; else all")
            ->check(CLI::Range(0, 1000));
        lineage
            ->add_option("--between", m_options.lineagePath,
                         "Only a shortest way of data from one node to another")
            ->type_name("NODE NODE")
            ->expected(2);
        lineage->add_flag("--permitted", m_options.permitted,
                          "With what NetworkPolicies let workloads reach, dotted");
        addTerraform(lineage);
        const std::map<std::string, Format> formats {{"text", Format::Text},
                                                     {"json", Format::Json},
                                                     {"dot", Format::Dot},
                                                     {"openlineage", Format::OpenLineage}};
        lineage->add_option("-o,--output", m_options.format, "Format")
            ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case))
            ->type_name("text|json|dot|openlineage");
        addTimeout(lineage);
        addTelemetry(lineage, m_options);

        CLI::App* topics =
            verb("topics", Verb::Topics, "Topics, queues and exchanges, and who uses them",
                 "  wavewright topics -f application.yaml\n"
                 "  wavewright topics --path manifests/event-driven -o json");
        addApplications(topics);
        addCluster(topics);
        addFormat(topics);
        addTimeout(topics);
        addTelemetry(topics, m_options);
    }

    void addKubeconfig(CLI::App* to)
    {
        to->add_option("--kubeconfig", m_options.kubeconfig, "As kubectl's")->type_name("FILE");
        to->add_option("--context", m_options.context, "As kubectl's");
    }

    CLI::App* question(const char* name, Verb which, const char* help, const char* examples)
    {
        CLI::App* to = verb(name, which, help, examples);
        addKubeconfig(to);
        to->add_option("-n,--namespace", m_options.namespaceName, "Else the context's")
            ->type_name("NAME");
        return to;
    }

    void addSelector(CLI::App* to)
    {
        to->add_option("-l,--selector", m_options.selector, "Those with these labels")
            ->type_name("SELECTOR");
    }

    void addQuestions()
    {
        CLI::App* get = question("get", Verb::Get, "Objects of any kind, as the cluster has them",
                                 "  wavewright get deployments -A\n"
                                 "  wavewright get kafka event-cluster -n kafka -o yaml");
        describe(get, kGetAbout, kGetShape);
        get->add_option("WORDS", m_options.words, "KIND, KIND NAME or KIND/NAME")->required();
        addSelector(get);
        get->add_flag("-A,--all-namespaces", m_options.allNamespaces, "Of all namespaces");
        addFormat(get, true);

        CLI::App* events =
            question("events", Verb::Events, "What happened to objects of the cluster",
                     "  wavewright events -n shop\n  wavewright events deployment/web -o json");
        describe(events, kEventsAbout, kEventsShape);
        events->add_option("WORDS", m_options.words, "KIND NAME or KIND/NAME; none: all");
        events->add_flag("-A,--all-namespaces", m_options.allNamespaces, "Of all namespaces");
        addFormat(events);

        addLogs();
        CLI::App* exec = question("exec", Verb::Exec, "Run a command in a container",
                                  "  wavewright exec web-0 -- ls /data\n"
                                  "  wavewright exec statefulset/cassandra -i -t -- cqlsh");
        describe(exec, kExecAbout, kExecShape);
        exec->add_option_function<std::string>(
                "POD", [this](const std::string& pod) { m_options.words = {pod}; },
                "A pod, or KIND/NAME for the first of its pods")
            ->required();
        exec->add_option("COMMAND", m_options.command, "After --: the command and its words")
            ->required();
        exec->add_option("-c,--container", m_options.container, "Else the pod's default");
        exec->add_flag("-i,--stdin", m_options.interactive, "Pass standard input on");
        exec->add_flag("-t,--tty", m_options.terminal, "A terminal");
    }

    void addLogs()
    {
        CLI::App* logs = question("logs", Verb::Logs, "What containers say",
                                  "  wavewright logs web-0 -f\n"
                                  "  wavewright logs deployment/web --since 10m --tail 100\n"
                                  "  wavewright logs -l app=web --all-containers -o json");
        describe(logs, kLogsAbout, kLogsShape);
        logs->add_option("POD", m_options.words, "A pod, or KIND/NAME for all of its pods")
            ->expected(1);
        addSelector(logs);
        logs->add_option("-c,--container", m_options.container, "Else the pod's default");
        logs->add_flag("--all-containers", m_options.allContainers, "All of each pod");
        logs->add_flag("-f,--follow", m_options.follow, "Go on until the log ends");
        logs->add_flag("-p,--previous", m_options.previous, "Of before the last restart");
        logs->add_flag("--timestamps", m_options.timestamps, "With the server's time of each line");
        logs->add_option("--since", m_options.since, "Only the last so much time")
            ->type_name("DURATION");
        logs->add_option("--tail", m_options.tail, "Only the last so many lines")
            ->check(CLI::NonNegativeNumber);
        addFormat(logs);
    }

    void addStreams()
    {
        addQuestions();
        CLI::App* forward =
            verb("port-forward", Verb::PortForward, "The platform's port-forwards",
                 "  wavewright port-forward lambda-education --start\n"
                 "  wavewright port-forward lambda-education --status -o json\n"
                 "  wavewright port-forward lambda-education --stop\n"
                 "  wavewright port-forward shop -f application.yaml --context dev    (in front)");
        describe(forward, kPortForwardAbout, kPortForwardShape);
        forward->add_option("PLATFORM", m_options.platform, "Name of an application, or a folder")
            ->required();
        using Action = Options::BackgroundAction;
        const auto action = [this, forward](const char* name, Action which, const char* help) {
            return forward->add_flag_callback(
                name, [this, which] { m_options.background = which; }, help);
        };
        CLI::Option* start = action("--start", Action::Start, "Forward in the background");
        CLI::Option* stop = action("--stop", Action::Stop, "End that");
        CLI::Option* status = action("--status", Action::Status, "What is forwarded where");
        start->excludes(stop)->excludes(status);
        stop->excludes(status);
        addSource(forward);
        addKubeconfig(forward);
        addState(forward);
        addFormat(forward);
    }

    void addOthers()
    {
        CLI::App* health = verb("health", Verb::Health, "Health of the objects in a file",
                                "  kubectl get deploy,kafka -A -o yaml | wavewright health -");
        health->add_option("FILE", m_options.file, "YAML or JSON; - is standard input")->required();
        addFormat(health);

        CLI::App* practice = verb("practice", Verb::Practice, "A practice cluster on this machine",
                                  "  wavewright practice --kubeconfig /tmp/practice &\n"
                                  "  kubectl --kubeconfig /tmp/practice get namespaces");
        practice->add_option("--port", m_options.port,
                             "Port on 127.0.0.1; else the last one, or a free one");
        practice
            ->add_option("--kubeconfig", m_options.practiceKubeconfig,
                         "Where to write the kubeconfig")
            ->type_name("FILE");
        practice->add_flag("--fresh", m_options.fresh, "Begin empty");
        CLI::Option* none = practice->add_flag_callback(
            "--no-behaviours", [this] { m_options.behaviours = false; },
            "Objects stay as they are written");
        practice
            ->add_flag("--behaviours-only", m_options.behavioursOnly,
                       "No server: behave as operators would on the cluster of --kubeconfig")
            ->excludes(none);
        practice
            ->add_option("--delay", m_options.practiceDelay,
                         "Factor on the time that its simulated controllers take; 0: at once")
            ->type_name("FACTOR");
        addState(practice);

        addFormat(
            verb("version", Verb::Version, "Print the version", "  wavewright version -o json"));
        CLI::App* completion =
            verb("completion", Verb::Completion, "Print a completion script",
                 "  wavewright completion bash > /etc/bash_completion.d/wavewright\n"
                 "  source <(wavewright completion zsh)\n"
                 "  wavewright completion fish > ~/.config/fish/completions/wavewright.fish");
        completion->add_option("SHELL", m_options.shell, "bash, zsh or fish")
            ->required()
            ->type_name("bash|zsh|fish")
            ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    }

    Options& m_options;
    CLI::App m_root;
};

void setFolders(Options& options)
{
    if (options.practiceKubeconfig == "true") // the flag without a value
        options.practiceKubeconfig.clear();
    if (options.stateFolder.empty())
        options.stateFolder = folderFromEnvironment("XDG_STATE_HOME", ".local/state");
    if (options.configFile.empty())
        options.configFile = folderFromEnvironment("XDG_CONFIG_HOME", ".config") + "/config.yaml";
    options.cacheFolder = folderFromEnvironment("XDG_CACHE_HOME", ".cache");
}

std::variant<Options, int> parse(CLI::App& parser, Options& options, int argc, char** argv)
{
    try {
        parser.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return parser.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return parser.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return parser.exit(version);
    } catch (const CLI::ParseError& error) {
        std::string hint = parser.get_name();
        for (const CLI::App* verb : parser.get_subcommands())
            hint += " " + verb->get_name();
        std::fprintf(stderr, "%s: %s; see %s --help\n", parser.get_name().c_str(), error.what(),
                     hint.c_str());
        return int(Usage);
    }
    setFolders(options);
    return options;
}

} // namespace

std::variant<Options, int> parseCommandLine(int argc, char** argv)
{
    Options options;
    Parser parser(options);
    return parse(parser.root(), options, argc, argv);
}

std::variant<Options, int> parseDesktopCommandLine(int argc, char** argv)
{
    Options options;
    options.verb = Verb::Desktop;
    CLI::App parser("Wavewright: the desktop.", "wavewright-desktop");
    parser.set_version_flag("--version", "wavewright-desktop " WAVEWRIGHT_VERSION);
    parser
        .add_option("-f,--file", options.files,
                    "Application manifests, files or folders (repeatable)")
        ->allow_extra_args(false);
    parser.add_option("--path", options.path, "Make an application of this folder");
    parser.add_option("--name", options.name, "Its name; else the folder's");
    parser.add_option("--kubeconfig", options.kubeconfig, "As kubectl's");
    parser.add_option("--context", options.context, "As kubectl's");
    parser.add_option("-n,--namespace", options.namespaceName, "Destination of --path");
    addPractice(&parser, options);
    parser.add_flag("--fresh", options.fresh, "Begin with an empty practice cluster");
    parser.add_option("--practice-delay", options.practiceDelay,
                      "Factor on the time that its simulated controllers take");
    addTelemetry(&parser, options);
    parser.add_option("--config", options.configFile, "Configuration");
    parser.add_option("--state", options.stateFolder, "State folder");
    parser.add_option("--theme", options.theme, "light, dark or system")
        ->check(CLI::IsMember({"light", "dark", "system"}));
    parser.add_flag("--deterministic", options.deterministic,
                    "Fixed clock and no animation, for screenshots");
    return parse(parser, options, argc, argv);
}

namespace {

/// The words of a type name like text|json|yaml; CLI11 adds its validators after a colon.
std::vector<std::string> closedList(const std::string& typeName)
{
    return typeName.find('|') == std::string::npos
        ? std::vector<std::string>()
        : CLI::detail::split(typeName.substr(0, typeName.find(':')), '|');
}

} // namespace

std::vector<VerbWords> verbWords()
{
    Options options;
    Parser parser(options);
    std::vector<VerbWords> out;
    for (const CLI::App* verb : parser.root().get_subcommands({})) {
        VerbWords words {verb->get_name(), verb->get_description(), {}, {}};
        for (const CLI::Option* option : verb->get_options()) {
            const auto values = closedList(option->get_type_name());
            if (option->get_positional()) {
                if (!values.empty())
                    words.values = values;
                continue;
            }
            VerbWords::Option each;
            for (const std::string& name : option->get_snames())
                each.names.push_back("-" + name);
            for (const std::string& name : option->get_lnames())
                each.names.push_back("--" + name);
            each.help = option->get_description();
            each.values = values;
            each.takesValue = option->get_items_expected_min() > 0;
            words.options.push_back(std::move(each));
        }
        out.push_back(std::move(words));
    }
    return out;
}

} // namespace app
