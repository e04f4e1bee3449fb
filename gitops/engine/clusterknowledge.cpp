// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/clusterknowledge.h"

#include "core/base/strings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gitops {

namespace {

using Connection = core::ClusterState::Connection;

constexpr std::size_t kLimitsText = 2000;

const core::GroupKind kDefinitions {"apiextensions.k8s.io", "CustomResourceDefinition"};

/// Watched always: what owner chains lead through, and what changes the meaning of an apply.
const std::array<core::GroupKind, 8> kBaseKinds {{
    {"apiextensions.k8s.io", "CustomResourceDefinition"},
    {"admissionregistration.k8s.io", "MutatingWebhookConfiguration"},
    {"", "Namespace"},
    {"", "Pod"},
    {"", "PersistentVolumeClaim"},
    {"apps", "ReplicaSet"},
    {"batch", "Job"},
    {"core.strimzi.io", "StrimziPodSet"},
}};

/// "kinds are seen in these namespaces only", in as few words as possible.
void addLimit(std::string& text, const std::string& where, const std::set<std::string>& kinds)
{
    if (text.size() < kLimitsText)
        text += " " + where + ": " + core::join({kinds.begin(), kinds.end()}, ", ") + ".";
}

bool isAboutReachability(const std::optional<core::Error>& error)
{
    return error
        && (error->code == core::ErrorCode::Network || error->code == core::ErrorCode::Timeout
            || error->code == core::ErrorCode::Unauthorized);
}

} // namespace

ClusterKnowledge::ClusterKnowledge(ApiClient& api, LiveState& live, core::Executor& executor,
                                   const EngineOptions& options)
    : m_api(api)
    , m_live(live)
    , m_executor(executor)
    , m_options(options)
    , m_schemas(api)
{
    m_state.context = options.context;
    m_state.server = options.server;
    m_state.practice = options.practice;
    m_state.insecure = options.insecure;
}

ClusterKnowledge::~ClusterKnowledge()
{
    if (m_timer)
        m_executor.cancel(m_timer);
}

void ClusterKnowledge::start()
{
    discover();
}

void ClusterKnowledge::rediscover()
{
    if (m_discovering) {
        m_again = true;
        return;
    }
    if (m_timer)
        m_executor.cancel(m_timer);
    m_timer = m_executor.postAt(m_executor.clock().steadyNow() + std::chrono::milliseconds(20),
                                m_alive.guard([this] {
                                    m_timer = 0;
                                    discover();
                                }));
}

void ClusterKnowledge::recheck()
{
    if (!m_discovery || m_discovery->hasStale() || isWantedAndMissing())
        rediscover();
}

void ClusterKnowledge::discover()
{
    if (m_discovering)
        return;
    m_discovering = true;
    m_again = false;
    m_api.discover(
        m_alive.guard([this](core::Result<Discovery> answer) { take(std::move(answer)); }));
    if (m_state.version.empty() && !std::exchange(m_versionAwaited, true))
        m_api.version(m_alive.guard(
            [this](const core::Result<std::string>& version) { versionFound(version); }));
}

void ClusterKnowledge::versionFound(const core::Result<std::string>& version)
{
    m_versionAwaited = false;
    if (version)
        m_state.version = *version;
    if (stateChanged)
        stateChanged();
}

void ClusterKnowledge::distrust(const core::Error& error)
{
    m_refused = error.text();
    setState(Connection::Disconnected, m_refused, true);
    rediscover();
}

