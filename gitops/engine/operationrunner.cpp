// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/operationrunner.h"

#include "core/base/time.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/sync/results.h"

#include <algorithm>
#include <cmath>

namespace gitops {

namespace {

constexpr std::chrono::milliseconds kRecordAgain {2'000};

std::chrono::milliseconds retryDelay(const core::RetryPolicy& policy, int attempt)
{
    const double factor = std::pow(std::max(1.0, policy.factor), double(std::max(0, attempt - 1)));
    const double delay = double(policy.duration.count()) * factor;
    return std::chrono::milliseconds(
        std::int64_t(std::min(delay, double(policy.maxDuration.count()))));
}

WriteRequest::Type typeOf(const SyncAction& action)
{
    switch (action.type) {
    case SyncAction::Type::Replace:
        return WriteRequest::Type::Replace;
    case SyncAction::Type::Create:
        return WriteRequest::Type::Create;
    case SyncAction::Type::Delete:
        return WriteRequest::Type::Delete;
    case SyncAction::Type::ReleaseHook:
        return WriteRequest::Type::Release;
    case SyncAction::Type::Apply:
    case SyncAction::Type::CreateNamespace:
        break;
    }
    return WriteRequest::Type::Apply;
}

/// What CreateNamespace=true applies: labels and annotations as the application asks, no tracking.
core::ManifestPtr namespaceManifest(const std::string& name, const core::Application& application)
{
    core::JsonObject labels, annotations;
    for (const auto& [key, value] : application.managedNamespaceLabels)
        labels[key] = value;
    for (const auto& [key, value] : application.managedNamespaceAnnotations)
        annotations[key] = value;
    core::JsonObject metadata {{"name", name}};
    if (!labels.empty())
        metadata["labels"] = std::move(labels);
    if (!annotations.empty())
        metadata["annotations"] = std::move(annotations);
    auto made = core::Manifest::make(core::JsonObject {
        {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", std::move(metadata)}});
    return made ? *made : nullptr;
}

} // namespace

OperationRunner::OperationRunner(OperationHost& host, ObjectWriter& writer, LiveState& live,
                                 core::Executor& executor, EventStream& events,
                                 const EngineOptions& options)
    : m_host(host)
    , m_writer(writer)
    , m_live(live)
    , m_executor(executor)
    , m_events(events)
    , m_options(options)
{
}

OperationRunner::~OperationRunner()
{
    if (m_timer)
        m_executor.cancel(m_timer);
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
    m_begun = false;
    m_covered = request.dryRun;
    m_busy = false;
    m_superseded = false;
    m_retryableFailure = false;
    m_unanswered.clear();
    m_readFirst.clear();
    m_needsConfirmation.clear();
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
    m_begun = false;
    m_covered = m_operation->dryRun;
    for (const UnansweredWrite& write : saved.unanswered) {
        m_unanswered[write.key] = write;
        m_readFirst.insert(write.key);
    }
}

void OperationRunner::begin()
{
    m_begun = true;
    const core::Application& spec = m_host.spec();
    const DesiredStatePtr& desired = m_host.desired();
    m_operation->revision = desired->commit.id;
    m_input = {};
    m_input.application = spec.name;
    m_input.revision = desired->commit.id;
    m_input.destinationNamespace = spec.destinationNamespace;
    m_input.startedAt = m_operation->startedAt;
    m_input.results = m_operation->results;
    m_input.desired = desired->manifests;
    SyncOptions& options = m_input.options;
    options.dryRun = m_operation->dryRun;
    options.prune = m_operation->prune;
    options.force = m_force;
    options.only = m_operation->only;
    options.pruneLast = spec.hasOption("PruneLast=true");
    options.applyOutOfSyncOnly = spec.hasOption("ApplyOutOfSyncOnly=true");
    options.createNamespace = spec.hasOption("CreateNamespace=true");
    options.replace = spec.hasOption("Replace=true");
    options.skipDryRunOnMissingResource = spec.hasOption("SkipDryRunOnMissingResource=true");
    for (const char* policy : {"foreground", "background", "orphan"})
        if (spec.hasOption(std::string("PrunePropagationPolicy=") + policy))
            options.prunePropagationPolicy = policy;
    for (const char* option : {"false", "confirm"})
        if (spec.hasOption(std::string("Prune=") + option))
            options.pruneOption = option;
    const auto unattended = spec.annotations.find(std::string(kPruneAnnotation));
    options.pruneUnattended =
        unattended != spec.annotations.end() && unattended->second == "unattended";
    options.outOfSync = m_host.outOfSync();
    m_touched.clear();
    m_timed.clear();
    m_notes.clear();
    m_degradedSince.clear();
    for (const auto& [key, object] : desired->objects)
        refresh(key);
    for (const core::ObjectKey& key : m_host.tracked())
        refresh(key);
    for (const std::string& name : desired->namespaces)
        refresh({"", "Namespace", "", name});
    if (options.createNamespace && !spec.destinationNamespace.empty())
        refresh({"", "Namespace", "", spec.destinationNamespace});
    adoptUnanswered();
}

/// Writes of a process before this one whose answers are lost, and which the cluster shows to have
/// happened, become results: a hook that was created must not be deleted and created again.
void OperationRunner::adoptUnanswered()
{
    for (const auto& [key, write] : std::exchange(m_unanswered, {})) {
        const auto found = m_input.live.find(key);
        if (write.isDelete || write.hook.empty() || found == m_input.live.end()
            || found->second.uid == write.uidBefore || !found->second.ours)
            continue;
        SyncAction action;
        action.key = key;
        action.phase = write.phase;
        action.wave = write.wave;
        action.hook = write.hook;
        if (auto result = resultOf(
                action, WriteOutcome {found->second.uid, found->second.generation, "created"}))
            mergeResult(m_input.results, std::move(*result));
    }
    m_operation->results = m_input.results;
}

void OperationRunner::touch(const core::ObjectKey& key)
{
    if (isRunning() && m_begun)
        m_touched.insert(key);
}

void OperationRunner::touchAll()
{
    if (isRunning() && m_begun) {
        for (const auto& [key, view] : m_input.live)
            m_touched.insert(key);
        for (const core::ObjectKey& key : m_host.tracked())
            m_touched.insert(key);
    }
}

void OperationRunner::refresh(const core::ObjectKey& key)
{
    auto facts = m_host.facts(key);
    if (!facts) {
        m_input.live.erase(key);
        m_timed.erase(key);
        m_degradedSince.erase(key);
        return;
    }
    LiveView view = facts->view;
    judgeTime(key, view, *facts);
    m_input.live.insert_or_assign(key, std::move(view));
}

/// observed and settled: what time and our own writes say about a live object's health.
void OperationRunner::judgeTime(const core::ObjectKey& key, LiveView& view, const LiveFacts& facts)
{
    const auto now = m_executor.clock().steadyNow();
    std::optional<core::SteadyTime> next;
    const auto note = m_notes.find(key);
    if (view.health.status && !facts.isJudgedBySpec && note != m_notes.end()
        && !note->second.unchanged) {
        const WriteNote& wrote = note->second;
        if (facts.observedGeneration)
            view.observed = *facts.observedGeneration >= wrote.generation;
        else if (facts.status == wrote.status && now < wrote.at + m_options.statusGrace) {
            view.observed = false;
            next = wrote.at + m_options.statusGrace;
        }
    }
    if (view.health.status == core::Health::Degraded) {
        const auto since = m_degradedSince.try_emplace(key, now).first->second;
        view.settled = now >= since + m_options.degradedGrace;
        if (!view.settled)
            next = std::min(next.value_or(since + m_options.degradedGrace),
                            since + m_options.degradedGrace);
    } else {
        m_degradedSince.erase(key);
    }
    if (!next) {
        m_timed.erase(key);
        return;
    }
    m_timed.insert(key);
    wakeAt(*next);
}

void OperationRunner::wakeAt(core::SteadyTime when)
{
    if (m_timer)
        return;
    m_timer = m_executor.postAt(when, m_alive.guard([this] {
        m_timer = 0;
        m_host.wake();
    }));
}

void OperationRunner::refreshInput()
{
    auto touched = std::exchange(m_touched, {});
    touched.insert(m_timed.begin(), m_timed.end());
    for (const core::ObjectKey& key : touched)
        refresh(key);
    m_input.options.confirmed = m_host.confirmed();
    m_input.withheld = m_host.withheld();
    m_input.pruneHeldBecause = m_host.whyNoPrune();
    m_input.kinds.clear();
    for (const core::ManifestPtr& manifest : m_input.desired)
        m_input.kinds.try_emplace(manifest->key().groupKind(),
                                  m_host.availability(manifest->key().groupKind()));
    for (const auto& [key, view] : m_input.live)
        m_input.kinds.try_emplace(key.groupKind(), m_host.availability(key.groupKind()));
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

void OperationRunner::step()
{
    if (!isRunning() || m_busy || !m_host.whyWait().empty())
        return;
    if (m_operation->nextRetryAt) {
        if (*m_operation->nextRetryAt > m_executor.clock().wallNow())
            return;
        m_operation->nextRetryAt.reset();
        m_operation->results.clear();
        m_begun = false;
    }
    if (!m_covered) {
        coverRecord();
        return;
    }
    if (!m_begun) {
        const bool older =
            !m_operation->results.empty() && m_operation->revision != m_host.desired()->commit.id;
        if (older) { // begun by a process before this one, of another revision
            m_superseded = true;
            end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
            return;
        }
        begin();
    }
    refreshInput();
    if (m_superseded && m_input.inFlight.empty()) {
        end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
        return;
    }
    const SyncStep step = planStep(m_input);
    for (const core::ResourceResult& result : step.results)
        mergeResult(m_input.results, result);
    m_operation->results = m_input.results;
    m_needsConfirmation = {step.needsConfirmation.begin(), step.needsConfirmation.end()};
    show(step);
    if (core::isCompleted(step.phase) && step.actions.empty() && m_input.inFlight.empty()) {
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
    if (!core::isCompleted(step.phase))
        m_operation->phase = step.phase;
    for (std::size_t i = 0; i < step.waves.size(); ++i)
        if (i >= m_operation->waves.size() || m_operation->waves[i] != step.waves[i])
            m_events.send(core::event::OperationProgressed {m_host.spec().name, m_operation->id,
                                                            step.waves[i]});
    m_operation->waves = step.waves;
}

void OperationRunner::carryOut(const std::vector<SyncAction>& actions)
{
    bool real = false;
    for (const SyncAction& action : actions) {
        m_input.inFlight.insert(action.key);
        if (action.dryRun)
            continue;
        real = true;
        const auto live = m_input.live.find(action.key);
        m_unanswered[action.key] = {.key = action.key,
                                    .phase = action.phase,
                                    .wave = action.wave,
                                    .hook = action.cleansUp ? std::string() : action.hook,
                                    .isDelete = !action.manifest,
                                    .uidBefore = live == m_input.live.end() ? std::string()
                                                                            : live->second.uid};
    }
    if (!real) {
        for (const SyncAction& action : actions)
            carry(action);
        return;
    }
    m_busy = true;
    m_host.save(m_alive.guard([this, actions](core::Result<void> saved) {
        m_busy = false;
        for (const SyncAction& action : actions) {
            if (saved)
                carry(action);
            else
                answered(action, std::unexpected(saved.error()));
        }
    }));
}

void OperationRunner::carry(const SyncAction& action)
{
    if (const std::string why = m_host.refusal(action); !why.empty()) {
        answered(action,
                 core::failure(core::ErrorCode::Forbidden, why, {.object = action.key.text()},
                               core::Fault::User));
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
    WriteRequest request;
    request.type = typeOf(action);
    request.key = action.key;
    request.uid = action.uid;
    request.finalizers = action.finalizers;
    if (!action.propagationPolicy.empty()) {
        request.propagationPolicy = action.propagationPolicy;
        request.propagationPolicy[0] = char(std::toupper(request.propagationPolicy[0]));
    }
    request.dryRun = action.dryRun;
    request.readFirst = m_readFirst.erase(action.key) > 0;
    if (action.type == SyncAction::Type::Delete || action.type == SyncAction::Type::ReleaseHook) {
        const auto live = m_input.live.find(action.key);
        if (live != m_input.live.end())
            request.kind = live->second.kind;
    } else if (action.type == SyncAction::Type::CreateNamespace && !action.manifest) {
        request.manifest = namespaceManifest(action.key.name, m_host.spec());
    } else if (action.type == SyncAction::Type::CreateNamespace) {
        request.manifest = action.manifest;
    } else {
        auto decorated = m_host.decorated(action.manifest, action.key);
        if (!decorated) {
            answered(action, std::unexpected(std::move(decorated.error())));
            return;
        }
        request.manifest = std::move(*decorated);
    }
    m_writer.write(std::move(request), m_alive.guard([this, action](core::Result<Written> answer) {
        answered(action, std::move(answer));
    }));
}

void OperationRunner::answered(const SyncAction& action, core::Result<Written> answer)
{
    if (!answer && action.force && !action.dryRun && action.type == SyncAction::Type::Apply
        && answer.error().code == core::ErrorCode::Invalid) {
        const auto live = m_input.live.find(action.key);
        if (live != m_input.live.end() && live->second.ours) {
            recreate(action);
            return;
        }
    }
    if (!answer && answer.error().isRetryable())
        m_retryableFailure = true;
    record(action, answer);
    m_input.inFlight.erase(action.key);
    m_unanswered.erase(action.key);
    m_touched.insert(action.key);
    if (answer && !action.dryRun)
        m_host.carriedOut(action);
    m_host.operationChanged();
    m_host.wake();
}

void OperationRunner::record(const SyncAction& action, const core::Result<Written>& answer)
{
    const bool isDelete = action.type == SyncAction::Type::Delete;
    core::Result<WriteOutcome> outcome;
    if (!answer) {
        outcome = std::unexpected(answer.error());
    } else if (isDelete) {
        outcome = WriteOutcome {.message = "pruned"};
    } else {
        const auto before = m_input.live.find(action.key);
        const bool unchanged = !answer->created && before != m_input.live.end()
            && before->second.generation == answer->generation && answer->generation > 0
            && !m_notes.contains(action.key);
        if (!action.dryRun)
            m_notes[action.key] = {answer->generation, answer->status,
                                   m_executor.clock().steadyNow(), unchanged};
        outcome = WriteOutcome {answer->uid, answer->generation,
                                answer->created ? "created"
                                    : unchanged ? "unchanged"
                                                : "configured"};
    }
    auto result = resultOf(action, outcome);
    if (!result)
        return;
    if (!action.dryRun)
        m_events.send(core::event::ResourceApplied {m_host.spec().name, *result});
    mergeResult(m_input.results, std::move(*result));
    m_operation->results = m_input.results;
}

/// With force: what cannot be changed in place is deleted, by its uid, and made again.
void OperationRunner::recreate(const SyncAction& action)
{
    const LiveView& live = m_input.live.at(action.key);
    WriteRequest remove;
    remove.type = WriteRequest::Type::Delete;
    remove.key = action.key;
    remove.kind = live.kind;
    remove.uid = live.uid;
    m_writer.write(std::move(remove), m_alive.guard([this, action](core::Result<Written> gone) {
        if (!gone) {
            answered(action, std::move(gone));
            return;
        }
        SyncAction again = action;
        again.force = false;
        carry(again);
    }));
}

bool OperationRunner::retryLater(const std::string& message)
{
    const core::RetryPolicy& policy = m_host.spec().retry;
    if (m_operation->trigger == core::Operation::Trigger::Manual || m_operation->dryRun
        || m_superseded || (policy.limit >= 0 && m_operation->attempt >= policy.limit))
        return false;
    ++m_operation->attempt;
    const auto delay = retryDelay(policy, m_operation->attempt);
    m_operation->phase = core::OperationPhase::Running;
    m_operation->nextRetryAt = m_executor.clock().wallNow() + delay;
    m_operation->message = message + " Retrying attempt #" + std::to_string(m_operation->attempt)
        + " in " + core::describeDuration(delay) + ".";
    m_executor.postAt(m_executor.clock().steadyNow() + delay,
                      m_alive.guard([this] { m_host.wake(); }));
    m_host.operationChanged();
    m_host.save([](core::Result<void>) { });
    return true;
}

void OperationRunner::end(core::OperationPhase phase, const std::string& message)
{
    if (phase != core::OperationPhase::Succeeded && !m_input.terminate && retryLater(message))
        return;
    m_operation->phase = phase;
    m_operation->message = message;
    m_operation->finishedAt = m_executor.clock().wallNow();
    m_begun = false;
    m_input = {};
    m_notes.clear();
    m_touched.clear();
    m_timed.clear();
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
    m_input.terminate = true;
    if (m_operation->nextRetryAt || !m_begun) {
        m_operation->nextRetryAt.reset();
        end(core::OperationPhase::Failed, "Operation terminated");
        return;
    }
    m_host.wake();
}

void OperationRunner::supersede()
{
    if (!isRunning() || m_operation->dryRun || m_superseded)
        return;
    if (!m_begun && m_operation->results.empty() && !m_operation->nextRetryAt)
        return; // it has not begun: it will take the newest
    for (const core::ResourceResult& result : m_operation->results)
        if (!result.hook.empty() && result.hookPhase == core::OperationPhase::Running)
            return;
    m_superseded = true;
    m_operation->nextRetryAt.reset();
    if (!m_begun)
        end(core::OperationPhase::Failed, "Superseded by a newer desired state.");
    else
        m_host.wake();
}

bool OperationRunner::isPending(const core::ObjectKey& key) const
{
    if (!isRunning())
        return false;
    if (!m_begun || m_operation->nextRetryAt || m_input.inFlight.contains(key))
        return true;
    for (const core::ResourceResult& result : m_input.results)
        if (result.key == key && result.code == core::ResultCode::Synced)
            return false;
    return true;
}

std::vector<UnansweredWrite> OperationRunner::unanswered() const
{
    std::vector<UnansweredWrite> result;
    for (const auto& [key, write] : m_unanswered)
        result.push_back(write);
    return result;
}

} // namespace gitops
