// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/applicationcontroller.h"

#include "core/base/digest.h"
#include "gitops/diff/differ.h"
#include "gitops/engine/namespacecontents.h"
#include "gitops/render/variables.h"

#include <algorithm>
#include <optional>

namespace gitops {

namespace {

/// Between two turns while writes of an operation are under way: each of their answers, and what
/// the watch says of it, would ask for one.
constexpr std::chrono::milliseconds kTurnPause {20};

/// How old the time of the last look at Git may become on screen while nothing moves.
constexpr std::chrono::seconds kShowFetch {10};

/// All of a spec that decides what a sync does.
std::string digestOf(const core::Application& application)
{
    std::string text = application.source.repoUrl + '\n' + application.source.path + '\n'
        + application.source.targetRevision + '\n' + application.destinationServer + '\n'
        + application.destinationName + '\n' + application.destinationNamespace + '\n';
    for (const std::string& option : application.syncOptions)
        text += option + '\n';
    return core::sha256(text).hex();
}

} // namespace

ApplicationController::ApplicationController(EngineContext& context, core::Application application,
                                             SavedState saved)
    : m_context(context)
    , m_spec(std::make_shared<const core::Application>(std::move(application)))
    , m_saved(std::move(saved))
    , m_specDigest(digestOf(*m_spec))
    , m_origin(originOf(*m_spec))
    , m_conditions(m_spec->name, context.events, context.executor.clock())
    , m_pauses(context.executor, m_saved.pauses,
               [this] {
                   saveSoon();
                   wake();
               })
    , m_guard(context.projects, context.executor, [this] { wake(); })
    , m_lease(context.api, context.cluster, context.controlNamespace, context.executor,
              m_spec->name, context.options.identity, context.options.leaseDuration)
    , m_record(context.api, context.cluster, context.controlNamespace, context.executor,
               m_spec->name)
    , m_children(context, m_spec->name)
    , m_leftBehind(context,
                   [this] {
                       watchKinds();
                       wake();
                   })
    , m_comparator(
          context.executor, context.pool, context.api, context.live, context.cluster,
          [this](const core::ManifestPtr& manifest, const LiveObjectPtr& live) {
              return decorate(manifest, live);
          },
          [this](const core::ObjectKey& key, const core::Manifest& manifest) {
              return m_children.verdict(key, manifest);
          },
          [this](const std::vector<core::ObjectKey>& keys) { verdictsChanged(keys); })
    , m_runner(*this, context.writer, context.executor, context.events, context.options)
    , m_healer(m_spec->name, context.writer, context.executor, context.events, [this] { wake(); })
{
    m_lease.changed = [this] {
        if (!m_lease.holder().empty())
            m_runner.abandon("It is reconciled by " + m_lease.holder() + " now.");
        if (std::exchange(m_mayWrite, m_lease.mayWrite()) != m_lease.mayWrite() && m_mayWrite)
            m_record.readAgain(); // whoever held it before may have written it
        wake();
    };
    m_record.changed = [this] {
        watchKinds();
        m_extrasChanged = true;
        wake();
    };
    m_healer.refusal = [this]() -> std::optional<core::Error> {
        const std::string why = whyWait();
        if (why.empty())
            return std::nullopt;
        return core::Error {core::ErrorCode::Unavailable, why, {}, core::Fault::Cluster, {}};
    };
    m_runner.finished = [this](const core::Operation& operation) { operationFinished(operation); };
    m_runner.resume(m_saved);
    m_children.restore(m_saved.children);
    m_context.projects.keep(*m_spec);
    m_guard.judge(*m_spec, m_desired);
    follow();
    watchKinds();
    fullCompareLater();
    wake();
}

ApplicationController::~ApplicationController()
{
    withdraw();
}

/// Takes no further part: asked for nothing, declares nothing, decides nothing.
void ApplicationController::withdraw()
{
    if (std::exchange(m_withdrawn, true))
        return;
    m_context.sources.unfollow(m_spec->name);
    m_context.remotes.drop(m_spec->name);
    m_context.cluster.want(m_spec->name, {});
    m_context.directory.declare(m_spec->name, {});
    if (m_fullCompareTimer)
        m_context.executor.cancel(m_fullCompareTimer);
    m_alive.renew();
}

void ApplicationController::setApplication(core::Application application)
{
    m_spec = std::make_shared<const core::Application>(std::move(application));
    if (std::exchange(m_specDigest, digestOf(*m_spec)) != m_specDigest)
        m_specMoved = m_runner.isRunning();
    m_origin = originOf(*m_spec);
    dropOldSyncError();
    if (m_saved.deleting) { // declared again before it was gone
        m_saved.deleting = false;
        m_desired.reset();
        saveSoon();
    }
    m_needsRender = m_extrasChanged = true;
    m_context.projects.keep(*m_spec);
    m_guard.judge(*m_spec, m_desired);
    follow();
    wake();
}

/// The spec is not to be followed, whatever Git says; raises the condition that tells why.
bool ApplicationController::isInvalid()
{
    std::string why;
    if (m_context.options.acceptsDestination && !m_context.options.acceptsDestination(*m_spec))
        why = "The destination \""
            + (m_spec->destinationServer.empty() ? m_spec->destinationName
                                                 : m_spec->destinationServer)
            + "\" is no cluster that is known here.";
    else if (!m_guard.isPending())
        why = m_guard.problem();
    m_conditions.set("InvalidSpecError", why, m_spec->place);
    return !why.empty();
}

void ApplicationController::follow()
{
    if (isInvalid()) {
        m_context.sources.unfollow(m_spec->name);
        m_context.remotes.drop(m_spec->name);
        m_revision.reset();
        return;
    }
    m_context.sources.follow(
        m_spec->name, m_spec->source.repoUrl, m_spec->source.targetRevision,
        m_saved.revision ? m_saved.revision->id : std::string(),
        m_alive.guard([this](const core::Result<Revision>& found) { revisionFound(found); }));
}

void ApplicationController::revisionFound(const core::Result<Revision>& found)
{
    if (!found) {
        const std::string since = m_lastFetched
            ? " The last good look was at " + core::formatRfc3339(*m_lastFetched) + "."
            : std::string();
        // Waiting does not bring back a branch that is gone; a server that is away may come back.
        const bool isFinal = m_desired && !found.error().isRetryable();
        if (m_desired)
            m_conditions.clear(isFinal ? "SourceStale" : "SourceError");
        m_conditions.raise(!m_desired    ? "ComparisonError"
                               : isFinal ? "SourceError"
                                         : "SourceStale",
                           found.error().message + since, found.error().place);
        m_context.directory.mark(m_spec->name);
        return;
    }
    const auto now = m_context.executor.clock().wallNow();
    m_lastFetched = now;
    if (m_desired && m_revision && m_revision->commit.id == found->commit.id
        && !m_conditions.has("SourceStale") && !m_conditions.has("SourceError")) {
        const bool isAlone = !m_awake;
        wake();
        m_onlyTimes = isAlone;
        return;
    }
    m_conditions.clear("SourceStale");
    m_conditions.clear("SourceError");
    if (!m_revision)
        m_conditions.clear("ComparisonError");
    const bool moved = !m_revision || m_revision->commit.id != found->commit.id;
    m_revision = *found;
    if (moved) {
        if (m_saved.revision && m_saved.revision->id != found->commit.id
            && !found->descendsFromPrevious)
            m_saved.historyRewritten = true;
        if (!m_saved.revision || m_saved.revision->id != found->commit.id)
            m_context.events.send(core::event::RevisionFound {m_spec->name, found->commit});
        m_saved.revision = found->commit;
        m_needsRender = true;
        saveSoon();
    }
    m_context.directory.mark(m_spec->name);
    wake();
}

/// Renders the newest revision in the pool and makes the result ready for this cluster.
void ApplicationController::render()
{
    m_needsRender = false;
    const std::uint64_t number = ++m_renderNumber;
    const auto discovery = m_context.cluster.discovery();
    const DesiredStatePtr known = isLookingAgain() ? m_desired : nullptr;
    if (!known)
        say("Rendering");
    RenderRequest request;
    request.tree = m_revision->tree;
    request.path = m_spec->source.path;
    request.source = m_spec->source;
    request.variables = renderVariables(*m_spec, m_revision->commit.id);
    request.isOnThisMachine = m_context.sources.isLocal(m_spec->source.repoUrl);
    request.remotes = m_context.remotes.contents(m_spec->name);
    auto done =
        m_alive.guard([this, number, spec = m_spec, discovery](core::Result<DesiredStatePtr> result,
                                                               std::vector<RemoteAddress> wanted) {
            if (number == m_renderNumber && result) {
                m_desiredSpec = spec;
                m_desiredDiscovery = discovery;
            }
            rendered(number, std::move(result), wanted);
        });
    m_context.pool.run([request = std::move(request), commit = m_revision->commit, spec = m_spec,
                        discovery, known, renders = m_context.renders,
                        &executor = m_context.executor, fetches = m_context.remotes.isAvailable(),
                        done]() mutable {
        core::Result<DesiredStatePtr> result;
        std::vector<RemoteAddress> wanted;
        if (auto made = renders->render(request, fetches ? &wanted : nullptr); !made)
            result = std::unexpected(std::move(made.error()));
        else if (known && known->rendered == *made)
            result = std::move(known); // the cache vouches for it: nothing to prepare anew
        else
            result = prepareDesired(*spec, commit, *made, discovery.get());
        executor.post([result = std::move(result), wanted = std::move(wanted), done]() mutable {
            done(std::move(result), std::move(wanted));
        });
    });
}

/// The same commit, spec and cluster as those that the desired state was made from.
bool ApplicationController::isLookingAgain() const
{
    return m_desired && m_desired->commit == m_revision->commit && m_desiredSpec == m_spec
        && m_desiredDiscovery == m_context.cluster.discovery();
}

/// The render of this revision goes on when all of it was fetched; until then nothing is decided.
void ApplicationController::fetchFirst(const std::vector<RemoteAddress>& wanted)
{
    m_context.remotes.want(m_spec->name, wanted, m_alive.guard([this] { remotesChanged(); }));
    const std::string first = m_context.remotes.waitingFor(m_spec->name);
    if (!first.empty())
        say("Fetching " + first);
    m_context.directory.mark(m_spec->name);
}

void ApplicationController::remotesChanged()
{
    tellStaleRemotes();
    m_needsRender = m_revision.has_value();
    m_context.directory.mark(m_spec->name);
    wake();
}

void ApplicationController::tellStaleRemotes()
{
    const auto stale = m_context.remotes.staleness(m_spec->name);
    m_conditions.set("RemoteSourceStale", stale ? stale->message : std::string(),
                     stale ? stale->place : core::Place());
}

void ApplicationController::rendered(std::uint64_t number, core::Result<DesiredStatePtr> result,
                                     const std::vector<RemoteAddress>& wanted)
{
    if (number != m_renderNumber || m_saved.deleting)
        return; // a newer one is under way
    if (!wanted.empty())
        return fetchFirst(wanted);
    m_renderedNumber = number;
    say("");
    m_renderFailed = !result;
    if (result) {
        m_conditions.clear("ComparisonError");
        m_context.remotes.keep(m_spec->name, (*result)->rendered->remotes);
        tellStaleRemotes();
        if (*result != m_desired)
            setDesired(std::move(*result));
    } else {
        m_conditions.raise("ComparisonError", result.error().message, result.error().place);
    }
    wake();
}

void ApplicationController::setDesired(DesiredStatePtr desired)
{
    std::set<core::ObjectKey> keys;
    for (const auto& [key, object] : desired->objects) {
        keys.insert(keys.end(), key);
        m_context.live.keep(key, true);
    }
    const auto keyOf = [](const auto& entry) { return entry.first; };
    const bool same = !m_desired
        || (m_desired->rendered->digest == desired->rendered->digest
            && std::ranges::equal(m_desired->objects, desired->objects, {}, keyOf, keyOf));
    if (m_desired)
        for (const auto& [key, object] : m_desired->objects)
            if (!desired->objects.contains(key)) {
                m_context.live.keep(key, false);
                m_facts.erase(key);
            }
    m_desired = std::move(desired);
    m_context.directory.declare(m_spec->name, keys);
    m_extrasChanged = true;
    const auto isGone = [&](const auto& key) { return !keys.contains(key); };
    std::erase_if(m_differing, isGone);
    std::erase_if(m_drifted, isGone);
    std::erase_if(m_noticed, [&](const auto& entry) { return isGone(entry.first); });
    m_healer.keepOnly(keys);
    watchKinds();
    m_guard.judge(*m_spec, m_desired);
    m_comparator.setDesired(m_desired, compared(), m_context.customizations.jq());
    const core::Condition* repeated = nullptr;
    for (const core::Condition& warning : m_desired->warnings)
        if (warning.type == "RepeatedResourceWarning")
            repeated = &warning;
    m_conditions.set("RepeatedResourceWarning", repeated ? repeated->message : std::string(),
                     repeated ? repeated->place : core::Place());
    recordChildren();
    if (m_context.options.readOnly)
        followChildren();
    if (!same)
        m_runner.supersede();
    dropOldSyncError();
    m_context.directory.mark(m_spec->name);
}

void ApplicationController::watchKinds()
{
    KindPlaces kinds = m_record.places();
    addPlaces(kinds, m_leftBehind.places());
    if (m_desired)
        addPlaces(kinds, m_desired->places);
    for (auto& [kind, places] : kinds) // what Git may name next, and what others put there
        places.insert(m_spec->destinationNamespace);
    if (m_watchesContents) {
        const std::vector<std::string> waiting = waitingNamespaces();
        addPlaces(kinds, placesOf(askedContents(), {waiting.begin(), waiting.end()}));
    }
    if (kinds.empty())
        kinds[{"", "Namespace"}].insert("");
    const core::GroupKind projects {"argoproj.io", "AppProject"};
    if (m_context.cluster.availability(projects) == KindAvailability::Served)
        kinds[projects] = m_context.projects.placesOf(*m_spec);
    m_context.cluster.want(m_spec->name, std::move(kinds));
}

void ApplicationController::wake()
{
    m_onlyLooks = m_onlyTimes = false;
    if (m_withdrawn || m_awake)
        return;
    const auto next = m_lastTurn + kTurnPause;
    if (m_runner.isWriting() && m_context.executor.clock().steadyNow() < next) {
        if (!m_turnTimer)
            m_turnTimer = m_context.executor.postAt(next, m_alive.guard([this] {
                m_turnTimer = 0;
                wake();
            }));
        return;
    }
    m_awake = true;
    m_context.executor.post(m_alive.guard([this] {
        m_awake = false;
        turn();
    }));
}

void ApplicationController::turn()
{
    m_lastTurn = m_context.executor.clock().steadyNow();
    bool goesOn = false; // what a refresh comes to is shown when it has ended
    const bool onlyTimes = std::exchange(m_onlyTimes, false);
    const std::vector<core::Condition> conditions = m_conditions.all();
    if (m_context.cluster.discovery()) {
        m_record.load();
        if (m_context.options.leases && !m_context.options.readOnly)
            m_lease.start();
        if (m_needsRender && m_revision && !m_saved.deleting) {
            goesOn = m_onlyLooks && isLookingAgain();
            render();
        }
    }
    m_onlyLooks = false;
    m_comparator.step();
    const bool isRendered =
        m_saved.deleting || (!m_needsRender && m_renderedNumber == m_renderNumber);
    if (m_comparator.isSettled() && m_desired && isRendered)
        m_lastReconciled = m_context.executor.clock().wallNow();
    refreshExtras();
    updateHolders();
    settleOrigin();
    lookForLeftBehind();
    decide();
    tellGate();
    if (m_comparator.isSettled()) // what differs still is counted from when it was seen
        std::erase_if(m_noticed, [this](const auto& entry) { return !isDrifted(entry.first); });
    updateConditions();
    // Times alone are worth a picture of everything only now and then.
    const auto now = m_context.executor.clock().wallNow();
    const bool isFresh = now >= m_shownFetch && now < m_shownFetch + kShowFetch;
    if (!goesOn && !(onlyTimes && isFresh && conditions == m_conditions.all()))
        m_context.directory.mark(m_spec->name);
}

void ApplicationController::fullCompareLater()
{
    m_fullCompareTimer = m_context.executor.postAt(m_context.executor.clock().steadyNow()
                                                       + m_context.options.fullCompare,
                                                   m_alive.guard([this] {
                                                       m_comparator.lookAnew();
                                                       m_listed.reset();
                                                       m_runner.touchAll();
                                                       m_extrasChanged = true;
                                                       fullCompareLater();
                                                       wake();
                                                   }));
}

void ApplicationController::beginRemoval()
{
    m_saved.deleting = true;
    ++m_renderNumber; // what is being rendered does not matter any more
    m_context.sources.unfollow(m_spec->name);
    m_context.remotes.drop(m_spec->name);
    auto nothing = std::make_shared<DesiredState>();
    if (m_saved.revision)
        nothing->commit = *m_saved.revision;
    nothing->rendered = std::make_shared<Rendered>();
    m_renderFailed = false;
    setDesired(std::move(nothing));
    saveSoon();
    wake();
}

void ApplicationController::release(std::function<void()> done)
{
    withdraw();
    m_lease.release(std::move(done));
}

core::Result<core::Answer> ApplicationController::answer(const core::query::Manifests& query) const
{
    core::ManifestsAnswer answer;
    std::optional<core::Json> desired;
    std::optional<core::Json> live;
    if (m_desired)
        if (auto found = m_desired->objects.find(query.key); found != m_desired->objects.end())
            desired = found->second.manifest->value();
    if (const LiveObjectPtr object = m_context.live.find(query.key); object && object->manifest)
        if (auto parsed = core::parseJson(*object->manifest))
            live = std::move(*parsed);
    DisplayedPair shown =
        displayYaml(desired ? &*desired : nullptr, live ? &*live : nullptr, query.whole);
    answer.desired = std::move(shown.desired);
    answer.live = std::move(shown.live);
    if (answer.desired.empty() && answer.live.empty())
        return core::failure(core::ErrorCode::NotFound,
                             query.key.text() + " is neither in Git nor in the cluster.", {},
                             core::Fault::User);
    if (const Comparator::Verdict* verdict = m_comparator.find(query.key))
        answer.diff = verdict->diff;
    return core::Answer {std::move(answer)};
}

core::Result<core::Answer> ApplicationController::answer(const core::query::RenderedText&) const
{
    if (!m_desired || !m_desired->rendered)
        return core::failure(core::ErrorCode::NotFound,
                             "\"" + m_spec->name + "\" has not been rendered yet.", {},
                             core::Fault::User);
    const auto isSecret = [](const core::ManifestPtr& manifest) {
        return manifest->key().kind == "Secret" && manifest->key().group.empty();
    };
    const auto& manifests = m_desired->rendered->manifests;
    if (std::ranges::none_of(manifests, isSecret))
        return core::Answer {core::TextAnswer {m_desired->rendered->yaml}};
    std::string text;
    for (const core::ManifestPtr& manifest : manifests)
        text += (text.empty() ? "" : "---\n") + displayYaml(manifest->value(), true);
    return core::Answer {core::TextAnswer {std::move(text)}};
}

} // namespace gitops