void ClusterKnowledge::take(core::Result<Discovery> answer)
{
    m_discovering = false;
    std::chrono::milliseconds next {0};
    if (!answer) {
        const bool isRefused = answer.error().code == core::ErrorCode::Unauthorized;
        if (isRefused)
            m_refused = answer.error().text();
        if (!m_discovery || !m_refused.empty())
            setState(Connection::Disconnected, answer.error().text(), isRefused);
        next = m_backoff = std::min(m_backoff * 2, std::chrono::milliseconds(30'000));
    } else {
        m_refused.clear();
        m_backoff = std::chrono::milliseconds(500);
        if (!m_discovery || *m_discovery != *answer) {
            m_discovery = std::make_shared<const Discovery>(std::move(*answer));
            ++m_schemaVersion;
            startWatches();
            setState(Connection::Connected, isConnected() ? m_state.message : std::string());
            if (discoveryChanged)
                discoveryChanged();
        }
        if (isWantedAndMissing())
            next = m_options.missingKindPoll;
        judgeConnection();
    }
    if (m_again)
        next = std::chrono::milliseconds(20);
    if (next.count() > 0 && !m_timer)
        m_timer = m_executor.postAt(m_executor.clock().steadyNow() + next, m_alive.guard([this] {
            m_timer = 0;
            discover();
        }));
}

bool ClusterKnowledge::isWantedAndMissing() const
{
    for (const auto& [application, kinds] : m_wanted)
        for (const auto& [kind, places] : kinds)
            if (!m_discovery->find(kind))
                return true;
    return false;
}

const ApiResource* ClusterKnowledge::resource(const core::GroupVersionKind& kind) const
{
    return m_discovery ? m_discovery->find(kind) : nullptr;
}

const ApiResource* ClusterKnowledge::resource(const core::GroupKind& kind) const
{
    return m_discovery ? m_discovery->find(kind) : nullptr;
}

KindAvailability ClusterKnowledge::availability(const core::GroupKind& kind) const
{
    if (!m_discovery)
        return KindAvailability::Unknown;
    if (m_discovery->find(kind))
        return KindAvailability::Served;
    return m_discovery->isStale(kind.group) ? KindAvailability::Unknown : KindAvailability::Missing;
}

bool ClusterKnowledge::isComplete(const core::GroupKind& kind) const
{
    switch (availability(kind)) {
    case KindAvailability::Served:
        return m_live.knowledge(kind) == KindKnowledge::Complete;
    case KindAvailability::Missing:
        return true;
    case KindAvailability::Unknown:
        break;
    }
    return false;
}

bool ClusterKnowledge::isComplete(const core::GroupKind& kind,
                                  const std::string& namespaceName) const
{
    return isComplete(kind)
        || (availability(kind) == KindAvailability::Served
            && m_live.knowledge(kind, namespaceName) == KindKnowledge::Complete);
}

bool ClusterKnowledge::isUnseen(const core::GroupKind& kind, const std::string& namespaceName) const
{
    const KindKnowledge known = m_live.knowledge(kind, namespaceName);
    return known == KindKnowledge::Forbidden || known == KindKnowledge::Failed;
}

bool ClusterKnowledge::isPending(const core::GroupKind& kind,
                                 const std::string& namespaceName) const
{
    return availability(kind) == KindAvailability::Served && !isUnseen(kind, namespaceName)
        && m_live.knowledge(kind, namespaceName) != KindKnowledge::Complete;
}

std::string ClusterKnowledge::whyIncomplete(const core::GroupKind& kind,
                                            const std::string& namespaceName) const
{
    const std::set<std::string> standIns = m_live.standIns(kind);
    if (standIns.empty() || namespaceName.empty() || availability(kind) != KindAvailability::Served)
        return whyIncomplete(kind);
    const std::string where = " in the namespace " + namespaceName;
    if (const auto error = m_live.error(kind, namespaceName))
        return kind.text() + " cannot be listed" + where + ": " + error->message;
    return "The list of " + kind.text() + where + " is not complete yet.";
}

std::string ClusterKnowledge::whyIncomplete(const core::GroupKind& kind) const
{
    if (!m_discovery)
        return "The server has not yet said what it serves.";
    if (availability(kind) == KindAvailability::Unknown)
        return "The API group \"" + kind.group + "\" does not answer.";
    if (const auto error = m_live.error(kind))
        return kind.text() + " cannot be listed: " + error->message;
    return "The list of " + kind.text() + " is not complete yet.";
}

CustomSchemas::Keys ClusterKnowledge::listKeys(const core::GroupKind& kind) const
{
    return m_schemas.find(kind);
}

void ClusterKnowledge::askListKeys(const core::GroupKind& kind, CustomSchemas::Done done)
{
    const ApiResource* custom = resource(kind);
    const ApiResource* definitions = resource(kDefinitions);
    if (custom && definitions)
        return m_schemas.ask(*definitions, *custom, std::move(done));
    done(core::failure(core::ErrorCode::NotFound,
                       "The server does not serve " + kind.text() + " by a definition."));
}

void ClusterKnowledge::alsoWant(const core::ObjectKey& key)
{
    m_alsoWanted[key.groupKind()].insert(key.namespaceName);
}

void ClusterKnowledge::want(const std::string& application, KindPlaces kinds)
{
    if (kinds.empty())
        m_wanted.erase(application);
    else
        m_wanted[application] = std::move(kinds);
    if (!m_discovery)
        return;
    startWatches();
    if (isWantedAndMissing() && !m_timer && !m_discovering)
        m_timer = m_executor.postAt(m_executor.clock().steadyNow() + m_options.missingKindPoll,
                                    m_alive.guard([this] {
                                        m_timer = 0;
                                        discover();
                                    }));
}

/// Where kinds are looked at that may not be listed in the whole cluster.
KindPlaces ClusterKnowledge::wantedPlaces() const
{
    KindPlaces wanted;
    std::set<std::string> anywhere;
    std::set<core::GroupKind> everywhere(kBaseKinds.begin(), kBaseKinds.end());
    for (const auto& [application, kinds] : m_wanted)
        for (const auto& [kind, places] : kinds) {
            wanted[kind].insert(places.begin(), places.end());
            anywhere.insert(places.begin(), places.end());
            if (places.empty())
                everywhere.insert(kind);
        }
    for (const core::GroupKind& kind : everywhere)
        wanted[kind].insert(anywhere.begin(), anywhere.end());
    for (auto& [kind, places] : wanted) {
        if (const auto also = m_alsoWanted.find(kind); also != m_alsoWanted.end())
            places.insert(also->second.begin(), also->second.end());
        places.insert(m_options.defaultNamespace);
        places.erase("");
    }
    return wanted;
}

void ClusterKnowledge::startWatches()
{
    for (auto& [kind, places] : wantedPlaces()) {
        const ApiResource* resource = m_discovery->find(kind);
        if (!resource || !resource->hasVerb("list") || !resource->hasVerb("watch"))
            continue;
        if (resource->namespaced)
            m_live.wantNamespaces(kind, std::move(places));
        if (m_live.knowledge(kind) == KindKnowledge::Unwatched)
            m_live.watch(*resource);
    }
    for (const core::GroupKind& kind : m_live.watchedKinds())
        if (!m_discovery->find(kind) && !m_discovery->isStale(kind.group))
            m_live.unwatch(kind);
}

void ClusterKnowledge::observe(const std::vector<LiveChange>& changes)
{
    bool definitions = false;
    for (const LiveChange& change : changes) {
        const core::ObjectKey& key = (change.after ? change.after : change.before)->key;
        const bool isDefinition = key.groupKind() == kDefinitions;
        if (!isDefinition && key.group != "admissionregistration.k8s.io")
            continue;
        definitions = definitions || isDefinition;
        if (!change.before || !change.after || change.before->digest != change.after->digest)
            ++m_schemaVersion;
        if (isDefinition)
            m_schemas.forget(key.name);
    }
    if (definitions)
        rediscover();
}

void ClusterKnowledge::observeKnowledge(const core::GroupKind& kind, KindKnowledge knowledge)
{
    if (knowledge != KindKnowledge::Complete && unreachable(kind))
        m_unreachable.insert(kind);
    else
        m_unreachable.erase(kind);
    judgeConnection();
    if (knowledgeChanged)
        knowledgeChanged(kind);
}

/// Why the server cannot be asked for a kind; nullopt: it can.
std::optional<core::Error> ClusterKnowledge::unreachable(const core::GroupKind& kind) const
{
    if (auto error = m_live.error(kind); isAboutReachability(error))
        return error;
    for (const std::string& place : m_live.standIns(kind))
        if (auto error = m_live.error(kind, place); isAboutReachability(error))
            return error;
    return std::nullopt;
}

/// What we may not list, for people; nullopt: that is being found out.
std::optional<std::string> ClusterKnowledge::limits() const
{
    std::map<std::set<std::string>, std::set<std::string>> kinds; ///< by where they are seen
    std::string why;
    for (const core::GroupKind& kind : m_live.watchedKinds()) {
        const KindKnowledge whole = m_live.knowledge(kind);
        if (whole == KindKnowledge::Listing || whole == KindKnowledge::Stale)
            return std::nullopt;
        if (whole != KindKnowledge::Forbidden)
            continue;
        std::set<std::string> seen;
        for (const std::string& place : m_live.standIns(kind)) {
            if (isPending(kind, place))
                return std::nullopt;
            if (isComplete(kind, place))
                seen.insert(place);
        }
        if (const auto error = m_live.error(kind); error && why.empty())
            why = " " + error->message;
        kinds[std::move(seen)].insert(kind.text());
    }
    std::string text;
    for (const auto& [seen, names] : kinds)
        addLimit(text,
                 seen.empty() ? "Not seen at all"
                              : "Seen only in " + core::join({seen.begin(), seen.end()}, ", "),
                 names);
    return text.empty() ? text : "Not everything may be listed." + text + why;
}

void ClusterKnowledge::judgeConnection()
{
    if (!m_discovery)
        return;
    if (!m_refused.empty()) {
        setState(Connection::Disconnected, m_refused, true);
        return;
    }
    if (m_unreachable.empty()) {
        const bool isConnected = m_state.connection == Connection::Connected;
        const auto limited = limits();
        setState(Connection::Connected,
                 limited           ? *limited
                     : isConnected ? m_state.message
                                   : std::string());
        return;
    }
    const auto error = unreachable(*m_unreachable.begin());
    setState(Connection::Disconnected, error ? error->message : std::string(),
             error && error->code == core::ErrorCode::Unauthorized);
}

void ClusterKnowledge::setState(Connection connection, const std::string& message, bool refused)
{
    if (m_state.connection == connection && m_state.message == message
        && m_state.refused == refused)
        return;
    m_state.connection = connection;
    m_state.message = message;
    m_state.refused = refused;
    if (stateChanged)
        stateChanged();
}

} // namespace gitops
