// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/customschemas.h"
#include "gitops/engine/engineoptions.h"
#include "gitops/engine/kindplaces.h"
#include "gitops/sync/syncplanner.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace gitops {

/// What the server serves and how much of it we know: discovery, again whenever CRDs change, and
/// the watches that the applications ask for. On the engine's strand.
class ClusterKnowledge
{
public:
    ClusterKnowledge(ApiClient& api, LiveState& live, core::Executor& executor,
                     const EngineOptions& options);
    ~ClusterKnowledge();

    void start();
    /// Null until the first answer.
    const std::shared_ptr<const Discovery>& discovery() const { return m_discovery; }
    /// Grows when what is served, or what an admission webhook may do, has changed.
    std::uint64_t schemaVersion() const { return m_schemaVersion; }
    const ApiResource* resource(const core::GroupVersionKind& kind) const;
    const ApiResource* resource(const core::GroupKind& kind) const;
    KindAvailability availability(const core::GroupKind& kind) const;
    /// Listed whole and watched: absent means absent. Also true of a kind that is surely not
    /// served.
    bool isComplete(const core::GroupKind& kind) const;
    /// The same of one place; in the others it may be unknown.
    bool isComplete(const core::GroupKind& kind, const std::string& namespaceName) const;
    bool isComplete(const core::ObjectKey& key) const
    {
        return isComplete(key.groupKind(), key.namespaceName);
    }
    /// More will be known of the place without anybody's doing.
    bool isPending(const core::GroupKind& kind, const std::string& namespaceName) const;
    /// We may not look there, or cannot.
    bool isUnseen(const core::GroupKind& kind, const std::string& namespaceName) const;
    /// How the lists of a custom kind merge, once it has been asked for; null: not known.
    CustomSchemas::Keys listKeys(const core::GroupKind& kind) const;
    /// NotFound for a kind that the cluster does not serve.
    void askListKeys(const core::GroupKind& kind, CustomSchemas::Done done);
    /// Why isComplete is false, for people.
    std::string whyIncomplete(const core::GroupKind& kind) const;
    std::string whyIncomplete(const core::GroupKind& kind, const std::string& namespaceName) const;
    std::string whyIncomplete(const core::ObjectKey& key) const
    {
        return whyIncomplete(key.groupKind(), key.namespaceName);
    }

    /// The kinds that an application needs, and where it needs them; replaces what it asked for
    /// before. A kind without a place is wanted wherever anybody wants anything.
    void want(const std::string& application, KindPlaces kinds);
    /// Looks at the object's namespace, too, wherever its kind is looked at.
    void alsoWant(const core::ObjectKey& key);
    /// The server does not know us: nothing is connected until it answers again.
    void distrust(const core::Error& error);
    void rediscover();
    /// Asks again only where something is missing: new definitions are seen by the watch.
    void recheck(); ///< soon, and once for many calls

    const core::ClusterState& state() const { return m_state; }
    /// Its version has been asked for, and neither that nor an error has come yet.
    bool isVersionAwaited() const { return m_versionAwaited; }
    bool isConnected() const
    {
        return m_state.connection == core::ClusterState::Connection::Connected;
    }

    /// To be told by the owner of LiveState's observers.
    void observe(const std::vector<LiveChange>& changes);
    void observeKnowledge(const core::GroupKind& kind, KindKnowledge knowledge);

    std::function<void()> discoveryChanged;
    std::function<void(const core::GroupKind&)> knowledgeChanged;
    std::function<void()> stateChanged;

private:
    void discover();
    void take(core::Result<Discovery> answer);
    void startWatches();
    void setState(core::ClusterState::Connection connection, const std::string& message,
                  bool refused = false);
    void versionFound(const core::Result<std::string>& version);
    void judgeConnection();
    bool isWantedAndMissing() const;
    KindPlaces wantedPlaces() const;
    std::optional<core::Error> unreachable(const core::GroupKind& kind) const;
    std::optional<std::string> limits() const;

    ApiClient& m_api;
    LiveState& m_live;
    core::Executor& m_executor;
    const EngineOptions& m_options;
    std::shared_ptr<const Discovery> m_discovery;
    std::uint64_t m_schemaVersion = 0;
    std::map<std::string, KindPlaces> m_wanted;
    KindPlaces m_alsoWanted;
    std::set<core::GroupKind> m_unreachable; ///< kinds whose watch is down for want of a network
    CustomSchemas m_schemas;
    core::ClusterState m_state;
    std::string m_refused; ///< a 401, until discovery works again
    bool m_versionAwaited = false;
    bool m_discovering = false;
    bool m_again = false;
    core::Executor::TimerId m_timer = 0;
    std::chrono::milliseconds m_backoff {500};
    Alive m_alive;
};

} // namespace gitops
