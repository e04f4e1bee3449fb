// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/liveobjectreader.h"
#include "gitops/cluster/livestore.h"
#include "gitops/cluster/retrypolicy.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>

namespace gitops {

/// LIST and WATCH of one kind, in the whole cluster or in one namespace: lists in pages, watches
/// from there, resumes, lists again when it must, backs off when it cannot. Owned by shared_ptr; on
/// the Executor.
class KindWatcher : public std::enable_shared_from_this<KindWatcher>
{
public:
    /// What it works on, and whom it tells.
    struct Context
    {
        ApiClient& client;
        core::Executor& executor;
        LiveStore& store;
        const LiveState::Options& options;
        const LiveState::HealthFunction& health;
        InternTable<core::GroupKind>& ownerKinds;
        bool& refusesStreams; ///< the server knows no WatchList, whatever the kind
        std::function<bool(const core::ObjectKey&)> isWanted; ///< asked for by keep()
        std::function<void(LiveStore::Changes)> changed;
        std::function<void(const KindWatcher&)> knowledgeChanged;
        /// It is Forbidden, also when it was so before: what the store has of it is not known to
        /// be.
        std::function<void(const KindWatcher&)> refused;
    };

    /// namespaceName "": the whole cluster.
    KindWatcher(Context context, ApiResource resource, std::string namespaceName = {});
    void start();
    /// Nothing is told any more.
    void stop();

    const ApiResource& resource() const { return m_resource; }
    core::GroupKind kind() const { return {m_resource.kind.group, m_resource.kind.kind}; }
    const std::string& namespaceName() const { return m_namespace; }
    KindKnowledge knowledge() const { return m_knowledge; }
    const std::optional<core::Error>& error() const { return m_error; }
    /// The answer of a write or a read. Older news than we have is dropped.
    void observe(const core::Json& object);
    /// Reads one object, to have its manifest.
    void fetch(const core::ObjectKey& key);
    /// Lists once more and takes no object for known.
    void judgeAgain();
    /// While it is Forbidden, others do its work: its rights are asked for less often.
    void setStoodInFor(bool stoodInFor) { m_isStoodInFor = stoodInFor; }

private:
    std::chrono::milliseconds nextDelay(const core::Error& error);
    void failed(const core::Error& error);
    bool isRefused() const;
    bool isMeant(const core::ObjectKey& key) const
    {
        return m_namespace.empty() || key.namespaceName == m_namespace;
    }
    void know(KindKnowledge knowledge, std::optional<core::Error> error);
    void after(std::chrono::milliseconds delay, void (KindWatcher::*step)());

    // kindwatcherlist.cpp
    void list();
    void askForPage(const std::string& token);
    void takePage(core::Result<ListPage> page);
    bool readItem(std::string_view item);
    bool readItems(const std::vector<std::string_view>& items);
    void listFailed(core::Error error);
    void finishList();
    void relistLater();

    // kindwatcherstream.cpp
    void stream();
    void takeStreamed(const std::vector<WatchEvent>& events);
    void streamFailed(const std::optional<core::Error>& error);
    void watchPatience();
    void endStream();

    // kindwatcherwatch.cpp
    ApiClient::WatchHandler watchHandler();
    void probe();
    void watch();
    void takeEvents(std::span<const WatchEvent> events);
    bool takeEvent(const WatchEvent& event, LiveStore::Changes& changes);
    void takeEnd(std::optional<core::Error> error);
    void watchFailed(core::Error error);
    void watchIsGood();
    void closeWatch();

    const Context m_context;
    const ApiResource m_resource;
    const std::string m_namespace;
    LiveObjectReader m_reader;
    KindKnowledge m_knowledge = KindKnowledge::Unwatched;
    std::optional<core::Error> m_error;
    std::minstd_rand m_random;
    bool m_isStopped = false;
    bool m_wasComplete = false;
    bool m_isStoodInFor = false;
    int m_refusals = 0; ///< answers that we may not, since the last good watch

    std::string m_version; ///< up to here the kind is known
    bool m_sawBackwardList = false;
    int m_failures = 0; ///< in a row
    core::Executor::TimerId m_timer = 0; ///< the next try
    core::Executor::TimerId m_relistTimer = 0;
    core::Executor::TimerId m_settleTimer = 0; ///< a resumed watch is not yet trusted

    bool m_isListing = false;
    bool m_judgesAnew = false; ///< until the next list is in
    int m_listNumber = 0; ///< answers to older lists are dropped
    std::string m_listVersion; ///< of its first page
    std::vector<LiveObjectPtr> m_listed;
    bool m_isStreaming = false; ///< the list comes by m_watch
    bool m_refusesStreams = false; ///< of this kind
    core::SteadyTime m_lastStreamed {};
    core::Executor::TimerId m_patienceTimer = 0;

    ApiClient::WatchId m_watch = 0;
    core::SteadyTime m_watchStarted {};
    std::set<core::ObjectKey> m_fetching;
};

} // namespace gitops
