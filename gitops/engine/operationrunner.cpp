// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/operationrunner.h"

#include "core/base/time.h"
#include "gitops/sync/results.h"

#include <algorithm>
#include <cmath>

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kRecordAgain {2'000};
/// Between two plans while writes are under way: what they free comes when the last is answered. A
/// plan of very many objects takes its time: they take a twentieth of the strand's at most.
constexpr std::chrono::milliseconds kPlanPause {100};
constexpr int kPlanShare = 20;

std::chrono::milliseconds retryDelay(const core::RetryPolicy& policy, int attempt)
{
    const double factor = std::pow(std::max(1.0, policy.factor), double(std::max(0, attempt - 1)));
    const double delay = double(policy.duration.count()) * factor;
    return std::chrono::milliseconds(
        std::int64_t(std::min(delay, double(policy.maxDuration.count()))));
}

} // namespace

OperationRunner::OperationRunner(OperationHost& host, ObjectWriter& writer,
                                 core::Executor& executor, EventStream& events,
                                 const EngineOptions& options)
    : m_host(host)
    , m_writer(writer)
    , m_executor(executor)
    , m_events(events)
    , m_input(host, executor.clock(), options)
{
}

OperationRunner::~OperationRunner()
{
    stopTimer();
}

void OperationRunner::stopTimer()
{
    if (m_timer)
        m_executor.cancel(std::exchange(m_timer, 0));
}

void OperationRunner::start(const OperationRequest& request)
{
    const auto now = m_executor.clock().wallNow();
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
    m_operation.emplace();
    m_operation->trigger = request.trigger;
    m_operation->id = m_host.spec().name + "-" + std::to_string(micros);
    m_operation->revision = m_host.desired()->commit.id;
    m_operation->startedAt = now;
    m_operation->dryRun = request.dryRun;
    m_operation->prune = request.prune;
    m_operation->only = request.only;
    m_force = request.force;
    m_kept.clear();
    m_input.clear();
    m_covered = request.dryRun;
    m_busy = false;
    m_superseded = false;
    m_retryableFailure = false;
    m_unanswered.clear();
    m_readFirst.clear();
    m_needsConfirmation.clear();
    stopTimer();
    m_alive.renew(); // answers to an earlier operation mean nothing now
    m_events.send(core::event::OperationStarted {m_host.spec().name, *m_operation});
    m_host.operationChanged();
    m_host.wake();
}

void OperationRunner::resume(const SavedState& saved)
{
    if (!saved.operation)
        return;
    m_operation = saved.operation;
    m_force = saved.force;
    m_kept.clear();
    m_input.clear();
    m_covered = m_operation->dryRun;
    if (m_operation->nextRetryAt) {
        // Of the wall clock of then: it may have jumped.
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            *m_operation->nextRetryAt - m_executor.clock().wallNow());
        m_retryDue = m_executor.clock().steadyNow()
            + std::clamp(left, std::chrono::milliseconds(0), m_host.spec().retry.maxDuration);
    }
    for (const UnansweredWrite& write : saved.unanswered) {
        m_unanswered[write.key] = write;
        m_readFirst.insert(write.key);
    }
}

void OperationRunner::begin()
{
    m_operation->revision = m_host.desired()->commit.id;
    m_input.fill(*m_operation, m_force);
    m_planned = {};
    adoptUnanswered();
}

/// Writes of a process before this one whose answers are lost, and which the cluster shows to have
/// happened, become results: a hook that was created must not be deleted and created again.
void OperationRunner::adoptUnanswered()
{
    for (const auto& [key, write] : std::exchange(m_unanswered, {})) {
        const LiveView* live = m_input.find(key);
        if (write.isDelete || write.hook.empty() || !live || live->uid == write.uidBefore
            || !live->ours)
            continue;
        SyncAction action;
        action.key = key;
        action.phase = write.phase;
        action.wave = write.wave;
        action.hook = write.hook;
        if (auto result = resultOf(action, WriteOutcome {live->uid, live->generation, "created"}))
            keep(std::move(*result));
    }
}

void OperationRunner::touch(const core::ObjectKey& key)
{
    if (isRunning())
        m_input.touch(key);
}

