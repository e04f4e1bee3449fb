// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright namespaces: what runs where, who brought it, what is nobody's.
#include "app/commands.h"
#include "app/console.h"
#include "app/platformsource.h"
#include "core/base/strings.h"
#include "core/model/measureduse.h"
#include "core/platform/platformjson.h"

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

using core::NamespaceView;

std::string healthText(const NamespaceView& view)
{
    if (!view.health)
        return "-";
    return coloured(std::string(signOf(*view.health)) + " "
                        + std::string(core::toString(*view.health)),
                    colourOf(*view.health));
}

std::string amount(const core::ResourceList& need, const char* name)
{
    const auto found = need.find(name);
    return found == need.end() ? "-" : found->second.canonical();
}

std::string bringers(const NamespaceView& view)
{
    std::string out;
    for (const NamespaceView::Bringer& each : view.applications)
        out += (out.empty() ? "" : ", ") + each.application;
    return out.empty() ? "-" : out;
}

std::string podsText(const NamespaceView& view)
{
    return (view.livePods ? std::to_string(*view.livePods) + "/" : std::string())
        + std::to_string(view.pods);
}

using UsePtr = core::MeasuredUsePtr;

std::string useText(const UsePtr& use, const std::string& space)
{
    if (!use)
        return "-"; // no cluster was asked
    switch (use->state) {
    case core::MeasuredUse::State::Known:
        break;
    case core::MeasuredUse::State::NotServed:
        return "not served";
    case core::MeasuredUse::State::Refused:
        return "not permitted";
    default:
        return "unknown";
    }
    const core::ResourceUse* found = use->of(space);
    if (!found)
        return "-";
    return core::cpuText(found->cpu) + ", " + core::memoryText(found->memory)
        + (use->simulated ? " (simulated)" : "");
}

core::Json useJson(const core::ResourceUse& use, bool isSimulated)
{
    return core::JsonObject {{"cpu", use.cpu.canonical()},
                             {"memory", use.memory.canonical()},
                             {"pods", use.pods},
                             {"simulated", isSimulated}};
}

core::Json useJson(const core::MeasuredUse& use)
{
    return core::JsonObject {{"state", core::toString(use.state)},
                             {"message", use.why},
                             {"at",
                              use.at == core::WallTime() ? core::Json(nullptr)
                                                         : core::Json(core::formatRfc3339(use.at))},
                             {"simulated", use.simulated}};
}

void printJson(const std::vector<NamespaceView>& views, const UsePtr& use)
{
    core::JsonArray list;
    for (const NamespaceView& view : views) {
        core::Json each = core::toJson(view);
        if (const core::ResourceUse* found = use ? use->of(view.name) : nullptr)
            each.as_object()["use"] = useJson(*found, use->simulated);
        list.push_back(std::move(each));
    }
    core::JsonObject out {{"namespaces", std::move(list)}};
    if (use)
        out["use"] = useJson(*use);
    std::puts(core::toText(out).c_str());
}

void printTable(const std::vector<NamespaceView>& views, bool hasLive, const UsePtr& use)
{
    std::vector<std::vector<std::string>> rows {{"NAMESPACE", "HEALTH", "APPLICATIONS", "OBJECTS",
                                                 "PODS", "CPU", "MEMORY", "IN USE", "UNDECLARED"}};
    for (const NamespaceView& view : views) {
        int objects = 0;
        for (const core::KindCount& kind : view.kinds)
            objects += kind.declared;
        rows.push_back({core::sanitised(view.name), healthText(view), bringers(view),
                        std::to_string(objects), podsText(view), amount(view.need, "requests.cpu"),
                        amount(view.need, "requests.memory"), useText(use, view.name),
                        hasLive ? std::to_string(view.undeclared.size()) : "-"});
    }
    std::fputs(table(rows).c_str(), stdout);
}

