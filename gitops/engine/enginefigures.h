// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "core/model/command.h"
#include "gitops/engine/alive.h"
#include "gitops/telemetry/telemetryservice.h"

#include <chrono>
#include <functional>

namespace gitops {

/// Live figures as the engine answers for them: hands the service the platform that figures are
/// about, and asks it. On the engine's strand.
class EngineFigures
{
public:
    using PlatformMaker = std::function<core::PlatformInputPtr(const core::query::Platform&)>;
    using Done = std::function<void(core::Result<core::Answer>)>;

    /// service may be null: an engine without live figures. It outlives this, as executor does.
    EngineFigures(core::Executor& executor, TelemetryService* service, PlatformMaker platform)
        : m_executor(executor)
        , m_service(service)
        , m_platform(std::move(platform))
    {
    }

    core::Result<core::Answer> now();
    /// done runs on the engine's strand.
    void samples(const core::query::Samples& query, Done done);
    /// From now on as if somebody looked that often.
    void keepMeasuring(std::chrono::milliseconds interval);

private:
    core::Executor& m_executor;
    TelemetryService* const m_service;
    const PlatformMaker m_platform;
    Alive m_alive;
};

} // namespace gitops
