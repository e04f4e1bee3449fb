// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/controlnamespace.h"

#include <functional>
#include <optional>
#include <string>

namespace gitops {

/// Holds the coordination.k8s.io Lease of one application: only its holder writes. A Lease that we
/// have not seen renewed for its duration, by our steady clock, is taken over; what the wall clock
/// says can only end our own hold (a laptop slept, and its steady clock with it). A server that
/// does not let us have Leases at all leaves us without their protection, which is said. On the
/// engine's strand.
class LeaseKeeper
{
public:
    LeaseKeeper(ApiClient& api, ClusterKnowledge& cluster, ControlNamespace& controlNamespace,
                core::Executor& executor, std::string application, std::string identity,
                std::chrono::milliseconds duration);
    ~LeaseKeeper();

    void start(); ///< begins to ask for it; again is harmless
    bool mayWrite() const;
    const std::string& holder() const { return m_holder; } ///< "" unless it is another's
    const std::string& warning() const { return m_warning; } ///< Leases cannot be had, and why
    /// Gives it back, so that the next one need not wait. done follows in any case.
    void release(std::function<void()> done);

    std::function<void()> changed;

private:
    void look();
    void take(core::Result<ApiObject> answer);
    void create();
    void renew();
    void put(std::string holder, std::function<void(core::Result<ApiObject>)> done);
    void written(core::Result<ApiObject> answer);
    void again(std::chrono::milliseconds delay);
    void noteSending();
    void setHolder(std::string holder);
    void refuse(const core::Error& error);
    core::Json body(const std::string& holder) const;

    ApiClient& m_api;
    ClusterKnowledge& m_cluster;
    ControlNamespace& m_namespace;
    core::Executor& m_executor;
    const std::string m_application;
    const std::string m_name;
    const std::string m_identity;
    const std::chrono::milliseconds m_duration;

    bool m_started = false;
    bool m_unprotected = false;
    std::string m_holder;
    std::string m_warning;
    std::string m_resourceVersion; ///< as we saw it last
    core::Json m_spec;
    core::SteadyTime m_seen {}; ///< when m_resourceVersion was seen first
    /// Until when we may write: both clocks must say so.
    struct Grant
    {
        core::SteadyTime until {};
        core::WallTime wallUntil {};
    };
    Grant m_sent; ///< what the last write that left grants, counted from its sending
    std::optional<Grant> m_grant;
    core::Executor::TimerId m_timer = 0;
    Alive m_alive;
};

} // namespace gitops
