// SPDX-License-Identifier: GPL-3.0-or-later
// What an application looks like from outside: ApplicationState, and the verdict that gates a
// parent's wave.
#include "core/object/kindtable.h"
#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/platformview.h"
#include "gitops/sync/syncplanner.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace gitops {

namespace {

using DiffVerdict = core::ResourceDiff::Verdict;

constexpr int kDepth = 10; ///< of owner references

core::SyncState syncOf(const Comparator::Verdict& verdict)
{
    if (!verdict.settled && !verdict.live && !verdict.diff)
        return core::SyncState::Unknown;
    switch (verdict.value()) {
    case DiffVerdict::Same:
        return core::SyncState::Synced;
    case DiffVerdict::CouldNotTell:
        return core::SyncState::Unknown;
    case DiffVerdict::Different:
        return verdict.diff->isQuiet() ? core::SyncState::Synced : core::SyncState::OutOfSync;
    case DiffVerdict::MissingLive:
    case DiffVerdict::Extra:
        break;
    }
    return core::SyncState::OutOfSync;
}

void fillLive(core::ResourceState& state, const LiveObject& live)
{
    state.version = live.kind->version;
    state.uid = live.uid;
    state.health = live.health.status;
    state.healthMessage = live.health.message;
    state.createdAt = live.createdAt;
    state.deleting = live.deleting;
    if (live.deleting)
        state.finalizers = live.finalizers;
}

void addChildren(const LiveState& live, const LiveObject& parent, int depth,
                 std::vector<core::ResourceState>& out)
{
    if (depth == 0 || parent.uid.empty())
        return;
    for (const LiveObjectPtr& child : live.children(parent.uid)) {
        core::ResourceState state;
        state.key = child->key;
        state.parent = parent.key;
        fillLive(state, *child);
        out.push_back(std::move(state));
        addChildren(live, *child, depth - 1, out);
    }
}

/// The application's health from its declared objects: the worst, and who causes it.
struct HealthSum
{
    core::Health health = core::Health::Healthy;
    std::vector<std::string> causes;
    std::size_t alive = 0;
    std::size_t counted = 0;

    void add(const core::ResourceState& resource)
    {
        if (!resource.hook.empty())
            return;
        ++counted;
        alive += resource.uid.empty() ? 0 : 1;
        if (!resource.health || *resource.health == core::Health::Missing)
            return;
        if (*resource.health != health
            && core::worse(health, *resource.health) == *resource.health) {
            health = *resource.health;
            causes.clear();
        }
        if (*resource.health == health && health != core::Health::Healthy)
            causes.push_back(resource.key.text());
    }
    std::string message() const
    {
        if (causes.empty())
            return {};
        std::string text = "Caused by " + causes.front();
        for (std::size_t i = 1; i < std::min<std::size_t>(3, causes.size()); ++i)
            text += ", " + causes[i];
        if (causes.size() > 3)
            text += " and " + std::to_string(causes.size() - 3) + " more";
        return text;
    }
};

/// Where a resource stands in the list: by wave, then in the order of applying.
using ListPlace = std::tuple<int, int, const core::ObjectKey&>;

ListPlace placeOf(const core::ResourceState& resource)
{
    return {resource.wave, core::applyRank(resource.key.kind), resource.key};
}

/// A declared object on its way into the list.
struct Row
{
    int wave = 0;
    int rank = 0;
    const core::ObjectKey* key = nullptr;
    const DesiredObject* object = nullptr;
    const Comparator::Verdict* verdict = nullptr;
    ListPlace place() const { return {wave, rank, *key}; }
};

/// Both are in the order of their keys already: one walk along them, and no look-ups.
std::vector<Row> rowsOf(const DesiredState* desired,
                        const std::map<core::ObjectKey, Comparator::Verdict>& verdicts)
{
    std::vector<Row> rows;
    if (!desired)
        return rows;
    rows.reserve(desired->objects.size());
    auto verdict = verdicts.begin();
    for (const auto& [key, object] : desired->objects) {
        while (verdict != verdicts.end() && verdict->first < key)
            ++verdict;
        const bool isKnown = verdict != verdicts.end() && verdict->first == key;
        const int rank = !rows.empty() && rows.back().key->kind == key.kind
            ? rows.back().rank
            : core::applyRank(key.kind);
        rows.push_back({object.wave, rank, &key, &object, isKnown ? &verdict->second : nullptr});
    }
    std::ranges::stable_sort(rows, {},
                             [](const Row& row) { return std::pair(row.wave, row.rank); });
    return rows;
}

} // namespace

