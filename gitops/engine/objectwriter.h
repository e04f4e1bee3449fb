// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/manifest.h"
#include "gitops/cluster/livestate.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace gitops {

/// One write of one object.
struct WriteRequest
{
    enum class Type
    {
        Apply,
        Replace,
        Delete,
        Release ///< sets the finalizers of this very uid
    } type = Type::Apply;
    core::ObjectKey key;
    std::string application; ///< on whose behalf: one that waits for answers holds up no other
    core::GroupVersionKind kind; ///< of a Delete or Release: version as watched
    core::ManifestPtr manifest; ///< all but Delete
    std::string uid; ///< of a Delete or Release: its precondition, never empty
    std::vector<std::string> finalizers; ///< of a Release: those that stay
    std::string propagationPolicy = "Foreground";
    bool force = true;
    bool dryRun = false;
    bool urgent = false; ///< a heal goes before what waits
    /// Asked each time before it is sent, which may be long after it was decided: why it must not
    /// be sent now (retryable), or at all. Empty: nobody objects.
    std::function<std::optional<core::Error>()> refusal;
    /// Of an Apply: managers whose fields become ours before it (see managerhandover.h).
    std::set<std::string> replaces;
    bool readFirst = false; ///< an earlier write may have arrived: look before sending
};

/// What the server has after a write.
struct Written
{
    std::string uid;
    std::string resourceVersion;
    std::int64_t generation = 0;
    core::Digest status;
    bool created = false;
    bool preexisting = false; ///< somebody else's fields are in it (apply only)
    std::vector<std::string> warnings;
};

/// Carries writes out, so many at a time for each application; one that waits to be sent again
/// takes no place. A write whose answer was lost is read back, and sent
/// again only when it is seen not to have happened; what surely did not arrive is sent again a few
/// times. On the engine's strand.
class ObjectWriter
{
public:
    using Done = std::function<void(core::Result<Written>)>;

    ObjectWriter(ApiClient& api, LiveState& live, ClusterKnowledge& cluster,
                 core::Executor& executor, std::size_t parallel);
    ~ObjectWriter();

    void write(WriteRequest request, Done done);
    /// Asks all that was not sent yet, or waits to be sent again though it surely did not arrive,
    /// whether it still may be; what must not is answered now, and not when its turn comes.
    void dropRefused();
    std::size_t underWay() const { return m_underWay; }

private:
    struct Job;
    using JobPtr = std::shared_ptr<Job>;
    struct Lane
    {
        std::deque<JobPtr> waiting;
        std::size_t underWay = 0;
    };
    void pump();
    bool hasPlace(const Lane& lane) const;
    void begin(const JobPtr& job);
    void leave(const JobPtr& job);
    void send(const JobPtr& job);
    void sendApply(const JobPtr& job, const ApiResource& resource);
    void handOver(const JobPtr& job, const ApiResource& resource, std::string patch);
    void handedOver(const JobPtr& job, const ApiResource& resource, core::Result<ApiObject> answer);
    void sendDelete(const JobPtr& job, const ApiResource& resource);
    void sendRelease(const JobPtr& job, const ApiResource& resource);
    void answered(const JobPtr& job, core::Result<ApiObject> answer);
    void failed(const JobPtr& job, core::Error error);
    void readBack(const JobPtr& job);
    void judge(const JobPtr& job, core::Result<ApiObject> answer);
    void sendLater(const JobPtr& job, std::chrono::milliseconds delay);
    void readBackLater(const JobPtr& job, std::chrono::milliseconds delay);
    void finish(const JobPtr& job, core::Result<Written> outcome);
    void answer(const JobPtr& job, core::Result<Written> outcome);

    ApiClient& m_api;
    LiveState& m_live;
    ClusterKnowledge& m_cluster;
    core::Executor& m_executor;
    const std::size_t m_parallel;
    std::size_t m_underWay = 0;
    bool m_isPumping = false;
    std::map<std::string, Lane> m_lanes; ///< by application
    std::set<JobPtr> m_pausing; ///< before they are sent again
    Alive m_alive;
};

} // namespace gitops
