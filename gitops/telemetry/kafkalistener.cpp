// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/telemetry/kafkalistener.h"

#include <algorithm>

namespace gitops {

namespace {

bool canUse(const KafkaListener& listener)
{
    return listener.authentication.empty() || listener.authentication == "scram-sha-512"
        || listener.authentication == "tls";
}

/// "plain (9092), tls (9093, scram-sha-512)"
std::string describe(const std::vector<KafkaListener>& listeners)
{
    std::string out;
    for (const KafkaListener& each : listeners)
        out += (out.empty() ? "" : ", ") + each.name + " (" + std::to_string(each.port)
            + (each.type == "internal" ? "" : ", " + each.type)
            + (each.authentication.empty() ? "" : ", " + each.authentication) + ")";
    return out;
}

core::Error missing(const std::string& cluster, const std::string& what)
{
    return {
        core::ErrorCode::NotFound, "Kafka " + cluster + " " + what, {}, core::Fault::Cluster, {}};
}

} // namespace

std::vector<KafkaListener> listenersOf(const core::Json& kafka)
{
    std::vector<KafkaListener> out;
    const core::Json* list = core::findPath(kafka, {"spec", "kafka", "listeners"});
    if (!list || !list->is_array())
        return out;
    for (const core::Json& each : list->get_array()) {
        const std::int64_t port = core::integerAt(each, {"port"}, 0);
        if (port <= 0 || port > 65'535)
            continue;
        KafkaListener& listener = out.emplace_back();
        listener.name = core::stringAt(each, {"name"});
        listener.port = int(port);
        listener.type = core::stringAt(each, {"type"});
        listener.tls = core::boolAt(each, {"tls"});
        listener.authentication = core::stringAt(each, {"authentication", "type"});
    }
    return out;
}

core::Result<KafkaListener> chooseListener(const std::vector<KafkaListener>& listeners,
                                           bool hasUser, const std::string& cluster)
{
    std::vector<KafkaListener> inside = listeners;
    std::erase_if(inside, [](const KafkaListener& each) { return each.type != "internal"; });
    if (inside.empty())
        return std::unexpected(
            missing(cluster,
                    listeners.empty() ? "declares no listener"
                                      : "has no internal listener, only " + describe(listeners)));
    std::erase_if(inside, [](const KafkaListener& each) { return !canUse(each); });
    if (inside.empty())
        return std::unexpected(missing(
            cluster,
            "has no listener that takes a password or a certificate, only " + describe(listeners)));
    // Without TLS nothing has to be trusted; with a user, who it is for matters more.
    std::ranges::stable_sort(inside, {}, [&](const KafkaListener& each) {
        return std::pair(each.authentication.empty() == hasUser, each.tls);
    });
    if (!hasUser && !inside.front().authentication.empty())
        return std::unexpected(
            missing(cluster,
                    "lets in nobody without a user: " + describe(listeners)
                        + "; telemetry.kafka with its cluster and a KafkaUser's secret names one"));
    return inside.front();
}

} // namespace gitops