void OperationRunner::touchAll()
{
    if (isRunning())
        m_input.touchAll();
}

void OperationRunner::wakeAt(core::SteadyTime when)
{
    if (m_timer && m_timerAt <= when)
        return;
    stopTimer();
    m_timerAt = when;
    m_timer = m_executor.postAt(when, m_alive.guard([this] {
        m_timer = 0;
        m_host.wake();
    }));
}

void OperationRunner::coverRecord()
{
    m_busy = true;
    m_host.coverRecord(m_alive.guard([this](core::Result<void> covered) {
        m_busy = false;
        if (!covered && covered.error().isRetryable()) {
            m_operation->message = "Waiting to write the record: " + covered.error().message;
            m_host.operationChanged();
            wakeAt(m_executor.clock().steadyNow() + kRecordAgain);
            m_busy = true;
            m_executor.postAt(m_executor.clock().steadyNow() + kRecordAgain, m_alive.guard([this] {
                m_busy = false;
                m_host.wake();
            }));
            return;
        }
        m_covered = true; // refused: then whyNoPrune() says so
        m_host.wake();
    }));
}

/// The planner's results and the operation's are the same, place by place.
void OperationRunner::keep(core::ResourceResult result)
{
    m_kept.insert(m_input.add(std::move(result)));
}

const std::optional<core::Operation>& OperationRunner::operation() const
{
    if (m_operation && !m_kept.empty()) {
        const std::vector<core::ResourceResult>& now = m_input.value().results;
        std::map<std::size_t, core::ResourceResult> changes;
        for (const std::size_t place : std::exchange(m_kept, {}))
            changes.emplace_hint(changes.end(), place, now[place]);
        m_operation->results = m_operation->results.with(std::move(changes), now.size());
    }
    return m_operation;
}

/// Nothing more is planned for now: what has been written so far stays with the operation.
void OperationRunner::clearInput()
{
    operation();
    m_input.clear();
}

bool OperationRunner::isTooSoon() const
{
    return isWriting() && !m_input.value().terminate
        && m_executor.clock().steadyNow() < m_planned + m_planPause;
}

void OperationRunner::step()
{
    if (!isRunning() || m_busy || !m_host.whyWait().empty())
        return;
    if (m_operation->nextRetryAt) {
        if (m_retryDue > m_executor.clock().steadyNow()) {
            wakeAt(m_retryDue);
            return;
        }
        m_operation->nextRetryAt.reset();
        m_operation->results = {};
        m_kept.clear();
        m_input.clear();
    }
    if (!m_covered) {
        coverRecord();
        return;
    }
    if (!m_input.isFilled()) {
        const bool older =
            !operation()->results.empty() && m_operation->revision != m_host.desired()->commit.id;
        if (older) { // begun by a process before this one, of another revision
            m_superseded = true;
            end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
            return;
        }
        begin();
    }
    if (isTooSoon()) {
        wakeAt(m_planned + m_planPause);
        return;
    }
    m_planned = m_executor.clock().steadyNow();
    m_input.refresh();
    if (const auto when = m_input.nextLook())
        wakeAt(*when);
    const bool isQuiet = !isWriting();
    if (m_superseded && isQuiet) {
        end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
        return;
    }
    const SyncStep step = planStep(m_input.value());
    for (const core::ResourceResult& result : step.results) {
        if (result.code == core::ResultCode::SyncFailed) // refused before anything was sent
            m_events.send(core::event::ResourceApplied {m_host.spec().name, result});
        keep(result);
    }
    m_needsConfirmation = {step.needsConfirmation.begin(), step.needsConfirmation.end()};
    show(step);
    m_planPause = std::max<core::SteadyTime::duration>(
        kPlanPause, kPlanShare * (m_executor.clock().steadyNow() - m_planned));
    if (core::isCompleted(step.phase) && step.actions.empty() && isQuiet) {
        end(step.phase, step.message);
        return;
    }
    if (!step.actions.empty())
        carryOut(step.actions);
    m_host.operationChanged();
}

