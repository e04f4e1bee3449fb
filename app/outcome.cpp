// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/outcome.h"

#include <algorithm>
#include <iterator>

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
        return state.spec.name + " is reconciled by " + state.holder;
    return {};
}

bool isIdle(const ApplicationState& state)
{
    return !state.operation
        || (core::isCompleted(state.operation->phase) && !state.operation->nextRetryAt);
}

/// "ConfigMap default/a, ConfigMap default/b and 3 more"
std::string namesOf(const std::vector<core::ObjectKey>& keys)
{
    constexpr std::size_t kNamed = 5;
    std::string out;
    for (std::size_t i = 0; i < std::min(keys.size(), kNamed); ++i)
        out += (i ? ", " : "") + keys[i].text();
    if (keys.size() > kNamed)
        out += " and " + std::to_string(keys.size() - kNamed) + " more";
    return out;
}

/// Why the sync that ended left an object which Git has no longer; "" when it did not.
std::string whyKept(const ApplicationState& state, const core::ObjectKey& key)
{
    if (state.operation && state.operation->prune)
        for (const core::ResourceResult& result : state.operation->results)
            if (result.key == key && result.code == core::ResultCode::PruneSkipped)
                return result.message;
    return {};
}

/// Only what a prune left, each for a reason.
bool isOnlyKept(const ApplicationState& state)
{
    return std::ranges::all_of(state.resources, [&](const core::ResourceState& resource) {
        return resource.sync == core::SyncState::Synced || resource.parent
            || (resource.requiresPrune && !whyKept(state, resource.key).empty());
    });
}

/// What Git has no longer and nothing will prune. Automation may yet, where it was held for a while
/// (isLate: it had its time).
void addLeftovers(const ApplicationState& state, bool isLate, std::vector<std::string>& reasons)
{
    const bool automated = state.spec.automated && state.spec.prune;
    const bool pruned = state.operation && state.operation->prune;
    if (!isIdle(state) || !state.lastReconciled || (state.operation && state.operation->dryRun))
        return;
    std::vector<core::ObjectKey> left;
    for (const core::ResourceState& resource : state.resources) {
        const auto& asked = state.awaitingConfirmation;
        if (!resource.requiresPrune || resource.deleting
            || std::ranges::find(asked, resource.key) != asked.end())
            continue;
        if (!automated && !pruned)
            left.push_back(resource.key);
        else if (const std::string why = whyKept(state, resource.key);
                 !why.empty() && (isLate || !automated))
            reasons.push_back(state.spec.name + ": " + resource.key.text()
                              + " is no longer in Git and stays: " + why);
    }
    if (!left.empty())
        reasons.push_back(state.spec.name + ": " + namesOf(left)
                          + (left.size() == 1 ? " is no longer in Git; --prune removes it"
                                              : " are no longer in Git; --prune removes them"));
}

std::string confirmationOf(const ApplicationState& state)
{
    return state.spec.name + ": the prune of " + namesOf(state.awaitingConfirmation)
        + " waits for a person; while wavewright run reconciles it, wavewright confirm "
        + state.spec.name + " says yes";
}

/// What an application that is not settled is at.
std::string stateOf(const ApplicationState& state)
{
    std::string out = state.spec.name + " is " + std::string(core::toString(state.sync)) + " and "
        + std::string(core::toString(state.health));
    if (!state.activity.empty())
        return out + ": " + state.activity;
    if (state.operation && state.operation->nextRetryAt)
        return out + ", and its sync will be tried again: " + state.operation->message;
    if (state.health != core::Health::Healthy && !state.healthMessage.empty())
        return out + ": " + state.healthMessage;
    std::vector<core::ObjectKey> differing;
    for (const core::ResourceState& resource : state.resources)
        if (resource.declared && resource.sync == core::SyncState::OutOfSync)
            differing.push_back(resource.key);
    return differing.empty() ? out : out + ": " + namesOf(differing) + " differs from Git";
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
    std::vector<std::string> waiting;
    for (const std::string& root : roots)
        for (const std::string& name : familyOf(snapshot, root)) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end())
                return outcome;
            const ApplicationState& state = *found->second;
            settled = settled && isSettled(state);
            if (std::string why = failureOf(state); !why.empty())
                outcome.reasons.push_back(std::move(why));
            addLeftovers(state, false, outcome.reasons);
            if (state.awaitingConfirmation.empty())
                continue;
            for (const core::Condition& condition : state.conditions)
                if (condition.type == "PruneHeld")
                    waiting.push_back(name + ": " + condition.message);
            waiting.push_back(confirmationOf(state));
        }
    if (!outcome.reasons.empty())
        outcome.state = Outcome::State::Failed;
    else if (settled)
        outcome.state = Outcome::State::Settled;
    else if (!waiting.empty())
        outcome.state = Outcome::State::NeedsPerson;
    if (!settled)
        std::ranges::move(waiting, std::back_inserter(outcome.reasons));
    return outcome;
}

