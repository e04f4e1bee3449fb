// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outcome.h"

#include <algorithm>

namespace app {

namespace {

using core::ApplicationState;

bool hasError(const ApplicationState& state)
{
    return std::ranges::any_of(state.conditions, &core::Condition::isError);
}

bool isSettled(const ApplicationState& state)
{
    const bool running = state.operation && !core::isCompleted(state.operation->phase);
    return state.sync == core::SyncState::Synced && state.health == core::Health::Healthy
        && !running && !hasError(state);
}

/// Why this application will not get further by itself, or "".
std::string failureOf(const ApplicationState& state)
{
    const bool retries = state.operation && state.operation->nextRetryAt;
    for (const core::Condition& condition : state.conditions)
        if (condition.isError() && !retries) {
            const std::string place = condition.place.text();
            return state.spec.name + ": " + (place.empty() ? "" : place + ": ") + condition.message;
        }
    if (state.operation && !retries
        && (state.operation->phase == core::OperationPhase::Failed
            || state.operation->phase == core::OperationPhase::Error))
        return state.spec.name + ": " + state.operation->message;
    if (!state.holder.empty())
        return state.spec.name + " is reconciled by " + state.holder + "; adopt it to take it over";
    return {};
}

} // namespace

std::vector<std::string> familyOf(const core::Snapshot& snapshot, const std::string& root)
{
    std::vector<std::string> family {root};
    for (std::size_t i = 0; i < family.size(); ++i)
        for (const auto& [name, state] : snapshot.applications)
            if (state->spec.parent == family[i] && std::ranges::find(family, name) == family.end())
                family.push_back(name);
    return family;
}

Outcome outcomeOf(const core::Snapshot& snapshot, const std::vector<std::string>& roots)
{
    Outcome outcome;
    bool settled = !roots.empty();
    bool needsPerson = false;
    std::vector<std::string> held;
    for (const std::string& root : roots)
        for (const std::string& name : familyOf(snapshot, root)) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end())
                return outcome;
            const ApplicationState& state = *found->second;
            settled = settled && isSettled(state);
            if (std::string why = failureOf(state); !why.empty())
                outcome.reasons.push_back(std::move(why));
            needsPerson = needsPerson || !state.awaitingConfirmation.empty();
            for (const core::Condition& condition : state.conditions)
                if (condition.type == "PruneHeld")
                    held.push_back(name + ": " + condition.message);
        }
    if (!outcome.reasons.empty())
        outcome.state = Outcome::State::Failed;
    else if (settled)
        outcome.state = Outcome::State::Settled;
    else if (needsPerson) {
        outcome.state = Outcome::State::NeedsPerson;
        outcome.reasons = std::move(held);
    }
    return outcome;
}

bool isCompared(const core::Snapshot& snapshot, const std::vector<std::string>& roots)
{
    return std::ranges::all_of(roots, [&](const std::string& root) {
        return std::ranges::all_of(familyOf(snapshot, root), [&](const std::string& name) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end())
                return false;
            return (found->second->lastReconciled
                    && found->second->sync != core::SyncState::Unknown)
                || hasError(*found->second);
        });
    });
}

} // namespace app
