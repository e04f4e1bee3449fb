// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/livefigures.h"

#include "gitops/cluster/clusteraccess.h"
#include "gitops/cluster/kubeconfig.h"
#include "gitops/cluster/renewingtransport.h"
#include "gitops/engine/threadexecutor.h"
#include "gitops/telemetry/samplingservice.h"
#include "gitops/telemetry/sources.h"

#include <algorithm>
#include <future>
#include <thread>

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

LiveFigures::LiveFigures(const gitops::TelemetryConfig& config, gitops::Transport* cluster,
                         std::chrono::milliseconds interval,
                         std::shared_ptr<gitops::SampleHistory> history,
                         gitops::AccessOpener openAccess)
    : d(std::make_unique<Private>())
{
    d->service = std::make_unique<gitops::SamplingService>(gitops::SamplingService::Dependencies {
        *d->strand, d->pool,
        gitops::Sources({d->pool, d->clock, cluster, interval, std::move(openAccess)}, config),
        std::move(history)});
}

LiveFigures::~LiveFigures() = default;

gitops::TelemetryService& LiveFigures::service()
{
    return *d->service;
}

namespace {

constexpr std::chrono::milliseconds kOneLook {2'000};
constexpr std::chrono::seconds kPatience {20};

gitops::KubeconfigSource sourceOf(const Options& options)
{
    gitops::KubeconfigSource source = gitops::KubeconfigSource::fromEnvironment();
    if (!options.kubeconfig.empty())
        source.explicitPath = options.kubeconfig;
    return source;
}

core::Result<std::unique_ptr<gitops::Transport>> connect(const Options& options)
{
    const auto load = [source = sourceOf(options),
                       context = options.context]() -> core::Result<gitops::ClusterConnection> {
        const auto kubeconfig = gitops::Kubeconfig::load(source);
        if (!kubeconfig)
            return std::unexpected(kubeconfig.error());
        return kubeconfig->connection(context);
    };
    auto connection = load();
    if (!connection)
        return std::unexpected(std::move(connection.error()));
    return gitops::makeTransport(std::move(*connection), load);
}

bool isDone(const core::Telemetry& telemetry)
{
    const auto waits = [](const core::TelemetrySource& source) {
        return source.state == core::TelemetrySource::State::Waiting;
    };
    return !telemetry.sources.empty() && std::ranges::none_of(telemetry.sources, waits);
}

} // namespace

bool hasSources(const gitops::TelemetryConfig& config)
{
    return config.simulated || !config.prometheus.empty() || !config.kafka.empty()
        || !config.rabbitmq.empty() || !config.openLineage.empty();
}

core::Result<core::TelemetryPtr> measure(const Options& options, core::PlatformInputPtr platform,
                                         SourcesAsked asked)
{
    const auto settings = readSettings(options.configFile);
    if (!settings)
        return std::unexpected(settings.error());
    const auto config = telemetryConfig(options, *settings);
    if (!config)
        return std::unexpected(config.error());
    const bool live =
        !options.practice && (!options.context.empty() || !options.kubeconfig.empty());
    if (!hasSources(*config) && (!live || asked == SourcesAsked::Named))
        return core::TelemetryPtr();
    std::unique_ptr<gitops::Transport> cluster;
    if (live) {
        auto connected = connect(options);
        if (!connected)
            return std::unexpected(std::move(connected.error()));
        cluster = std::move(*connected);
    }
    LiveFigures figures(*config, cluster.get(), kOneLook, {}, [options] {
        return gitops::ClusterAccess::open(sourceOf(options), options.context);
    });
    figures.service().observe(std::move(platform));
    const std::chrono::milliseconds patience =
        options.timeout.count() > 0 ? options.timeout : kPatience;
    const auto until = std::chrono::steady_clock::now() + patience;
    auto telemetry = figures.service().telemetry();
    while (!isDone(*telemetry) && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        telemetry = figures.service().telemetry();
    }
    return telemetry;
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
