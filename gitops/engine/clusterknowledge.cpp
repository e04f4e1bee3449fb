// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/engine/clusterknowledge.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gitops {

namespace {

using Connection = core::ClusterState::Connection;

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
            setState(Connection::Connected, "");
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
        for (const core::GroupKind& kind : kinds)
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

void ClusterKnowledge::want(const std::string& application, std::set<core::GroupKind> kinds)
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

void ClusterKnowledge::startWatches()
{
    const auto start = [this](const core::GroupKind& kind) {
        const ApiResource* resource = m_discovery->find(kind);
        if (resource && resource->hasVerb("list") && resource->hasVerb("watch")
            && m_live.knowledge(kind) == KindKnowledge::Unwatched)
            m_live.watch(*resource);
    };
    for (const core::GroupKind& kind : kBaseKinds)
        start(kind);
    for (const auto& [application, kinds] : m_wanted)
        for (const core::GroupKind& kind : kinds)
            start(kind);
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
    const bool down =
        knowledge != KindKnowledge::Complete && isAboutReachability(m_live.error(kind));
    if (down)
        m_unreachable.insert(kind);
    else
        m_unreachable.erase(kind);
    judgeConnection();
    if (knowledgeChanged)
        knowledgeChanged(kind);
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
        setState(Connection::Connected, "");
        return;
    }
    const auto error = m_live.error(*m_unreachable.begin());
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
