// SPDX-License-Identifier: GPL-3.0-or-later
// status, wait, confirm, pause, resume, adopt, refresh, terminate: what other processes ask the one
// that reconciles.
#include "app/commands.h"
#include "app/console.h"
#include "app/control.h"
#include "app/statustext.h"
#include "core/base/strings.h"
#include "core/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace app {

namespace {

/// The applications that were asked for, or all; an unknown name is an error.
core::Result<core::JsonArray> askStatus(const Options& options)
{
    auto answer = askControl(options.stateFolder, core::JsonObject {{"verb", "status"}});
    if (!answer)
        return std::unexpected(answer.error());
    core::JsonArray out;
    const core::Json* all = core::find(*answer, "applications");
    const core::JsonArray none;
    const core::JsonArray& applications = all && all->is_array() ? all->get_array() : none;
    const auto isWanted = [&](const core::Json& state) {
        const std::string_view name = core::stringAt(state, {"name"});
        return options.applications.empty()
            || std::ranges::find(options.applications, name) != options.applications.end();
    };
    std::ranges::copy_if(applications, std::back_inserter(out), isWanted);
    for (const std::string& name : options.applications)
        if (std::ranges::none_of(out, [&](const core::Json& state) {
                return core::stringAt(state, {"name"}) == name;
            }))
            return core::failure(core::ErrorCode::NotFound,
                                 "there is no application \"" + name + "\"");
    return out;
}

bool hasCondition(const core::Json& state, std::initializer_list<std::string_view> types)
{
    return std::ranges::any_of(listIn(state, "conditions"), [&](const core::Json& condition) {
        return std::ranges::find(types, core::stringAt(condition, {"type"})) != types.end();
    });
}

/// Synced to what Git has now, as far as is known.
bool isSettled(const core::Json& state)
{
    return core::stringAt(state, {"sync"}) == "Synced"
        && core::stringAt(state, {"health"}) == "Healthy"
        && !hasCondition(state, {"SourceStale", "SourceError"});
}

/// Its revision is not in the repository: waiting tells nothing.
bool hasNoSource(const core::Json& state)
{
    return hasCondition(state, {"SourceError"});
}

std::string statusWord(const core::Json& state, const char* member,
                       Colour (*colour)(const std::string&))
{
    const std::string word(core::stringAt(state, {member}));
    return coloured(word, colour(word));
}

Colour healthColour(const std::string& word)
{
    const auto health = core::healthFromString(word);
    return health ? colourOf(*health) : Colour::Grey;
}

Colour syncColour(const std::string& word)
{
    return word == "Synced" ? Colour::Green : word == "OutOfSync" ? Colour::Yellow : Colour::Grey;
}

void printTable(const core::JsonArray& applications)
{
    std::vector<std::vector<std::string>> rows {
        {"APPLICATION", "SYNC", "HEALTH", "REVISION", "RECONCILED", ""}};
    for (const core::Json& state : applications) {
        const auto when = core::parseRfc3339(core::stringAt(state, {"lastReconciled"}));
        const auto age = [&] {
            return core::describeAge(std::chrono::duration_cast<std::chrono::seconds>(
                std::chrono::system_clock::now() - *when));
        };
        const std::string note(core::stringAt(state, {"activity"}));
        rows.push_back({std::string(core::stringAt(state, {"name"})),
                        statusWord(state, "sync", syncColour),
                        statusWord(state, "health", healthColour),
                        std::string(core::stringAt(state, {"revision", "id"}).substr(0, 7)),
                        when ? age() + " ago" : "never", core::sanitised(note)});
    }
    std::fputs(table(rows).c_str(), stdout);
    for (const core::Json& state : applications)
        for (const std::string& line : statusNotes(state))
            std::puts(core::sanitised(line).c_str());
}

/// Whether the application knows the object at all: declared, tracked, or a child of such a one.
bool hasObject(const core::Json& state, const core::ObjectKey& key)
{
    return std::ranges::any_of(listIn(state, "resources"),
                               [&](const core::Json& resource) { return keyOf(resource) == key; });
}

/// What forbids a request before it is sent; Yes: nothing.
int refusal(const Options& options, const core::Json& state, const core::Json& request)
{
    const std::string name(core::stringAt(state, {"name"}));
    const core::Json* object = core::find(request, "object");
    if (options.verb == Verb::Confirm && listIn(state, "awaitingConfirmation").empty()) {
        printError("no prune of " + name + " waits for a confirmation");
        return No;
    }
    if (options.verb == Verb::Pause && object && !hasObject(state, keyOf(*object))) {
        printError(name + " has no " + keyOf(*object).text());
        return No;
    }
    return Yes;
}

/// What was done, in one line.
std::string deedOf(const Options& options, const core::Json& state, const core::Json& request)
{
    const std::string name(core::stringAt(state, {"name"}));
    const core::Json* object = core::find(request, "object");
    const std::string what = object ? keyOf(*object).text() + " of " + name : name;
    switch (options.verb) {
    case Verb::Pause:
        return what + " is paused"
            + (options.until.empty() ? " until wavewright resume" : " for " + options.until) + ": "
            + options.reason;
    case Verb::Resume:
        return what + " goes on";
    case Verb::Refresh:
        return name + " is looked at and compared anew";
    case Verb::Terminate:
        return "the sync of " + name + " is being ended";
    case Verb::Adopt:
        return "the objects of " + name
            + " that were there before, or that another reconciler tracks, are under our care";
    default:
        return "confirmed: the prune of "
            + (object ? what : objectNames(listIn(state, "awaitingConfirmation")) + " of " + name);
    }
}

core::Result<core::Json> requestOf(const Options& options)
{
    static constexpr std::pair<Verb, const char*> verbs[] = {
        {Verb::Confirm, "confirm"}, {Verb::Pause, "pause"},     {Verb::Resume, "resume"},
        {Verb::Adopt, "adopt"},     {Verb::Refresh, "refresh"}, {Verb::Terminate, "terminate"}};
    core::JsonObject request;
    for (const auto& [verb, name] : verbs)
        if (verb == options.verb)
            request["verb"] = name;
    if (!options.object.empty()) {
        const auto key = parseObjectName(options.object);
        if (!key)
            return std::unexpected(key.error());
        request["object"] = {{"group", key->group},
                             {"kind", key->kind},
                             {"namespace", key->namespaceName},
                             {"name", key->name}};
    }
    if (options.hard)
        request["hard"] = true;
    if (!options.reason.empty())
        request["reason"] = options.reason;
    if (!options.until.empty()) {
        const auto duration = core::parseDuration(options.until);
        if (!duration || duration->count() <= 0)
            return core::failure(core::ErrorCode::Invalid,
                                 "\"" + options.until + "\" is no duration like 30m or 4h");
        request["untilSeconds"] = duration->count() / 1000;
    }
    return request;
}

} // namespace

