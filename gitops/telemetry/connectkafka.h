// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gitops/cluster/transport.h"
#include "gitops/telemetry/kafkaclient.h"
#include "gitops/telemetry/telemetryconfig.h"

#include <functional>
#include <memory>

namespace gitops {

class ClusterAccess;

/// librdkafka's client for an access, its files and its KafkaUser's Secret read anew. cluster may
/// be null; waits for it.
core::Result<std::unique_ptr<KafkaClient>> connectKafka(const KafkaAccess& access,
                                                        Transport* cluster);

/// Opens the cluster once more, for what streams. Waits.
using AccessOpener = std::function<core::Result<std::unique_ptr<ClusterAccess>>()>;

/// The same for brokers inside the cluster, through ports that are forwarded: access.brokers is
/// their bootstrap address there, and short names are of that namespace. Where that address is
/// known here, too, nothing is forwarded.
core::Result<std::unique_ptr<KafkaClient>> connectForwardedKafka(const KafkaAccess& access,
                                                                 const std::string& namespaceName,
                                                                 Transport* cluster,
                                                                 const AccessOpener& open);

} // namespace gitops
