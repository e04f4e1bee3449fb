// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/command.h"

#include <functional>
#include <vector>

namespace gitops {

/// Live figures as the engine sees them. Every call returns at once and may come from any thread.
class TelemetryService
{
public:
    using SamplesHandler = std::function<void(core::SamplesAnswer)>;

    virtual ~TelemetryService() = default;
    /// What is measured now, never null. Sampling begins with the first call and ends a minute
    /// after the last.
    virtual core::TelemetryPtr telemetry() = 0;
    /// From memory and the store; done runs on the service's strand: hand over, do not work there.
    virtual void samples(core::query::Samples query, SamplesHandler done) = 0;

    /// What the platform is made of: subjects get their names from it, and sources are found in it.
    virtual void observe(core::PlatformInputPtr platform) = 0;
    /// Whether observe was not called for a while.
    virtual bool wantsPlatform() const = 0;
    /// Kinds that tell of sources, to watch beside those that applications declare.
    virtual std::vector<core::GroupKind> kinds() const = 0;
};

} // namespace gitops
