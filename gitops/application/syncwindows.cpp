// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/application/syncwindows.h"

#include "gitops/application/cronschedule.h"
#include "gitops/application/glob.h"
#include "gitops/application/projectrules.h"

#include <algorithm>
#include <date/tz.h>
#include <exception>
#include <vector>

namespace gitops {

namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using Window = Project::SyncWindow;

constexpr auto kFarthest = std::chrono::days(366);

/// How far the clock of a zone is from UTC; nullopt where the zone is not known.
std::optional<seconds> offsetOf(std::string_view zone, core::WallTime now)
{
    if (zone.empty() || zone == "UTC")
        return seconds(0);
    try {
        return date::locate_zone(std::string(zone))->get_info(now).offset;
    } catch (const std::exception&) { // no such zone, or no table of zones on this machine
        return {};
    }
}

bool anyMatches(const std::vector<std::string>& patterns, const std::vector<std::string>& texts)
{
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return std::ranges::any_of(texts, [&](const std::string& text) {
            return !text.empty() && projectGlobMatches(pattern, text);
        });
    });
}

bool isFor(const Window& window, const core::Application& application)
{
    const DestinationNames destination = namesOf(application);
    std::vector<std::string> clusters = destination.names;
    clusters.insert(clusters.end(), destination.servers.begin(), destination.servers.end());
    bool any = false;
    bool all = true;
    const auto consider = [&](const std::vector<std::string>& patterns,
                              const std::vector<std::string>& texts) {
        if (patterns.empty())
            return;
        const bool fits = anyMatches(patterns, texts);
        any = any || fits;
        all = all && fits;
    };
    consider(window.applications, {application.name});
    consider(window.namespaces, {application.destinationNamespace});
    consider(window.clusters, clusters);
    return window.andOperator ? any && all : any;
}

struct Phase
{
    bool isActive = false;
    std::optional<core::WallTime> until;
};

/// nullopt: it cannot be told.
std::optional<Phase> phaseOf(const Window& window, core::WallTime now)
{
    const auto schedule = CronSchedule::parse(window.schedule);
    const auto length = core::parseDuration(window.duration);
    const auto offset = offsetOf(window.timeZone, now);
    if (!schedule || !length || length->count() <= 0 || !offset)
        return {};
    const auto clock = std::chrono::floor<seconds>(now) + *offset;
    const auto duration = std::chrono::duration_cast<seconds>(
        std::min<std::chrono::milliseconds>(*length, kFarthest));
    const auto begin = schedule->next(clock - duration);
    Phase phase;
    phase.isActive = begin && *begin <= clock;
    const auto change = phase.isActive ? std::optional(*begin + duration) : schedule->next(clock);
    if (change)
        phase.until = core::WallTime(*change - *offset);
    return phase;
}

std::string textOf(const Window& window)
{
    return std::string(window.allow ? "allow" : "deny") + " \"" + window.schedule + "\" for "
        + window.duration + (window.timeZone.empty() ? "" : " in " + window.timeZone);
}

bool allOf(const std::vector<const Window*>& windows, bool Window::* flag)
{
    return std::ranges::all_of(windows, [&](const Window* window) { return window->*flag; });
}

void block(WindowVerdict& verdict, const std::vector<const Window*>& windows, std::string reason)
{
    verdict.allowsAutomated = false;
    verdict.allowsManual = allOf(windows, &Window::manualSync);
    verdict.allowsRunning = allOf(windows, &Window::syncOverrun);
    verdict.reason = std::move(reason);
    if (verdict.until)
        verdict.reason += " Until " + core::formatRfc3339(*verdict.until) + " at least.";
}

} // namespace

bool isTimeZone(std::string_view name)
{
    return offsetOf(name, core::WallTime {}).has_value();
}

WindowVerdict judgeWindows(std::span<const Window> windows, const core::Application& application,
                           core::WallTime now)
{
    WindowVerdict verdict;
    std::vector<const Window*> denying;
    std::vector<const Window*> closed;
    bool isOpen = false;
    for (const Window& window : windows) {
        if (!isFor(window, application))
            continue;
        const auto phase = phaseOf(window, now);
        if (!phase) {
            verdict = {.allowsAutomated = false, .allowsManual = false, .allowsRunning = false};
            verdict.reason = "The sync window " + textOf(window) + " cannot be read.";
            return verdict;
        }
        if (phase->until)
            verdict.until = std::min(verdict.until.value_or(*phase->until), *phase->until);
        if (!window.allow && phase->isActive)
            denying.push_back(&window);
        else if (window.allow && !phase->isActive)
            closed.push_back(&window);
        isOpen = isOpen || (window.allow && phase->isActive);
    }
    if (!denying.empty())
        block(verdict, denying, "A sync window is active: " + textOf(*denying.front()) + ".");
    else if (!isOpen && !closed.empty())
        block(verdict, closed, "No sync window is open: " + textOf(*closed.front()) + ".");
    return verdict;
}

} // namespace gitops
