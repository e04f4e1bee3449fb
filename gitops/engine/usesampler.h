// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/measureduse.h"
#include "gitops/cluster/apiclient.h"
#include "gitops/engine/alive.h"

#include <chrono>
#include <optional>

namespace gitops {

/// What pods use, as metrics.k8s.io tells it: asked for while somebody looks at the platform, and
/// not sooner than a metrics-server could know more. On the engine's strand; lists are read on the
/// pool.
class UseSampler
{
public:
    UseSampler(ApiClient& api, core::Executor& executor, core::WorkPool& pool)
        : m_api(api)
        , m_executor(executor)
        , m_pool(pool)
    {
    }

    /// What is known now, or why it is not; never null. Begins to ask when that is of a while ago.
    core::MeasuredUsePtr use();

    static constexpr std::chrono::seconds kInterval {30};
    /// Where nothing serves it, or we may not: that changes seldom.
    static constexpr std::chrono::minutes kLongInterval {2};

private:
    bool isDue() const;
    void ask();
    void read(ListPage page);
    void take(core::MeasuredUse use);

    ApiClient& m_api;
    core::Executor& m_executor;
    core::WorkPool& m_pool;
    core::MeasuredUsePtr m_use = std::make_shared<const core::MeasuredUse>();
    std::optional<core::SteadyTime> m_asked;
    bool m_isAsking = false;
    Alive m_alive;
};

} // namespace gitops