std::vector<std::string> waitedFor(const core::Snapshot& snapshot,
                                   const std::vector<std::string>& roots)
{
    std::vector<std::string> out;
    if (snapshot.cluster.connection == core::ClusterState::Connection::Disconnected)
        out.push_back("no connection to " + snapshot.cluster.server + ": "
                      + snapshot.cluster.message);
    for (const std::string& root : roots)
        for (const std::string& name : familyOf(snapshot, root)) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end()) {
                out.push_back(name + " is not known to the engine yet");
                continue;
            }
            const ApplicationState& state = *found->second;
            if (isSettled(state))
                continue;
            out.push_back(stateOf(state));
            addLeftovers(state, true, out);
            for (const core::Condition& condition : state.conditions)
                out.push_back(name + ": " + condition.type + ": "
                              + (condition.place.isEmpty() ? "" : condition.place.text() + ": ")
                              + condition.message);
        }
    return out;
}

bool isStandstill(const core::Snapshot& snapshot, const std::vector<std::string>& roots)
{
    bool differs = false;
    for (const std::string& root : roots)
        for (const std::string& name : familyOf(snapshot, root)) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end())
                return false;
            const ApplicationState& state = *found->second;
            if (!isIdle(state) || !state.lastReconciled || !state.activity.empty()
                || state.health != core::Health::Healthy || state.sync == core::SyncState::Unknown)
                return false;
            if (state.sync == core::SyncState::OutOfSync && state.spec.automated
                && !isOnlyKept(state))
                return false;
            differs = differs || state.sync == core::SyncState::OutOfSync;
        }
    return differs && snapshot.cluster.connection == core::ClusterState::Connection::Connected;
}

bool isHeldByPerson(const ApplicationState& state)
{
    return !state.awaitingConfirmation.empty() && state.operation
        && state.operation->phase == core::OperationPhase::Running && state.operation->heldByPerson;
}

std::string refusedCredentials(const core::ClusterState& cluster)
{
    if (cluster.connection != core::ClusterState::Connection::Disconnected || !cluster.refused)
        return {};
    return cluster.server + " refuses the credentials of the kubeconfig (" + cluster.message + ")";
}

/// All applications that it declares are there: they come a moment after it was rendered.
static bool hasChildren(const core::Snapshot& snapshot, const ApplicationState& state)
{
    return std::ranges::all_of(state.resources, [&](const core::ResourceState& resource) {
        return !resource.declared || resource.key.kind != "Application"
            || resource.key.group != "argoproj.io"
            || snapshot.applications.contains(resource.key.name);
    });
}

bool isCompared(const core::Snapshot& snapshot, const std::vector<std::string>& roots)
{
    return std::ranges::all_of(roots, [&](const std::string& root) {
        return std::ranges::all_of(familyOf(snapshot, root), [&](const std::string& name) {
            const auto found = snapshot.applications.find(name);
            if (found == snapshot.applications.end())
                return false;
            return (found->second->lastReconciled && found->second->sync != core::SyncState::Unknown
                    && hasChildren(snapshot, *found->second))
                || hasError(*found->second);
        });
    });
}

} // namespace app
