// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/handover.h"

#include "app/commands.h"
#include "app/console.h"
#include "app/control.h"
#include "app/outcome.h"
#include "app/statustext.h"
#include "core/base/strings.h"
#include "core/base/time.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook {200};
constexpr std::chrono::milliseconds kLooking {1500};
/// What is wrong right after a sync may be on its way: an automation goes on by itself.
constexpr std::chrono::seconds kSettling {2};

std::string text(const core::Json& from, std::initializer_list<std::string_view> path)
{
    return std::string(core::stringAt(from, path));
}

core::SyncState syncFrom(const core::Json& from)
{
    for (const auto each : {core::SyncState::Synced, core::SyncState::OutOfSync})
        if (core::stringAt(from, {"sync"}) == core::toString(each))
            return each;
    return core::SyncState::Unknown;
}

core::OperationPhase phaseFrom(const core::Json& operation)
{
    using Phase = core::OperationPhase;
    for (const auto each : {Phase::Terminating, Phase::Failed, Phase::Error, Phase::Succeeded})
        if (core::stringAt(operation, {"phase"}) == core::toString(each))
            return each;
    return Phase::Running;
}

core::Operation operationFrom(const core::Json& from)
{
    core::Operation out;
    out.id = text(from, {"id"});
    out.phase = phaseFrom(from);
    out.message = text(from, {"message"});
    out.dryRun = core::boolAt(from, {"dryRun"});
    out.prune = core::boolAt(from, {"prune"});
    out.nextRetryAt = core::parseRfc3339(core::stringAt(from, {"nextRetryAt"}));
    out.heldByPerson = core::boolAt(from, {"heldByPerson"});
    std::vector<core::ResourceResult> skipped;
    for (const core::Json& result : listIn(from, "results"))
        if (core::stringAt(result, {"code"}) == core::toString(core::ResultCode::PruneSkipped)) {
            core::ResourceResult each;
            each.key = keyOf(result);
            each.code = core::ResultCode::PruneSkipped;
            each.message = text(result, {"message"});
            skipped.push_back(std::move(each));
        }
    out.results = core::SharedList<core::ResourceResult>(std::move(skipped));
    return out;
}

core::Condition conditionFrom(const core::Json& from)
{
    core::Condition out {text(from, {"type"}), text(from, {"message"}), {}, {}};
    if (const core::Json* place = core::find(from, "place"))
        out.place = {text(*place, {"file"}), int(core::integerAt(*place, {"line"}, 0)),
                     int(core::integerAt(*place, {"column"}, 0)), text(*place, {"object"})};
    return out;
}

core::ResourceState resourceFrom(const core::Json& from)
{
    core::ResourceState out;
    out.key = keyOf(from);
    out.declared = core::boolAt(from, {"declared"});
    out.requiresPrune = core::boolAt(from, {"requiresPrune"});
    out.deleting = core::boolAt(from, {"deleting"});
    out.sync = syncFrom(from);
    if (const core::Json* parent = core::find(from, "parent"))
        out.parent = keyOf(*parent);
    return out;
}

core::Result<core::Snapshot> ask(const Options& options)
{
    const auto answer = askControl(options.stateFolder, core::JsonObject {{"verb", "status"}});
    if (!answer)
        return std::unexpected(answer.error());
    core::Snapshot out;
    out.cluster.connection = core::ClusterState::Connection::Connected;
    for (const core::Json& each : listIn(*answer, "applications")) {
        auto state = std::make_shared<core::ApplicationState>(stateFrom(each));
        out.applications[state->spec.name] = std::move(state);
    }
    return out;
}

/// One sync of applications that another process reconciles.
class Elsewhere
{
public:
    explicit Elsewhere(const Options& options)
        : m_options(options)
    {
    }

    int run()
    {
        auto snapshot = ask(m_options);
        if (!snapshot)
            return fail(snapshot.error());
        if (const auto refused = request(*snapshot))
            return *refused;
        const auto start = Clock::now();
        for (;;) {
            if (const auto code = verdict(*snapshot))
                return *code;
            if (m_options.timeout.count() > 0 && Clock::now() - start > m_options.timeout) {
                tell(waitedFor(*snapshot, m_names));
                printError("not Synced and Healthy within the time given");
                return TimedOut;
            }
            std::this_thread::sleep_for(kLook);
            snapshot = ask(m_options);
            if (!snapshot)
                return fail(snapshot.error());
        }
    }

private:
    static int fail(const core::Error& error)
    {
        printError(error.text());
        return CouldNotTell;
    }

    static void tell(const std::vector<std::string>& sentences)
    {
        for (const std::string& sentence : sentences)
            printError(sentence);
    }

