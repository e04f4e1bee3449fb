// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation sends, and what it makes of the answers.
#include "gitops/engine/actionrequest.h"
#include "gitops/engine/operationrunner.h"
#include "gitops/sync/results.h"

namespace gitops {

void OperationRunner::carryOut(const std::vector<SyncAction>& actions)
{
    bool real = false;
    for (const SyncAction& action : actions) {
        m_input.setInFlight(action.key, true);
        if (action.dryRun)
            continue;
        real = true;
        const LiveView* live = m_input.find(action.key);
        m_unanswered[action.key] = {.key = action.key,
                                    .phase = action.phase,
                                    .wave = action.wave,
                                    .hook = action.cleansUp ? std::string() : action.hook,
                                    .isDelete = !action.manifest,
                                    .uidBefore = live ? live->uid : std::string()};
    }
    if (real)
        m_input.endTrial();
    if (!real) {
        for (const SyncAction& action : actions)
            carry(action);
        return;
    }
    m_busy = true;
    m_host.save(m_alive.guard([this, actions](core::Result<void> saved) {
        m_busy = false;
        if (saved && !m_host.whyWait().empty()) {
            takeBack(actions);
            return;
        }
        for (const SyncAction& action : actions) {
            if (saved)
                carry(action);
            else
                answered(action, std::unexpected(saved.error()));
        }
    }));
}

/// While the record was written there came a reason to wait (a new kind, whose list is not complete
/// yet): nothing was sent, and the planner will name these again.
void OperationRunner::takeBack(const std::vector<SyncAction>& actions)
{
    for (const SyncAction& action : actions) {
        m_input.setInFlight(action.key, false);
        m_unanswered.erase(action.key);
        m_input.touch(action.key);
    }
    m_host.operationChanged();
    m_host.wake();
}

/// What passes by itself may be tried again: a connection, a list, a Lease.
std::optional<core::Error> OperationRunner::refusal(const SyncAction& action)
{
    if (m_input.value().terminate && !action.cleansUp)
        return core::Error {core::ErrorCode::Cancelled,
                            "The operation was terminated before this was sent.",
                            {.object = action.key.text()},
                            core::Fault::User,
                            {}};
    const std::string why = m_host.refusal(action);
    if (why.empty())
        return std::nullopt;
    const bool passes = !m_host.whyWait().empty();
    return core::Error {passes ? core::ErrorCode::Unavailable : core::ErrorCode::Forbidden,
                        why,
                        {.object = action.key.text()},
                        passes ? core::Fault::Cluster : core::Fault::User,
                        {}};
}

void OperationRunner::carry(const SyncAction& action)
{
    if (auto refused = refusal(action)) {
        answered(action, std::unexpected(std::move(*refused)));
        return;
    }
    const auto elsewhere = m_alive.guard([this, action](core::Result<void> done) {
        if (done)
            answered(action, Written {});
        else
            answered(action, std::unexpected(done.error()));
    });
    if (m_host.carryElsewhere(action, elsewhere))
        return;
    auto request = writeRequestOf(action, m_input.find(action.key), m_host);
    if (!request) {
        answered(action, std::unexpected(std::move(request.error())));
        return;
    }
    request->refusal =
        m_alive.ask(std::optional(core::Error {
                        core::ErrorCode::Cancelled, "The operation is over.", {}, {}, {}}),
                    [this, action] { return refusal(action); });
    request->readFirst = !action.dryRun && m_readFirst.erase(action.key) > 0;
    m_writer.write(std::move(*request), m_alive.guard([this, action](core::Result<Written> answer) {
        answered(action, std::move(answer));
    }));
}

void OperationRunner::answered(const SyncAction& action, core::Result<Written> answer)
{
    if (action.isTrial) {
        m_input.addTried(action, answer);
        m_input.setInFlight(action.key, false);
        m_host.wake();
        return;
    }
    if (!answer && !action.dryRun
        && isRemediedByForce(action, m_input.find(action.key), answer.error())) {
        m_input.makeAnew(action.key);
        m_input.setInFlight(action.key, false);
        m_unanswered.erase(action.key);
        m_host.wake();
        return;
    }
    if (!answer
        && (answer.error().isRetryable()
            || answer.error().code == core::ErrorCode::Unauthorized)) // a new token may come
        m_retryableFailure = true;
    record(action, answer);
    m_input.setInFlight(action.key, false);
    m_unanswered.erase(action.key);
    m_input.touch(action.key);
    if (answer && !action.dryRun)
        m_host.carriedOut(action);
    m_host.operationChanged();
    m_host.wake();
}

void OperationRunner::record(const SyncAction& action, const core::Result<Written>& answer)
{
    core::Result<WriteOutcome> outcome;
    if (!answer)
        outcome = std::unexpected(answer.error());
    else if (action.type == SyncAction::Type::Delete)
        outcome = WriteOutcome {.message = "pruned"};
    else
        outcome = m_input.wrote(action, *answer);
    auto result = resultOf(action, outcome);
    if (!result)
        return;
    if (!action.dryRun)
        m_events.send(core::event::ResourceApplied {m_host.spec().name, *result});
    keep(std::move(*result));
}

} // namespace gitops
