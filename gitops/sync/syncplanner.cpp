// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/sync/syncplanner.h"

#include "core/base/strings.h"
#include "gitops/sync/progress.h"
#include "gitops/sync/syncactions.h"
#include "gitops/sync/trial.h"
#include "gitops/sync/wave.h"

#include <algorithm>
#include <set>
#include <span>

namespace gitops {

using core::OperationPhase;
using core::ResultCode;
using core::SyncPhase;
using State = SyncTask::State;

namespace {

constexpr const char* kRunning = "one or more tasks are running";
constexpr const char* kTerminated = "Operation terminated";

class Planner
{
public:
    explicit Planner(const SyncInput& input)
        : m_input(input)
        , m_tasks(buildTasks(input))
        , m_schedule(scheduleOf(m_tasks, input))
    {
    }

    SyncStep plan();

private:
    void decide();
    bool refuseInvalid();
    std::string whyInvalid(const SyncTask& task) const;
    bool tryFirst();
    void refuseTried(const Trial& trial);
    void advance();
    bool waitFor(std::span<SyncTask> wave);
    void succeed();
    void fail(const TaskList& failed);
    void finishFailed(std::string message);
    void terminate();
    void releaseEnded();
    void releaseStrays();
    void cleanUp(bool succeeded);
    void savePruneDecisions();
    bool isMine(const SyncTask& task) const;
    std::span<SyncTask> waveFrom(std::size_t begin);
    std::span<SyncTask> failHooks();
    TaskList select(std::span<const SyncTask> tasks, auto&& test) const;