    std::optional<int> request(const core::Snapshot& snapshot)
    {
        m_names = m_options.applications;
        if (m_names.empty())
            for (const auto& [name, state] : snapshot.applications)
                if (state->spec.parent.empty())
                    m_names.push_back(name);
        for (const std::string& name : m_names) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end()) {
                printError("the Wavewright that runs with this state folder has no application \""
                           + name + "\"");
                return CouldNotTell;
            }
            lookAtGit(name, *found->second);
            const auto& operation = found->second->operation;
            m_before[name] = operation ? operation->id : std::string();
            const auto taken = askControl(m_options.stateFolder,
                                          core::JsonObject {{"verb", "sync"},
                                                            {"application", name},
                                                            {"prune", m_options.prune},
                                                            {"dryRun", m_options.dryRun}});
            if (!taken) {
                printError(name + ": " + taken.error().text());
                return No;
            }
        }
        return std::nullopt;
    }

    /// So that the sync is of what Git has now: waits a moment for the look that it asks for.
    void lookAtGit(const std::string& name, const core::ApplicationState& before) const
    {
        const auto asked = askControl(
            m_options.stateFolder, core::JsonObject {{"verb", "refresh"}, {"application", name}});
        const auto end = Clock::now() + kLooking;
        while (asked && Clock::now() < end) {
            std::this_thread::sleep_for(kLook);
            const auto now = ask(m_options);
            if (!now || !now->applications.contains(name))
                return;
            const core::ApplicationState& state = *now->applications.at(name);
            if (state.lastFetched != before.lastFetched || state.revision != before.revision)
                return;
        }
    }

    /// Its sync has begun and ended since it was asked for. What holds it is told at once.
    bool isFinished(const core::Snapshot& snapshot, const std::string& name)
    {
        const auto found = snapshot.applications.find(name);
        if (found == snapshot.applications.end())
            return false;
        const core::ApplicationState& state = *found->second;
        if (!state.holder.empty() || isHeldByPerson(state))
            return true;
        if (!state.operation || state.operation->id == m_before[name]
            || !core::isCompleted(state.operation->phase) || state.operation->nextRetryAt)
            return false;
        if (m_told.emplace(name, state.operation->id).second)
            std::puts(core::sanitised(name + ": " + (state.operation->dryRun ? "dry run " : "sync ")
                                      + std::string(core::toString(state.operation->phase)) + ": "
                                      + state.operation->message)
                          .c_str());
        return true;
    }

    std::optional<int> verdict(const core::Snapshot& snapshot)
    {
        bool areFinished = true;
        for (const std::string& name : m_names)
            areFinished = isFinished(snapshot, name) && areFinished;
        if (!areFinished)
            return std::nullopt;
        const auto now = Clock::now();
        m_since = m_since.value_or(now);
        const Outcome outcome = outcomeOf(snapshot, m_names);
        using State = Outcome::State;
        if (outcome.state == State::Settled || (m_options.dryRun && outcome.state != State::Failed))
            return Yes;
        if (outcome.state == State::Waiting || now - *m_since < kSettling)
            return std::nullopt;
        tell(outcome.reasons);
        return No;
    }

    const Options& m_options;
    std::vector<std::string> m_names;
    std::map<std::string, std::string> m_before; ///< the operation when it was asked
    std::map<std::string, std::string> m_told; ///< the operation whose end was printed
    std::optional<Clock::time_point> m_since; ///< all have ended
};

} // namespace

core::ApplicationState stateFrom(const core::Json& status)
{
    core::ApplicationState out;
    out.spec.name = text(status, {"name"});
    out.spec.parent = text(status, {"parent"});
    out.sync = syncFrom(status);
    out.health =
        core::healthFromString(core::stringAt(status, {"health"})).value_or(core::Health::Unknown);
    out.healthMessage = text(status, {"healthMessage"});
    out.activity = text(status, {"activity"});
    out.holder = text(status, {"holder"});
    out.lastReconciled = core::parseRfc3339(core::stringAt(status, {"lastReconciled"}));
    out.lastFetched = core::parseRfc3339(core::stringAt(status, {"lastFetched"}));
    if (const core::Json* revision = core::find(status, "revision")) {
        out.revision.emplace();
        out.revision->id = text(*revision, {"id"});
    }
    for (const core::Json& each : listIn(status, "conditions"))
        out.conditions.push_back(conditionFrom(each));
    for (const core::Json& each : listIn(status, "awaitingConfirmation"))
        out.awaitingConfirmation.push_back(keyOf(each));
    if (const core::Json* operation = core::find(status, "operation"))
        out.operation = operationFrom(*operation);
    std::vector<core::ResourceState> resources;
    for (const core::Json& each : listIn(status, "resources"))
        resources.push_back(resourceFrom(each));
    out.resources = core::SharedList<core::ResourceState>(std::move(resources));
    return out;
}

bool isForRunning(const Options& options)
{
    return options.files.empty() && options.path.empty() && !options.practice
        && options.kubeconfig.empty() && options.context.empty()
        && askControl(options.stateFolder, core::JsonObject {{"verb", "status"}}).has_value();
}

int runSyncElsewhere(const Options& options)
{
    return Elsewhere(options).run();
}

} // namespace app
