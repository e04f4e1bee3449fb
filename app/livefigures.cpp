// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/livefigures.h"

#include "gitops/engine/threadexecutor.h"
#include "gitops/telemetry/samplingservice.h"
#include "gitops/telemetry/sources.h"

#include <future>

namespace app {

/// Members are destroyed from the last to the first.
struct LiveFigures::Private
{
    gitops::SystemClock clock;
    gitops::ThreadPool threads {1, "telemetry"};
    std::shared_ptr<core::Executor> strand = threads.strand();
    gitops::ThreadWorkPool pool {2, "telemetry-io"};
    std::unique_ptr<gitops::SamplingService> service;

    ~Private()
    {
        service.reset();
        // It is taken down on its strand; all that it uses stays until that is done.
        auto gone = std::make_shared<std::promise<void>>();
        auto isGone = gone->get_future();
        strand->post([gone] { gone->set_value(); });
        isGone.wait();
    }
};

LiveFigures::LiveFigures(const gitops::TelemetryConfig& config, gitops::Transport* cluster)
    : d(std::make_unique<Private>())
{
    d->service = std::make_unique<gitops::SamplingService>(gitops::SamplingService::Dependencies {
        *d->strand, d->pool, gitops::Sources({d->pool, d->clock, cluster}, config)});
}

LiveFigures::~LiveFigures() = default;

gitops::TelemetryService& LiveFigures::service()
{
    return *d->service;
}

core::Result<gitops::TelemetryConfig> telemetryConfig(const Options& options,
                                                      const Settings& settings)
{
    gitops::TelemetryConfig config = settings.telemetry;
    if (!options.prometheus.empty())
        config.prometheus = {
            {.url = options.prometheus, .tokenFile = {}, .caFile = {}, .organisation = {}}};
    if (!options.kafka.empty()) {
        gitops::KafkaAccess access;
        access.brokers = options.kafka;
        config.kafka = {std::move(access)};
    }
    if (!options.rabbitmq.empty())
        config.rabbitmq = {{options.rabbitmq, {}}};
    if (!options.openLineage.empty())
        config.openLineage = {options.openLineage};
    config.simulated = config.simulated || options.simulatedTraffic;
    if (options.simulatedTraffic && !options.practice)
        return core::failure(core::ErrorCode::Invalid,
                             "simulated traffic is for the practice cluster only (--practice)", {},
                             core::Fault::User);
    config.simulated = config.simulated && options.practice;
    return config;
}

} // namespace app
