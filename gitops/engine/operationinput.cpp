// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/operationinput.h"

#include "gitops/engine/engineoptions.h"
#include "gitops/sync/trial.h"

#include <algorithm>
#include <utility>

namespace gitops {

namespace {

/// After this time an object is believed that contradicts the answer to our write: it was deleted
/// and is there, or is of an older generation. The server was restored from a backup.
constexpr std::chrono::milliseconds kBelieve {60'000};

} // namespace

OperationInput::OperationInput(OperationHost& host, const core::Clock& clock,
                               const EngineOptions& options)
    : m_host(host)
    , m_clock(clock)
    , m_options(options)
{
}

void OperationInput::clear()
{
    m_filled = false;
    m_value = {};
    m_places.clear();
    m_touched.clear();
    m_timed.clear();
    m_nextLook.reset();
    m_notes.clear();
    m_degradedSince.clear();
    m_prunedAt.clear();
}

void OperationInput::fill(const core::Operation& operation, bool force)
{
    clear();
    m_filled = true;
    const core::Application& spec = m_host.spec();
    const DesiredStatePtr& desired = m_host.desired();
    m_value.application = spec.name;
    m_value.revision = desired->commit.id;
    m_value.destinationNamespace = spec.destinationNamespace;
    m_value.startedAt = operation.startedAt;
    for (const core::ResourceResult& result : operation.results)
        add(result);
    m_value.desired = desired->manifests;
    readOptions(operation, force);
    for (const auto& [key, object] : desired->objects)
        look(key);
    for (const core::ObjectKey& key : m_host.tracked())
        look(key);
    for (const std::string& name : desired->namespaces)
        look({"", "Namespace", "", name});
    if (m_value.options.createNamespace && !spec.destinationNamespace.empty())
        look({"", "Namespace", "", spec.destinationNamespace});
}

void readPruneOptions(const core::Application& spec, bool isRemoval, SyncOptions& options)
{
    for (const char* option : {"false", "confirm"}) {
        if (spec.hasOption(std::string("Prune=") + option))
            options.pruneOption = option;
        if (spec.hasOption(std::string("Delete=") + option))
            options.deleteOption = option;
    }
    options.removal = isRemoval;
    const auto unattended = spec.annotations.find(std::string(kPruneAnnotation));
    options.pruneUnattended =
        unattended != spec.annotations.end() && unattended->second == "unattended";
}

void OperationInput::readOptions(const core::Operation& operation, bool force)
{
    const core::Application& spec = m_host.spec();
    SyncOptions& options = m_value.options;
    options.dryRun = operation.dryRun;
    options.prune = operation.prune;
    options.force = force;
    options.only = operation.only;
    options.pruneLast = spec.hasOption("PruneLast=true");
    options.applyOutOfSyncOnly = spec.hasOption("ApplyOutOfSyncOnly=true");
    options.createNamespace = spec.hasOption("CreateNamespace=true") && m_host.seesNamespaces();
    options.replace = spec.hasOption("Replace=true");
    options.skipDryRunOnMissingResource = spec.hasOption("SkipDryRunOnMissingResource=true");
    for (const char* policy : {"foreground", "background", "orphan"})
        if (spec.hasOption(std::string("PrunePropagationPolicy=") + policy))
            options.prunePropagationPolicy = policy;
    readPruneOptions(spec, m_host.isRemoval(), options);
    options.managesNamespace =
        !spec.managedNamespaceLabels.empty() || !spec.managedNamespaceAnnotations.empty();
    options.outOfSync = m_host.outOfSync();
    // What comes back must not wait for more than its own write.
    options.tryFirst = operation.trigger != core::Operation::Trigger::SelfHeal
        && !spec.hasOption("Validate=false");
}

void OperationInput::touch(const core::ObjectKey& key)
{
    if (m_filled)
        m_touched.insert(key);
}

void OperationInput::touchAll()
{
    if (!m_filled)
        return;
    for (const auto& [key, view] : m_value.live)
        m_touched.insert(key);
    for (const core::ObjectKey& key : m_host.tracked())
        m_touched.insert(key);
}

void OperationInput::refresh()
{
    m_nextLook.reset();
    auto touched = std::exchange(m_touched, {});
    touched.insert(m_timed.begin(), m_timed.end());
    for (const core::ObjectKey& key : touched)
        look(key);
    pruneAgain();
    m_value.options.confirmed = m_host.confirmed();
    m_value.options.asked = m_host.asked();
    m_value.withheld = m_host.withheld();
    m_value.forbidden = m_host.forbidden();
    m_value.pruneHeldBecause = m_host.whyNoPrune();
    m_value.kinds.clear();
    const core::ObjectKey* last = nullptr; // objects of a kind stand beside each other
    const auto ask = [&](const core::ObjectKey& key) {
        const auto* before = std::exchange(last, &key);
        if (before && before->kind == key.kind && before->group == key.group)
            return;
        const core::GroupKind kind = key.groupKind();
        if (!m_value.kinds.contains(kind))
            m_value.kinds.emplace(kind, m_host.availability(kind));
    };
    for (const core::ManifestPtr& manifest : m_value.desired)
        ask(manifest->key());
    for (const auto& [key, view] : m_value.live)
        ask(key);
}

void OperationInput::look(const core::ObjectKey& key)
{
    auto facts = m_host.facts(key);
    if (!facts) {
        m_value.live.erase(key);
        m_timed.erase(key);
        m_degradedSince.erase(key);
        return;
    }
    LiveView view = facts->view;
    judgeTime(key, view, *facts);
    m_value.live.insert_or_assign(key, std::move(view));
}

/// Our answers are in the live state: an older generation than theirs is an old server's.
std::optional<core::SteadyTime> OperationInput::judgeGeneration(const core::ObjectKey& key,
                                                                const LiveView& view)
{
    const auto found = m_notes.find(key);
    if (found == m_notes.end())
        return std::nullopt;
    WriteNote& wrote = found->second;
    if (view.generation <= 0 || view.generation >= wrote.generation) {
        wrote.behindSince.reset();
        return std::nullopt;
    }
    const auto now = m_clock.steadyNow();
    const core::SteadyTime due = wrote.behindSince.value_or(now) + kBelieve;
    if (!wrote.behindSince)
        wrote.behindSince = now;
    if (now < due)
        return due;
    wrote.generation = view.generation;
    for (core::ResourceResult& result : m_value.results)
        if (result.key == key && result.generation > view.generation)
            result.generation = view.generation;
    return std::nullopt;
}

/// observed and settled: what time and our own writes say about a live object's health.
void OperationInput::judgeTime(const core::ObjectKey& key, LiveView& view, const LiveFacts& facts)
{
    const auto now = m_clock.steadyNow();
    std::optional<core::SteadyTime> next = judgeGeneration(key, view);
    const auto note = m_notes.find(key);
    if (view.health.status && !facts.isJudgedBySpec && note != m_notes.end()
        && !note->second.unchanged) {
        const WriteNote& wrote = note->second;
        if (facts.observedGeneration)
            // An object that was made anew begins with 1.
            view.observed = *facts.observedGeneration >= wrote.generation
                || (view.generation > 0 && *facts.observedGeneration >= view.generation);
        else if (facts.status == wrote.status && now < wrote.at + m_options.statusGrace) {
            view.observed = false;
            next = std::min(next.value_or(wrote.at + m_options.statusGrace),
                            wrote.at + m_options.statusGrace);
        }
    }
    if (view.health.status == core::Health::Degraded) {
        const auto until =
            m_degradedSince.try_emplace(key, now).first->second + m_options.degradedGrace;
        view.settled = now >= until;
        if (!view.settled)
            next = std::min(next.value_or(until), until);
    } else {
        m_degradedSince.erase(key);
    }
    if (!next) {
        m_timed.erase(key);
        return;
    }
    m_timed.insert(key);
    m_nextLook = std::min(m_nextLook.value_or(*next), *next);
}

/// A delete that the server has said yes to, of an object that is there nevertheless and is not
/// being deleted, is decided anew.
void OperationInput::pruneAgain()
{
    const auto now = m_clock.steadyNow();
    for (auto entry = m_prunedAt.begin(); entry != m_prunedAt.end();) {
        const core::ObjectKey& key = entry->first;
        const core::SteadyTime due = entry->second + kBelieve;
        const LiveView* live = find(key);
        if (!live || live->deleting || now < due) {
            if (live && !live->deleting)
                m_nextLook = std::min(m_nextLook.value_or(due), due);
            ++entry;
            continue;
        }
        for (core::ResourceResult& result : m_value.results)
            if (result.key == key && result.code == core::ResultCode::Pruned) {
                result.code = core::ResultCode::PruneSkipped;
                result.hookPhase.reset();
                result.message = "is there again";
            }
        entry = m_prunedAt.erase(entry);
    }
}

const LiveView* OperationInput::find(const core::ObjectKey& key) const
{
    const auto found = m_value.live.find(key);
    return found == m_value.live.end() ? nullptr : &found->second;
}

void OperationInput::setInFlight(const core::ObjectKey& key, bool inFlight)
{
    if (inFlight)
        m_value.inFlight.insert(key);
    else
        m_value.inFlight.erase(key);
}

std::size_t OperationInput::add(core::ResourceResult result)
{
    if (result.code == core::ResultCode::Pruned)
        m_prunedAt.try_emplace(result.key, m_clock.steadyNow());
    auto& results = m_value.results;
    const auto [place, isNew] = m_places.try_emplace({result.key, result.phase}, results.size());
    if (isNew)
        results.push_back(mergedResult(nullptr, std::move(result)));
    else
        results[place->second] = mergedResult(&results[place->second], std::move(result));
    return place->second;
}

bool OperationInput::isSynced(const core::ObjectKey& key) const
{
    for (auto place = m_places.lower_bound({key, core::SyncPhase::PreSync});
         place != m_places.end() && place->first.first == key; ++place)
        if (m_value.results[place->second].code == core::ResultCode::Synced)
            return true;
    return false;
}

void OperationInput::addTried(const SyncAction& action, const core::Result<Written>& answer)
{
    std::string& refused = m_value.tried[action.key];
    const bool isRemedied = !answer && isRemediedByForce(action, find(action.key), answer.error());
    refused = answer || isRemedied ? std::string() : refusalOf(answer.error(), m_value);
    if (!refused.empty())
        refused += wayOut(action, answer.error());
}

WriteOutcome OperationInput::wrote(const SyncAction& action, const Written& written)
{
    const LiveView* before = find(action.key);
    const bool unchanged = !written.created && before && before->generation == written.generation
        && written.generation > 0 && !m_notes.contains(action.key);
    if (!action.dryRun)
        m_notes[action.key] = {
            written.generation, written.status, m_clock.steadyNow(), unchanged, {}};
    return {written.uid, written.generation,
            written.created ? "created"
                : unchanged ? "unchanged"
                            : "configured"};
}

} // namespace gitops
