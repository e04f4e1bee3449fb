// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "gitops/telemetry/telemetryconfig.h"

#include <string>
#include <utility>
#include <vector>

namespace app {

/// The configuration file: Wavewright's own words, not Kubernetes'.
///
///     applications: [shop.yaml]        # files and folders, relative to this file; used when -f is
///     not given repositories:
///       - url: https://example.com/shop.git
///         insteadOf: /home/me/shop     # a local clone that stands for it
///     controlNamespace: wavewright     # of records and Leases: the same for all who reconcile one
///                                      # application
///     terraform: [prod.json]           # the layer below, for lineage and findings
///     telemetry:
///       prometheus: [{url: "http://localhost:9090", tokenFile: token, topics: "orders.*"}]
///       kafka: [{brokers: "localhost:9094", cluster: kafka/event-cluster, secret: kafka/reader}]
///         # without brokers: those in the cluster, through forwarded ports
///       rabbitmq: [{url: "http://localhost:15692", cluster: rabbitmq/rabbitmq-cluster}]
///       openLineage: [events.ndjson, "http://localhost:5000"]
struct Settings
{
    std::vector<std::string> applications;
    std::vector<std::pair<std::string, std::string>> insteadOf; ///< URL prefix and what it means
    gitops::TelemetryConfig telemetry;
    std::string controlNamespace; ///< "": the default
    std::vector<std::string> terraform; ///< what "terraform show -json" printed, or state files
};

/// A missing file gives empty settings. Unknown words are an error that names the nearest known
/// one.
core::Result<Settings> readSettings(const std::string& path);

} // namespace app
