// SPDX-License-Identifier: GPL-3.0-or-later
// What an application looks like from outside: ApplicationState, and the verdict that gates a
// parent's wave.
#include "core/object/kindtable.h"
#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/namespacecontents.h"
#include "gitops/engine/platformview.h"
#include "gitops/sync/syncplanner.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace gitops {

namespace {

using DiffVerdict = core::ResourceDiff::Verdict;

constexpr int kDepth = 10; ///< of owner references
/// Of kinds that may live in the engine alone, or have an application's health.
constexpr std::string_view kArgoGroup = "argoproj.io";

core::SyncState syncOf(const Comparator::Verdict& verdict)
{
    if (!verdict.judged)
        return core::SyncState::Unknown; // no diff yet is not the same as no difference
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

/// Rows of what an object owns, and of what that owns.
void addChildren(const LiveState& live, const LiveObject& parent, int depth, ResourceList& list)
{
    if (depth == 0 || parent.uid.empty())
        return;
    for (const LiveObjectPtr& child : live.children(parent.uid)) {
        list.add({.live = child}, parent.key, [&] {
            core::ResourceState state;
            state.key = child->key;
            state.parent = parent.key;
            fillLive(state, *child);
            return state;
        });
        addChildren(live, *child, depth - 1, list);
    }
}

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
    const auto order = [](const Row& row) { return std::pair(row.wave, row.rank); };
    if (!std::ranges::is_sorted(rows, {}, order))
        std::ranges::stable_sort(rows, {}, order);
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
    if (live) {
        fillLive(resource, *live);
    } else if (object.hook.empty()) {
        const bool isKnown = m_context.cluster.isComplete(key);
        resource.health = isKnown ? core::Health::Missing : core::Health::Unknown;
        if (!isKnown)
            resource.healthMessage = m_context.cluster.whyIncomplete(key);
    }
    if (m_children.livesInEngine(key.groupKind()) || m_children.health(key)) {
        const auto known = facts(key);
        resource.uid = known ? known->view.uid : std::string();
        const bool isUnseen = !known && m_children.livesInEngine(key.groupKind());
        if (known || isUnseen)
            resource.health = known ? known->view.health.status : std::nullopt;
        resource.healthMessage = known ? known->view.health.message
            : isUnseen                 ? "A sync of " + m_spec->name + " brings it into force here."
                                       : std::string();
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

void ApplicationController::addDeclared(const core::ObjectKey& key, const DesiredObject& object,
                                        const Comparator::Verdict* verdict)
{
    LiveObjectPtr live = m_context.live.find(key);
    ResourceList::Source source {.declared = object.manifest, .live = live};
    if (verdict) {
        source.diff = verdict->diff;
        source.sync = syncOf(*verdict);
    }
    source.isAll = key.group != kArgoGroup && (m_pauses.all().empty() || !m_pauses.find(key));
    m_list.add(std::move(source), std::nullopt,
               [&] { return declaredState(key, object, live, verdict); });
}

/// Nullopt: the rows say more than versions tell (leftovers, pauses, what the engine alone has).
std::optional<ApplicationController::Listed> ApplicationController::listedFrom() const
{
    const auto isArgos = [](const core::GroupKind& kind) { return kind.group == kArgoGroup; };
    if (!m_desired || !m_extras.empty() || !m_pauses.all().empty()
        || std::ranges::any_of(m_desired->kinds, isArgos))
        return std::nullopt;
    return Listed {m_desired, m_comparator.version(), m_context.live.ownersVersion(),
                   m_comparator.liveVersions()};
}

/// What is declared or tracked, by wave, then what belongs to it by owner references.
void ApplicationController::updateResources()
{
    auto from = listedFrom();
    if (from && from == m_listed)
        return;
    m_listed = std::move(from);
    m_list.begin();
    std::vector<core::ResourceState> extras;
    for (const core::ObjectKey& key : m_extras)
        extras.push_back(extraState(key, m_context.live.find(key)));
    std::ranges::sort(extras, {}, placeOf);
    auto extra = extras.begin();
    const auto addExtras = [&](auto&& isDue) {
        for (; extra != extras.end() && isDue(*extra); ++extra)
            m_list.add({.live = m_context.live.find(extra->key), .isAll = false}, std::nullopt,
                       [&] { return std::move(*extra); });
    };
    for (const Row& row : rowsOf(m_desired.get(), m_comparator.verdicts())) {
        addExtras([&](const core::ResourceState& each) { return placeOf(each) < row.place(); });
        addDeclared(*row.key, *row.object, row.verdict);
    }
    addExtras([](const core::ResourceState&) { return true; });
    if (m_list.endRoots(m_context.live.ownersVersion()))
        m_list.addOwned(
            [this](const LiveObject& root) { addChildren(m_context.live, root, kDepth, m_list); });
    m_list.end();
}

void ApplicationController::tellNews(const core::ApplicationState& state)
{
    const core::SyncState sync = std::exchange(m_lastSync, state.sync);
    const core::Health health = std::exchange(m_lastHealth, state.health);
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
    std::ranges::stable_partition(state->awaitingConfirmation, takesOthers);
    state->activity = m_activity;
    if (m_activity.empty() && m_runner.isRunning())
        state->activity = whyWait().empty() ? m_runner.operation()->message : whyWait();
    updateResources();
    state->resources = m_list.rows();
    const bool isKnown = m_desired && !m_renderFailed;
    state->sync = isKnown ? m_list.summary().sync : core::SyncState::Unknown;
    state->health = m_desired ? m_list.summary().health : core::Health::Unknown;
    state->healthMessage = m_list.summary().healthMessage;
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

/// Whether a sync above may be waiting for this application.
bool ApplicationController::isWaitedFor() const
{
    const ApplicationController* parent =
        m_spec->parent.empty() ? nullptr : m_context.directory.find(m_spec->parent);
    return parent && (parent->m_runner.isRunning() || parent->isWaitedFor());
}

/// The gate may open without any change of what is published: when a comparison has ended, say.
void ApplicationController::tellGate()
{
    if (!isWaitedFor()) {
        m_toldGate.reset();
        return;
    }
    if (const core::HealthAssessment now = gate(); m_toldGate != now) {
        m_toldGate = now;
        m_context.directory.find(m_spec->parent)->childChanged(m_spec->name);
    }
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
