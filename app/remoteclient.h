// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/clusterobjects.h"
#include "gitops/cluster/framereader.h"
#include "gitops/practice/objectclient.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace app {

/// What the practice cluster's controllers see of a real API server: a cache that lists and watches
/// what they follow, and writes that wait for their answer, so that a controller sees what it just
/// wrote. Kinds that are not served yet are looked for again every few seconds. All on the thread
/// that made it; run takes what the watches brought.
class RemoteClient : public gitops::practice::ObjectClient
{
public:
    explicit RemoteClient(gitops::ClusterAccess& access);
    ~RemoteClient() override;

    /// Lists what is followed and not known yet, and hands on what the watches brought, waiting for
    /// some until then at most.
    void run(std::chrono::steady_clock::time_point until);
    /// Why the server could not be asked the last time, "" when it could.
    const std::string& problem() const { return m_problem; }

    void follow(const core::GroupKind& kind) override;
    void setListener(Listener listener) override { m_listener = std::move(listener); }
    gitops::practice::ObjectPtr get(const core::GroupKind& kind, std::string_view namespaceName,
                                    std::string_view name) const override;
    std::vector<gitops::practice::ObjectPtr> list(const core::GroupKind& kind,
                                                  std::string_view namespaceName) const override;
    void create(core::Json object, Refused refused = {}) override;
    void update(core::Json object, std::string_view subresource, Refused refused = {}) override;
    void remove(const core::Json& object, bool now, Refused refused = {}) override;
    std::uint64_t failures() const override { return m_failures; }

private:
    using Clock = std::chrono::steady_clock;
    using Key = std::pair<std::string, std::string>; ///< namespace, name
    struct Kind
    {
        gitops::ApiResource resource;
        bool isServed = false;
        bool isListed = false;
        std::string version; ///< where a watch goes on
        gitops::Transport::CallId watch = 0; ///< 0: none runs
        std::uint64_t generation = 0; ///< of the watch
        Clock::time_point notBefore {};
        gitops::FrameReader frames;
        std::map<Key, gitops::practice::ObjectPtr> objects;
    };
    struct Arrived
    {
        core::GroupKind kind;
        std::uint64_t generation = 0;
        std::string bytes;
        bool isEnd = false;
    };

    void lookForKinds();
    void listAnew(const core::GroupKind& kind, Kind& entry);
    void startWatch(const core::GroupKind& kind, Kind& entry);
    void arrived(Arrived arrived);
    void event(Kind& entry, const core::Json& event);
    void put(Kind& entry, const core::Json& object);
    void forget(Kind& entry, const core::Json& object);
    /// The object as the server has it now; nullopt: refused, or nothing came.
    std::optional<core::Json> write(const char* method, const std::string& target,
                                    const core::Json& body, const Refused& refused);
    Kind* served(const core::Json& object);

    gitops::ClusterAccess& m_access;
    Listener m_listener;
    mutable std::map<core::GroupKind, Kind> m_kinds; ///< get and list begin to follow
    Clock::time_point m_nextLook {};
    std::string m_problem;
    std::uint64_t m_generations = 0;
    std::uint64_t m_failures = 0;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Arrived> m_arrived; ///< guarded by m_mutex
};

} // namespace app
