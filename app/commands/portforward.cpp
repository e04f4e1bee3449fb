// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright port-forward: the platform's port-forwards, in front or in the background.
#include "app/background.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "app/platformforwards.h"
#include "core/base/strings.h"
#include "core/base/time.h"
#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/portforwarder.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

namespace app {

namespace {

using gitops::PortForwarder;

constexpr auto kStartPatience = std::chrono::minutes(2); ///< rendering a platform takes a while
constexpr auto kStopPatience = std::chrono::seconds(20);
constexpr auto kFirstLook = std::chrono::seconds(5);
constexpr auto kLook = std::chrono::milliseconds(250);

Background backgroundOf(const Options& options)
{
    return {std::filesystem::path(options.stateFolder) / "port-forward", options.platform};
}

core::Json toJson(const PortForwarder::State& state)
{
    const bool isService = state.forward.kind == gitops::PortForward::Kind::Service;
    return core::JsonObject {{"localPort", state.localPort},
                             {"kind", isService ? "Service" : "Pod"},
                             {"namespace", state.forward.namespaceName},
                             {"name", state.forward.name},
                             {"port", state.forward.remotePort},
                             {"pod", state.pod},
                             {"podPort", state.podPort},
                             {"connections", state.connections},
                             {"total", state.total},
                             {"problem", state.problem}};
}

core::Json statusOf(const Options& options, const gitops::ClusterConnection& connection,
                    const std::vector<PortForwarder::State>& states)
{
    core::JsonArray forwards;
    for (const PortForwarder::State& state : states)
        forwards.push_back(toJson(state));
    return core::JsonObject {{"platform", options.platform}, {"running", true},
                             {"pid", int(getpid())},         {"context", connection.context},
                             {"server", connection.server},  {"forwards", std::move(forwards)}};
}

/// 0 when all lead somewhere.
int printStatus(const core::Json& status, Format format, const std::string& log)
{
    core::Json told = status;
    told.as_object()["log"] = log;
    const core::Json* forwards = core::find(told, "forwards");
    bool isWhole = core::boolAt(told, {"running"});
    std::vector<std::vector<std::string>> rows {{"LOCAL", "LEADS TO", "POD", "OPEN", "TOTAL", ""}};
    if (forwards && forwards->is_array())
        for (const core::Json& each : forwards->get_array()) {
            const auto text = [&each](const char* member) {
                return core::sanitised(core::stringAt(each, {member}));
            };
            const auto number = [&each](const char* member) {
                return std::to_string(core::integerAt(each, {member}, 0));
            };
            const std::string pod = text("pod");
            isWhole = isWhole && !pod.empty();
            rows.push_back(
                {"127.0.0.1:" + number("localPort"),
                 core::toLower(text("kind")) + " " + text("namespace") + "/" + text("name")
                     + " port " + text("port"),
                 pod.empty() ? coloured("none", Colour::Red) : pod + ":" + number("podPort"),
                 number("connections"), number("total"), text("problem")});
        }
    if (format == Format::Json)
        printValue(told, format);
    else
        std::fputs(table(rows).c_str(), stdout);
    return isWhole ? Yes : No;
}

/// The words that start this command again, in front.
std::vector<std::string> wordsOf(const Options& options)
{
    std::vector<std::string> out {"port-forward", options.platform};
    const auto add = [&out](const char* name, const std::string& value) {
        if (!value.empty())
            out.insert(out.end(), {name, value});
    };
    for (const std::string& file : options.files)
        add("-f", file);
    add("--path", options.path);
    add("--name", options.name);
    add("--kubeconfig", options.kubeconfig);
    add("--context", options.context);
    add("--config", options.configFile);
    add("--state", options.stateFolder);
    return out;
}

/// As a shell takes it.
std::string quoted(const std::string& word)
{
    const bool isPlain = !word.empty() && std::ranges::all_of(word, [](unsigned char c) {
        return std::isalnum(c) || std::string_view("_-./:=@%+,").find(char(c)) != std::string::npos;
    });
    if (isPlain)
        return word;
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

/// What ends these forwards: they are found by platform and state folder.
std::string stopCommand(const Options& options)
{
    return core::sanitised(
        "wavewright port-forward " + quoted(options.platform) + " --stop"
        + (options.stateIsDefault ? "" : " --state " + quoted(options.stateFolder)));
}

int showStatus(const Options& options, const Background& background)
{
    const auto status = background.worker() ? core::parseJson(background.reported())
                                            : core::Result<core::Json>(core::Json());
    if (status && status->is_object())
        return printStatus(*status, options.format, background.log().string());
    if (options.format == Format::Json)
        printValue(core::JsonObject {{"platform", options.platform},
                                     {"running", false},
                                     {"forwards", core::JsonArray()}},
                   options.format);
    else
        std::printf("No port-forwards of %s run.\n", core::sanitised(options.platform).c_str());
    return No;
}

int startInBackground(const Options& options, const Background& background)
{
    if (const auto pid = background.worker()) {
        if (options.format == Format::Text)
            std::printf("They run already (process %d).\n", int(*pid));
    } else {
        const auto started = background.start(wordsOf(options), kStartPatience);
        if (!started) {
            printError(started.error().text());
            return CouldNotTell;
        }
        if (options.format == Format::Text)
            std::printf("Process %d forwards them; its log is %s. Stop it with:\n"
                        "  %s\n",
                        int(*started), background.log().c_str(), stopCommand(options).c_str());
    }
    showStatus(options, background);
    return Yes;
}

int stopBackground(const Options& options, const Background& background)
{
    const auto stopped = background.stop(kStopPatience);
    if (!stopped) {
        printError(stopped.error().text());
        return CouldNotTell;
    }
    if (options.format == Format::Json)
        printValue(core::JsonObject {{"platform", options.platform},
                                     {"running", false},
                                     {"stopped", *stopped}},
                   options.format);
    else
        std::printf(*stopped ? "The port-forwards of %s have ended.\n"
                             : "No port-forwards of %s run.\n",
                    core::sanitised(options.platform).c_str());
    return Yes;
}

void logLine(const std::string& sentence)
{
    std::printf("%s %s\n", core::formatRfc3339(std::chrono::system_clock::now()).c_str(),
                core::sanitised(sentence).c_str());
    std::fflush(stdout);
}

int forwardInFront(const Options& options, Background& background)
{
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    if (const auto taken = background.take(); !taken) {
        printError(taken.error().text() + "; stop it with --stop");
        return CouldNotTell;
    }
    const auto fail = [](const core::Error& error) {
        printError(error.text());
        return int(CouldNotTell);
    };
    const auto forwards = loadPortForwards(options);
    if (!forwards)
        return fail(forwards.error());
    gitops::KubeconfigSource source = gitops::KubeconfigSource::fromEnvironment();
    if (!options.kubeconfig.empty())
        source.explicitPath = options.kubeconfig;
    const auto access = gitops::ClusterAccess::open(source, options.context);
    if (!access)
        return fail(access.error());
    for (const std::string& warning : (*access)->connection().warnings)
        printError(warning);
    const auto forwarder = PortForwarder::start(**access, *forwards, {}, logLine);
    if (!forwarder)
        return fail(forwarder.error());
    for (const PortForwarder::State& state : (*forwarder)->states())
        logLine("127.0.0.1:" + std::to_string(state.localPort) + " listens for "
                + state.forward.text());
    std::vector<PortForwarder::State> reported;
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
        const auto states = (*forwarder)->states();
        // Who started us is told where the forwards lead, if that is known soon.
        const bool isKnown = std::ranges::all_of(states, [](const PortForwarder::State& state) {
            return !state.pod.empty() || !state.problem.empty();
        });
        const bool isDue = isKnown || std::chrono::steady_clock::now() - begin > kFirstLook;
        if (isDue && states != reported)
            if (const auto kept = background.report(
                    core::toText(statusOf(options, (*access)->connection(), reported = states)));
                !kept)
                return fail(kept.error());
        const auto mail = mailbox.next(kLook);
        if (mail && std::holds_alternative<StopRequested>(*mail))
            break;
    }
    logLine("ends");
    (*access)->stop();
    return Yes;
}

} // namespace

int runPortForward(const Options& options)
{
    Background background = backgroundOf(options);
    switch (options.background) {
    case Options::BackgroundAction::Start:
        return startInBackground(options, background);
    case Options::BackgroundAction::Stop:
        return stopBackground(options, background);
    case Options::BackgroundAction::Status:
        return showStatus(options, background);
    case Options::BackgroundAction::None:
        break;
    }
    return forwardInFront(options, background);
}

} // namespace app
