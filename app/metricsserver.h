// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/engine/engine.h"

#include <memory>
#include <string>

namespace app {

/// Serves /healthz (200 while the cluster answers, else 503) and /metrics (Prometheus' text format)
/// over plain HTTP, for probes and scrapers: "127.0.0.1:8080", ":8080". A thread of its own; reads
/// snapshots only.
class MetricsServer
{
public:
    static core::Result<std::unique_ptr<MetricsServer>> start(gitops::Engine& engine,
                                                              const std::string& address);
    ~MetricsServer();
    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;

    unsigned short port() const;

private:
    struct Private;
    explicit MetricsServer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// The text of /metrics for a snapshot: wavewright_app_info, wavewright_app_resources, …, in Argo
/// CD's manner.
std::string metricsText(const core::Snapshot& snapshot);

} // namespace app
