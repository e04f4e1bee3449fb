// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationcontroller.h"

#include <algorithm>

namespace gitops {

using DiffVerdict = core::ResourceDiff::Verdict;

/// The last sync failed: then only what it did apply is kept as it was applied.
bool ApplicationController::wasAppliedLast(const core::ObjectKey& key) const
{
    const auto& last = m_runner.operation();
    return last && std::ranges::any_of(last->results, [&](const core::ResourceResult& result) {
               return result.key == key && result.code == core::ResultCode::Synced;
           });
}

/// Nothing can be put back into a namespace that is going away, or is gone: it comes first.
bool ApplicationController::isNamespaceReady(const core::ObjectKey& key) const
{
    if (key.namespaceName.empty()
        || m_context.live.knowledge({"", "Namespace"}) != KindKnowledge::Complete)
        return true; // then the answer to the write tells
    const LiveObjectPtr live = m_context.live.find({"", "Namespace", "", key.namespaceName});
    return live && !live->deleting;
}

bool ApplicationController::isNamespaceGoing(const core::ObjectKey& key) const
{
    if (key.namespaceName.empty())
        return false;
    const LiveObjectPtr live = m_context.live.find({"", "Namespace", "", key.namespaceName});
    return live && live->deleting;
}

bool ApplicationController::isHealable(const core::ObjectKey& key,
                                       const Comparator::Verdict& verdict)
{
    if (!verdict.settled || !verdict.diff || verdict.value() == DiffVerdict::CouldNotTell
        || verdict.live != m_context.live.find(key))
        return false;
    if ((verdict.live && verdict.live->deleting) || m_withheld.contains(key)
        || m_pauses.isPaused(key) || isNamespaceGoing(key) || m_guard.isForbidden(key))
        return false;
    const bool inEngine = m_children.livesInEngine(key.groupKind());
    if (!inEngine && !m_context.cluster.resource(key.groupKind()))
        return false;
    const bool lastFailed =
        !m_saved.attempt || m_saved.attempt->phase != core::OperationPhase::Succeeded;
    if (!m_runner.isRunning() && lastFailed && !wasAppliedLast(key))
        return false;
    return !isAutoscaledOnly(*verdict.diff);
}

void ApplicationController::decideHeal()
{
    std::vector<core::ObjectKey> healable;
    std::vector<core::ObjectKey> missing;
    for (const core::ObjectKey& key : m_differing) {
        if (m_runner.isPending(key))
            continue; // comes with the operation; during a large one nearly all of them do
        const Comparator::Verdict* verdict = m_comparator.find(key);
        if (!verdict || !isHealable(key, *verdict))
            continue;
        healable.push_back(key);
        if (verdict->value() == DiffVerdict::MissingLive
            && !m_children.livesInEngine(key.groupKind()))
            missing.push_back(key);
    }
    if (healable.empty())
        return;
    if (!isRecordCovered())
        return;
    for (const core::ObjectKey& key : healable) {
        const core::ResourceDiffPtr diff = m_comparator.find(key)->diff;
        m_noticed.try_emplace(key, m_context.executor.clock().steadyNow());
        if (!diff->isQuiet() && m_drifted.insert(key).second)
            m_context.events.send(core::event::DriftFound {m_spec->name, *diff});
    }
    const bool ordered = needsOrder(missing);
    // While an operation runs, what it may be waiting for comes back at once.
    const auto mayComeNow = [&](const core::ObjectKey& key) {
        return !ordered || !std::ranges::count(missing, key)
            || (m_runner.isRunning() && isNamespaceReady(key));
    };
    for (const core::ObjectKey& key : healable)
        if (mayComeNow(key))
            healNow(key);
    if (ordered && !m_runner.isRunning())
        healInWaves(missing);
}

/// Whether missing objects have to come back one after the other: several are missing, or the one's
/// namespace is missing too.
bool ApplicationController::needsOrder(const std::vector<core::ObjectKey>& missing) const
{
    return missing.size() > 1
        || std::ranges::any_of(missing, [this](const auto& key) { return !isNamespaceReady(key); });
}

core::SteadyTime ApplicationController::noticedAt(const core::ObjectKey& key) const
{
    const auto noticed = m_noticed.find(key);
    return noticed == m_noticed.end() ? m_context.executor.clock().steadyNow() : noticed->second;
}

/// It differs by more than what an autoscaler may change.
bool ApplicationController::isDrifted(const core::ObjectKey& key) const
{
    const Comparator::Verdict* verdict =
        m_differing.contains(key) ? m_comparator.find(key) : nullptr;
    return verdict && verdict->diff && !isAutoscaledOnly(*verdict->diff);
}

void ApplicationController::healNow(const core::ObjectKey& key)
{
    const Comparator::Verdict* verdict = m_comparator.find(key);
    if (!verdict || !verdict->diff)
        return;
    const core::ResourceDiffPtr diff = verdict->diff;
    if (m_children.livesInEngine(key.groupKind())) {
        if (!m_healer.begin(*diff))
            return;
        if (const auto put = m_children.put(verdict->desired); !put)
            m_healer.failed(*diff, put.error().text());
        else
            m_healer.succeeded(*diff, noticedAt(key));
        m_comparator.touch(key);
        saveSoon();
        wake();
        return;
    }
    const auto body = decorated(m_desired->objects.at(key).manifest, key);
    if (!body) {
        if (m_healer.begin(*diff))
            m_healer.failed(*diff, body.error().text());
        return;
    }
    m_healer.heal(*body, *diff, noticedAt(key));
}

/// An emptied namespace, or cluster, comes back as it came: in waves, each waiting for the one
/// before. As an operation over the missing objects, so that it survives a restart.
void ApplicationController::healInWaves(const std::vector<core::ObjectKey>& missing)
{
    OperationRequest request {.trigger = core::Operation::Trigger::SelfHeal};
    m_comingBack.clear();
    for (const core::ObjectKey& key : missing) {
        const core::ResourceDiffPtr diff = m_comparator.find(key)->diff;
        if (m_healer.isHealing(key) || !m_healer.begin(*diff))
            continue;
        request.only.push_back(key);
        m_comingBack.emplace(key, std::pair(diff, noticedAt(key)));
    }
    if (!request.only.empty())
        m_runner.start(request);
}

void ApplicationController::healedInWaves(const core::Operation& operation)
{
    for (const auto& [key, drift] : std::exchange(m_comingBack, {})) {
        const auto result = std::ranges::find(operation.results, key, &core::ResourceResult::key);
        if (result != operation.results.end() && result->code == core::ResultCode::Synced)
            m_healer.succeeded(*drift.first, drift.second);
        else
            m_healer.failed(*drift.first,
                            result == operation.results.end() ? operation.message
                                                              : result->message);
    }
}

} // namespace gitops
