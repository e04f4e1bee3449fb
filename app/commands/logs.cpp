// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright logs: what containers say, of one pod or of several at once.
#include "app/clusterverb.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "core/base/strings.h"
#include "core/base/time.h"
#include "gitops/cluster/clusterobjects.h"
#include "gitops/cluster/podlogs.h"

#include <algorithm>
#include <atomic>
#include <cstdio>

namespace app {

namespace {

constexpr std::size_t kMostSources = 100;

core::Result<std::vector<gitops::LogSource>> sourcesOf(const Options& options,
                                                       gitops::ClusterAccess& access)
{
    const std::string space = namespaceOf(options, access);
    const std::string target = options.words.empty() ? "" : options.words.front();
    if (target.empty() && options.selector.empty())
        return core::failure(core::ErrorCode::Invalid,
                             "say which: a pod, KIND/NAME, or a label selector (-l)", {},
                             core::Fault::User);
    const auto pods = gitops::podsOf(access, space, target, options.selector);
    if (!pods)
        return std::unexpected(pods.error());
    std::vector<gitops::LogSource> out;
    for (const core::Json& pod : *pods) {
        const std::string name(core::stringAt(pod, {"metadata", "name"}));
        const std::string podSpace(core::stringAt(pod, {"metadata", "namespace"}));
        const std::vector<std::string> all = gitops::containersOf(pod);
        if (!options.container.empty() && std::ranges::find(all, options.container) == all.end())
            return core::failure(core::ErrorCode::NotFound,
                                 "the pod has no container \"" + options.container + "\"; it has "
                                     + core::join(all, ", "),
                                 {.object = "Pod " + podSpace + "/" + name}, core::Fault::User);
        if (options.allContainers)
            for (const std::string& container : all)
                out.push_back({podSpace, name, container});
        else
            out.push_back(
                {podSpace, name,
                 options.container.empty() ? gitops::defaultContainer(pod) : options.container});
    }
    if (out.size() > kMostSources)
        return core::failure(core::ErrorCode::LimitExceeded,
                             std::to_string(out.size()) + " containers are more than the "
                                 + std::to_string(kMostSources)
                                 + " whose logs are read at once; choose some of them",
                             {}, core::Fault::User);
    return out;
}

core::Result<gitops::LogOptions> logOptions(const Options& options)
{
    gitops::LogOptions out {.follow = options.follow,
                            .previous = options.previous,
                            .timestamps = options.timestamps,
                            .since = {},
                            .tail = {}};
    if (!options.since.empty()) {
        const auto since = core::parseDuration(options.since);
        if (!since || since->count() <= 0)
            return core::failure(core::ErrorCode::Invalid,
                                 "\"" + options.since + "\" is no duration like 5m or 2h", {},
                                 core::Fault::User);
        out.since = std::chrono::ceil<std::chrono::seconds>(*since);
    }
    if (options.tail >= 0)
        out.tail = options.tail;
    return out;
}

void printLine(const Options& options, const gitops::LogSource& source, std::string_view line,
               bool isPrefixed)
{
    if (options.format == Format::Json)
        std::puts(core::toText(core::JsonObject {{"namespace", source.namespaceName},
                                                 {"pod", source.pod},
                                                 {"container", source.container},
                                                 {"line", core::sanitised(line)}})
                      .c_str());
    else
        std::printf("%s%s\n",
                    isPrefixed
                        ? coloured(source.pod + "/" + source.container + " ", Colour::Blue).c_str()
                        : "",
                    core::sanitised(line).c_str());
    if (options.follow)
        std::fflush(stdout);
}

} // namespace

int runLogs(const Options& options)
{
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    const auto access = openCluster(options);
    if (!access)
        return exitWith(access.error());
    const auto asked = logOptions(options);
    if (!asked) {
        printError(asked.error().text());
        return Usage;
    }
    const auto sources = sourcesOf(options, **access);
    if (!sources)
        return exitWith(sources.error());
    std::atomic<std::size_t> open = sources->size();
    std::atomic<bool> isWhole = true;
    gitops::PodLogs::Handlers handlers;
    handlers.line = [&](const gitops::LogSource& source, std::string_view line) {
        printLine(options, source, line, sources->size() > 1);
    };
    handlers.end = [&](const gitops::LogSource& source, std::optional<core::Error> error) {
        if (error) {
            isWhole = false;
            printError("the log of " + source.pod + "/" + source.container + ": " + error->message);
        }
        if (--open == 0)
            mailbox.post(StopRequested {});
    };
    const gitops::PodLogs logs((*access)->transport(), *sources, *asked, std::move(handlers));
    for (;;) {
        const auto mail = mailbox.next(std::chrono::hours(1));
        if (mail && std::holds_alternative<StopRequested>(*mail))
            break;
    }
    std::fflush(stdout);
    return isWhole ? Yes : CouldNotTell;
}

} // namespace app
