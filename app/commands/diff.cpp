// SPDX-License-Identifier: GPL-3.0-or-later
// wavewright diff: what differs between Git and the cluster. Reads only.
#include "app/commands.h"
#include "app/console.h"
#include "app/mailbox.h"
#include "app/outcome.h"
#include "app/runtime.h"
#include "core/base/strings.h"
#include "core/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace app {

namespace {

using core::FieldChange;
using core::ResourceDiff;

std::string authorText(const FieldChange& change)
{
    if (!change.author)
        return {};
    std::string out = "  (" + change.author->manager;
    if (!change.author->subresource.empty())
        out += "/" + change.author->subresource;
    if (change.author->when)
        out += " at " + core::formatRfc3339(*change.author->when);
    return out + ")";
}

void printChange(const FieldChange& change)
{
    const std::string origin = change.origin.isEmpty() ? "" : "  " + change.origin.text();
    std::puts(core::sanitised("  " + change.display).c_str());
    if (change.type != FieldChange::Type::Missing)
        std::puts(
            coloured("    - " + core::sanitised(change.live) + authorText(change), Colour::Red)
                .c_str());
    if (change.type != FieldChange::Type::Undeclared)
        std::puts(
            coloured("    + " + core::sanitised(change.desired) + origin, Colour::Green).c_str());
}

void printResource(const core::ResourceState& resource)
{
    if (resource.requiresPrune)
        std::puts(
            coloured("- " + resource.key.text() + ": not in Git any more", Colour::Red).c_str());
    if (!resource.diff || resource.diff->isQuiet())
        return;
    const ResourceDiff& diff = *resource.diff;
    switch (diff.verdict) {
    case ResourceDiff::Verdict::MissingLive:
        std::puts(
            coloured("+ " + resource.key.text() + ": not in the cluster", Colour::Green).c_str());
        break;
    case ResourceDiff::Verdict::CouldNotTell:
        std::puts(coloured("? " + resource.key.text() + ": " + core::sanitised(diff.reason),
                           Colour::Yellow)
                      .c_str());
        break;
    case ResourceDiff::Verdict::Different:
        std::puts(("~ " + resource.key.text()).c_str());
        std::ranges::for_each(diff.changes, printChange);
        break;
    default:
        break;
    }
}

int verdictOf(const core::Snapshot& snapshot, const std::vector<std::string>& names)
{
    int code = Yes;
    for (const std::string& name : names) {
        const core::ApplicationState& state = *snapshot.applications.at(name);
        for (const core::Condition& condition : state.conditions)
            if (condition.isError()) {
                printError(name + ": " + condition.place.text()
                           + (condition.place.isEmpty() ? "" : ": ") + condition.message);
                code = CouldNotTell;
            }
        const auto unclear = [](const core::ResourceState& resource) {
            return resource.diff && resource.diff->verdict == ResourceDiff::Verdict::CouldNotTell;
        };
        if (std::ranges::any_of(state.resources, unclear))
            code = CouldNotTell;
        if (code == Yes && state.sync != core::SyncState::Synced)
            code = No;
    }
    return code;
}

void print(const core::Snapshot& snapshot, const std::vector<std::string>& names, Format format)
{
    core::JsonArray all;
    for (const std::string& name : names) {
        const core::ApplicationState& state = *snapshot.applications.at(name);
        if (format != Format::Text) {
            all.push_back(core::toJson(state));
            continue;
        }
        std::puts(coloured(fmt::format("{}  {}  {}", name, core::toString(state.sync),
                                       state.revision ? state.revision->shortId() : ""),
                           Colour::Bold)
                      .c_str());
        std::ranges::for_each(state.resources, printResource);
    }
    if (format != Format::Text)
        printValue(core::JsonObject {{"applications", std::move(all)}}, format);
}

} // namespace

int runDiff(const Options& options)
{
    Mailbox mailbox;
    const SignalWatcher signals(mailbox);
    auto runtime = Runtime::start(options, Runtime::Access::ReadOnly);
    if (!runtime) {
        printError(runtime.error().text());
        return CouldNotTell;
    }
    gitops::Engine& engine = (*runtime)->engine();
    const auto subscription =
        engine.subscribe([&mailbox](const core::Event& event) { mailbox.post(event); });
    (*runtime)->addRoots();
    std::vector<std::string> roots;
    for (const core::Application& root : (*runtime)->roots())
        roots.push_back(root.name);
    const auto start = std::chrono::steady_clock::now();
    const auto patience = options.timeout.count() > 0 ? options.timeout : std::chrono::minutes(5);
    for (;;) {
        const auto mail = mailbox.next(std::chrono::milliseconds(100));
        if (mail && std::holds_alternative<StopRequested>(*mail))
            return CouldNotTell;
        const core::SnapshotPtr snapshot = engine.snapshot();
        if (isCompared(*snapshot, roots)) {
            std::vector<std::string> names;
            for (const std::string& root : roots)
                std::ranges::copy(familyOf(*snapshot, root), std::back_inserter(names));
            print(*snapshot, names, options.format);
            return verdictOf(*snapshot, names);
        }
        if (std::chrono::steady_clock::now() - start > patience) {
            const core::ClusterState& cluster = snapshot->cluster;
            printError("the comparison was not ready in time"
                       + (cluster.message.empty() ? "" : ": " + cluster.message));
            return TimedOut;
        }
    }
}

} // namespace app
