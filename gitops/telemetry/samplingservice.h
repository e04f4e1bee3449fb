// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/executor.h"
#include "gitops/history/samplehistory.h"
#include "gitops/telemetry/samplestore.h"
#include "gitops/telemetry/telemetryreader.h"
#include "gitops/telemetry/telemetryservice.h"

#include <chrono>
#include <memory>

namespace gitops {

/// The real TelemetryService: finds sources in the platform, asks each at its own pace as long as
/// somebody looks, and keeps what they tell. Its state lives on a strand of its own; the lineage
/// graph that names the subjects is made on the pool.
class SamplingService : public TelemetryService
{
public:
    struct Options
    {
        std::chrono::milliseconds idle {60'000}; ///< sampling ends so long after the last question
        std::chrono::milliseconds platformInterval {15'000}; ///< how often the platform is wanted
        std::chrono::milliseconds retryLimit {60'000}; ///< a source that fails is asked this often
        std::chrono::milliseconds historyInterval {60'000}; ///< a sample on disk stands for this
        std::chrono::milliseconds pruneInterval {1'800'000};
        SampleStore::Limits limits;
    };
    /// Both outlive the service, and whatever it posted to them.
    struct Dependencies
    {
        core::Executor& strand; ///< for the service alone
        core::WorkPool& pool;
        SourceFinder finder; ///< called on the strand
        std::shared_ptr<SampleHistory> history = {}; ///< null: only memory
    };

    SamplingService(Dependencies dependencies, Options options);
    explicit SamplingService(Dependencies dependencies);
    /// The rest is taken down on the strand; nothing is called back afterwards.
    ~SamplingService() override;

    core::TelemetryPtr telemetry() override;
    void samples(core::query::Samples query, SamplesHandler done) override;
    void observe(core::PlatformInputPtr platform) override;
    bool wantsPlatform() const override;
    std::vector<core::GroupKind> kinds() const override;

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gitops