core::ResourceState ApplicationController::declaredState(const core::ObjectKey& key,
                                                         const DesiredObject& object,
                                                         const LiveObjectPtr& live,
                                                         const Comparator::Verdict* verdict)
{
    core::ResourceState resource;
    resource.key = key;
    resource.version = object.manifest->kind().version;
    resource.declared = true;
    resource.hook = object.hook;
    resource.wave = object.wave;
    resource.origin = object.manifest->origin();
    if (live)
        fillLive(resource, *live);
    else if (object.hook.empty())
        resource.health = core::Health::Missing;
    if (m_children.livesInEngine(key.groupKind()) || m_children.health(key)) {
        const auto known = facts(key);
        resource.uid = known ? known->view.uid : std::string();
        resource.health = known ? known->view.health.status : core::Health::Missing;
        resource.healthMessage = known ? known->view.health.message : std::string();
    }
    if (verdict) {
        resource.sync = syncOf(*verdict);
        resource.diff = verdict->diff;
    }
    if (const core::Pause* pause = m_pauses.find(key))
        resource.paused = pause->reason.empty() ? "Paused" : pause->reason;
    return resource;
}

core::ResourceState ApplicationController::extraState(const core::ObjectKey& key,
                                                      const LiveObjectPtr& live)
{
    core::ResourceState resource;
    resource.key = key;
    resource.requiresPrune = true;
    resource.sync = core::SyncState::OutOfSync;
    if (live)
        fillLive(resource, *live);
    if (const auto known = facts(key))
        resource.wave = known->view.wave;
    auto diff = std::make_shared<core::ResourceDiff>();
    diff->verdict = DiffVerdict::Extra;
    diff->key = key;
    resource.diff = std::move(diff);
    return resource;
}

/// What is declared, by wave, then what belongs to it by owner references.
void ApplicationController::addResources(core::ApplicationState& state)
{
    HealthSum sum;
    std::vector<core::ResourceState> descendants;
    const auto note = [&](core::ResourceState resource, const LiveObjectPtr& live) {
        if (live)
            addChildren(m_context.live, *live, kDepth, descendants);
        if (resource.hook.empty() && state.sync != core::SyncState::Unknown
            && resource.sync != core::SyncState::Synced)
            state.sync = resource.sync;
        sum.add(resource);
        state.resources.push_back(std::move(resource));
    };
    const std::vector<Row> rows = rowsOf(m_desired.get(), m_comparator.verdicts());
    std::vector<core::ResourceState> extras;
    for (const core::ObjectKey& key : m_extras)
        extras.push_back(extraState(key, m_context.live.find(key)));
    std::ranges::sort(extras, {}, placeOf);
    auto extra = extras.begin();
    const auto noteExtras = [&](auto&& isDue) {
        for (; extra != extras.end() && isDue(*extra); ++extra) {
            const LiveObjectPtr live = m_context.live.find(extra->key);
            note(std::move(*extra), live);
        }
    };
    state.resources.reserve(rows.size() + extras.size());
    for (const Row& row : rows) {
        noteExtras([&](const core::ResourceState& each) { return placeOf(each) < row.place(); });
        const LiveObjectPtr live = m_context.live.find(*row.key);
        note(declaredState(*row.key, *row.object, live, row.verdict), live);
    }
    noteExtras([](const core::ResourceState&) { return true; });
    state.health = !m_desired               ? core::Health::Unknown
        : sum.counted > 0 && sum.alive == 0 ? core::Health::Missing
                                            : sum.health;
    state.healthMessage = sum.message();
    std::ranges::move(descendants, std::back_inserter(state.resources));
}