void printQuota(const core::QuotaView& quota)
{
    std::printf("\n%s\n", core::sanitised(quota.key.text()).c_str());
    std::vector<std::vector<std::string>> rows {
        {"  RESOURCE", "HARD", "USED", "REQUESTED", "AFTER SYNC", "MOST BY"}};
    for (const core::QuotaLine& line : quota.lines)
        rows.push_back({"  " + line.resource, line.hard.canonical(),
                        line.used ? line.used->canonical() : "-", line.requested.canonical(),
                        line.isExceeded() ? coloured(line.pending.canonical() + " !", Colour::Red)
                                          : line.pending.canonical(),
                        line.consumers.empty() ? "-" : line.consumers.front().key.text()});
    std::fputs(table(rows).c_str(), stdout);
}

void printWorkloads(const NamespaceView& view)
{
    if (view.workloads.empty())
        return;
    std::puts("");
    std::vector<std::vector<std::string>> rows {
        {"WORKLOAD", "HEALTH", "PODS", "CPU", "MEMORY", "APPLICATION", "WAVE", "DECLARED"}};
    for (const core::WorkloadView& each : view.workloads)
        rows.push_back({core::sanitised(each.key.kind + " " + each.key.name),
                        each.health ? std::string(core::toString(*each.health)) : "-",
                        std::to_string(each.pods), amount(each.need, "requests.cpu"),
                        amount(each.need, "requests.memory"),
                        each.application.empty() ? "-" : each.application,
                        each.wave ? std::to_string(*each.wave) : "-",
                        each.place.file.empty()
                            ? "-"
                            : each.place.file + ":" + std::to_string(each.place.line)});
    std::fputs(table(rows).c_str(), stdout);
}

void printOne(const NamespaceView& view, bool hasLive, const UsePtr& use)
{
    std::puts(coloured(core::sanitised(view.name), Colour::Bold).c_str());
    std::printf("health        %s%s\n", healthText(view).c_str(),
                view.healthMessage.empty() ? "" : ("  " + view.healthMessage).c_str());
    for (const NamespaceView::Bringer& each : view.applications)
        std::printf("application   %s, waves %d to %d, %d objects\n", each.application.c_str(),
                    each.firstWave, each.lastWave, each.objects);
    for (const core::KindCount& kind : view.kinds)
        std::printf("kind          %s: %d declared%s\n", kind.kind.text().c_str(), kind.declared,
                    hasLive ? (", " + std::to_string(kind.live) + " live").c_str() : "");
    std::printf("in use        %s\n", useText(use, view.name).c_str());
    printWorkloads(view);
    std::ranges::for_each(view.quotas, printQuota);
    for (const core::CrossReference& each : view.references)
        std::printf("\nuses          %s: %s", each.toNamespace.c_str(),
                    core::sanitised(each.text).c_str());
    std::puts("");
    for (const core::ObjectKey& key : view.undeclared)
        std::printf("undeclared    %s\n", core::sanitised(key.text()).c_str());
    for (const core::ObjectKey& key : view.leftOver)
        std::printf("left over     %s\n", core::sanitised(key.text()).c_str());
}

} // namespace

int runNamespaces(const Options& options)
{
    const auto input = loadPlatform(options);
    if (!input) {
        printError(input.error().text());
        return CouldNotTell;
    }
    const bool isWhole = reportGaps(**input);
    const core::PlatformModel model(*input);
    std::vector<NamespaceView> views = core::namespaceViews(model);
    if (!options.only.empty())
        std::erase_if(views, [&](const NamespaceView& view) { return view.name != options.only; });
    const UsePtr& use = (*input)->use;
    if (options.format == Format::Json) {
        printJson(views, use);
    } else if (options.only.empty()) {
        printTable(views, (*input)->hasLive, use);
    } else {
        for (const NamespaceView& view : views)
            printOne(view, (*input)->hasLive, use);
    }
    if (!options.only.empty() && views.empty()) {
        printError("there is no namespace \"" + options.only + "\"");
        return No;
    }
    const bool isMissing = use && use->state != core::MeasuredUse::State::Known;
    if (isMissing && use->state != core::MeasuredUse::State::NotServed)
        printError("what is in use is not known: " + use->why);
    return isWhole ? Yes : CouldNotTell;
}

} // namespace app
