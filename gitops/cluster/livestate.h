// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/digest.h"
#include "core/model/status.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/cluster/interned.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gitops {

/// What is kept of one live object. manifest is there only where the object is managed (tracked to
/// an application, or asked for by keep()): compact JSON text, with managedFields and status.
struct LiveObject
{
    core::ObjectKey key;
    Interned<core::GroupVersionKind> kind; ///< version as watched
    std::string uid;
    std::string resourceVersion;
    std::int64_t generation = 0;
    struct Owner
    {
        Interned<core::GroupKind> kind;
        std::string name;
        std::string uid;
        bool controller = false;
    };
    std::vector<Owner> owners;
    core::WallTime createdAt {};
    bool deleting = false;
    std::vector<std::string> finalizers;
    std::string tracking; ///< value of wavewright.dev/tracking-id, "" without
    std::string argoTracking; ///< value of argocd.argoproj.io/tracking-id, "" without
    bool preexisting = false; ///< carries wavewright.dev/preexisting
    core::HealthAssessment health;
    core::Digest
        digest; ///< of the object less status, managedFields, resourceVersion and generation
    std::shared_ptr<const std::string> manifest;
};

using LiveObjectPtr = std::shared_ptr<const LiveObject>;

/// How much we know of a kind.
enum class KindKnowledge
{
    Unwatched,
    Listing,
    Complete, ///< listed whole and watched since: absent means absent
    Stale, ///< was complete, the watch is down at the moment: only reads happen on it
    Forbidden, ///< we may not list it: neither there nor absent
    Failed,
};

struct LiveChange
{
    LiveObjectPtr before; ///< null: added
    LiveObjectPtr after; ///< null: deleted
};

/// One LIST and WATCH per kind, resumed by resourceVersion and bookmarks; LIST again on 410 and
/// when resourceVersions go backwards. Where a kind may not be listed in the whole cluster, one for
/// each namespace that is wanted stands in; as soon as it may, that ends. What may not be looked at
/// is forgotten without a change: it is neither there nor absent. Lives on one Executor: call from
/// there, observers are called there.
class LiveState
{
public:
    struct Options
    {
        int pageSize = 500;
        /// Lists by a watch that begins with everything (WatchList) where the server serves it.
        bool streamsLists = false;
        std::chrono::milliseconds relistInterval {std::chrono::hours(12)};
        std::chrono::milliseconds firstBackoff {200};
        std::chrono::milliseconds maxBackoff {30'000};
        /// Rights to a kind in the whole cluster are asked for again while namespaces stand in.
        std::chrono::milliseconds rightsInterval {300'000};
    };
    /// health judges a live object; its result is kept beside it.
    using HealthFunction = std::function<core::HealthAssessment(const core::Json&)>;

    LiveState(ApiClient& client, core::Executor& executor, HealthFunction health);
    LiveState(ApiClient& client, core::Executor& executor, HealthFunction health, Options options);
    ~LiveState();

    /// Starts to watch a kind unless it is watched. Whole cluster.
    void watch(const ApiResource& resource);
    void unwatch(const core::GroupKind& kind);
    /// The namespaces to look at where a kind may not be listed in the whole cluster; replaces
    /// those before, also of a kind that is not watched yet.
    void wantNamespaces(const core::GroupKind& kind, std::set<std::string> namespaces);
    /// Of the whole cluster.
    KindKnowledge knowledge(const core::GroupKind& kind) const;
    /// Of one place: a namespace, "" for objects of the cluster scope.
    KindKnowledge knowledge(const core::GroupKind& kind, const std::string& namespaceName) const;
    /// Why a kind is Stale, Forbidden or Failed.
    std::optional<core::Error> error(const core::GroupKind& kind) const;
    std::optional<core::Error> error(const core::GroupKind& kind,
                                     const std::string& namespaceName) const;
    /// The namespaces that stand in for the whole cluster, as it may not be listed.
    std::set<std::string> standIns(const core::GroupKind& kind) const;
    std::set<core::GroupKind> watchedKinds() const;

    /// Wants the manifests of these objects kept even if they carry no tracking id (what Git
    /// declares).
    void keep(const core::ObjectKey& key, bool wanted);

    /// Wants the manifests of all objects of a kind kept.
    void keepKind(const core::GroupKind& kind);

    /// Health is judged by other rules now: lists the kind once more and judges each object anew.
    void judgeAgain(const core::GroupKind& kind);

    LiveObjectPtr find(const core::ObjectKey& key) const;
    LiveObjectPtr findByUid(const std::string& uid) const;
    std::vector<LiveObjectPtr> all() const; ///< in no order
    /// Objects whose tracking id (ours or Argo CD's) names the application.
    std::vector<LiveObjectPtr> trackedTo(const std::string& application) const;
    /// Objects with an owner reference to this uid.
    std::vector<LiveObjectPtr> children(const std::string& uid) const;
    std::size_t size() const;
    /// Another number whenever an object of the kind came, changed or went: who has seen all of a
    /// kind at this version need not look again.
    std::uint64_t version(const core::GroupKind& kind) const;
    /// Another number whenever an object that has owners came, changed or went.
    std::uint64_t ownersVersion() const;

    /// The answer of a write, ahead of its watch event, so that a heal does not see the old state
    /// again.
    void observeWrite(const core::Json& object);

    using Observer = std::function<void(const std::vector<LiveChange>&)>;
    void setObserver(Observer observer); ///< batches, in the order of arrival
    /// Called when a kind's knowledge changes.
    void setKnowledgeObserver(std::function<void(const core::GroupKind&, KindKnowledge)> observer);

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gitops
