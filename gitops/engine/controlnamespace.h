// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"

#include <functional>
#include <string>
#include <vector>

namespace gitops {

/// The namespace of our records and Leases: created when first needed. On the engine's strand.
class ControlNamespace
{
public:
    using Done = std::function<void(core::Result<void>)>;

    ControlNamespace(ApiClient& api, ClusterKnowledge& cluster, std::string name);
    const std::string& name() const { return m_name; }
    /// Applies it, once for many callers at a time.
    void ensure(Done done);
    /// Behind the words about a right that is missing there: what to do about it.
    std::string advice() const;

private:
    ApiClient& m_api;
    ClusterKnowledge& m_cluster;
    const std::string m_name;
    std::vector<Done> m_waiting;
    Alive m_alive;
};

} // namespace gitops
