// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/object/identity.h"
#include "gitops/application/customizations.h"
#include "gitops/cluster/livestate.h"
#include "gitops/diff/jqpath.h"
#include "gitops/engine/alive.h"
#include "gitops/engine/clusterknowledge.h"
#include "gitops/engine/engineoptions.h"

#include <functional>
#include <memory>
#include <string>

namespace gitops {

/// Health by the user's script where there is one; a script that fails says Unknown and why.
core::HealthAssessment judgeHealth(const core::Json& object, const Customizations& customizations,
                                   ScriptRunner* scripts);

/// How users customize kinds: health scripts and differences to ignore, from the argocd-cm that was
/// given with the applications, else from the cluster's. Until that is read, nothing is written. On
/// the engine's strand; what jq() returns may be called anywhere.
class KindCustomizations
{
public:
    KindCustomizations(const EngineOptions& options, ApiClient& api, LiveState& live,
                       ClusterKnowledge& cluster, core::Executor& executor);
    ~KindCustomizations();

    bool isKnown() const { return m_isKnown; }
    const Customizations& value() const { return m_value; }
    core::HealthAssessment judge(const core::Json& object) const;
    JqSelect jq() const;
    /// An application with what is ignored everywhere; the same one as long as nothing changes.
    std::shared_ptr<const core::Application>
    withIgnored(const std::shared_ptr<const core::Application>& application) const;
    std::string problem() const; ///< what could not be followed, "" when all could

    void discoveryChanged();
    void observe(const LiveChange& change);

    std::function<void()> changed;

private:
    void read();
    void readLater();
    void take(Customizations next);

    const EngineOptions& m_options;
    ApiClient& m_api;
    LiveState& m_live;
    ClusterKnowledge& m_cluster;
    core::Executor& m_executor;
    Customizations m_value;
    bool m_isKnown = false;
    bool m_isReading = false;
    core::Executor::TimerId m_timer = 0;
    Alive m_alive;
};

} // namespace gitops
