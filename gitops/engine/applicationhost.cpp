// SPDX-License-Identifier: GPL-3.0-or-later
// What a running operation asks its application, and the last gate before anything is sent.
#include "core/object/selector.h"
#include "gitops/engine/applicationcontroller.h"
#include "gitops/engine/ignoredfields.h"
#include "gitops/engine/managerhandover.h"

#include <algorithm>

namespace gitops {

namespace {

constexpr std::size_t kLargePrune = 5; ///< this many objects may go without a word

constexpr std::string_view kFailOnShared = "FailOnSharedResource=true";

bool isDefinition(const core::ObjectKey& key)
{
    return key.kind == "CustomResourceDefinition" && key.group == "apiextensions.k8s.io";
}

} // namespace

std::optional<LiveFacts> ApplicationController::facts(const core::ObjectKey& key)
{
    if (m_children.livesInEngine(key.groupKind()))
        return m_children.facts(key);
    const LiveObjectPtr live = m_context.live.find(key);
    if (!live) {
        m_facts.erase(key);
        return std::nullopt;
    }
    auto& [seen, known] = m_facts[key];
    if (seen != live) {
        seen = live;
        known = readFacts(*live, m_spec->name);
        if (m_saved.adopted.contains(live->uid))
            known.view.preexisting = false;
    }
    LiveFacts result = known;
    if (auto health = m_children.health(key))
        result.view.health = std::move(*health);
    return result;
}

std::set<core::ObjectKey> ApplicationController::tracked() const
{
    std::set<core::ObjectKey> keys = m_children.keys();
    for (const LiveObjectPtr& live : m_context.live.trackedTo(m_spec->name))
        if (live->owners.empty() && tracksItself(live->tracking, m_spec->name, live->key)
            && !m_guard.isForbidden(live->key)
            && !m_context.directory.isDeclaredElsewhere(live->key, m_spec->name))
            keys.insert(live->key);
    return keys;
}

KindAvailability ApplicationController::availability(const core::GroupKind& kind) const
{
    return m_children.livesInEngine(kind) ? KindAvailability::Served
                                          : m_context.cluster.availability(kind);
}

std::set<core::ObjectKey> ApplicationController::confirmed() const
{
    std::set<core::ObjectKey> keys;
    for (const auto& [key, uid] : m_saved.confirmed) {
        const LiveObjectPtr live = m_context.live.find(key);
        if ((live && live->uid == uid) || m_children.livesInEngine(key.groupKind()))
            keys.insert(key);
    }
    return keys;
}

std::set<core::ObjectKey> ApplicationController::outOfSync() const
{
    std::set<core::ObjectKey> keys;
    for (const core::ObjectKey& key : m_differing)
        if (const Comparator::Verdict* verdict = m_comparator.find(key);
            verdict && isOutOfSync(*verdict))
            keys.insert(key);
    return keys;
}

std::set<core::ObjectKey> ApplicationController::withheld() const
{
    std::set<core::ObjectKey> keys;
    if (!m_spec->hasOption(kFailOnShared))
        keys = m_withheld;
    for (const core::Pause& pause : m_pauses.all())
        if (pause.key && m_pauses.isPaused(*pause.key))
            keys.insert(*pause.key);
    return keys;
}

bool ApplicationController::seesNamespaces() const
{
    return !m_context.cluster.isUnseen({"", "Namespace"}, "");
}

std::map<core::ObjectKey, std::string> ApplicationController::forbidden() const
{
    std::map<core::ObjectKey, std::string> result = m_guard.forbidden();
    if (m_spec->hasOption(kFailOnShared))
        for (const core::ObjectKey& key : m_withheld)
            result.try_emplace(key, key.text() + " belongs to another application");
    return result;
}

/// A sync window stands against what would happen now: the running operation, or one that nobody
/// asked for.
std::string ApplicationController::windowBlocks() const
{
    const WindowVerdict& window = m_guard.window();
    if (m_saved.deleting || !m_runner.isRunning())
        return window.allowsAutomated || m_saved.deleting ? std::string() : window.reason;
    const core::Operation& operation = *m_runner.operation();
    const bool isManual = operation.trigger == core::Operation::Trigger::Manual;
    const bool mayGoOn = window.allowsRunning && !operation.results.empty();
    const bool isAllowed = isManual ? window.allowsManual : window.allowsAutomated;
    return isAllowed || mayGoOn || operation.dryRun ? std::string() : window.reason;
}

std::string ApplicationController::largePrune() const
{
    if (m_pruneOptions.pruneUnattended)
        return {};
    const std::set<core::ObjectKey> agreed = confirmed();
    const bool open = std::ranges::any_of(m_extras, [&](const core::ObjectKey& key) {
        return !agreed.contains(key) && !m_kept.contains(key);
    });
    const std::size_t going = m_extras.size() - m_kept.size();
    const std::size_t all = m_extras.size() + (m_desired ? m_desired->objects.size() : 0);
    if (!open || going <= kLargePrune || going * 4 <= all)
        return {};
    return std::to_string(going) + " of " + std::to_string(all)
        + " objects would be pruned, more than a quarter: a person has to agree.";
}

/// Where objects of the application may be, and it is not known what is there; "" when all is.
std::string ApplicationController::whyUnseen() const
{
    for (const KindPlaces* known : {&m_record.places(), &m_desired->places})
        for (const auto& [kind, places] : *known) {
            if (m_children.livesInEngine(kind))
                continue;
            if (places.empty() && !m_context.cluster.isComplete(kind))
                return m_context.cluster.whyIncomplete(kind);
            for (const std::string& place : places)
                if (!m_context.cluster.isComplete(kind, place))
                    return m_context.cluster.whyIncomplete(kind, place);
        }
    return {};
}

std::string ApplicationController::whyNoPrune() const
{
    if (!m_desired || m_renderFailed)
        return "The newest revision could not be rendered.";
    const auto advice = [this](const core::Error& error) {
        return error.code == core::ErrorCode::Forbidden ? m_context.controlNamespace.advice()
                                                        : std::string();
    };
    if (m_record.isRefused())
        return "The record of kinds cannot be read: " + m_record.error()->message
            + advice(*m_record.error());
    if (!m_record.isLoaded())
        return "The record of kinds has not been read.";
    if (const auto& error = m_record.error())
        return "The record of kinds cannot be written: " + error->message + advice(*error);
    if (std::string why = otherOrigin(); !why.empty())
        return why;
    if (std::string why = whyUnseen(); !why.empty() || m_saved.deleting)
        return why;
    if (m_saved.historyRewritten)
        return "The branch was rewritten: its new commit does not descend from the one before. A "
               "person has to agree.";
    if (m_desired->objects.empty() && !m_spec->allowEmpty)
        return "The render is empty, and the application does not say allowEmpty.";
    return {};
}

/// Prunes that wait for a person: what the last operation left for one, what is protected by its
/// kind, all of a large prune.
std::set<core::ObjectKey> ApplicationController::waitingPrunes() const
{
    if (m_extras.empty())
        return {};
    if (m_desired && m_desired->objects.empty() && !m_spec->allowEmpty && !m_saved.deleting)
        return {}; // held altogether: a yes would change nothing, and would mean something later
    const std::set<core::ObjectKey> agreed = confirmed();
    const bool all = !largePrune().empty() || m_saved.historyRewritten || !otherOrigin().empty();
    std::set<core::ObjectKey> waiting;
    for (const core::ObjectKey& key : m_extras) {
        if (agreed.contains(key) || m_kept.contains(key))
            continue;
        const bool isProtected =
            isProtectedKind(key.groupKind()) && !m_pruneOptions.pruneUnattended;
        if (all || isAsked(key) || m_runner.needsConfirmation().contains(key)
            || (isProtected && (m_spec->prune || m_saved.deleting)))
            waiting.insert(key);
    }
    return waiting;
}

std::string ApplicationController::uidOf(const core::ObjectKey& key) const
{
    if (const auto inEngine = m_children.facts(key))
        return inEngine->view.uid;
    const LiveObjectPtr live = m_context.live.find(key);
    return live ? live->uid : std::string();
}

/// A person was asked about this very object.
bool ApplicationController::isAsked(const core::ObjectKey& key) const
{
    const auto found = m_saved.asked.find(key);
    return found != m_saved.asked.end() && found->second == uidOf(key);
}

std::set<core::ObjectKey> ApplicationController::asked() const
{
    const std::set<core::ObjectKey> agreed = confirmed();
    std::set<core::ObjectKey> keys;
    for (const auto& [key, uid] : m_saved.asked)
        if (isAsked(key) && !agreed.contains(key))
            keys.insert(key);
    return keys;
}

std::string ApplicationController::whyWait() const
{
    if (m_withdrawn)
        return "It is not reconciled any more.";
    if (m_context.options.readOnly)
        return "This Wavewright only reads.";
    if (!m_context.cluster.isConnected())
        return "The cluster does not answer.";
    if (m_context.options.leases && !m_lease.mayWrite())
        return m_lease.holder().empty() ? "The Lease of the application is not ours yet."
                                        : "It is reconciled by " + m_lease.holder() + ".";
    if (!m_argoHolder.empty())
        return "It is reconciled by " + m_argoHolder + ".";
    if (!m_guard.problem().empty() && !m_saved.deleting)
        return m_guard.problem();
    if (m_runner.isRunning())
        if (std::string why = windowBlocks(); !why.empty())
            return why;
    if (!m_desired)
        return "It has not been rendered yet.";
    if (m_record.isReading())
        return "The record of kinds is being read again.";
    if (!m_context.customizations.isKnown())
        return "argocd-cm has not been read yet.";
    for (const auto& [kind, places] : m_desired->places)
        for (const std::string& place : places)
            if (m_context.cluster.isPending(kind, place))
                return m_context.cluster.whyIncomplete(kind, place);
    return {};
}

bool ApplicationController::isOurs() const
{
    return !m_context.options.readOnly && m_argoHolder.empty()
        && (!m_context.options.leases || m_lease.mayWrite());
}

std::string ApplicationController::withheldBecause(const core::ObjectKey& key,
                                                   const LiveObject& live) const
{
    if (m_saved.adopted.contains(live.uid))
        return {};
    if (const std::string argo = trackedApplication(live.argoTracking, key); !argo.empty())
        return "Argo CD (application \"" + argo + "\")";
    const std::string other = trackedApplication(live.tracking, key);
    if (!other.empty() && other != m_spec->name) {
        if (m_context.directory.isDeclaredElsewhere(key, m_spec->name))
            return "It belongs to the application \"" + other + "\".";
        const ApplicationController* holder = m_context.directory.find(other);
        if (holder && !holder->isRendered())
            return "It belongs to the application \"" + other
                + "\", which has not been rendered yet.";
        if (!holder && !m_context.directory.isGone(other))
            return "It belongs to the application \"" + other
                + "\", which is not reconciled here; adopt takes it over.";
    }
    if (isDefinition(key) && other.empty())
        return "It exists already and belongs to its operator.";
    return {};
}

std::string ApplicationController::refusal(const SyncAction& action)
{
    if (const std::string why = whyWait(); !why.empty())
        return why;
    if (m_children.livesInEngine(action.key.groupKind()) || action.dryRun)
        return {};
    if (!m_saved.deleting && m_guard.isForbidden(action.key))
        return "Its project does not permit it.";
    const LiveObjectPtr live = m_context.live.find(action.key);
    if (action.type == SyncAction::Type::Delete) {
        if (!live || live->uid != action.uid)
            return {}; // gone already; the uid keeps any other object safe
        const auto known = facts(action.key);
        if (!known || !known->view.ours)
            return "It does not prove itself ours.";
        if (m_desired->objects.contains(action.key) || !action.hook.empty())
            return {}; // a hook, or an object that is made again
        if (known->view.preexisting)
            return "It existed before Wavewright; adopt it first.";
        if (action.key.kind == "Namespace" && isProtectedNamespace(action.key.name))
            return "This namespace is never pruned.";
        if (m_context.directory.isDeclaredElsewhere(action.key, m_spec->name))
            return "Another application declares it.";
        if (isAsked(action.key) && !confirmed().contains(action.key))
            return "Its prune waits for a person.";
        if (!m_context.cluster.isComplete(action.key))
            return m_context.cluster.whyIncomplete(action.key);
        return whyNoPrune();
    }
    if (action.type == SyncAction::Type::ReleaseHook) {
        const auto known = facts(action.key);
        return !known || known->view.uid != action.uid || known->view.ours
            ? std::string()
            : "It does not prove itself ours.";
    }
    if (!m_context.cluster.isComplete(action.key))
        return m_context.cluster.whyIncomplete(action.key);
    if (!live)
        return {};
    if (!live->manifest && action.type != SyncAction::Type::CreateNamespace)
        return "Its manifest has not been read yet.";
    return withheldBecause(action.key, *live);
}

/// What every apply and every comparison adds to a declared object: the mark of what existed before
/// us.
core::ManifestPtr ApplicationController::decorate(const core::ManifestPtr& manifest,
                                                  const LiveObjectPtr& live)
{
    if (!live || (!live->preexisting && tracksItself(live->tracking, m_spec->name, live->key)))
        return manifest;
    const auto known = facts(live->key);
    if (!known || !isPreexisting(*known, *live, m_saved.adopted))
        return manifest;
    auto marked = withOwnership(*manifest, m_spec->name, live->key.namespaceName, true);
    return marked ? *marked : manifest;
}

core::Result<core::ManifestPtr> ApplicationController::decorated(const core::ManifestPtr& manifest,
                                                                 const core::ObjectKey& key)
{
    const LiveObjectPtr live = m_context.live.find(key);
    core::ManifestPtr result = decorate(manifest, live);
    const auto declared = m_desired->objects.find(key);
    const bool isPrepared =
        declared != m_desired->objects.end() && declared->second.manifest == result;
    const auto isTracked = [&] {
        const auto annotations = core::annotationsOf(result->value());
        const auto found = annotations.find(std::string(core::kTrackingAnnotation));
        return found != annotations.end() && tracksItself(found->second, m_spec->name, key);
    };
    if (!isPrepared && !isTracked()) { // of a hook that the planner has named
        auto owned = withOwnership(*result, m_spec->name, key.namespaceName, false);
        if (!owned)
            return owned;
        result = std::move(*owned);
    }
    const auto ignored = compared();
    if (ignored->ignoreDifferences.empty() || !live || !live->manifest)
        return result;
    const auto parsed = core::parseJson(*live->manifest);
    if (!parsed)
        return std::unexpected(parsed.error());
    return withLiveIgnored(result, *parsed, ignored->ignoreDifferences,
                           m_context.customizations.jq());
}

std::set<std::string> ApplicationController::replacedManagers(const core::ObjectKey& key) const
{
    const LiveObjectPtr live = m_context.live.find(key);
    if (!live || std::ranges::count(m_spec->syncOptions, "ClientSideApplyMigration=false"))
        return {};
    const auto named =
        m_spec->annotations.find("argocd.argoproj.io/client-side-apply-migration-manager");
    return managersToReplace(named == m_spec->annotations.end() ? std::string() : named->second,
                             m_saved.adopted.contains(live->uid));
}

bool ApplicationController::carryElsewhere(const SyncAction& action, const Done& done)
{
    if (!m_children.livesInEngine(action.key.groupKind()))
        return false;
    core::Result<void> result;
    if (!action.dryRun) {
        if (action.type == SyncAction::Type::Delete)
            m_children.remove(action.key);
        else
            result = m_children.put(action.manifest);
        m_comparator.touch(action.key);
        m_extrasChanged = true;
        saveSoon();
    }
    done(std::move(result));
    return true;
}

void ApplicationController::carriedOut(const SyncAction& action)
{
    if (isDefinition(action.key))
        m_context.cluster.rediscover();
    if (m_children.livesInEngine(action.key.groupKind())
        || !Children::isApplication(action.key.groupKind()))
        return;
    if (action.type == SyncAction::Type::Delete)
        m_children.remove(action.key);
    else if (action.manifest)
        if (const auto put = m_children.put(action.manifest); !put)
            m_conditions.raise("InvalidSpecError", put.error().text(), put.error().place);
    saveSoon();
}

KindPlaces ApplicationController::recordedPlaces() const
{
    KindPlaces places = m_desired->places;
    std::erase_if(places,
                  [this](const auto& entry) { return m_children.livesInEngine(entry.first); });
    return places;
}

void ApplicationController::coverRecord(Done done)
{
    m_record.cover(recordedPlaces(), std::move(done));
}

/// Also a heal is an apply: the record comes first. True when there is nothing to wait for.
bool ApplicationController::isRecordCovered()
{
    if (m_record.covers(recordedPlaces()))
        return true;
    if (const auto& error = m_record.error(); error && !error->isRetryable())
        return true; // refused: nothing is pruned then
    if (!std::exchange(m_covering, true))
        coverRecord(m_alive.guard([this](const core::Result<void>& covered) {
            m_context.executor.postAt(
                m_context.executor.clock().steadyNow()
                    + (covered ? std::chrono::milliseconds(0) : std::chrono::milliseconds(2000)),
                m_alive.guard([this] {
                    m_covering = false;
                    wake();
                }));
        }));
    return false;
}

void ApplicationController::save(Done done)
{
    if (m_forgotten) {
        done({});
        return;
    }
    m_saved.operation = m_runner.operation();
    m_saved.force = m_runner.isForced();
    m_saved.unanswered = m_runner.unanswered();
    m_saved.pauses = m_pauses.all();
    m_saved.children = m_children.saved();
    m_context.store.save("application/" + m_spec->name, toText(m_saved), m_context.executor,
                         m_alive.guard([this, done](core::Result<void> saved) {
                             m_conditions.set("StoreError",
                                              saved ? std::string() : saved.error().text());
                             done(std::move(saved));
                         }));
}

void ApplicationController::saveSoon()
{
    if (std::exchange(m_savePending, true))
        return;
    m_context.executor.post(m_alive.guard([this] {
        m_savePending = false;
        save([](core::Result<void>) { });
    }));
}

void ApplicationController::forgetSaved()
{
    m_forgotten = true;
    m_context.store.remove("application/" + m_spec->name, m_context.executor,
                           [](core::Result<void>) { });
    if (otherOrigin().empty()) // else it is another application's
        m_record.remove();
}

void ApplicationController::operationChanged()
{
    m_context.directory.mark(m_spec->name);
}

} // namespace gitops
