// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/eventstream.h"
#include "gitops/engine/objectwriter.h"
#include "gitops/engine/operationhost.h"
#include "gitops/engine/operationinput.h"
#include "gitops/engine/savedstate.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gitops {

struct EngineOptions;

/// What an operation is to do.
struct OperationRequest
{
    core::Operation::Trigger trigger = core::Operation::Trigger::Manual;
    bool dryRun = false;
    bool prune = false;
    bool force = false;
    std::vector<core::ObjectKey> only;
};

/// Runs one operation after the other for an application: asks the planner for a step, carries its
/// actions out, feeds the answers back. Results and what is under way are on disk before anything
/// is sent, so that a crash at any moment loses nothing and runs no hook twice. On the engine's
/// strand.
class OperationRunner
{
public:
    OperationRunner(OperationHost& host, ObjectWriter& writer, core::Executor& executor,
                    EventStream& events, const EngineOptions& options);
    ~OperationRunner();

    void start(const OperationRequest& request);
    /// Goes on with what a process before this one began, if it can; else ends it.
    void resume(const SavedState& saved);
    void terminate();
    /// A newer desired state is there: ends the operation unless it is about to finish or a hook
    /// runs.
    void supersede();
    /// Answers to writes of this operation are awaited.
    bool isWriting() const { return !m_input.value().inFlight.empty(); }
    /// Somebody else reconciles the application now: ends the operation where it is.
    void abandon(const std::string& why);
    bool isRunning() const { return m_operation && !core::isCompleted(m_operation->phase); }
    /// An object that this operation has still to deal with.
    bool isPending(const core::ObjectKey& key) const;
    const std::optional<core::Operation>& operation() const;
    std::vector<UnansweredWrite> unanswered() const;
    bool isForced() const { return m_force; }
    const std::set<core::ObjectKey>& needsConfirmation() const { return m_needsConfirmation; }
    bool hasFailedRetryably() const { return m_retryableFailure; }

    void touch(const core::ObjectKey& key); ///< the live object changed
    void touchAll();
    void step();

    std::function<void(const core::Operation&)> finished;

private:
    void begin();
    void coverRecord();
    void carryOut(const std::vector<SyncAction>& actions);
    void takeBack(const std::vector<SyncAction>& actions);
    void carry(const SyncAction& action);
    std::optional<core::Error> refusal(const SyncAction& action);
    void answered(const SyncAction& action, core::Result<Written> answer);
    void record(const SyncAction& action, const core::Result<Written>& answer);
    void adoptUnanswered();
    void keep(core::ResourceResult result);
    void clearInput();
    bool isTooSoon() const;
    void show(const SyncStep& step);
    void end(core::OperationPhase phase, const std::string& message);
    bool retryLater(const std::string& message);
    void wakeAt(core::SteadyTime when);
    void stopTimer();

    OperationHost& m_host;
    ObjectWriter& m_writer;
    core::Executor& m_executor;
    EventStream& m_events;

    /// Its results are brought up to date when somebody looks: m_kept says which have changed.
    mutable std::optional<core::Operation> m_operation;
    mutable std::set<std::size_t> m_kept;
    bool m_force = false;
    OperationInput m_input;
    bool m_covered = false;
    bool m_busy = false; ///< waits for the record or the disk
    bool m_superseded = false;
    bool m_retryableFailure = false;
    std::map<core::ObjectKey, UnansweredWrite> m_unanswered;
    std::set<core::ObjectKey> m_readFirst; ///< of a process before this one
    std::set<core::ObjectKey> m_needsConfirmation;
    core::Executor::TimerId m_timer = 0;
    core::SteadyTime m_timerAt {};
    core::SteadyTime m_planned {}; ///< the last time
    core::SteadyTime m_retryDue {}; ///< of nextRetryAt, by the clock that does not jump
    core::SteadyTime::duration m_planPause {}; ///< after it
    Alive m_alive;
};

} // namespace gitops
