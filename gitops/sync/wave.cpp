// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/wave.h"

#include "gitops/sync/prunerules.h"
#include "gitops/sync/syncactions.h"

#include <algorithm>

namespace gitops {

using core::OperationPhase;
using core::ResultCode;
using State = SyncTask::State;

namespace {

/// A hook that stood in the way could not be deleted: a result of a failed write has no uid.
bool couldNotBeCleared(const SyncTask& task)
{
    return task.isHook() && task.state == State::Failed
        && task.result->code == ResultCode::SyncFailed && !task.result->uid.empty()
        && task.result->hookPhase != OperationPhase::Error;
}

} // namespace

Wave::Wave(std::span<SyncTask> tasks, const std::vector<SyncTask>& all, const SyncInput& input,
           SyncStep& step)
    : m_tasks(tasks)
    , m_all(all)
    , m_input(input)
    , m_step(step)
{
}

Wave::Outcome Wave::advance()
{
    for (Outcome (Wave::*part)() : {&Wave::prune, &Wave::clearHooks, &Wave::write})
        if (const Outcome outcome = (this->*part)(); outcome != Outcome::Written)
            return outcome;
    return Outcome::Written;
}

void Wave::end(SyncTask& task, ResultCode code, OperationPhase phase, std::string message)
{
    core::ResourceResult result = task.blankResult();
    result.code = code;
    result.hookPhase = phase;
    result.message = std::move(message);
    m_step.results.push_back(result);
    task.result = std::move(result);
    task.state = stateOf(task, m_input);
}

void Wave::pruneOne(SyncTask& task)
{
    if (!task.live)
        return end(task, ResultCode::Pruned, OperationPhase::Succeeded, "gone already");
    if (task.result && !task.result->uid.empty() && task.result->uid != task.live->uid)
        return end(task, ResultCode::PruneSkipped, OperationPhase::Succeeded,
                   "was replaced by another object since the sync began");
    const std::string why = whyNotPruned(task.key, *task.live, m_input);
    if (!why.empty())
        return end(task, ResultCode::PruneSkipped, OperationPhase::Succeeded, why);
    if (task.live->deleting)
        return end(task, ResultCode::Pruned, OperationPhase::Succeeded, "is being deleted already");
    // What needs a person's word now may not have needed it when the sync began.
    if (waitsForPerson(task.key, *task.live, m_input)
        && !m_input.options.confirmed.contains(task.key))
        return end(task, ResultCode::PruneSkipped, OperationPhase::Running,
                   "waiting for pruning confirmation");
    if (std::string left = whyNamespaceStays(task.key, m_input);
        !left.empty() && !m_input.options.dryRun)
        return end(task, ResultCode::PruneSkipped, OperationPhase::Succeeded, std::move(left));
    m_step.actions.push_back(pruneAction(task, m_input));
}

Wave::Outcome Wave::prune()
{
    TaskList unconfirmed;
    for (const SyncTask& task : m_tasks)
        if (task.state == State::Held && task.live && stopsWave(*task.live, m_input))
            unconfirmed.push_back(&task);
    if (!unconfirmed.empty()) {
        m_message = confirmationMessage(unconfirmed);
        m_step.heldByPerson = true;
        return Outcome::Waiting;
    }
    bool isBusy = false;
    for (SyncTask& task : m_tasks) {
        if (task.state == State::Held && !task.live && !isInFlight(task))
            end(task, ResultCode::Pruned, OperationPhase::Succeeded, "gone already");
        if (!task.isPrune() || task.state != State::Pending)
            continue;
        if (!isInFlight(task))
            pruneOne(task);
        isBusy = isBusy || task.state == State::Pending;
    }
    if (isBusy)
        return Outcome::Busy;
    const bool hasFailed = std::ranges::any_of(m_tasks, [](const SyncTask& task) {
        return task.isPrune() && task.state == State::Failed;
    });
    return hasFailed ? Outcome::Stopped : Outcome::Written;
}

Wave::Outcome Wave::clearHooks()
{
    if (m_input.options.dryRun)
        return Outcome::Written;
    bool isBusy = false;
    TaskList leaving;
    for (const SyncTask& task : m_tasks) {
        const bool isAnew = isMadeAnew(task, m_input);
        if ((!task.isHook() && !isAnew) || task.state != State::Pending || !task.live)
            continue;
        if (isInFlight(task))
            isBusy = true;
        else if (isAnew && !task.live->deleting)
            m_step.actions.push_back(deleteHookAction(task, true));
        else if (isKept(*task.live) && (task.live->deleting || task.hook.deleteBefore))
            m_step.actions.push_back(releaseHookAction(task));
        else if (task.live->deleting)
            leaving.push_back(&task);
        else if (task.hook.deleteBefore)
            m_step.actions.push_back(deleteHookAction(task, false));
    }
    if (isBusy || !m_step.actions.empty())
        return Outcome::Busy;
    if (std::ranges::any_of(m_tasks, couldNotBeCleared))
        return Outcome::Stopped;
    if (leaving.empty())
        return Outcome::Written;
    m_message = deletionMessage(leaving);
    return Outcome::Waiting;
}

Wave::Outcome Wave::write()
{
    for (std::size_t begin = 0; begin < m_tasks.size();) {
        std::size_t end = begin + 1;
        while (end < m_tasks.size() && m_tasks[end].key.kind == m_tasks[begin].key.kind)
            ++end;
        const Outcome outcome = writeGroup(m_tasks.subspan(begin, end - begin));
        if (outcome != Outcome::Written)
            return outcome;
        begin = end;
    }
    return Outcome::Written;
}

Wave::Outcome Wave::writeGroup(std::span<SyncTask> group)
{
    bool isBusy = false;
    bool isWaiting = false;
    for (SyncTask& task : group) {
        if (task.isPrune() || task.state != State::Pending)
            continue;
        if (isInFlight(task))
            isBusy = true;
        else if (writeOne(task))
            isBusy = isBusy || task.state == State::Pending;
        else
            isWaiting = true;
    }
    if (isBusy)
        return Outcome::Busy;
    if (!isWaiting)
        return Outcome::Written;
    if (!m_leaving.empty())
        m_message = deletionMessage(m_leaving);
    return Outcome::Waiting;
}

/// False: it has to wait.
bool Wave::writeOne(SyncTask& task)
{
    if (!task.invalid.empty()) {
        end(task, ResultCode::SyncFailed, OperationPhase::Failed, task.invalid);
        return true;
    }
    if (!isServed(task) || isHeldBack(task))
        return task.state != State::Pending;
    auto action = writeAction(task, m_input);
    if (action)
        m_step.actions.push_back(std::move(*action));
    else
        end(task, ResultCode::SyncFailed, OperationPhase::Failed, action.error().message);
    return true;
}

/// Ends the task where the kind is not there and will not come; false also while it may come.
bool Wave::isServed(SyncTask& task)
{
    if (task.type == SyncTask::Type::CreateNamespace)
        return true;
    const core::GroupKind kind = task.key.groupKind();
    const KindAvailability availability = availabilityOf(kind, m_input);
    if (availability == KindAvailability::Served)
        return true;
    const SyncTask* definition = definitionOf(kind, m_all);
    if (definition && m_input.options.dryRun) {
        end(task, ResultCode::Synced, OperationPhase::Succeeded,
            "not checked: its kind is defined by this very sync (dry run)");
    } else if (definition && definition->state != State::Failed) {
        m_message = "waiting for " + definition->text() + " to be established";
    } else {
        end(task, ResultCode::SyncFailed, OperationPhase::Failed,
            availability == KindAvailability::Missing
                ? "the cluster does not serve " + kind.text()
                : "it could not be found out whether the cluster serves " + kind.text());
    }
    return false;
}

const LiveView* Wave::leavingNamespace(const SyncTask& task) const
{
    if (task.key.namespaceName.empty())
        return nullptr;
    const auto found = m_input.live.find({"", "Namespace", "", task.key.namespaceName});
    return found != m_input.live.end() && found->second.deleting ? &found->second : nullptr;
}

/// Nothing is written into what is going away; it would go along. Ends a dry run that cannot be
/// tried yet.
bool Wave::isHeldBack(SyncTask& task)
{
    const core::ObjectKey space {"", "Namespace", "", task.key.namespaceName};
    if (m_input.options.dryRun) {
        const bool isToCome = !task.key.namespaceName.empty() && !m_input.live.contains(space)
            && std::ranges::any_of(m_all, [&](const SyncTask& each) { return each.key == space; });
        if (isToCome)
            end(task, ResultCode::Synced, OperationPhase::Succeeded,
                "not checked: namespace " + space.name + " does not exist yet (dry run)");
        return isToCome;
    }
    if (task.live && task.live->deleting) {
        m_leaving.push_back(&task);
        return true;
    }
    if (!leavingNamespace(task))
        return false;
    m_message = "waiting for deletion of /Namespace/" + space.name;
    return true;
}

const SyncTask* definitionOf(const core::GroupKind& kind, const std::vector<SyncTask>& tasks)
{
    const auto found = std::ranges::find_if(
        tasks, [&](const SyncTask& task) { return task.facts.defines == kind && !task.isPrune(); });
    return found == tasks.end() ? nullptr : &*found;
}

} // namespace gitops