void ApplicationController::tellNews(const core::ApplicationState& state)
{
    const core::SyncState sync = std::exchange(m_lastSync, state.sync);
    const std::optional<core::Health> health = std::exchange(m_lastHealth, state.health);
    if (state.sync != sync)
        m_context.events.send(core::event::SyncStateChanged {m_spec->name, sync, state.sync});
    if (health != state.health)
        m_context.events.send(core::event::HealthChanged {
            m_spec->name, {}, health, state.health, state.healthMessage});
    if ((state.sync != sync || health != state.health) && !m_spec->parent.empty())
        if (ApplicationController* parent = m_context.directory.find(m_spec->parent))
            parent->childChanged(m_spec->name);
}

core::ApplicationStatePtr ApplicationController::buildState()
{
    auto state = std::make_shared<core::ApplicationState>();
    state->spec = *m_spec;
    state->revision = m_desired ? std::optional(m_desired->commit) : m_saved.revision;
    state->lastReconciled = m_lastReconciled;
    state->lastFetched = m_lastFetched;
    m_shownFetch = m_lastFetched.value_or(core::WallTime {});
    state->conditions = m_conditions.all();
    state->pauses = m_pauses.all();
    state->holder = !m_argoHolder.empty() ? m_argoHolder : m_lease.holder();
    state->operation = m_runner.operation();
    const std::set<core::ObjectKey> waiting = waitingPrunes();
    state->awaitingConfirmation.assign(waiting.begin(), waiting.end());
    state->activity = m_activity;
    if (m_activity.empty() && m_runner.isRunning())
        state->activity = whyWait().empty() ? m_runner.operation()->message : whyWait();
    state->sync = m_desired && !m_renderFailed ? core::SyncState::Synced : core::SyncState::Unknown;
    addResources(*state);
    tellNews(*state);
    return state;
}

void ApplicationController::describe(core::PlatformInputBuilder& out) const
{
    core::PlatformApplication application;
    application.name = m_spec->name;
    application.parent = m_spec->parent;
    application.wave = waveOf(m_spec->annotations);
    application.repoUrl = m_spec->source.repoUrl;
    application.path = m_spec->source.path;
    application.destinationNamespace = m_spec->destinationNamespace;
    application.sync = m_lastSync;
    application.health = m_lastHealth;
    application.place = m_spec->place;
    if (m_desired) {
        application.revision = m_desired->commit.id;
        declareAll(*m_desired, m_spec->name, out);
    } else {
        out.input().gaps.push_back("Application " + m_spec->name + " has not been rendered.");
    }
    out.input().applications.push_back(std::move(application));
}

core::HealthAssessment ApplicationController::gate()
{
    const auto wait = [this](const std::string& what) {
        return core::HealthAssessment {core::Health::Progressing,
                                       "Application " + m_spec->name + ": " + what};
    };
    if (m_conditions.has("InvalidSpecError") || m_conditions.has("ComparisonError"))
        return wait("it cannot be compared.");
    if (!m_desired || !m_revision || m_desired->commit.id != m_revision->commit.id
        || m_renderedNumber != m_renderNumber || m_needsRender)
        return wait("its revision is being rendered.");
    if (!m_comparator.isSettled())
        return wait("it is being compared.");
    if (m_runner.isRunning())
        return wait("it is being synced.");
    refreshExtras();
    if (!m_extras.empty())
        return wait("it is not synced.");
    for (const auto& [key, verdict] : m_comparator.verdicts())
        if (syncOf(verdict) != core::SyncState::Synced)
            return wait(key.text() + " is not synced.");
    for (const auto& [key, object] : m_desired->objects) {
        const auto health = m_children.health(key);
        const LiveObjectPtr live = m_context.live.find(key);
        const auto status = health ? health->status : live ? live->health.status : std::nullopt;
        if (object.hook.empty() && status && *status != core::Health::Healthy)
            return wait(key.text() + " is " + std::string(core::toString(*status)) + ".");
    }
    return {core::Health::Healthy, ""};
}

} // namespace gitops
