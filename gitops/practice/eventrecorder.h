// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/practice/objectclient.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace gitops::practice {

/// Writes the Events that Kubernetes' own controllers would (Scheduled, Pulled, Created, Started,
/// Killing, SuccessfulCreate, ScalingReplicaSet, …), by looking at what changed of an object. Each
/// says that it is simulated by its reporting component's name. Bounded: the oldest go when there
/// are more than kMost, and each goes after an hour, as on a real server. What existed before the
/// recorder did is not told of again. One thread.
class EventRecorder
{
public:
    static constexpr std::size_t kMost = 1'000;
    static constexpr std::chrono::hours kKept {1};

    EventRecorder(ObjectClient& client, core::WallTime now);

    /// Takes a change and keeps the events that it means; they are written by flush, since a
    /// listener may not write.
    void observe(const core::Json& object, bool deleted, core::WallTime now);
    /// Writes what is waiting, removes what is over.
    void flush(core::WallTime now);

private:
    struct Regarding
    {
        std::string apiVersion;
        std::string kind;
        std::string namespaceName;
        std::string name;
        std::string uid;
    };
    /// What is remembered of an object: enough to see what is new.
    struct Seen
    {
        std::string node;
        std::string state; ///< of a pod's containers, in one word
        std::int64_t replicas = 0;
        bool isTerminating = false;
        bool isDone = false;
    };
    void pod(const core::Json& object, Seen& seen, bool isNew, bool deleted, core::WallTime now);
    void podState(const core::Json& object, const Seen& before, const Seen& after,
                  core::WallTime now);
    void replicaSet(const core::Json& object, const Seen& before, const Seen& after,
                    core::WallTime now);
    void add(const Regarding& about, const char* type, const char* reason, std::string message,
             const char* source, core::WallTime now);
    static Regarding regarding(const core::Json& object);
    /// Its controller, with an empty kind when it has none.
    static Regarding controllerOf(const core::Json& object);

    struct Written
    {
        core::WallTime when;
        std::string namespaceName;
        std::string name;
    };
    ObjectClient& m_client;
    core::WallTime m_start;
    std::map<std::string, Seen, std::less<>> m_seen; ///< by uid
    std::vector<core::Json> m_pending;
    std::deque<Written> m_written; ///< oldest first
    std::uint64_t m_count = 0;
    bool m_isStarted = false;
};

} // namespace gitops::practice