    const SyncInput& m_input;
    std::vector<SyncTask> m_tasks;
    Schedule m_schedule;
    SyncStep m_step;
};

TaskList Planner::select(std::span<const SyncTask> tasks, auto&& test) const
{
    TaskList chosen;
    for (const SyncTask& task : tasks)
        if (test(task))
            chosen.push_back(&task);
    return chosen;
}

/// What the first step decided about prunes holds for the whole operation.
void Planner::savePruneDecisions()
{
    const TaskList prunes = select(
        m_tasks, [](const SyncTask& task) { return task.isPrune() && task.result.has_value(); });
    if (prunes.empty())
        return;
    std::set<core::ObjectKey> saved;
    for (const core::ResourceResult& result : m_input.results)
        saved.insert(result.key);
    for (const SyncTask* task : prunes)
        if (!saved.contains(task->key))
            m_step.results.push_back(*task->result);
}

std::string Planner::whyInvalid(const SyncTask& task) const
{
    if (task.type != SyncTask::Type::Apply || !task.invalid.empty())
        return task.invalid;
    const core::GroupKind kind = task.key.groupKind();
    const bool isExcused = m_input.options.skipDryRunOnMissingResource
        || hasSyncOption(task.facts.annotations, "SkipDryRunOnMissingResource=true");
    if (isExcused || availabilityOf(kind, m_input) != KindAvailability::Missing
        || definitionOf(kind, m_tasks))
        return {};
    return "the cluster does not serve " + kind.text() + "; is its CRD installed?";
}

/// Before anything is written: a sync that cannot succeed does not begin.
bool Planner::refuseInvalid()
{
    std::set<std::string> messages;
    std::vector<core::ResourceResult> results;
    for (SyncTask& task : m_tasks) {
        std::string why = whyInvalid(task);
        if (why.empty())
            continue;
        core::ResourceResult result = task.blankResult();
        result.code = ResultCode::SyncFailed;
        result.hookPhase = OperationPhase::Failed;
        result.message = why;
        task.result = result;
        task.state = State::Failed;
        results.push_back(std::move(result));
        messages.insert(std::move(why));
    }
    if (messages.empty())
        return false;
    m_step.results = std::move(results);
    m_step.phase = OperationPhase::Failed;
    m_step.message = "one or more synchronization tasks are not valid: "
        + core::join({messages.begin(), messages.end()}, ", ");
    return true;
}

/// Before anything is written: what the server would refuse. True while that is not known, or when
/// it ends the sync.
bool Planner::tryFirst()
{
    const Trial trial = trialOf(m_tasks, m_input);
    bool isBusy = false;
    bool isRefused = false;
    for (const SyncTask* task : trial.tasks) {
        const auto answer = m_input.tried.find(task->key);
        if (m_input.inFlight.contains(task->key)) {
            isBusy = true;
        } else if (answer != m_input.tried.end()) {
            isRefused = isRefused || !answer->second.empty();
        } else if (auto action = writeAction(*task, m_input)) {
            action->dryRun = true;
            action->isTrial = true;
            m_step.actions.push_back(std::move(*action));
        }
    }
    if (isBusy || !m_step.actions.empty()) {
        m_step.message = "trying " + std::to_string(trial.tasks.size())
            + (trial.tasks.size() == 1 ? " object" : " objects")
            + " on the server before the first write";
        if (trial.left > 0)
            m_step.message += "; " + std::to_string(trial.left)
                + " cannot be tried yet, since what they need comes with this sync";
        return true;
    }
    if (isRefused)
        refuseTried(trial);
    return isRefused;
}

void Planner::refuseTried(const Trial& trial)
{
    std::set<std::string> reasons; // a hook may be in two phases
    for (SyncTask& task : m_tasks) {
        const auto answer = m_input.tried.find(task.key);
        if (answer == m_input.tried.end() || answer->second.empty() || task.isPrune())
            continue;
        core::ResourceResult result = task.blankResult();
        result.code = ResultCode::SyncFailed;
        result.hookPhase = OperationPhase::Failed;
        result.message = answer->second;
        task.result = result;
        task.state = State::Failed;
        m_step.results.push_back(std::move(result));
        reasons.insert(task.text() + ": " + answer->second);
    }
    m_step.phase = OperationPhase::Failed;
    m_step.message = "nothing was written: the server would refuse "
        + std::to_string(reasons.size()) + " of " + std::to_string(trial.tasks.size())
        + " that were tried (dry run): " + core::join({reasons.begin(), reasons.end()}, "; ");
}

/// The live object is what this operation's hook made.
bool Planner::isMine(const SyncTask& task) const
{
    return task.live && task.result && !task.result->uid.empty()
        && task.result->uid == task.live->uid && task.result->code != ResultCode::SyncFailed
        && !m_input.options.dryRun;
}

void Planner::releaseEnded()
{
    for (const SyncTask& task : m_tasks)
        if (task.isHook() && (task.state == State::Succeeded || task.state == State::Failed)
            && isMine(task) && isKept(*task.live) && !m_input.inFlight.contains(task.key))
            m_step.actions.push_back(releaseHookAction(task));
}

/// Hooks that an earlier operation left with their finalizer: nothing could ever delete them.
void Planner::releaseStrays()
{
    if (m_input.options.dryRun || !m_input.options.only.empty())
        return;
    const auto isKnown = [this](const core::ObjectKey& key) {
        return std::ranges::find(m_tasks, key, &SyncTask::key) != m_tasks.end()
            || std::ranges::find(m_input.results, key, &core::ResourceResult::key)
            != m_input.results.end(); // tried already
    };
    for (const auto& [key, live] : m_input.live) {
        const bool hasEnded = live.deleting || live.health.status != core::Health::Progressing;
        if (live.ours && isKept(live) && hasEnded && hookOf(live.annotations).isHook
            && !m_input.inFlight.contains(key) && !isKnown(key))
            m_step.actions.push_back(releaseStrayAction(key, live));
    }
}

/// Deletes ended hooks as their policies ask, now that the end of the sync is known.
void Planner::cleanUp(bool succeeded)
{
    for (const SyncTask& task : m_tasks) {
        const bool isFailHook = task.phase == SyncPhase::SyncFail;
        const bool isAsked = (succeeded || isFailHook ? task.hook.deleteOnSuccess : false)
            || (!succeeded && task.hook.deleteOnFailure);
        const bool hasEnded = task.state == State::Succeeded || task.state == State::Failed;
        if (task.isHook() && isAsked && hasEnded && isMine(task) && !task.live->deleting
            && !isKept(*task.live) && !m_input.inFlight.contains(task.key))
            m_step.actions.push_back(deleteHookAction(task, true));
    }
}

std::span<SyncTask> Planner::waveFrom(std::size_t begin)
{
    std::size_t end = begin;
    while (end < m_tasks.size() && m_tasks[end].lane() == m_tasks[begin].lane())
        ++end;
    return std::span(m_tasks).subspan(begin, end - begin);
}

std::span<SyncTask> Planner::failHooks()
{
    const auto begin = std::ranges::find(m_tasks, SyncPhase::SyncFail, &SyncTask::phase);
    return {begin, m_tasks.end()};
}

/// True while something of the wave is waited for.
bool Planner::waitFor(std::span<SyncTask> wave)
{
    const TaskList running = select(wave, [this](const SyncTask& task) {
        return task.state == State::Running && m_schedule.awaits(task);
    });
    const TaskList leaving = select(wave, [this](const SyncTask& task) {
        return isLeaving(task) && m_schedule.awaitsLane(task.lane());
    });
    if (!running.empty())
        m_step.message = waitingMessage(running);
    else if (!leaving.empty())
        m_step.message = deletionMessage(leaving);
    return !running.empty() || !leaving.empty();
}

void Planner::advance()
{
    for (std::size_t begin = 0; begin < m_tasks.size();) {
        if (m_tasks[begin].phase == SyncPhase::SyncFail)
            break;
        const std::span<SyncTask> tasks = waveFrom(begin);
        Wave wave(tasks, m_tasks, m_input, m_step);
        const Wave::Outcome outcome = wave.advance();
        if (outcome == Wave::Outcome::Busy || outcome == Wave::Outcome::Waiting) {
            m_step.message = wave.message().empty() ? kRunning : wave.message();
            return;
        }
        const TaskList failed =
            select(tasks, [](const SyncTask& task) { return task.state == State::Failed; });
        if (!failed.empty())
            return fail(failed);
        if (waitFor(tasks))
            return;
        begin += tasks.size();
    }
    succeed();
}

void Planner::succeed()
{
    cleanUp(true);
    const TaskList cleaning = select(m_tasks, [this](const SyncTask& task) {
        return m_input.inFlight.contains(task.key) && task.isHook();
    });
    if (!m_step.actions.empty() || !cleaning.empty()) {
        m_step.message = kRunning;
        return;
    }
    m_step.phase = OperationPhase::Succeeded;
    const bool isEmpty = std::ranges::all_of(m_tasks, isIdle);
    m_step.message =
        isEmpty ? "successfully synced (no more tasks)" : "successfully synced (all tasks run)";
    if (const std::size_t held = m_step.needsConfirmation.size(); held > 0)
        m_step.message += "; " + std::to_string(held)
            + (held == 1 ? " prune waits" : " prunes wait") + " for confirmation";
}

void Planner::fail(const TaskList& failed)
{
    const bool isByApply = std::ranges::all_of(failed, [](const SyncTask* task) {
        return task->result && task->result->code == ResultCode::SyncFailed
            && task->result->hookPhase != OperationPhase::Error;
    });
    const std::string message =
        failureMessage(isByApply ? "one or more objects failed to apply"
                                 : "one or more synchronization tasks completed unsuccessfully",
                       failed);
    const std::span<SyncTask> hooks = failHooks();
    Wave wave(hooks, m_tasks, m_input, m_step);
    const Wave::Outcome outcome = wave.advance();
    const TaskList running = select(m_tasks, [](const SyncTask& task) {
        return task.isHook() && task.state == State::Running;
    });
    if (outcome == Wave::Outcome::Busy || outcome == Wave::Outcome::Waiting)
        m_step.message = message;
    else if (!running.empty())
        m_step.message = message + "; " + waitingMessage(running);
    else
        finishFailed(message);
}

void Planner::finishFailed(std::string message)
{
    const TaskList failedHooks =
        select(failHooks(), [](const SyncTask& task) { return task.state == State::Failed; });
    if (!failedHooks.empty())
        message += "\n" + failureMessage("one or more SyncFail hooks failed", failedHooks);
    m_step.message = std::move(message);
    cleanUp(false);
    const bool isBusy = std::ranges::any_of(
        m_tasks, [this](const SyncTask& task) { return m_input.inFlight.contains(task.key); });
    if (m_step.actions.empty() && !isBusy)
        m_step.phase = OperationPhase::Failed;
}

/// Running hooks are deleted; what was applied stays.
void Planner::terminate()
{
    m_step.message = kTerminated;
    bool isBusy = !m_input.inFlight.empty();
    for (SyncTask& task : m_tasks) {
        if (!task.isHook() || !task.result || m_input.inFlight.contains(task.key))
            continue;
        if (task.state == State::Running) {
            core::ResourceResult result = task.blankResult();
            result.hookPhase = OperationPhase::Failed;
            result.message = kTerminated;
            m_step.results.push_back(result);
            task.result = std::move(result);
            task.state = State::Failed;
        }
        if (task.result->message != kTerminated || !isMine(task))
            continue;
        if (!isKept(*task.live) && !task.live->deleting)
            m_step.actions.push_back(deleteHookAction(task, true));
    }
    releaseEnded();
    isBusy = isBusy || !m_step.actions.empty();
    m_step.phase = isBusy ? OperationPhase::Terminating : OperationPhase::Failed;
}

void Planner::decide()
{
    if (m_input.terminate)
        return terminate();
    if (m_input.results.empty() && m_input.inFlight.empty() && refuseInvalid())
        return;
    savePruneDecisions();
    std::ranges::move(settle(m_tasks, m_schedule, m_input), std::back_inserter(m_step.results));
    for (const SyncTask& task : m_tasks)
        if (task.state == State::Held && task.live)
            m_step.needsConfirmation.push_back(task.key);
    if (tryFirst())
        return;
    advance();
    releaseEnded();
    releaseStrays();
}

SyncStep Planner::plan()
{
    decide();
    // A hook may be released beside its wave's work: one action for each object.
    std::set<core::ObjectKey> seen;
    std::erase_if(m_step.actions,
                  [&](const SyncAction& action) { return !seen.insert(action.key).second; });
    if (!m_step.actions.empty() && m_step.phase != OperationPhase::Terminating)
        m_step.phase = OperationPhase::Running;
    m_step.waves = progressOf(m_tasks, m_schedule, m_input);
    return std::move(m_step);
}

} // namespace

SyncStep planStep(const SyncInput& input)
{
    return Planner(input).plan();
}

} // namespace gitops