int runStatus(const Options& options)
{
    const auto applications = askStatus(options);
    if (!applications) {
        printError(applications.error().text());
        return CouldNotTell;
    }
    if (options.format == Format::Name) {
        for (const core::Json& state : *applications)
            std::puts(core::sanitised(core::stringAt(state, {"name"})).c_str());
        return Yes;
    }
    if (options.format != Format::Text)
        printValue(core::JsonObject {{"applications", *applications}}, options.format);
    else
        printTable(*applications);
    return !applications->empty() && std::ranges::all_of(*applications, isSettled) ? Yes : No;
}

int runWait(const Options& options)
{
    const auto start = std::chrono::steady_clock::now();
    for (;;) {
        const auto applications = askStatus(options);
        if (!applications) {
            printError(applications.error().text());
            return CouldNotTell;
        }
        if (!applications->empty() && std::ranges::all_of(*applications, isSettled))
            return Yes;
        if (std::ranges::any_of(*applications, hasNoSource)) {
            printTable(*applications);
            return CouldNotTell;
        }
        if (options.timeout.count() > 0
            && std::chrono::steady_clock::now() - start > options.timeout) {
            printTable(*applications);
            return TimedOut;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
}

int runRemoteCommand(const Options& options)
{
    const auto request = requestOf(options);
    if (!request) {
        printError(request.error().text());
        return Usage;
    }
    const auto states = askStatus(options);
    if (!states) {
        printError(states.error().text());
        return CouldNotTell;
    }
    for (const core::Json& state : *states)
        if (const int code = refusal(options, state, *request); code != Yes)
            return code;
    for (const core::Json& state : *states) {
        core::Json each = *request;
        each.get_object()["application"] = core::stringAt(state, {"name"});
        if (const auto answer = askControl(options.stateFolder, each); !answer) {
            printError(answer.error().text());
            return CouldNotTell;
        }
        std::puts(core::sanitised(deedOf(options, state, *request)).c_str());
    }
    return Yes;
}

} // namespace app
