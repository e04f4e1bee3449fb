// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace app {

/// Exit codes of every verb: 0 yes, 1 no, 2 could not tell, 3 timed out, 64 usage.
enum ExitCode
{
    Yes = 0,
    No = 1,
    CouldNotTell = 2,
    TimedOut = 3,
    Usage = 64
};

enum class Verb
{
    Render,
    Diff,
    Sync,
    Run,
    Status,
    History,
    Wait,
    Confirm,
    Pause,
    Resume,
    Adopt,
    Refresh,
    Terminate,
    Health,
    Namespaces,
    Tenants,
    Findings,
    Environments,
    Lineage,
    Topics,
    PortForward,
    Logs,
    Events,
    Exec,
    Get,
    Practice,
    Version,
    Completion,
    Desktop,
};

enum class Format
{
    Text,
    Json,
    Yaml,
    Name, ///< of each, one a line
    Sarif,
    Dot,
    OpenLineage
};

/// The command line as plain values. What was not given is empty.
struct Options
{
    Verb verb = Verb::Version;
    Format format = Format::Text;

    std::string configFile; ///< --config, else $XDG_CONFIG_HOME/wavewright/config.yaml
    std::string stateFolder; ///< --state, else $XDG_STATE_HOME/wavewright
    bool stateIsDefault = false; ///< --state was not given
    std::string cacheFolder; ///< $XDG_CACHE_HOME/wavewright

    std::string kubeconfig;
    std::string context;
    std::string namespaceName;
    std::string controlNamespace; ///< of records and Leases
    bool practice = false;
    std::string practiceKubeconfig; ///< --practice=FILE, and practice --kubeconfig FILE
    bool fresh = false;
    int port = 0;
    double practiceDelay = 1; ///< factor on what its controllers take; 0: at once

    std::vector<std::string> files; ///< -f
    std::vector<std::string> applications; ///< [APP…]
    std::string path; ///< --path, or render's PATH
    std::string name; ///< --name
    std::string repoUrl; ///< render --repo
    std::string revision; ///< render --revision
    std::string file; ///< health FILE
    std::string shell; ///< completion SHELL

    bool behaviours = true; ///< of practice; false with --no-behaviours
    bool behavioursOnly = false; ///< practice --behaviours-only

    std::vector<std::string> words; ///< logs, events, exec, get: what they are about
    std::vector<std::string> command; ///< exec … -- COMMAND
    std::string container;
    std::string selector; ///< -l
    std::string since; ///< a duration
    int tail = -1; ///< lines; -1: all
    bool follow = false;
    bool previous = false;
    bool timestamps = false;
    bool allContainers = false;
    bool allNamespaces = false;
    bool interactive = false;
    bool terminal = false;

    std::string platform; ///< port-forward PLATFORM
    enum class BackgroundAction
    {
        None, ///< in front, until told to stop
        Start,
        Stop,
        Status
    } background = BackgroundAction::None; ///< port-forward --start, --stop, --status

    std::string only; ///< namespaces NAMESPACE, tenants TENANT
    std::string tenantLabel = "platform.wavewright.dev/tenant";
    std::string tenantPattern = "user-*";
    std::string level = "warning"; ///< findings --level
    bool list = false; ///< findings --list
    std::vector<std::string> terraform; ///< --terraform: states, outputs of terraform show -json
    std::vector<std::string> paths; ///< environments PATH…
    std::vector<std::string> intended; ///< environments --intended

    bool dryRun = false;
    bool prune = false;
    bool hard = false; ///< refresh --hard
    bool untilHealthy = false;
    bool whole = false;
    bool explain = false; ///< render --explain
    std::string field; ///< render --explain --field POINTER
    bool unrestricted = false; ///< render --load-restrictor=none
    std::string listen; ///< run --listen
    std::chrono::milliseconds timeout {0}; ///< 0: no limit
    int limit = 200; ///< of history
    std::string object; ///< --object KIND[.GROUP] [NAMESPACE/]NAME
    std::string reason;
    std::string until; ///< a duration

    std::string focus; ///< lineage --focus NODE
    int upstream = -1; ///< edges; -1: all
    int downstream = -1;
    bool permitted = false; ///< lineage --permitted
    std::vector<std::string> lineagePath; ///< lineage --between A B

    std::string prometheus; ///< --prometheus URL
    std::string kafka; ///< --kafka BROKERS
    std::string rabbitmq; ///< --rabbitmq URL
    std::string openLineage; ///< --openlineage FILE|URL
    bool simulatedTraffic = false; ///< of the practice cluster

    bool deterministic = false; ///< desktop: fixed clock, no animation
    std::string theme; ///< desktop
};

} // namespace app
