// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationcontroller.h"
#include "gitops/sync/prunerules.h"

#include <algorithm>

namespace gitops {

namespace {

using DiffVerdict = core::ResourceDiff::Verdict;

constexpr std::size_t kNamedOrphans = 10;
constexpr std::size_t kUnknownText = 2000;

bool isQuietOnly(const Comparator::Verdict& verdict)
{
    return verdict.diff && verdict.value() != DiffVerdict::MissingLive
        && verdict.value() != DiffVerdict::CouldNotTell && verdict.diff->isQuiet();
}

std::string lastFailed(const Attempt& attempt)
{
    return "The last sync of this revision failed: " + attempt.message;
}

} // namespace

void ApplicationController::say(const std::string& activity)
{
    if (m_activity == activity)
        return;
    m_activity = activity;
    m_context.directory.mark(m_spec->name);
}

bool ApplicationController::isOutOfSync(const Comparator::Verdict& verdict) const
{
    return verdict.diff && verdict.value() != DiffVerdict::CouldNotTell && !isQuietOnly(verdict)
        && verdict.value() != DiffVerdict::Same;
}

void ApplicationController::verdictsChanged(const std::vector<core::ObjectKey>& keys)
{
    for (const core::ObjectKey& key : keys) {
        const Comparator::Verdict* verdict = m_comparator.find(key);
        if (!verdict)
            continue;
        if (verdict->diff) {
            m_differing.insert(key);
        } else {
            m_differing.erase(key);
            m_drifted.erase(key);
            m_noticed.erase(key);
            m_healer.calm(key);
        }
        m_runner.touch(key);
    }
    wake();
}

void ApplicationController::refreshExtras()
{
    if (!std::exchange(m_extrasChanged, false))
        return;
    m_extras.clear();
    m_kept.clear();
    m_pruneOptions = {};
    readPruneOptions(*m_spec, m_saved.deleting, m_pruneOptions);
    m_claimed.clear();
    m_orphans = orphans();
    if (!m_desired)
        return;
    for (const core::ObjectKey& key : tracked()) {
        if (m_desired->objects.contains(key))
            continue;
        m_runner.touch(key);
        const auto known = facts(key);
        if (!known || known->view.annotations.contains("argocd.argoproj.io/hook")
            || known->view.annotations.contains("helm.sh/hook"))
            continue;
        if (known->view.ours) {
            m_extras.insert(key);
            if (isNeverPruned(key, known->view, m_pruneOptions))
                m_kept.insert(key);
        } else if (m_claimed.size() < 1000) {
            // It says so, and nothing proves it: never ours to prune.
            m_claimed += (m_claimed.empty() ? "" : ", ") + key.text();
        }
    }
}

/// What nobody tracks in the application's namespace, of the kinds that are watched, where its
/// project asks to be told.
std::string ApplicationController::orphans() const
{
    if (!m_guard.wantsOrphans() || m_spec->destinationNamespace.empty())
        return {};
    std::set<core::ObjectKey> found;
    for (const LiveObjectPtr& live : m_context.live.all())
        if (live->key.namespaceName == m_spec->destinationNamespace && live->owners.empty()
            && live->tracking.empty() && live->argoTracking.empty()
            && !(m_desired && m_desired->objects.contains(live->key))
            && m_guard.isOrphan(live->key))
            found.insert(live->key);
    std::string text;
    std::size_t named = 0;
    for (const core::ObjectKey& key : found)
        if (++named <= kNamedOrphans)
            text += (text.empty() ? "" : ", ") + key.text();
    if (found.empty())
        return {};
    return "Application has " + std::to_string(found.size()) + " orphaned "
        + (found.size() == 1 ? "resource: " : "resources: ") + text
        + (found.size() > kNamedOrphans ? ", …" : "") + ".";
}

/// Which declared objects are another's, as the live objects say themselves.
void ApplicationController::updateHolders()
{
    std::string argo;
    std::string shared;
    std::set<core::ObjectKey> withheld;
    for (const core::ObjectKey& key : m_differing) {
        const LiveObjectPtr live = m_context.live.find(key);
        if (!live)
            continue;
        const std::string why = withheldBecause(key, *live);
        if (why.empty())
            continue;
        withheld.insert(key);
        if (!live->argoTracking.empty() && argo.empty())
            argo = why;
        else if (shared.size() < 1000)
            shared += (shared.empty() ? "" : " ") + key.text() + ": " + why;
    }
    m_withheld = std::move(withheld);
    m_argoHolder = std::move(argo);
    m_shared = std::move(shared);
}

bool ApplicationController::isReadyToDecide()
{
    if (!m_desired || !m_comparator.isSettled() || (!m_record.isLoaded() && !m_record.isRefused()))
        return false;
    if (m_renderFailed || (m_revision && m_renderedNumber != m_renderNumber && !m_saved.deleting))
        return false;
    return mayWriteNow();
}

void ApplicationController::decide()
{
    if (m_runner.isRunning()) {
        m_runner.step();
        if (m_runner.isRunning() && isReadyToDecide() && m_spec->automated && m_spec->selfHeal
            && !m_pauses.isPaused() && m_guard.window().allowsAutomated)
            decideHeal();
        return;
    }
    if (!isReadyToDecide())
        return;
    tidyHooks();
    if (!m_requests.empty())
        startManual();
    else if (m_saved.deleting)
        decideRemoval();
    else if (m_spec->automated && !m_pauses.isPaused() && windowBlocks().empty())
        decideAutomated();
}

void ApplicationController::startManual()
{
    const core::command::Sync command = std::move(m_requests.front());
    m_requests.pop_front();
    m_runner.start({.trigger = core::Operation::Trigger::Manual,
                    .dryRun = command.dryRun,
                    .prune = command.prune,
                    .force = command.force,
                    .only = command.only});
}

std::string ApplicationController::attemptKey() const
{
    return m_desired->rendered->digest.hex() + m_specDigest;
}

/// "" ends it. Of the revision and spec that are in force: once they are others, it says nothing.
void ApplicationController::tellSyncError(const std::string& message)
{
    m_conditions.set("SyncError", message);
    m_syncErrorOf = message.empty() ? std::string() : m_desired->commit.id + attemptKey();
}

void ApplicationController::dropOldSyncError()
{
    if (m_conditions.has("SyncError")
        && (!m_desired || m_syncErrorOf != m_desired->commit.id + attemptKey()))
        tellSyncError({});
}

void ApplicationController::decideAutomated()
{
    bool outOfSync = false;
    for (const core::ObjectKey& key : m_differing) {
        const Comparator::Verdict* verdict = m_comparator.find(key);
        if (!verdict || !verdict->diff || m_withheld.contains(key) || m_pauses.isPaused(key))
            continue;
        if (verdict->value() == DiffVerdict::CouldNotTell) {
            if (!verdict->live || !verdict->live->manifest)
                return; // not seen yet: nothing can be said about the whole
            outOfSync = true; // the server refused to try it: the sync will say why
        } else if (isOutOfSync(*verdict) && !isAutoscaledOnly(*verdict->diff)) {
            outOfSync = true;
        }
    }
    const bool prunes = m_spec->prune
        && std::ranges::any_of(m_extras, [this](const auto& key) { return wantsPrune(key); });
    const std::optional<Attempt>& last = m_saved.attempt;
    const bool sameContent = last && last->specDigest == attemptKey();
    if (sameContent && last->phase == core::OperationPhase::Succeeded) {
        decidePrune();
        if (m_spec->selfHeal && !m_runner.isRunning())
            decideHeal();
        return;
    }
    if (!outOfSync && !prunes) {
        m_saved.attempt = Attempt {m_desired->commit.id, attemptKey()};
        tellSyncError({});
        saveSoon();
        return;
    }
    if (sameContent && last->revision == m_desired->commit.id) {
        tellSyncError(lastFailed(*last));
        const auto now = m_context.executor.clock().steadyNow();
        const bool due = !m_lastFailure || now >= *m_lastFailure + m_context.options.fullCompare;
        if (!last->retryable || !due) {
            if (m_spec->selfHeal)
                decideHeal();
            return;
        }
    }
    if (m_desired->objects.empty() && !m_spec->allowEmpty && !m_extras.empty()) {
        tellSyncError("The render is empty: a sync would remove every object of the application. "
                      "It needs allowEmpty.");
        return;
    }
    m_runner.start({.trigger = core::Operation::Trigger::Automated, .prune = m_spec->prune});
}

bool ApplicationController::wantsPrune(const core::ObjectKey& key) const
{
    return m_extras.contains(key) && whyNoPrune().empty() && !waitingPrunes().contains(key);
}

/// Leftovers whose prune was held when the sync ran, and which may go now.
void ApplicationController::decidePrune()
{
    if (!m_spec->prune || m_extras.empty() || !whyNoPrune().empty())
        return;
    const std::set<core::ObjectKey> waiting = waitingPrunes();
    OperationRequest request {.trigger = core::Operation::Trigger::Automated, .prune = true};
    std::string about;
    for (const core::ObjectKey& key : m_extras) {
        const auto known = facts(key);
        if (waiting.contains(key) || !known || !known->view.ours || known->view.deleting)
            continue;
        request.only.push_back(key);
        about += key.text() + ' ' + known->view.uid
            + (m_saved.confirmed.contains(key) ? " confirmed\n" : "\n");
    }
    if (request.only.empty() || about == m_pruneTried)
        return;
    m_pruneTried = about;
    m_runner.start(request);
}

void ApplicationController::decideRemoval()
{
    const std::string deleteOption = m_spec->hasOption("Delete=false") ? "false" : "";
    std::string about;
    bool isDone = true;
    std::set<std::string> keptIn; // a namespace stays with what stays in it
    for (const core::ObjectKey& key : m_extras)
        if (const auto known = facts(key);
            known && staysOnRemoval(known->view.annotations, deleteOption))
            keptIn.insert(key.namespaceName);
    for (const core::ObjectKey& key : m_extras) {
        const auto known = facts(key);
        if (known && staysOnRemoval(known->view.annotations, deleteOption))
            continue;
        if (key.kind == "Namespace" && key.group.empty() && keptIn.contains(key.name))
            continue;
        isDone = false;
        if (known)
            about += key.text() + ' ' + known->view.uid
                + (m_saved.confirmed.contains(key) ? " confirmed\n" : "\n");
    }
    if (isDone) {
        if (whyUnseen().empty()) // else there may be more
            m_context.directory.finished(m_spec->name);
        return;
    }
    if (about == m_pruneTried || !whyNoPrune().empty())
        return;
    m_pruneTried = about;
    m_runner.start({.trigger = core::Operation::Trigger::Automated, .prune = true});
}

/// A hook's apply that arrived after its operation brings the finalizer back: nobody else would
/// take it away again.
void ApplicationController::tidyHooks()
{
    for (const core::ObjectKey& key : m_desired->hooks) {
        const LiveObjectPtr live = m_context.live.find(key);
        if (!live || !std::ranges::count(live->finalizers, kHookFinalizer))
            continue;
        const auto known = facts(key);
        if (!known || !known->view.ours || !m_releasing.insert(key).second)
            continue;
        WriteRequest request {
            .type = WriteRequest::Type::Release, .key = key, .application = m_spec->name};
        request.kind = live->kind;
        request.uid = live->uid;
        for (const std::string& finalizer : live->finalizers)
            if (finalizer != kHookFinalizer)
                request.finalizers.push_back(finalizer);
        m_context.writer.write(std::move(request),
                               m_alive.guard([this, key](const core::Result<Written>&) {
                                   m_releasing.erase(key); // the next look at it tells
                               }));
    }
}

void ApplicationController::operationFinished(const core::Operation& operation)
{
    m_facts.clear();
    const bool isOfOldSpec = std::exchange(m_specMoved, false);
    if (!m_desired)
        return;
    for (auto entry = m_saved.confirmed.begin(); entry != m_saved.confirmed.end();) {
        const auto known = facts(entry->first);
        const bool over = !known || known->view.uid != entry->second;
        entry = over ? m_saved.confirmed.erase(entry) : std::next(entry);
    }
    if (operation.trigger == core::Operation::Trigger::SelfHeal)
        healedInWaves(operation);
    if (operation.dryRun || !operation.only.empty() || m_saved.deleting)
        return;
    if (operation.phase != core::OperationPhase::Succeeded)
        m_lastFailure = m_context.executor.clock().steadyNow();
    if (!m_lease.holder().empty())
        return; // abandoned: nothing is known of how it goes on
    const bool superseded = isOfOldSpec || operation.revision != m_desired->commit.id;
    if (superseded)
        return;
    m_saved.attempt = Attempt {operation.revision, attemptKey(), operation.phase, operation.message,
                               m_runner.hasFailedRetryably()};
    tellSyncError(operation.phase == core::OperationPhase::Succeeded
                      ? std::string()
                      : lastFailed(*m_saved.attempt));
}

void ApplicationController::updateConditions()
{
    const core::Pause* pause = m_pauses.find(std::nullopt);
    m_conditions.set("Paused",
                     pause ? (pause->reason.empty() ? "It is paused." : pause->reason) : "");
    const std::string holder = !m_argoHolder.empty() ? m_argoHolder : m_lease.holder();
    m_conditions.set("ReadOnly",
                     holder.empty() ? "" : "It is reconciled elsewhere, by " + holder + ".");
    m_conditions.set("LeaseWarning", m_lease.warning());
    m_conditions.set("CustomizationWarning", m_context.customizations.problem());
    m_conditions.set("SyncWindow", windowBlocks());
    m_conditions.set("PermissionError", m_guard.forbiddenText());
    m_conditions.set("SharedResourceWarning", m_shared);
    const std::string claimed = m_claimed.empty()
        ? std::string()
        : "Claim to belong to this application, but were never applied by Wavewright and are left "
          "alone: "
            + m_claimed + ".";
    m_conditions.set("OrphanedResourceWarning",
                     m_orphans + (m_orphans.empty() || claimed.empty() ? "" : " ") + claimed);
    const std::string held = whyNoPrune();
    m_conditions.set("PruneHeld",
                     m_extras.empty()   ? otherOrigin()
                         : held.empty() ? largePrune()
                                        : held);
    m_conditions.set("LeftOverWarning", m_leftBehind.text());
    m_conditions.set("FightWarning", m_healer.fights());
    m_conditions.set("SelfHealError", m_spec->selfHeal ? m_healer.failures() : std::string());
    const std::string unknown = unknownKinds();
    const bool isSeenNow = unknown.empty() && m_conditions.has("UnknownError");
    if (isSeenNow && m_saved.attempt && m_saved.attempt->phase != core::OperationPhase::Succeeded) {
        m_saved.attempt.reset(); // it may have failed for what could not be seen
        wake();
    }
    m_conditions.set("UnknownError", unknown);
    m_conditions.set("NamespaceWarning", whyNamespaceIsNotMade());
    askForConfirmation();
}

/// Kinds that cannot be listed where the application has objects, or had, and why: what is there is
/// neither there nor absent for us.
std::string ApplicationController::unknownKinds() const
{
    KindPlaces all = m_record.places();
    if (m_desired)
        addPlaces(all, m_desired->places);
    std::string text;
    for (const auto& [kind, places] : all) {
        if (m_children.livesInEngine(kind))
            continue;
        std::set<std::string> whys; // one, where nothing of the kind may be listed
        for (const std::string& place : places.empty() ? std::set<std::string> {""} : places)
            if (m_context.cluster.isUnseen(kind, place))
                whys.insert(m_context.cluster.whyIncomplete(kind, place));
        for (const std::string& why : whys)
            if (text.size() < kUnknownText)
                text += (text.empty() ? "" : " ") + why;
    }
    return text;
}

/// Where Namespaces may not be listed, whoever needs one makes it.
std::string ApplicationController::whyNamespaceIsNotMade() const
{
    if (!m_spec->hasOption("CreateNamespace=true") || seesNamespaces())
        return {};
    return "CreateNamespace=true is not followed: "
        + m_context.cluster.whyIncomplete(core::GroupKind {"", "Namespace"});
}

/// Tells of prunes that wait for a person: of each object once, also over a restart. What was asked
/// stays asked until it is answered, or the object is surely gone or declared again.
void ApplicationController::askForConfirmation()
{
    std::map<core::ObjectKey, std::string> asked;
    const std::set<core::ObjectKey> agreed = confirmed();
    for (const auto& [key, uid] : m_saved.asked) {
        const std::string now = uidOf(key);
        const bool isUnseen = now.empty() && !m_children.livesInEngine(key.groupKind())
            && !m_context.cluster.isComplete(key);
        const bool isWanted = m_desired && m_desired->objects.contains(key);
        if ((now == uid || isUnseen) && !isWanted && !agreed.contains(key))
            asked[key] = uid;
    }
    std::vector<core::ObjectKey> news;
    for (const core::ObjectKey& key : waitingPrunes()) {
        std::string uid = uidOf(key);
        if (uid.empty())
            continue; // gone since
        if (!isAsked(key))
            news.push_back(key);
        asked[key] = std::move(uid);
    }
    if (asked != m_saved.asked) {
        m_saved.asked = std::move(asked);
        saveSoon();
    }
    m_untold.insert(m_untold.end(), news.begin(), news.end());
    tellQuestions();
}

} // namespace gitops