void OperationRunner::show(const SyncStep& step)
{
    m_operation->message = step.message;
    m_operation->heldByPerson = step.heldByPerson;
    if (!m_operation->lastFailure.empty() && !core::isCompleted(step.phase))
        m_operation->message += ". Attempt #" + std::to_string(m_operation->attempt)
            + "; the one before failed: " + m_operation->lastFailure;
    if (!core::isCompleted(step.phase))
        m_operation->phase = step.phase;
    for (std::size_t i = 0; i < step.waves.size(); ++i)
        if (i >= m_operation->waves.size() || m_operation->waves[i] != step.waves[i])
            m_events.send(core::event::OperationProgressed {m_host.spec().name, m_operation->id,
                                                            step.waves[i]});
    m_operation->waves = step.waves;
}

bool OperationRunner::retryLater(const std::string& message)
{
    const core::RetryPolicy& policy = m_host.spec().retry;
    if (m_operation->trigger == core::Operation::Trigger::Manual || m_operation->dryRun
        || m_superseded || (policy.limit >= 0 && m_operation->attempt >= policy.limit))
        return false;
    ++m_operation->attempt;
    m_operation->lastFailure = message;
    const auto delay = retryDelay(policy, m_operation->attempt);
    m_operation->phase = core::OperationPhase::Running;
    m_operation->nextRetryAt = m_executor.clock().wallNow() + delay;
    m_operation->message = message + " Retrying attempt #" + std::to_string(m_operation->attempt)
        + " in " + core::describeDuration(delay) + ".";
    m_retryDue = m_executor.clock().steadyNow() + delay;
    wakeAt(m_retryDue);
    m_host.operationChanged();
    m_host.save([](core::Result<void>) { });
    return true;
}

void OperationRunner::end(core::OperationPhase phase, const std::string& message)
{
    if (phase != core::OperationPhase::Succeeded && !m_input.value().terminate
        && retryLater(message))
        return;
    m_operation->phase = phase;
    m_operation->message = message;
    m_operation->finishedAt = m_executor.clock().wallNow();
    m_operation->heldByPerson = false;
    clearInput();
    m_unanswered.clear();
    m_readFirst.clear();
    m_events.send(core::event::OperationFinished {m_host.spec().name, *m_operation});
    if (finished)
        finished(*m_operation);
    m_host.save([](core::Result<void>) { });
    m_host.operationChanged();
    m_host.wake();
}

void OperationRunner::terminate()
{
    if (!isRunning())
        return;
    m_operation->phase = core::OperationPhase::Terminating;
    m_input.setTerminating();
    if (m_operation->nextRetryAt || !m_input.isFilled()) {
        m_operation->nextRetryAt.reset();
        end(core::OperationPhase::Failed, "Operation terminated");
        return;
    }
    m_writer.dropRefused();
    m_host.wake();
}

void OperationRunner::supersede()
{
    if (!isRunning() || m_operation->dryRun || m_superseded)
        return;
    if (!m_input.isFilled() && operation()->results.empty() && !m_operation->nextRetryAt)
        return; // it has not begun: it will take the newest
    for (const core::ResourceResult& result : operation()->results)
        if (!result.hook.empty() && result.hookPhase == core::OperationPhase::Running)
            return;
    m_superseded = true;
    m_operation->nextRetryAt.reset();
    if (!m_input.isFilled())
        end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
    else
        m_host.wake();
}

void OperationRunner::abandon(const std::string& why)
{
    if (!isRunning())
        return;
    m_alive.renew(); // what is under way is somebody else's to look at
    m_writer.dropRefused();
    m_operation->nextRetryAt.reset();
    m_input.setTerminating();
    end(core::OperationPhase::Failed, why);
}

bool OperationRunner::isPending(const core::ObjectKey& key) const
{
    if (!isRunning())
        return false;
    // An operation over some objects has nothing to do with the others, and must not keep them.
    if (!m_operation->only.empty() && !std::ranges::count(m_operation->only, key))
        return false;
    return !m_input.isFilled() || m_operation->nextRetryAt || m_input.value().inFlight.contains(key)
        || !m_input.isSynced(key);
}

std::vector<UnansweredWrite> OperationRunner::unanswered() const
{
    std::vector<UnansweredWrite> result;
    for (const auto& [key, write] : m_unanswered)
        result.push_back(write);
    return result;
}

} // namespace gitops
