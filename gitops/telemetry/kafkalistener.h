// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/value/json.h"

#include <string>
#include <vector>

namespace gitops {

/// One of a Strimzi Kafka's listeners.
struct KafkaListener
{
    std::string name;
    int port = 0;
    std::string type; ///< "internal", "nodeport" …
    bool tls = false;
    std::string authentication; ///< "scram-sha-512", "tls"; "": nobody is asked who they are
    bool operator==(const KafkaListener&) const = default;
};

/// Of spec.kafka.listeners, in their order; what is malformed is left out.
std::vector<KafkaListener> listenersOf(const core::Json& kafka);

/// The one to come in by, through a forwarded port: an internal one, because its brokers advertise
/// names of pods. With a KafkaUser one that wants users, else one that does not. NotFound says
/// which listener is missing, in one sentence; cluster is its name for people.
core::Result<KafkaListener> chooseListener(const std::vector<KafkaListener>& listeners,
                                           bool hasUser, const std::string& cluster);

} // namespace gitops
